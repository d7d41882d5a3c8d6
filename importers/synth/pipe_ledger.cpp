// Materials and joints follow what was laid when: cast iron and asbestos cement before about 1975, ductile
// iron with K joints 1970–2000, NS after 1998, GX after 2010; large pipes are welded steel.
#include <string_view>
#include <utility>

#include "importers/synth/defects.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/pipes.hpp"

namespace ritchi::synth {
namespace {

struct Build {
  const char* material;
  const char* joint;
};

Build build_of(int year, int diameter_mm, Random& random) {
  const double part = random.real();
  if (diameter_mm >= 900 && part < 0.45) return {"SP", "溶接"};
  if (year < 1975) {
    if (part < 0.45) return {"CIP", "A"};
    if (part < 0.55) return diameter_mm <= 300 ? Build{"ACP", ""} : Build{"PC", ""};
    if (part < 0.62) return {"HP", ""};
    if (part < 0.72) return {"SP", "溶接"};
    return {"DIP", year < 1970 || random.chance(0.5) ? "A" : "K"};
  }
  if (year < 1998) {
    if (part < 0.68) return {"DIP", random.chance(0.85) ? "K" : "T"};
    if (part < 0.80) return {"SP", "溶接"};
    if (part < 0.86) return {"FRPM", ""};
    if (part < 0.92) return {"DIP", "S"};
    return diameter_mm <= 150 ? Build{"VP", ""} : Build{"DIP", "K"};
  }
  if (year < 2011) {
    if (part < 0.62) return {"DIP", "NS"};
    if (part < 0.82) return {"DIP", year <= 2000 ? "K" : "NS"};
    return diameter_mm <= 200 ? Build{"HPPE", "EF"} : Build{"SP", "溶接"};
  }
  if (part < 0.68) return diameter_mm <= 400 ? Build{"DIP", "GX"} : Build{"DIP", "NS"};
  return diameter_mm <= 200 ? Build{"HPPE", "EF"} : Build{"SP", "溶接"};
}

const char* seismic_of(Build build, Laid laid, Random& random) {
  const std::string_view joint = build.joint;
  if (!laid.known || random.chance(0.02)) return "不明";
  if (joint == "GX" || joint == "NS" || joint == "S" || joint == "EF") return "耐震";
  if (joint == "溶接") return laid.year >= 1985 ? "耐震" : "耐震適合";
  if (joint == "K") return random.chance(0.5) ? "耐震適合" : "非耐震";  // good ground
  return "非耐震";
}

int diameter_of(PipeKind kind, Random& random) {
  static constexpr int transmission[] = {600, 700, 800, 900, 1000, 1200, 1350, 1500};
  static constexpr int mains[] = {300, 350, 400, 450, 500, 600, 700, 800};
  static constexpr int branches[] = {100, 100, 150, 150, 150, 200, 200, 250, 300};
  switch (kind) {
    case PipeKind::transmission:
      return random.pick(transmission);
    case PipeKind::main:
      return random.pick(mains);
    case PipeKind::branch:
      return random.pick(branches);
  }
  return 0;
}

std::string year_text(Laid laid, Random& random) {
  if (!laid.known) {
    static constexpr const char* unknowns[] = {"", "", "不明", "0", "0001", "9999"};
    return random.pick(unknowns);
  }
  const double form = random.real();
  // Fiscal 2019 began in 平成31年; many write the year after the era that most of it was in.
  if (laid.year == 2019 && form < 0.4) return form < 0.2 ? "令和元年度" : "R元";
  if (form < 0.55) return era_year(laid.year);
  if (form < 0.75) return era_letter_year(laid.year);
  return form < 0.95 ? std::to_string(laid.year) : wide_digits(std::to_string(laid.year));
}

const char* name_of(PipeKind kind) {
  switch (kind) {
    case PipeKind::transmission:
      return "送水管";
    case PipeKind::main:
      return "配水本管";
    case PipeKind::branch:
      return "配水支管";
  }
  return "";
}

}  // namespace

std::string industrial_undertaking(const Region& region) {
  return "架空" + region.prefecture + "営工業用水道";
}

PipeLedger::PipeLedger(const std::filesystem::path& path, const Region& region)
    : m_region(region),
      m_file(path, CsvFile::Encoding::utf8,
             {"管理番号", "事業者名", "用途", "用途区分", "布設年度", "年度精度", "口径mm", "管種", "継手",
              "耐震区分", "延長m", "土被りm", "状態", "漏水件数", "市区町村コード", "形状", "合成"}) {}

std::string PipeLedger::year_of(Laid laid, Random& random) {
  if (!laid.known) ++m_years_unknown;
  std::string written = year_text(laid, random);
  // "02" could pass for a way of writing 0, which means unknown.
  if (!pipe_short_year.strikes(m_file.count()) || laid.year % 100 < 10) return written;
  if (!laid.known) --m_years_unknown;
  ++m_rejected["year_of_two_digits"];
  return std::to_string(laid.year % 100);
}

std::string PipeLedger::shape_of(const Pipe& pipe) {
  if (pipe_nowhere.strikes(m_file.count())) {
    ++m_rejected["coordinates_zero"];
    return "LINESTRING(0 0,0 0)";
  }
  const bool exchanged = pipe_exchanged.strikes(m_file.count());
  if (exchanged) ++m_rejected["coordinates_exchanged"];
  std::string shape = "LINESTRING(";
  for (int i = 0; i < pipe.size; ++i) {
    geom::Point p = m_region.plane.to_degrees(pipe.points[static_cast<std::size_t>(i)]);
    if (exchanged) std::swap(p.x, p.y);
    if (i != 0) shape += ',';
    append_fixed(shape, p.x, 9);
    shape += ' ';
    append_fixed(shape, p.y, 9);
  }
  return shape + ')';
}

void PipeLedger::add(int municipality, const Pipe& pipe, Laid laid, Random& random) {
  const int diameter_mm = diameter_of(pipe.kind, random);
  const Build build = build_of(laid.year, diameter_mm, random);
  const char* seismic = seismic_of(build, laid, random);
  const std::string year = year_of(laid, random);
  const char* accuracy = !laid.known ? "不明" : random.chance(0.1) ? "推定" : "確定";
  const double state = random.real();
  const int leaks = random.chance(laid.year < 1985 ? 0.06 : 0.01) ? random.between(1, 4) : 0;
  // A number given twice: this pipe has that of the one before it.
  const bool twice = pipe_twice.strikes(m_file.count());
  if (twice) m_rejected["repeated_key"] += 2;
  std::string serial = std::to_string(m_file.count() + (twice ? 0 : 1));
  serial.insert(0, serial.size() < 6 ? 6 - serial.size() : 0, '0');
  const std::string cover = random.chance(0.2) ? std::string() : fixed(random.between(0.9, 2.4), 2);
  const std::string length =
      random.chance(pipe_unknown_length_share) ? std::string("0") : fixed(pipe.length_m, 2);
  m_file.add({"K" + m_region.prefecture_code + "-" + serial, industrial_undertaking(m_region), "工業用水道",
              name_of(pipe.kind), year, accuracy, std::to_string(diameter_mm), build.material, build.joint,
              seismic, length, cover,
              state < 0.965   ? "使用中"
              : state < 0.985 ? "休止"
                              : "廃止",
              std::to_string(leaks), m_region.municipalities[static_cast<std::size_t>(municipality)].code,
              shape_of(pipe), "1"});
}

void PipeLedger::report(ImportEntry& entry) const {
  entry.rows = m_file.count();
  entry.rejected = m_rejected;
  entry.odd = {{"year_unknown", m_years_unknown}};
  entry.features = entry.accepted_rows();
}

}  // namespace ritchi::synth
