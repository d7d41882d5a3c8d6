// One body in several content codings (gzip, br, zstd): given ready-made, or made once on first demand.
#pragma once
#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace ritchi::http {

using Bytes = std::shared_ptr<const std::string>;

enum class Coding { identity, gzip, br, zstd };

std::string_view name_of(Coding coding) noexcept;         // as in Content-Encoding
std::string_view etag_suffix_of(Coding coding) noexcept;  // "", "-gz", "-br", "-zs"

// Speed before size: gzip level 1 (libdeflate), brotli quality 5 (1 over a mebibyte), zstd level 3.
std::string encode(Coding coding, std::string_view identity);
// Thread safe; shared between the cache and the answers that are being written.
class CodedBody {
 public:
  struct Prepared {
    Bytes gzip;
    Bytes br;
    Bytes zstd;
  };

  explicit CodedBody(std::string identity);
  explicit CodedBody(Bytes identity, Prepared prepared = {});

  // Never null.
  const Bytes& identity() const noexcept { return m_identity; }
  // Null when that coding has not been made yet. Never blocks for long: for the I/O thread.
  Bytes find(Coding coding) const;
  // Makes the coding when it is missing, once for all callers.
  Bytes make(Coding coding) const;
  // What it holds now; grows when a coding is made.
  std::size_t memory_bytes() const;

 private:
  Bytes m_identity;
  mutable std::mutex m_lock;    // guards m_coded, held for copying pointers only
  mutable std::mutex m_making;  // held while compressing, so that a coding is made once
  mutable std::array<Bytes, 3> m_coded;
};

}  // namespace ritchi::http
