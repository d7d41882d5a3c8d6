#include "geodata/base/error.hpp"

#include <utility>

namespace ritchi::base {

const char* name_of(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::bad_input:
      return "bad-input";
    case ErrorKind::not_found:
      return "not-found";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::too_large:
      return "too-large";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::overloaded:
      return "overloaded";
    case ErrorKind::over_quota:
      return "over-quota";
    case ErrorKind::unauthorized:
      return "unauthorized";
    case ErrorKind::forbidden:
      return "forbidden";
    case ErrorKind::io:
      return "io";
    case ErrorKind::damaged:
      return "damaged";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorKind kind, const std::string& message, std::string where, std::string remedy)
    : std::runtime_error(message), m_kind(kind), m_where(std::move(where)), m_remedy(std::move(remedy)) {}

Error Error::in_japanese(std::string message, std::string remedy) && {
  m_message_ja = std::move(message);
  m_remedy_ja = std::move(remedy);
  return std::move(*this);
}

const char* Error::message_in(std::string_view language) const noexcept {
  return language == "ja" && !m_message_ja.empty() ? m_message_ja.c_str() : what();
}

const std::string& Error::remedy_in(std::string_view language) const noexcept {
  return language == "ja" && !m_message_ja.empty() ? m_remedy_ja : m_remedy;
}

std::string Error::line_in(std::string_view language) const {
  std::string out = m_where.empty() ? std::string{} : m_where + ": ";
  out += message_in(language);
  if (const std::string& remedy = remedy_in(language); !remedy.empty()) out += " (" + remedy + ")";
  return out;
}

}  // namespace ritchi::base
