#include "geodata/base/gzip.hpp"

#include <libdeflate.h>

#include <memory>

#include "geodata/base/error.hpp"

namespace ritchi::base {
namespace {

// A byte of deflate cannot stand for more.
constexpr std::size_t max_expansion = 1032;

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

Error damaged() {
  return {ErrorKind::damaged, "the gzip data is damaged"};
}

}  // namespace

std::string gzip(std::string_view plain, int level) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(libdeflate_alloc_compressor(level));
  if (!compressor) throw Error(ErrorKind::internal, "no memory for gzip");
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), plain.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), plain.data(), plain.size(), out.data(), out.size()));
  if (out.empty()) throw Error(ErrorKind::internal, "gzip failed");
  out.shrink_to_fit();
  return out;
}

std::size_t gunzipped_size(std::string_view bytes, std::size_t limit_bytes) {
  if (bytes.size() < 18) throw damaged();
  // The last four bytes are the size; what they claim is bounded before anything is set aside for it.
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i)
    size |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[bytes.size() - 4 + i])) << (8 * i);
  if (size > bytes.size() * max_expansion) throw damaged();
  if (size > limit_bytes) throw Error(ErrorKind::too_large, "the gzip data is over the limit");
  return size;
}

std::string gunzip(std::string_view bytes, std::size_t limit_bytes) {
  const std::size_t size = gunzipped_size(bytes, limit_bytes);
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw Error(ErrorKind::internal, "no memory for gzip");
  std::string out(size, '\0');
  std::size_t actual = 0;
  const libdeflate_result result = libdeflate_gzip_decompress(decompressor.get(), bytes.data(), bytes.size(),
                                                              out.data(), out.size(), &actual);
  if (result != LIBDEFLATE_SUCCESS || actual != size) throw damaged();
  return out;
}

}  // namespace ritchi::base
