#include "geodata/tiling/deflate_part.hpp"

#include <libdeflate.h>
#include <zlib.h>

#include <array>

#include "geodata/base/error.hpp"

namespace ritchi::tiling {
namespace {

using base::Error;
using base::ErrorKind;

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const noexcept {
    libdeflate_free_compressor(compressor);
  }
};
struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const noexcept {
    libdeflate_free_decompressor(decompressor);
  }
};

// zlib's inflate stepping from block to block, for finding where the last one begins and ends.
class BlockWalker {
 public:
  BlockWalker() {
    if (::inflateInit2(&m_stream, -MAX_WBITS) != Z_OK)
      throw Error(ErrorKind::internal, "no memory for decompressing");
  }
  ~BlockWalker() { ::inflateEnd(&m_stream); }
  BlockWalker(const BlockWalker&) = delete;
  BlockWalker& operator=(const BlockWalker&) = delete;

  struct Last {
    std::size_t begin_bit = 0;  // of the last block's first bit
    std::size_t end_bit = 0;    // behind its last
  };
  Last find(std::string_view deflate) {
    ::inflateReset(&m_stream);
    m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(deflate.data()));
    m_stream.avail_in = static_cast<uInt>(deflate.size());
    Last out;
    for (;;) {
      m_stream.next_out = m_sink.data();
      m_stream.avail_out = static_cast<uInt>(m_sink.size());
      const int result = ::inflate(&m_stream, Z_BLOCK);
      const auto flags = static_cast<unsigned>(m_stream.data_type);
      const std::size_t bit = (deflate.size() - m_stream.avail_in) * 8 - (flags & 7U);
      constexpr unsigned between_blocks = 128;
      constexpr unsigned in_last_block = 64;
      if ((flags & between_blocks) != 0) {
        out.end_bit = bit;
        if ((flags & in_last_block) == 0) out.begin_bit = bit;
      }
      if (result == Z_STREAM_END) return out;
      if (result != Z_OK) throw Error(ErrorKind::internal, "compressed bytes do not read back");
    }
  }

 private:
  z_stream m_stream{};
  std::array<Bytef, 32768> m_sink{};
};

void put_u32(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

constexpr std::string_view gzip_head{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};
constexpr std::string_view last_block{"\x03\0", 2};  // no bytes, fixed codes, final
constexpr std::size_t most_per_byte = 1032;          // that one compressed byte can stand for

}  // namespace

struct PartCompressor::State {
  std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor;
  BlockWalker walker;
  std::string bytes;
};

PartCompressor::PartCompressor(int level) : m_state(std::make_unique<State>()) {
  m_state->compressor.reset(libdeflate_alloc_compressor(level));
  if (!m_state->compressor) throw Error(ErrorKind::internal, "no memory for compressing");
}
PartCompressor::~PartCompressor() = default;
PartCompressor::PartCompressor(PartCompressor&&) noexcept = default;
PartCompressor& PartCompressor::operator=(PartCompressor&&) noexcept = default;

DeflatePart PartCompressor::compress(std::string_view plain) {
  std::string& bytes = m_state->bytes;
  bytes.resize(libdeflate_deflate_compress_bound(m_state->compressor.get(), plain.size()));
  bytes.resize(libdeflate_deflate_compress(m_state->compressor.get(), plain.data(), plain.size(),
                                           bytes.data(), bytes.size()));
  const BlockWalker::Last last = m_state->walker.find(bytes);
  const auto bit_of = [](std::size_t bit) { return static_cast<char>(1U << (bit % 8)); };
  bytes[last.begin_bit / 8] = static_cast<char>(bytes[last.begin_bit / 8] & ~bit_of(last.begin_bit));
  // The bits behind the last block are zero, as is the head of an empty stored block: three bits and the rest
  // of their byte, its length and the length's complement.
  bytes.resize((last.end_bit + 3 + 7) / 8, '\0');
  bytes.append("\0\0\xff\xff", 4);
  return {bytes, static_cast<std::uint32_t>(plain.size()), libdeflate_crc32(0, plain.data(), plain.size())};
}

std::size_t gzip_size(std::size_t parts_size) noexcept {
  return gzip_head.size() + parts_size + last_block.size() + 2 * sizeof(std::uint32_t);
}

void put_gzip_head(std::string& out) {
  out += gzip_head;
}

void put_gzip_tail(std::span<const DeflatePart> parts, std::string& out) {
  std::uint32_t crc = 0;
  std::uint32_t size = 0;
  for (const DeflatePart& part : parts) {
    crc = size == 0 ? part.crc32
                    : static_cast<std::uint32_t>(::crc32_combine(crc, part.crc32, part.plain_size));
    size += part.plain_size;
  }
  out += last_block;
  put_u32(out, crc);
  put_u32(out, size);
}

std::string inflate_part(const DeflatePart& part) {
  // Before memory is asked for: damaged bytes can name any size.
  if (part.plain_size / most_per_byte > part.bytes.size())
    throw Error(ErrorKind::damaged, "the compressed bytes of a tile are damaged");
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw Error(ErrorKind::internal, "no memory for decompressing");
  std::string whole(part.bytes);
  whole += last_block;
  std::string out(part.plain_size, '\0');
  std::size_t taken = 0;
  std::size_t actual = 0;
  const auto result = libdeflate_deflate_decompress_ex(decompressor.get(), whole.data(), whole.size(),
                                                       out.data(), out.size(), &taken, &actual);
  // A part that ends by itself would hide those that follow it.
  if (result != LIBDEFLATE_SUCCESS || taken != whole.size() || actual != out.size() ||
      libdeflate_crc32(0, out.data(), out.size()) != part.crc32)
    throw Error(ErrorKind::damaged, "the compressed bytes of a tile are damaged");
  return out;
}

}  // namespace ritchi::tiling
