// A CQL2 filter checked against a layer, in its normal form: immutable, and safe to share between threads.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "geodata/catalogue/layer.hpp"
#include "geodata/filter/node.hpp"

namespace ritchi::filter {

class Predicate {
 public:
  // The root is a condition whose properties and types the layer knows.
  Predicate(NodePtr root, std::string normalised)
      : m_root(std::move(root)), m_normalised(std::move(normalised)) {}
  const NodePtr& root() const { return m_root; }
  // CQL2 text that is the same for equal predicates, whatever their spaces, cases and orders were.
  const std::string& normalised() const { return m_normalised; }

 private:
  NodePtr m_root;
  std::string m_normalised;
};

using PredicatePtr = std::shared_ptr<const Predicate>;

// Throws Error(bad_input) for unknown properties and for types that do not go together, Error(unsupported)
// for arrays and functions. Dates beside date-times are their midnight UTC.
PredicatePtr check(const NodePtr& expression, const catalogue::Layer& layer);
PredicatePtr parse_text(std::string_view text, const catalogue::Layer& layer, const Limits& limits = {});
PredicatePtr parse_json(std::string_view json, const catalogue::Layer& layer, const Limits& limits = {});

// Both must hold; nullptr stands for no condition at all.
PredicatePtr both(const PredicatePtr& a, const PredicatePtr& b);

// CQL2 text of a tree.
std::string text_of(const Node& node);

// Of OGC API's parameter `datetime`: features dated within it, by the attributes that the layer is dated by.
// As OGC 17-069r4 has it, a feature that has no date is not left out: an unknown date says nothing, and an
// unknown end of a validity is open. nullptr where every feature is selected: the layer is not dated. A day
// is a day of UTC.
PredicatePtr parse_datetime(std::string_view parameter, const catalogue::Layer& layer);

}  // namespace ritchi::filter
