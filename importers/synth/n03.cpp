#include "importers/synth/n03.hpp"

#include <algorithm>
#include <iterator>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/geometry_check.hpp"
#include "importers/core/source.hpp"
#include "importers/core/source_files.hpp"

namespace ritchi::synth {
namespace {

using base::Error;
using base::ErrorKind;

class Columns {
 public:
  Columns(const importers::SourceLayer& layer, const std::string& shown) {
    for (const char* name : {"N03_003", "N03_004", "N03_005", "N03_007"}) {
      const auto at = std::find_if(layer.columns.begin(), layer.columns.end(),
                                   [&](const auto& column) { return column.name == name; });
      m_at.push_back(at == layer.columns.end() ? layer.columns.size()
                                               : static_cast<std::size_t>(at - layer.columns.begin()));
    }
    if (m_at[1] == layer.columns.size() || m_at[3] == layer.columns.size())
      throw Error(ErrorKind::bad_input, "has no columns N03_004 and N03_007", shown,
                  "give files of KSJ N03 (municipalities) with --n03");
  }
  std::string county(const importers::SourceFeature& feature) const { return text(feature, 0); }
  std::string name(const importers::SourceFeature& feature) const { return text(feature, 1); }
  std::string ward(const importers::SourceFeature& feature) const { return text(feature, 2); }
  std::string code(const importers::SourceFeature& feature) const { return text(feature, 3); }

 private:
  std::string text(const importers::SourceFeature& feature, std::size_t which) const {
    if (m_at[which] >= feature.values.size()) return {};
    return std::string(base::trim(importers::text_of(feature.values[m_at[which]])));
  }
  std::vector<std::size_t> m_at;
};

int prefecture_of(const std::string& code) {
  const bool digits = code.size() == 5 && code.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::stoi(code.substr(0, 2)) : 0;  // land of no municipality has no code
}

void append(geom::Geometry& to, const geom::Geometry& piece) {
  const auto points = static_cast<std::uint32_t>(to.points.size());
  const auto rings = static_cast<std::uint32_t>(to.ring_ends.size());
  to.points.insert(to.points.end(), piece.points.begin(), piece.points.end());
  for (const std::uint32_t end : piece.ring_ends) to.ring_ends.push_back(end + points);
  for (const std::uint32_t end : piece.part_ends) to.part_ends.push_back(end + rings);
}

}  // namespace

N03 read_n03(const std::vector<std::string>& files, const std::vector<int>& prefectures) {
  importers::SourceOptions options;
  options.default_encoding = "CP932";
  const importers::SourceSet set = importers::expand_sources(files, options.max_unpacked_bytes);
  importers::GeometryCheck check({catalogue::LayerGeometry::polygon, true, {}, "EPSG:6668"});
  std::map<std::string, Outline> found;
  for (const auto& file : set.files) {
    const auto source = importers::open_source(file.name, file.shown, options);
    if (source->layers().empty()) continue;
    const Columns columns(source->layers().front(), file.shown);
    source->start(0);
    importers::SourceFeature feature;
    while (source->next(feature)) {
      const std::string code = columns.code(feature);
      if (std::find(prefectures.begin(), prefectures.end(), prefecture_of(code)) == prefectures.end())
        continue;
      importers::GeometryResult checked = check.check(feature);
      if (!checked.reason.empty())
        throw Error(ErrorKind::bad_input, code + " " + checked.reason.en, file.shown + ", " + feature.label,
                    checked.remedy.en);
      if (!checked.geometry) continue;
      Outline& outline = found[code];
      outline.code = code;
      outline.county = columns.county(feature);
      outline.name = columns.name(feature);
      outline.ward = columns.ward(feature);
      outline.land.kind = geom::Kind::polygon;
      append(outline.land, *checked.geometry);
    }
  }
  N03 all;
  all.sha256 = importers::digest_of(set);
  for (auto& [code, outline] : found) all.prefectures[prefecture_of(code)].push_back(std::move(outline));
  if (all.prefectures.empty())
    throw Error(ErrorKind::bad_input, "the files have no municipality of the region", "--n03",
                "give the N03 file of the region's prefecture, or choose another --region");
  return all;
}

}  // namespace ritchi::synth
