#include "geodata/catalogue/places.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/base/text.hpp"

namespace ritchi::catalogue {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr std::size_t numbers = 48000;  // codes are 01100 to 47999

std::optional<std::size_t> number_of(std::string_view code) {
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (code.size() != 5 || failed != std::errc() || end != code.data() + code.size() || number >= numbers)
    return std::nullopt;
  return number;
}

struct Line {
  std::string where;
  std::vector<std::string> cells;
};

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(at, begin);
    out.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return out;
    begin = end + 1;
  }
}

// Plain tables: no quotes, remarks begin with '#', the first other line names the columns.
std::vector<Line> read_table(const fs::path& file, std::string_view header, std::string* edition = nullptr) {
  const std::string text = base::read_file(file);
  std::vector<Line> out;
  bool headed = false;
  std::size_t number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    const auto line = base::trim(raw);
    if (line.empty()) continue;
    const std::string where = file.string() + ":" + std::to_string(number);
    constexpr std::string_view edition_mark = "# edition: ";
    if (edition != nullptr && line.starts_with(edition_mark)) *edition = line.substr(edition_mark.size());
    if (line.front() == '#') continue;
    if (!headed) {
      if (line != header)
        throw Error(ErrorKind::bad_input, "the first line must be '" + std::string(header) + "'", where);
      headed = true;
      continue;
    }
    out.push_back({where, split(line, ',')});
    if (out.back().cells.size() != split(header, ',').size())
      throw Error(ErrorKind::bad_input, "has more or fewer columns than the first line", where);
  }
  return out;
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         text.find_first_not_of("0123456789-") == std::string_view::npos;
}

double number(const std::string& text, const std::string& where) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size())
    throw Error(ErrorKind::bad_input, "'" + text + "' is no number", where);
  return value;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (prefix.empty() || text.size() <= prefix.size() || !text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "西蒲原郡" of "西蒲原郡弥彦村"; names of towns may hold the character too, so what is left must fit.
std::string_view without_county(std::string_view name) {
  constexpr std::string_view county = "郡";
  const std::size_t at = name.find(county, county.size());
  return at == std::string_view::npos || at + county.size() == name.size() ? name
                                                                           : name.substr(at + county.size());
}

}  // namespace

char check_digit(std::string_view five_digits) {
  int sum = 0;
  for (std::size_t i = 0; i < 5; ++i) sum += (five_digits[i] - '0') * (6 - static_cast<int>(i));
  // Where the sum is below 11 the rule takes 11 minus the sum, which the remainder gives as well.
  return static_cast<char>('0' + (11 - sum % 11) % 10);
}

Places Places::load(const fs::path& folder) {
  Places out;
  out.m_present_at.assign(numbers, none);
  out.m_former_at.assign(numbers, none);
  out.read_variants(folder / "name_variants.csv");
  out.read_prefectures(folder / "prefectures.csv");
  out.read_municipalities(folder / "municipalities.csv");
  out.read_changes(folder / "municipality_changes.csv");
  return out;
}

void Places::read_municipalities(const fs::path& file) {
  for (Line& line : read_table(file, "code,name,prefecture,kind", &m_edition)) {
    const auto at = number_of(line.cells[0]);
    if (!at || line.cells[1].empty() || line.cells[2] != line.cells[0].substr(0, 2) ||
        prefecture(line.cells[2]) == nullptr)
      throw Error(ErrorKind::bad_input, "is no municipality of a known prefecture", line.where);
    if (m_present_at[*at] != none)
      throw Error(ErrorKind::bad_input, "the code " + line.cells[0] + " occurs twice", line.where);
    m_present_at[*at] = static_cast<std::int32_t>(m_present.size());
    m_present.push_back({line.cells[0], line.cells[1], line.cells[3]});
  }
  if (m_edition.empty())
    throw Error(ErrorKind::bad_input, "does not say its edition", file.string(), "begin with '# edition: …'");
}

void Places::read_changes(const fs::path& file) {
  std::vector<Line> lines;
  for (Line& line : read_table(file, "code,name,date,change,successors,compared,source")) {
    // The code stayed, only the name went.
    if (line.cells[3] == "renamed" && present(line.cells[0]) != nullptr)
      m_former_names[line.cells[0]].push_back(folded_name(line.cells[1]));
    else
      lines.push_back(std::move(line));
  }
  for (const Line& line : lines) {
    const auto at = number_of(line.cells[0]);
    if (!at || line.cells[1].empty() || (!line.cells[2].empty() && !is_date(line.cells[2])) ||
        line.cells[4].empty() || (line.cells[5] != "yes" && line.cells[5] != "no"))
      throw Error(ErrorKind::bad_input, "is no change of a municipality", line.where);
    if (m_present_at[*at] != none || m_former_at[*at] != none)
      throw Error(ErrorKind::bad_input, "the code " + line.cells[0] + " is in use or occurs twice",
                  line.where);
    m_former_at[*at] = static_cast<std::int32_t>(m_former.size());
    m_former.push_back({{line.cells[0], line.cells[1], {}},
                        line.cells[2],
                        line.cells[3],
                        split(line.cells[4], ';'),
                        line.cells[5] == "yes",
                        line.cells[6]});
  }
  for (std::size_t i = 0; i < m_former.size(); ++i) {
    const auto now = today(m_former[i].was.code);
    for (const auto& successor : m_former[i].successors)
      if (find(successor) == nullptr)
        throw Error(ErrorKind::bad_input, "the successor " + successor + " is not known", lines[i].where);
    if (now.empty())
      throw Error(ErrorKind::bad_input, "the successors lead nowhere: a circle", lines[i].where);
    for (const auto& code : now) m_former_names[code].push_back(folded_name(m_former[i].was.name));
  }
}

