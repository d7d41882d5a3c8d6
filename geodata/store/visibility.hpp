// What one audience sees of one dataset: which rows, which attributes, and where values are masked. Decided
// here and nowhere else.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/store/audience.hpp"

namespace ritchi::store {

// What a row says of itself; whatever is no known word is the strictest.
Disclosure level_named(std::string_view level) noexcept;

enum class Sight {
  hidden,
  open,     // as everybody sees it
  reserved  // not everybody does
};

// Levels that hold instead of what rows say of themselves, by id.
using StatedLevels = std::vector<std::pair<std::int64_t, Restated::Level>>;

class Visibility {
 public:
  // layer: as the file has it, whatever is declared by now: rows have levels where it has the
  // attribute for them. stated: sorted.
  Visibility(const Audience& audience, const catalogue::Layer& layer, StatedLevels stated);
  // Every row and attribute: for load and for the operator's commands.
  static Visibility of_everything(const catalogue::Layer& layer);

  // level: what the row says of itself, municipality: its code; either empty where it says nothing.
  Sight of_row(std::int64_t id, std::string_view level, std::string_view municipality) const;
  bool is_home(std::string_view municipality) const;

  // Is nothing of an attribute to be seen, wherever the row is?
  bool hides(const catalogue::Attribute& attribute) const;
  // Is it seen in rows at home alone?
  bool is_only_at_home(const catalogue::Attribute& attribute) const;
  // The layer without what is hidden.
  catalogue::Layer seen_part(const catalogue::Layer& layer) const;

  // Need rows not be looked at one by one, since all of them are seen?
  bool sees_every_row() const;
  bool has_nothing_stated() const { return m_stated.empty(); }

  friend bool operator==(const Visibility&, const Visibility&) = default;

 private:
  Disclosure level_of(std::int64_t id, std::string_view level, std::string_view holder) const;

  bool m_has_levels = false;
  Disclosure m_everywhere = Disclosure::open;
  Disclosure m_at_home = Disclosure::open;
  std::vector<std::string> m_home;
  std::string m_holder;
  std::vector<std::string> m_hidden_attributes;  // of this layer
  StatedLevels m_stated;
};

}  // namespace ritchi::store
