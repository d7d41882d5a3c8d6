#include "geodata/store/visibility.hpp"

#include <algorithm>

#include "geodata/catalogue/layer_part.hpp"

namespace ritchi::store {
namespace {

constexpr std::size_t prefecture_digits = 2;

}  // namespace

Disclosure level_named(std::string_view level) noexcept {
  if (level == public_disclosure) return Disclosure::open;
  if (level == consented_disclosure) return Disclosure::consented;
  return Disclosure::internal;
}

Visibility::Visibility(const Audience& audience, const catalogue::Layer& layer, StatedLevels stated)
    : m_has_levels(layer.find(disclosure_attribute) != nullptr),
      m_everywhere(audience.everywhere),
      m_at_home(audience.everywhere),
      m_holder(audience.holder),
      m_stated(std::move(stated)) {
  if (layer.find(municipality_attribute) != nullptr && audience.at_home > audience.everywhere &&
      !audience.home.empty()) {
    m_at_home = audience.at_home;
    m_home = audience.home;
  }
  const std::string prefix = layer.id + ".";
  for (const std::string& name : audience.hidden_attributes)
    if (name.starts_with(prefix)) m_hidden_attributes.push_back(name.substr(prefix.size()));
}

Visibility Visibility::of_everything(const catalogue::Layer& layer) {
  Audience all;
  all.everywhere = all.at_home = Disclosure::internal;
  return {all, layer, {}};
}

bool Visibility::is_home(std::string_view municipality) const {
  return std::any_of(m_home.begin(), m_home.end(), [&](const std::string& code) {
    return municipality == code || (code.size() == prefecture_digits && municipality.starts_with(code));
  });
}

// A level that was stated for somebody is for others as if nothing had been consented to.
Disclosure Visibility::level_of(std::int64_t id, std::string_view level, std::string_view holder) const {
  const auto stated =
      std::lower_bound(m_stated.begin(), m_stated.end(), id,
                       [](const auto& entry, std::int64_t wanted) { return entry.first < wanted; });
  if (stated != m_stated.end() && stated->first == id) {
    const Restated::Level& now = stated->second;
    return now.is_for(holder) ? now.level : Disclosure::internal;
  }
  return m_has_levels ? level_named(level) : Disclosure::open;
}

Sight Visibility::of_row(std::int64_t id, std::string_view level, std::string_view municipality) const {
  if (level_of(id, level, {}) == Disclosure::open) return Sight::open;
  const Disclosure up_to = is_home(municipality) ? m_at_home : m_everywhere;
  return level_of(id, level, m_holder) <= up_to ? Sight::reserved : Sight::hidden;
}

bool Visibility::hides(const catalogue::Attribute& attribute) const {
  return attribute.disclosure > m_at_home || std::find(m_hidden_attributes.begin(), m_hidden_attributes.end(),
                                                       attribute.name) != m_hidden_attributes.end();
}

bool Visibility::is_only_at_home(const catalogue::Attribute& attribute) const {
  return attribute.disclosure > m_everywhere && !hides(attribute);
}

catalogue::Layer Visibility::seen_part(const catalogue::Layer& layer) const {
  return catalogue::part_of(layer,
                            [this](const catalogue::Attribute& attribute) { return hides(attribute); });
}

bool Visibility::sees_every_row() const {
  return m_everywhere == Disclosure::internal || (!m_has_levels && m_stated.empty());
}

}  // namespace ritchi::store
