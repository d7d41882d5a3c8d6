#include "tileserver/http/content_coding.hpp"

#include <brotli/encode.h>
#include <zstd.h>

#include "geodata/base/error.hpp"
#include "geodata/base/gzip.hpp"

namespace ritchi::http {

namespace {

constexpr std::size_t slow_brotli_bytes = std::size_t{1} << 20;

[[noreturn]] void fail(const char* what) {
  throw base::Error(base::ErrorKind::internal, what);
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
      return base::gzip(identity);
    case Coding::br:
      return encode_brotli(identity);
    case Coding::zstd:
      return encode_zstd(identity);
  }
  return std::string(identity);
}

CodedBody::CodedBody(std::string identity)
    : CodedBody(std::make_shared<const std::string>(std::move(identity))) {}

CodedBody::CodedBody(Bytes identity, Prepared prepared)
    : m_coded{identity ? std::move(identity) : std::make_shared<const std::string>(),
              std::move(prepared.gzip), std::move(prepared.br), std::move(prepared.zstd)} {
  m_identity_size = m_coded[index_of(Coding::identity)]->size();
}

std::shared_ptr<CodedBody> CodedBody::of_gzip(Bytes gzip, std::size_t limit_bytes) {
  const std::size_t size = base::gunzipped_size(*gzip, limit_bytes);
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
    identity = std::make_shared<const std::string>(base::gunzip(*find(Coding::gzip), m_identity_size));
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
