// Compressed bytes that can be put together: one gzip body from the parts of several layers, without
// compressing anything again.
//
// A part is a run of deflate blocks none of which is the last, ending at a byte's edge with an empty stored
// block. So parts follow each other as they are, and an empty last block ends them.
//
// Sources: RFC 1951 (deflate), RFC 1952 (gzip); the way of joining is that of zlib's example gzjoin.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ritchi::tiling {

struct DeflatePart {
  std::string_view bytes;
  std::uint32_t plain_size = 0;
  std::uint32_t crc32 = 0;  // of the plain bytes
};

// Compresses; one per thread.
class PartCompressor {
 public:
  explicit PartCompressor(int level = 6);
  ~PartCompressor();
  PartCompressor(PartCompressor&&) noexcept;
  PartCompressor& operator=(PartCompressor&&) noexcept;
  // The part's bytes are valid until the next call. `plain` must not be empty.
  DeflatePart compress(std::string_view plain);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// How long a gzip body of parts of this size together is.
std::size_t gzip_size(std::size_t parts_size) noexcept;
// Writing one: the head, then the parts, then the tail that belongs to all parts together.
void put_gzip_head(std::string& out);
void put_gzip_tail(std::span<const DeflatePart> parts, std::string& out);

// The plain bytes of a part. Throws Error(damaged).
std::string inflate_part(const DeflatePart& part);

}  // namespace ritchi::tiling
