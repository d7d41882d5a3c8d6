// Gzip (RFC 1952) of bytes that are in memory as a whole.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ritchi::base {

// Every tile is written at this level: half a millisecond each, at nearly the size of slower ones.
inline constexpr int gzip_fast = 1;
inline constexpr int gzip_small = 9;

// One member without name or time. Equal bytes and level give equal bytes.
std::string gzip(std::string_view plain, int level = gzip_fast);
// What the end of a member says its plain bytes are; they may be fewer. Throws Error(damaged) where that
// cannot be, Error(too_large) over limit_bytes.
std::size_t gunzipped_size(std::string_view bytes, std::size_t limit_bytes);
// The plain bytes of one member; throws Error(damaged), Error(too_large) over limit_bytes.
std::string gunzip(std::string_view bytes, std::size_t limit_bytes);

}  // namespace ritchi::base
