// One body in several content codings (gzip, br, zstd): given ready-made, or made once on first demand.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

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
  // Of a gzip body of one member alone: who takes gzip never causes plain bytes to exist; for the others they
  // are unpacked on demand. Throws Error(damaged), Error(too_large) where they would be over the limit.
  static std::shared_ptr<CodedBody> of_gzip(Bytes gzip, std::size_t limit_bytes);

  // Of the plain bytes, also while there are none.
  std::size_t identity_size() const noexcept { return m_identity_size; }
  // Null when that coding has not been made yet. Never blocks for long: for the I/O thread.
  Bytes find(Coding coding) const;
  // Makes the coding when it is missing, once for all callers. Plain bytes that were unpacked only for that
  // are not kept. Throws Error(damaged) where the gzip body that it is made from is.
  Bytes make(Coding coding) const;
  // What it holds now; grows when a coding is made.
  std::size_t memory_bytes() const;
  // Called after every growth, by the thread that caused it. To be set before the body is shared.
  void on_growth(std::function<void()> call) { m_on_growth = std::move(call); }

 private:
  Bytes make_missing(Coding coding) const;

  std::size_t m_identity_size = 0;
  std::function<void()> m_on_growth;
  mutable std::mutex m_lock;             // guards m_coded, held for copying pointers only
  mutable std::mutex m_making;           // held while coding, so that each is made once
  mutable std::array<Bytes, 4> m_coded;  // by Coding; never without both identity and gzip
};

}  // namespace ritchi::http
