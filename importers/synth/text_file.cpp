#include "importers/synth/text_file.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

#include "geodata/base/error.hpp"

namespace ritchi::synth {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

[[noreturn]] void fail(const std::filesystem::path& path, const char* what) {
  throw base::Error(base::ErrorKind::io, std::string(what) + ": " + std::strerror(errno), path.string(),
                    "check that the folder is writable and the disk has room");
}

}  // namespace

TextFile::TextFile(const std::filesystem::path& path) : m_path(path), m_file(std::fopen(path.c_str(), "wb")) {
  if (!m_file) fail(path, "cannot create the file");
  m_buffer.reserve(buffer_bytes + 4096);
}

TextFile::~TextFile() = default;

void TextFile::write(std::string_view text) {
  m_buffer += text;
  if (m_buffer.size() >= buffer_bytes) flush();
}

void TextFile::flush() {
  if (std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_file.get()) != m_buffer.size())
    fail(m_path, "cannot write the file");
  m_written += m_buffer.size();
  m_buffer.clear();
}

void TextFile::seek(std::uint64_t offset) {
  flush();
  if (std::fseek(m_file.get(), static_cast<long>(offset), SEEK_SET) != 0)
    fail(m_path, "cannot go back in the file");
  m_written = offset;
}

void TextFile::close() {
  flush();
  if (std::fclose(m_file.release()) != 0) fail(m_path, "cannot write the file");
}

void append_fixed(std::string& to, double value, int decimals) {
  std::int64_t power = 1;
  for (int i = 0; i < decimals; ++i) power *= 10;
  std::int64_t scaled = std::llround(value * static_cast<double>(power));
  if (scaled < 0) {
    to += '-';
    scaled = -scaled;
  }
  std::array<char, 24> text{};
  const auto whole = std::to_chars(text.data(), text.data() + text.size(), scaled / power);
  to.append(text.data(), whole.ptr);
  if (decimals == 0) return;
  to += '.';
  std::int64_t rest = scaled % power;
  for (int i = decimals - 1; i >= 0; --i, rest /= 10)
    text[static_cast<std::size_t>(i)] = static_cast<char>('0' + rest % 10);
  to.append(text.data(), static_cast<std::size_t>(decimals));
}

std::string fixed(double value, int decimals) {
  std::string text;
  append_fixed(text, value, decimals);
  return text;
}

void append_json_text(std::string& to, std::string_view text) {
  to += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') to += '\\';
    to += c;
  }
  to += '"';
}

void append_xml_text(std::string& to, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      to += "&amp;";
    else if (c == '<')
      to += "&lt;";
    else
      to += c;
  }
}

std::string uuid(std::uint64_t high, std::uint64_t low) {
  high = (high & ~std::uint64_t{0xf000}) | 0x4000;
  low = (low & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
  std::string text;
  text.reserve(36);
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
    const std::uint64_t half = i < 16 ? high : low;
    text += "0123456789abcdef"[(half >> (60 - 4 * (i % 16))) & 15];
  }
  return text;
}

}  // namespace ritchi::synth
