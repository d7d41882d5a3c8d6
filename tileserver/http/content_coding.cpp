#include "tileserver/http/content_coding.hpp"

#include <brotli/encode.h>
#include <libdeflate.h>
#include <zstd.h>

#include "geodata/base/error.hpp"

namespace ritchi::http {

namespace {

constexpr std::size_t slow_brotli_bytes = std::size_t{1} << 20;

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

[[noreturn]] void fail(const char* what) {
  throw base::Error(base::ErrorKind::internal, what);
}

std::string encode_gzip(std::string_view identity) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(libdeflate_alloc_compressor(1));
  if (!compressor) fail("no memory for gzip");
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), identity.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor.get(), identity.data(), identity.size(), out.data(), out.size()));
  if (out.empty()) fail("gzip failed");
  out.shrink_to_fit();
  return out;
}

std::string encode_brotli(std::string_view identity) {
  const int quality = identity.size() > slow_brotli_bytes ? 1 : 5;
  std::size_t size = BrotliEncoderMaxCompressedSize(identity.size());
  std::string out(size, '\0');
  const auto* in = reinterpret_cast<const std::uint8_t*>(identity.data());
  if (!BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, identity.size(), in, &size,
                             reinterpret_cast<std::uint8_t*>(out.data()))) {
    fail("brotli failed");
  }
  out.resize(size);
  out.shrink_to_fit();
  return out;
}

std::string encode_zstd(std::string_view identity) {
  std::string out(ZSTD_compressBound(identity.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), identity.data(), identity.size(), 3);
  if (ZSTD_isError(size)) fail("zstd failed");
  out.resize(size);
  out.shrink_to_fit();
  return out;
}

base::Error damaged_gzip() {
  return base::Error(base::ErrorKind::damaged, "the gzip data is damaged");
}

// The last four bytes of a gzip body are its plain size; what they claim is bounded before anything is set
// aside for it.
std::size_t claimed_size(std::string_view gzip, std::size_t limit_bytes) {
  if (gzip.size() < 18) throw damaged_gzip();
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(gzip[gzip.size() - 4 + i])) << (8 * i);
  }
  if (size > limit_bytes) throw base::Error(base::ErrorKind::too_large, "the gzip data is over the limit");
  return size;
}

std::size_t index_of(Coding coding) noexcept {
  return static_cast<std::size_t>(coding);
}

}  // namespace

std::string_view name_of(Coding coding) noexcept {
  switch (coding) {
    case Coding::identity:
      return "identity";
    case Coding::gzip:
      return "gzip";
    case Coding::br:
      return "br";
    case Coding::zstd:
      return "zstd";
  }
  return "identity";
}

std::string_view etag_suffix_of(Coding coding) noexcept {
  switch (coding) {
    case Coding::identity:
      return "";
    case Coding::gzip:
      return "-gz";
    case Coding::br:
      return "-br";
    case Coding::zstd:
      return "-zs";
  }
  return "";
}

std::string encode(Coding coding, std::string_view identity) {
  switch (coding) {
    case Coding::identity:
      return std::string(identity);
    case Coding::gzip:
      return encode_gzip(identity);
    case Coding::br:
      return encode_brotli(identity);
    case Coding::zstd:
      return encode_zstd(identity);
  }
  return std::string(identity);
}

std::string decode_gzip(std::string_view gzip, std::size_t limit_bytes) {
  const std::size_t size = claimed_size(gzip, limit_bytes);
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) fail("no memory for gzip");
  std::string out(size, '\0');
  std::size_t actual = 0;
  const libdeflate_result result = libdeflate_gzip_decompress(decompressor.get(), gzip.data(), gzip.size(),
                                                              out.data(), out.size(), &actual);
  if (result != LIBDEFLATE_SUCCESS || actual != size) throw damaged_gzip();
  return out;
}

CodedBody::CodedBody(std::string identity)
    : CodedBody(std::make_shared<const std::string>(std::move(identity))) {}

CodedBody::CodedBody(Bytes identity, Prepared prepared)
    : m_coded{identity ? std::move(identity) : std::make_shared<const std::string>(),
              std::move(prepared.gzip), std::move(prepared.br), std::move(prepared.zstd)} {
  m_identity_size = m_coded[index_of(Coding::identity)]->size();
}

std::shared_ptr<CodedBody> CodedBody::of_gzip(Bytes gzip, std::size_t limit_bytes) {
  const std::size_t size = claimed_size(*gzip, limit_bytes);
  auto out = std::make_shared<CodedBody>(Bytes{}, Prepared{std::move(gzip), {}, {}});
  out->m_coded[index_of(Coding::identity)] = nullptr;
  out->m_identity_size = size;
  return out;
}

Bytes CodedBody::find(Coding coding) const {
  const std::lock_guard lock(m_lock);
  return m_coded[index_of(coding)];
}

Bytes CodedBody::make(Coding coding) const {
  if (Bytes ready = find(coding)) return ready;
  Bytes made;
  {
    const std::lock_guard making(m_making);
    if (Bytes ready = find(coding)) return ready;
    made = make_missing(coding);
    const std::lock_guard lock(m_lock);
    m_coded[index_of(coding)] = made;
  }
  if (m_on_growth) m_on_growth();
  return made;
}

Bytes CodedBody::make_missing(Coding coding) const {
  Bytes identity = find(Coding::identity);
  if (!identity)
    identity = std::make_shared<const std::string>(decode_gzip(*find(Coding::gzip), m_identity_size));
  if (coding == Coding::identity) return identity;
  return std::make_shared<const std::string>(encode(coding, *identity));
}

std::size_t CodedBody::memory_bytes() const {
  std::size_t bytes = sizeof(CodedBody);
  const std::lock_guard lock(m_lock);
  for (const Bytes& coded : m_coded) bytes += coded ? sizeof(std::string) + coded->capacity() : 0;
  return bytes;
}

}  // namespace ritchi::http
