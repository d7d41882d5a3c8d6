#include "importers/core/rejects.hpp"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>

#include "geodata/base/error.hpp"

namespace ritchi::importers {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

std::string cell(std::string_view text) {
  // A shape's text can be megabytes: its beginning is enough to find it.
  constexpr std::size_t longest = 300;
  std::string shown(text.substr(0, longest));
  while (text.size() > longest && !shown.empty() &&
         (static_cast<unsigned char>(text[shown.size()]) & 0xC0U) == 0x80U)
    shown.pop_back();
  if (shown.size() < text.size()) shown += "…";
  if (shown.find_first_of("\",\r\n") == std::string::npos) return shown;
  std::string out = "\"";
  for (const char c : shown) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

RejectFile::RejectFile(const fs::path& stem)
    : m_part(stem.string() + "." + std::to_string(::getpid()) + ".part") {
  // What a killed import left behind goes when the next one starts.
  const std::string prefix = stem.filename().string() + ".";
  std::error_code failed;
  for (fs::directory_iterator at(stem.has_parent_path() ? stem.parent_path() : fs::path("."), failed), end;
       !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".part") || name.size() < prefix.size() + 6) continue;
    int process = 0;
    const char* digits = name.data() + prefix.size();
    const char* const digits_end = name.data() + name.size() - 5;
    const auto [read, wrong] = std::from_chars(digits, digits_end, process);
    if (wrong != std::errc() || read != digits_end || process <= 0) continue;
    if (::kill(process, 0) != 0 && errno == ESRCH) fs::remove(at->path(), failed);
  }
}

RejectFile::~RejectFile() {
  restart();
}

void RejectFile::restart() {
  m_lines = 0;
  if (!m_out.is_open()) return;
  m_out.close();
  m_out.clear();
  std::error_code ignored;
  fs::remove(m_part, ignored);
}

void RejectFile::add(const std::string& source, const std::string& record, const Fault& fault) {
  if (!m_out.is_open()) {
    std::error_code failed;
    if (m_part.has_parent_path()) fs::create_directories(m_part.parent_path(), failed);
    m_out.open(m_part, std::ios::binary | std::ios::trunc);
    if (!m_out)
      throw Error(ErrorKind::io, "the reject file cannot be written", m_part.string(),
                  "choose another place with --rejects");
    m_out << "\xEF\xBB\xBFsource,record,field,value,reason,remedy\r\n";
  }
  m_out << cell(source) << ',' << cell(record) << ',' << cell(fault.field) << ',' << cell(fault.value) << ','
        << cell(fault.reason) << ',' << cell(fault.remedy) << "\r\n";
  ++m_lines;
}

bool RejectFile::keep(const fs::path& name) {
  std::error_code failed;
  if (!m_out.is_open()) {
    fs::remove(name, failed);
    return false;
  }
  m_out.close();
  if (!m_out)
    throw Error(ErrorKind::io, "the reject file could not be written to its end", m_part.string(),
                "the disk may be full");
  fs::rename(m_part, name, failed);
  if (failed)
    throw Error(ErrorKind::io, "the reject file cannot be written: " + failed.message(), name.string());
  return true;
}

}  // namespace ritchi::importers
