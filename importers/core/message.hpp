// A sentence for people, in English and in Japanese: what is wrong, or what to do about it.
#pragma once
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace ritchi::importers {

struct Message {
  std::string en;
  std::string ja;  // empty: a name or number that reads the same in both

  Message() = default;
  Message(const char* text) : en(text) {}             // NOLINT: texts become messages where they stand
  Message(std::string text) : en(std::move(text)) {}  // NOLINT
  Message(std::string english, std::string japanese) : en(std::move(english)), ja(std::move(japanese)) {}

  // Adds what reads the same in both languages, such as the name of a record.
  Message& operator+=(const std::string& text) {
    en += text;
    if (!ja.empty()) ja += text;
    return *this;
  }
  bool empty() const { return en.empty(); }
  // language: "ja" or "en".
  const std::string& in(std::string_view language) const { return language == "ja" && !ja.empty() ? ja : en; }

  friend bool operator==(const Message&, const Message&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Message& message) { return out << message.en; }
};

// "ja" or "en": the word given, else RITCHI_LANG, LC_ALL or LANG, the first that is set; Japanese where it
// begins with "ja". Throws Error(bad_input) for a given word that is neither.
std::string chosen_language(const std::string& given);

}  // namespace ritchi::importers
