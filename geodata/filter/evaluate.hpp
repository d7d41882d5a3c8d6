// Is a predicate true of a row? Three answers: unknown values give neither yes nor no.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "geodata/filter/node.hpp"
#include "geodata/filter/relation.hpp"

namespace ritchi::filter {

enum class Truth { no, unknown, yes };

// Borrowed for one evaluation.
struct Row {
  std::int64_t id = 0;
  std::string_view source_id;
  bool synthetic = false;
  std::span<const catalogue::ValueView> values;  // by the layer's attributes
  std::span<const std::byte> geometry;           // SpatiaLite blob; empty: unknown
};

// Evaluates one checked tree on many rows; used by one thread, the one that made it.
class Evaluator {
 public:
  explicit Evaluator(NodePtr root);
  Truth operator()(const Row& row);
  // A scalar of the tree, borrowed from the row, the node or the buffer.
  catalogue::ValueView value(const Node& node, const Row& row, std::string& buffer) const;

 private:
  Truth truth(const Node& node, const Row& row);
  Truth any_of(const Node& node, const Row& row, Truth strongest);
  Truth comparison(const Node& node, const Row& row) const;
  Truth membership(const Node& node, const Row& row) const;
  Truth spatial(const Node& node, const Row& row);
  const GEOSGeom_t* feature(const Row& row);

  NodePtr m_root;
  std::map<const Node*, PreparedShape> m_prepared;  // by the geometry literal
  geom::Geometry m_decoded;
  std::optional<geom::GeosPtr> m_feature;  // of the row at hand, once it was asked for
};

Truth evaluate(const NodePtr& root, const Row& row);

}  // namespace ritchi::filter
