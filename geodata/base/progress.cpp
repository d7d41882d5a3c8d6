#include "geodata/base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"

namespace ritchi::base {
namespace {

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                      : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

Progress::Progress(Mode mode, std::string language) : m_mode(mode), m_language(std::move(language)) {}

Progress::Mode Progress::mode_named(const std::string& word) {
  if (word == "auto") return ::isatty(STDERR_FILENO) != 0 ? Mode::bar : Mode::plain;
  if (word == "plain") return Mode::plain;
  if (word == "json") return Mode::json;
  if (word == "none") return Mode::none;
  throw Error(ErrorKind::bad_input, "'" + word + "' is none of auto, plain, json, none", "--progress")
      .in_japanese("「" + word + "」は auto、plain、json、none のどれでもありません");
}

const char* Progress::name() const {
  return m_language == "ja" ? m_phase.japanese : m_phase.name;
}

void Progress::phase(const ProgressPhase& phase) {
  finish();
  m_phase = phase;
  m_begun = m_shown = Clock::now();
  if (m_mode == Mode::plain) fmt::print(stderr, "{} …\n", name());
  if (m_mode == Mode::json) fmt::print(stderr, "{}\n", nlohmann::json{{"phase", phase.name}}.dump());
}

void Progress::tick(std::uint64_t done, std::optional<std::uint64_t> expected) {
  if (m_mode == Mode::none || done % 16 != 0) return;
  const auto pause = m_mode == Mode::plain ? std::chrono::milliseconds(5000) : std::chrono::milliseconds(200);
  const auto now = Clock::now();
  if (now - m_shown < pause) return;
  m_shown = now;
  show(done, expected);
}

void Progress::show(std::uint64_t done, std::optional<std::uint64_t> expected) {
  const double seconds = std::chrono::duration<double>(m_shown - m_begun).count();
  const double rate = static_cast<double>(done) / seconds;
  const std::uint64_t all = expected.value_or(0);  // 0: not known
  const double left_s = static_cast<double>(all - std::min(all, done)) / rate;
  if (m_mode == Mode::json) {
    nlohmann::json line{{"phase", m_phase.name}, {"read", done}, {"done", done}, {"rate", std::round(rate)}};
    if (all != 0) {
      line["expected"] = all;
      line["eta_s"] = std::round(left_s);
    }
    fmt::print(stderr, "{}\n", line.dump());
    return;
  }
  std::string count = fmt::format("{}", done);
  if (all != 0)
    count = fmt::format(fmt::runtime(m_language == "ja" ? "{1} 件中 {0} 件（{2} %）" : "{} of {} ({} %)"),
                        done, all, std::min<std::uint64_t>(100, done * 100 / all));
  count += fmt::format(fmt::runtime(m_language == "ja" ? "、毎秒 {:.0f} 件" : ", {:.0f}/s"), rate);
  if (all != 0)
    count += fmt::format(fmt::runtime(m_language == "ja" ? "、残り {}" : ", {} left"), clock_text(left_s));
  if (m_mode == Mode::plain) {
    fmt::print(stderr, "{}: {}\n", name(), count);
    return;
  }
  std::string bar;
  if (all != 0) {
    const std::uint64_t width = 30;
    const std::uint64_t full = std::min(width, done * width / all);
    bar = fmt::format("[{}{}] ", std::string(full, '#'), std::string(width - full, '.'));
  }
  fmt::print(stderr, "\r{} {}{}\x1B[K", name(), bar, count);
  m_line_open = true;
}

void Progress::finish() {
  if (m_line_open) fmt::print(stderr, "\r\x1B[K");
  m_line_open = false;
}

}  // namespace ritchi::base
