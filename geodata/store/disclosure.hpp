// Who may see a row: the levels of disclosure. Whoever asks without more rights sees the public rows alone.
#pragma once
#include <string_view>

namespace ritchi::store {

// Each level includes those before it. A row of a layer that knows disclosure, but says nothing, is internal.
enum class Disclosure { open = 0, consented = 1, internal = 2 };

inline constexpr std::string_view disclosure_attribute = "disclosure";
inline constexpr std::string_view public_disclosure = "public";
inline constexpr std::string_view consented_disclosure = "consented";

}  // namespace ritchi::store
