// The one exception type: what went wrong, of which kind, where, and what the reader can do about it.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace ritchi::base {

// Kinds carry no HTTP status: tileserver/api maps each kind to one status in one table.
enum class ErrorKind {
  bad_input,     // the caller's data or parameters are wrong
  not_found,     // a named thing does not exist (or not for this caller)
  unsupported,   // understood, but not offered
  conflict,      // exists already, or changed meanwhile
  too_large,     // over a configured limit
  timeout,       // the deadline passed
  overloaded,    // no capacity now; try again
  over_quota,    // this caller has had what it may have for now
  unauthorized,  // no or wrong credentials
  forbidden,     // known caller, not allowed
  io,            // disk, network or operating system
  damaged,       // stored data fails its own checks
  internal       // a fault of ours
};

const char* name_of(ErrorKind kind) noexcept;

class Error : public std::runtime_error {
 public:
  // message: what is wrong. where: file, parameter, record (may be empty). remedy: what to do (may be empty).
  Error(ErrorKind kind, const std::string& message, std::string where = {}, std::string remedy = {});

  // Adds the message and remedy as a Japanese reader shall see them: throw Error(…).in_japanese(…).
  Error in_japanese(std::string message, std::string remedy = {}) &&;

  ErrorKind kind() const noexcept { return m_kind; }
  const std::string& where() const noexcept { return m_where; }
  const std::string& remedy() const noexcept { return m_remedy; }
  // The message and remedy in a language ("ja" or "en"); English where no Japanese was given.
  const char* message_in(std::string_view language) const noexcept;
  const std::string& remedy_in(std::string_view language) const noexcept;
  // "where: message (remedy)", for one line on stderr.
  std::string line() const { return line_in("en"); }
  std::string line_in(std::string_view language) const;

 private:
  ErrorKind m_kind;
  std::string m_where;
  std::string m_remedy;
  std::string m_message_ja;
  std::string m_remedy_ja;
};

}  // namespace ritchi::base
