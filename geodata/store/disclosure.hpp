// Who may see a row: the levels of disclosure. Whoever asks without more rights sees the public rows alone.
#pragma once
#include <string_view>

#include "geodata/catalogue/disclosure.hpp"

namespace ritchi::store {

using catalogue::Disclosure;

inline constexpr std::string_view disclosure_attribute = "disclosure";
inline constexpr std::string_view municipality_attribute = "municipality_code";
inline constexpr std::string_view public_disclosure = "public";
inline constexpr std::string_view consented_disclosure = "consented";
// Of layers that have them: the last day of a consent, and whom it names.
inline constexpr std::string_view consent_until_attribute = "consent_until";
inline constexpr std::string_view consented_to_attribute = "consented_to";

}  // namespace ritchi::store