void Places::read_prefectures(const fs::path& file) {
  for (const Line& line : read_table(file, "code,name_ja,name_en,min_lon,min_lat,max_lon,max_lat")) {
    const auto& cells = line.cells;
    m_prefectures.push_back({cells[0],
                             {cells[1], cells[2]},
                             {number(cells[3], line.where), number(cells[4], line.where),
                              number(cells[5], line.where), number(cells[6], line.where)}});
    if (cells[0].size() != 2 || m_prefectures.back().extent.empty() ||
        std::stoul(cells[0]) != m_prefectures.size())
      throw Error(ErrorKind::bad_input, "prefectures are 01 to 47 in this order, each with an extent",
                  line.where);
  }
}

void Places::read_variants(const fs::path& file) {
  for (const Line& line : read_table(file, "written,usual")) m_variants[line.cells[0]] = line.cells[1];
}

const Municipality* Places::present(std::string_view code) const {
  const auto at = number_of(code);
  return at && m_present_at[*at] != none ? &m_present[static_cast<std::size_t>(m_present_at[*at])] : nullptr;
}

const FormerMunicipality* Places::former(std::string_view code) const {
  const auto at = number_of(code);
  return at && m_former_at[*at] != none ? &m_former[static_cast<std::size_t>(m_former_at[*at])] : nullptr;
}

const Municipality* Places::find(std::string_view code) const {
  if (const auto* now = present(code)) return now;
  const auto* was = former(code);
  return was == nullptr ? nullptr : &was->was;
}

const Prefecture* Places::prefecture(std::string_view code) const {
  if (code.size() != 2 || code < "01" || code > "47") return nullptr;
  const auto at = static_cast<std::size_t>((code[0] - '0') * 10 + (code[1] - '0') - 1);
  return at < m_prefectures.size() ? &m_prefectures[at] : nullptr;
}

bool Places::is_established(std::string_view code) const {
  const auto* was = former(code);
  return was == nullptr ||
         (was->compared && std::all_of(was->successors.begin(), was->successors.end(),
                                       [this](const auto& next) { return is_established(next); }));
}

std::vector<std::string> Places::today(std::string_view code) const {
  std::set<std::string> now;
  std::set<std::string> met;
  std::vector<std::string> open{std::string(code)};
  while (!open.empty()) {
    const std::string at = std::move(open.back());
    open.pop_back();
    if (!met.insert(at).second) continue;
    if (present(at) != nullptr)
      now.insert(at);
    else if (const auto* was = former(at))
      open.insert(open.end(), was->successors.begin(), was->successors.end());
  }
  return {now.begin(), now.end()};
}

std::string Places::shown(std::string_view code) const {
  const auto* known = find(code);
  return known == nullptr ? std::string(code) : known->code + " " + known->name;
}

std::string Places::folded_name(std::string_view name) const {
  const std::string text = base::nfkc(name);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    const std::string_view character = std::string_view(text).substr(at, next - at);
    at = next;
    if (character == " ") continue;
    const auto variant = m_variants.find(character);
    out += variant == m_variants.end() ? character : std::string_view(variant->second);
  }
  return out;
}

bool Places::name_fits(std::string_view code, std::string_view name) const {
  const auto* known = find(code);
  const auto* prefecture_of = prefecture(code.substr(0, 2));
  if (known == nullptr || prefecture_of == nullptr) return false;
  if (name == known->name) return true;
  const std::string said = folded_name(name);
  std::string_view rest = said;
  take_prefix(rest, prefecture_of->name.ja);
  const auto fits = [&](std::string_view official) {
    if (rest == official || without_county(rest) == official) return true;
    // A ward with or without its city, a city for its ward, a ward for its city.
    constexpr std::string_view city = "市";
    const std::size_t ward = official.find(city);
    if (official.ends_with("区") && ward != std::string_view::npos)
      return rest == official.substr(ward + city.size()) || rest == official.substr(0, ward + city.size());
    return official.ends_with(city) && rest.ends_with("区") && rest.starts_with(official);
  };
  if (fits(folded_name(known->name))) return true;
  for (const auto& now : today(code)) {
    if (fits(folded_name(find(now)->name))) return true;
    const auto before = m_former_names.find(now);
    // Only who has the present code may go by any of its former names.
    if (before != m_former_names.end() && now == code &&
        std::any_of(before->second.begin(), before->second.end(), fits))
      return true;
  }
  return false;
}

}  // namespace ritchi::catalogue
