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
  // "auto" is a bar on a terminal and plain lines elsewhere. Throws Error(bad_input) for other words.
  static Mode mode_named(const std::string& word);
  explicit Progress(Mode mode) : m_mode(mode) {}
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void phase(const std::string& name);
  // Cheap enough for every record.
  void tick(std::uint64_t done, std::optional<std::uint64_t> expected);
  void finish();
  Mode mode() const { return m_mode; }

 private:
  using Clock = std::chrono::steady_clock;
  void show(std::uint64_t done, std::optional<std::uint64_t> expected);
  Mode m_mode;
  std::string m_phase;
  Clock::time_point m_shown{};
  bool m_line_open = false;
};

}  // namespace ritchi::importers
