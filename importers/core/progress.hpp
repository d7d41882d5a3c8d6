// Shows how far an import is: a bar on a terminal, plain lines in a log, JSON lines for programs, or nothing.
// All on stderr.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ritchi::importers {

class Progress {
 public:
  enum class Mode { bar, plain, json, none };
  enum class Phase { reading, reading_again, checking, publishing };
  // "auto" is a bar on a terminal and plain lines elsewhere. Throws Error(bad_input) for other words.
  static Mode mode_named(const std::string& word);
  explicit Progress(Mode mode, std::string language = "en");
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void phase(Phase phase);
  // Cheap enough for every record.
  void tick(std::uint64_t done, std::optional<std::uint64_t> expected);
  void finish();
  Mode mode() const { return m_mode; }

 private:
  using Clock = std::chrono::steady_clock;
  std::string name() const;
  void show(std::uint64_t done, std::optional<std::uint64_t> expected);
  Mode m_mode;
  std::string m_language;
  Phase m_phase = Phase::reading;
  Clock::time_point m_begun{};
  Clock::time_point m_shown{};
  bool m_line_open = false;
};

}  // namespace ritchi::importers
