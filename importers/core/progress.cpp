#include "importers/core/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"

namespace ritchi::importers {

Progress::Mode Progress::mode_named(const std::string& word) {
  if (word == "auto") return ::isatty(STDERR_FILENO) != 0 ? Mode::bar : Mode::plain;
  if (word == "plain") return Mode::plain;
  if (word == "json") return Mode::json;
  if (word == "none") return Mode::none;
  throw base::Error(base::ErrorKind::bad_input, "'" + word + "' is none of auto, plain, json, none",
                    "--progress");
}

void Progress::phase(const std::string& name) {
  finish();
  m_phase = name;
  m_shown = Clock::now();
  if (m_mode == Mode::plain) fmt::print(stderr, "{} …\n", name);
  if (m_mode == Mode::json) fmt::print(stderr, "{}\n", nlohmann::json{{"phase", name}}.dump());
}

void Progress::tick(std::uint64_t done, std::optional<std::uint64_t> expected) {
  if (m_mode == Mode::none || done % 256 != 0) return;
  const auto pause = m_mode == Mode::plain ? std::chrono::milliseconds(5000) : std::chrono::milliseconds(200);
  const auto now = Clock::now();
  if (now - m_shown < pause) return;
  m_shown = now;
  show(done, expected);
}

void Progress::show(std::uint64_t done, std::optional<std::uint64_t> expected) {
  if (m_mode == Mode::json) {
    nlohmann::json line{{"phase", m_phase}, {"read", done}};
    if (expected) line["expected"] = *expected;
    fmt::print(stderr, "{}\n", line.dump());
    return;
  }
  const std::string count = expected && *expected != 0
                                ? fmt::format("{} of {} ({} %)", done, *expected,
                                              std::min<std::uint64_t>(100, done * 100 / *expected))
                                : fmt::format("{}", done);
  if (m_mode == Mode::plain) {
    fmt::print(stderr, "{}: {}\n", m_phase, count);
    return;
  }
  const std::uint64_t width = 30;
  const std::uint64_t full = expected && *expected != 0 ? std::min(width, done * width / *expected) : 0;
  fmt::print(stderr, "\r{} [{}{}] {}\x1B[K", m_phase, std::string(full, '#'), std::string(width - full, '.'),
             count);
  m_line_open = true;
}

void Progress::finish() {
  if (m_line_open) fmt::print(stderr, "\r\x1B[K");
  m_line_open = false;
}

}  // namespace ritchi::importers
