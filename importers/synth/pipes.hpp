// Files of pipes: PLATEAU's utility network (uro:WaterPipe, uro:Handhole) and a water undertaking's ledger.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "importers/synth/citygml.hpp"
#include "importers/synth/csv.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/laying.hpp"
#include "importers/synth/network.hpp"

namespace ritchi::synth {

// Coordinates are northing, easting, height in metres of the plane with heights (10162 … 10180); an unknown
// year is 0001; every 25th pipe begins at a handhole.
class PipeModelFile {
 public:
  PipeModelFile(const std::filesystem::path& path, const Region& region, int cell);
  void add(const Pipe& pipe, Laid laid, Random& ids);
  void close() { m_file.close(); }
  std::int64_t pipes() const { return m_pipes; }
  std::int64_t handholes() const { return m_handholes; }
  std::int64_t years_unknown() const { return m_years_unknown; }

 private:
  void add_member(const char* element, const char* name, const char* geometry_type,
                  const std::string& geometry, Laid laid, Random& ids);
  CityGmlFile m_file;
  std::int64_t m_pipes = 0;
  std::int64_t m_handholes = 0;
  std::int64_t m_years_unknown = 0;
};

// The undertaking that the ledger's pipes belong to.
std::string industrial_undertaking(const Region& region);

// Columns: 管理番号 (key), 事業者名, 用途 (工業用水道), 用途区分 (導水管|送水管|配水本管|配水支管), 布設年度
// (昭和47年度, S47, R元, 1972, １９７２; unknown: empty, 不明, 0,
// 0001, 9999; a few 72), 年度精度 (確定|推定|不明), 口径mm,
// 管種, 継手, 耐震区分 (耐震|耐震適合|非耐震|不明), 延長m, 土被りm, 状態 (使用中|休止|廃止), 漏水件数,
// 市区町村コード, 形状 (WKT LINESTRING, longitude latitude, JGD2011), 合成 (1).
class PipeLedger {
 public:
  PipeLedger(const std::filesystem::path& path, const Region& region);
  void add(int municipality, const Pipe& pipe, Laid laid, Random& random);
  void close() { m_file.close(); }
  std::int64_t count() const { return m_file.count(); }
  void report(ImportEntry& entry) const;

 private:
  std::string shape_of(const Pipe& pipe);
  std::string year_of(Laid laid, Random& random);
  const Region& m_region;
  CsvFile m_file;
  std::map<std::string, std::int64_t> m_rejected;
  std::int64_t m_years_unknown = 0;
};

}  // namespace ritchi::synth
