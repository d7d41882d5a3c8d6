// municipalities.geojson (KSJ N03) and interchanges.geojson (KSJ N06 joints, some of them closed).
#include "importers/synth/job.hpp"
#include "importers/synth/municipality_mesh.hpp"

namespace ritchi::synth {

namespace {

void add_text(FeatureText& feature, const char* name, const std::string& value) {
  if (value.empty())
    feature.null(name);
  else
    feature.text(name, value);
}

// Piece by piece, as the outlines were given; they are not invented and carry no flag.
void write_real_outlines(GeoJsonFile& file, const Region& region) {
  FeatureText feature;
  for (const Outline& outline : region.outlines->all())
    for (std::size_t part = 0; part < outline.land.part_ends.size(); ++part) {
      feature.start();
      feature.text("N03_001", region.prefecture);
      feature.null("N03_002");
      add_text(feature, "N03_003", outline.county);
      feature.text("N03_004", outline.name);
      add_text(feature, "N03_005", outline.ward);
      feature.text("N03_007", outline.code);
      feature.part(outline.land, part);
      file.add(feature.finish());
    }
}

void write_invented_outlines(GeoJsonFile& file, const Region& region, std::uint64_t seed) {
  const auto rings = municipality_rings(region, seed);
  FeatureText feature;
  for (std::size_t m = 0; m < region.municipalities.size(); ++m) {
    const Municipality& municipality = region.municipalities[m];
    feature.start();
    feature.text("N03_001", region.prefecture);
    feature.null("N03_002");
    add_text(feature, "N03_003", municipality.county);
    feature.text("N03_004", municipality.name);
    feature.text("N03_007", municipality.code);
    feature.number("synthetic", std::int64_t{1});
    feature.polygon(region.plane, rings[m]);
    file.add(feature.finish());
  }
}

}  // namespace

void write_municipalities(Job& job) {
  const Region& region = job.region;
  GeoJsonFile file(job.folder / "municipalities.geojson", GeoJsonFile::Form::collection, "N03");
  if (region.outlines)
    write_real_outlines(file, region);
  else
    write_invented_outlines(file, region, job.seed);
  file.close();
  ImportEntry entry{"ksj-n03", "municipalities", {"municipalities.geojson"}, "2025-01-01"};
  entry.rows = file.count();
  entry.features = static_cast<std::int64_t>(region.municipalities.size());
  job.imports.push_back(std::move(entry));
}

// KSJ closes a joint's row when anything about it changes and opens another: a joint that became something
// else has one row that ended (N06_014 is the year) and one that goes on (9999).
void write_interchanges(Job& job) {
  GeoJsonFile file(job.folder / "interchanges.geojson", GeoJsonFile::Form::collection, "N06-23_Joint");
  FeatureText feature;
  int number = 0;
  const auto open_joints = static_cast<std::int64_t>(job.region.interchanges.size());
  const auto add = [&](const Interchange& joint, int from, int until) {
    feature.start();
    feature.number("N06_012", std::int64_t{joint.opened_year});
    feature.number("N06_013", std::int64_t{from});
    feature.number("N06_014", std::int64_t{until});
    std::string id = std::to_string(++number);
    id.insert(0, 3 - id.size(), '0');
    feature.text("N06_015", "EA03_9" + job.region.prefecture_code + id);
    feature.null("N06_016");
    feature.null("N06_017");
    feature.text("N06_018", joint.name);
    feature.text("N06_019", std::string(1, joint.kind));
    feature.number("synthetic", std::int64_t{1});
    feature.point(joint.degrees);
    file.add(feature.finish());
  };
  for (std::size_t i = 0; i < job.region.interchanges.size(); ++i) {
    const Interchange& joint = job.region.interchanges[i];
    const bool changed = i % 4 == 1;
    if (changed) add(joint, joint.opened_year, joint.opened_year + 10);
    add(joint, changed ? joint.opened_year + 11 : joint.opened_year, 9999);
  }
  file.close();
  ImportEntry entry{"ksj-n06", "interchanges", {"interchanges.geojson"}, "2023-12-31"};
  entry.rows = file.count();
  entry.features = open_joints;
  entry.ended = file.count() - open_joints;
  job.imports.push_back(std::move(entry));
}

}  // namespace ritchi::synth
