// The lines of a summary in one language.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "importers/core/message.hpp"

namespace ritchi::importers {

// Lines in one language; numbers come in the order of the English sentence.
class Lines {
 public:
  explicit Lines(std::string_view language) : m_language(language) {}
  template <class... Args>
  std::string say(const char* english, const char* japanese, const Args&... args) const {
    return fmt::format(fmt::runtime(is_japanese() ? japanese : english), args...);
  }
  template <class... Args>
  void add(const char* english, const char* japanese, const Args&... args) {
    m_text += "\n  " + say(english, japanese, args...);
  }
  void go_on(const std::string& text) { m_text += text; }
  const std::string& in_words(const Message& message) const { return message.in(m_language); }
  bool is_japanese() const { return m_language == "ja"; }
  const std::string& text() const { return m_text; }

 private:
  std::string_view m_language;
  std::string m_text;
};

}  // namespace ritchi::importers
