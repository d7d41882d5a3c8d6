// Shows how far long work is: a bar on a terminal, plain lines in a log, JSON lines for programs, or nothing.
// All on stderr.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ritchi::base {

// A part of the work, in the words shown to people; programs see the English ones, which stay as they are.
struct ProgressPhase {
  const char* name = "";
  const char* japanese = "";
};

class Progress {
 public:
  enum class Mode { bar, plain, json, none };
  // "auto" is a bar on a terminal and plain lines elsewhere. Throws Error(bad_input) for other words.
  static Mode mode_named(const std::string& word);
  explicit Progress(Mode mode, std::string language = "en");
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void phase(const ProgressPhase& phase);
  // Cheap enough for every record; looks at the clock once in a while.
  void tick(std::uint64_t done, std::optional<std::uint64_t> expected);
  void finish();
  Mode mode() const { return m_mode; }

 private:
  using Clock = std::chrono::steady_clock;
  const char* name() const;
  void show(std::uint64_t done, std::optional<std::uint64_t> expected);
  Mode m_mode;
  std::string m_language;
  ProgressPhase m_phase;
  Clock::time_point m_begun{};
  Clock::time_point m_shown{};
  bool m_line_open = false;
};

}  // namespace ritchi::base
