#include "geodata/base/log.hpp"

#include <fmt/chrono.h>
#include <unistd.h>

#include <chrono>

namespace ritchi::base {
namespace {

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

}  // namespace

void log_line(LogLevel level, std::string_view message) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::string line = fmt::format("{:%FT%TZ} {} ", fmt::gmtime(now), name_of(level));
  // A message may quote outside input: control characters would forge further lines.
  for (const char c : message) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  line += '\n';
  // Nothing useful can be done when stderr itself fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace ritchi::base
