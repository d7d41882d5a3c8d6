// c02/C02-14_….geojson (KSJ C02) and ports_…_rinko_op.gml (PLATEAU): the region's port where its sites
// measure their distance to, lesser ones along the coast of the plain, and port districts beside them.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "importers/synth/citygml.hpp"
#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr std::size_t most_ports = 4;
constexpr double least_apart_m = 12000;

bool is_coast(const Region& region, int cell) {
  const int column = cell % region.columns;
  const int row = cell / region.columns;
  return region.land_at(column - 1, row) == Land::sea || region.land_at(column + 1, row) == Land::sea ||
         region.land_at(column, row - 1) == Land::sea || region.land_at(column, row + 1) == Land::sea;
}

std::vector<Spot> find_ports(const Job& job) {
  const Region& region = job.region;
  std::vector<Spot> ports;
  const auto take = [&](const std::optional<Spot>& spot) {
    const auto is_near = [&](const Spot& other) {
      const double x = other.metres.x - spot->metres.x;
      const double y = other.metres.y - spot->metres.y;
      return x * x + y * y < least_apart_m * least_apart_m;
    };
    if (spot && std::none_of(ports.begin(), ports.end(), is_near)) ports.push_back(*spot);
  };
  take(spot_near(region, job.seed, region.plane.to_metres(region.port_degrees)));
  for (const int cell : region.cells_of(false, true, true)) {
    if (ports.size() >= most_ports) break;
    if (!is_coast(region, cell)) continue;
    Random random = stream_of(region, job.seed, Stream::port, static_cast<std::uint64_t>(cell));
    take(spot_in(region, job.seed, cell, random));
  }
  return ports;
}

std::string district_member(const Region& region, const Spot& port, const char* name, const Ring& ring,
                            Random& random) {
  const Municipality& municipality = region.municipalities[static_cast<std::size_t>(port.municipality)];
  std::string positions;
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    // Latitude first, and clockwise on the map, as in the published file.
    const geom::Point p = region.plane.to_degrees(ring[(ring.size() - i) % ring.size()]);
    if (i != 0) positions += ' ';
    append_fixed(positions, p.y, 9);
    positions += ' ';
    append_fixed(positions, p.x, 9);
    positions += " 0";
  }
  const std::uint64_t high = random.next();
  const std::string id = uuid(high, random.next());
  const int from = random.between(1975, 2015);
  const int notification = random.between(1, 300);
  return fmt::format(
      "\t\t<urf:PortZone gml:id=\"urf_{}\">\n\t\t\t{}\n\t\t\t<gml:name>{}</gml:name>\n"
      "\t\t\t<core:creationDate>2025-03-21</core:creationDate>\n"
      "\t\t\t<urf:validFrom>{}-04-01</urf:validFrom>\n\t\t\t<urf:custodian>{}</urf:custodian>\n"
      "\t\t\t<urf:notificationNumber>{}告示第{}号</urf:notificationNumber>\n"
      "\t\t\t<urf:prefecture codeSpace=\"../../codelists/Common_localPublicAuthorities.xml\">{}"
      "</urf:prefecture>\n"
      "\t\t\t<urf:city codeSpace=\"../../codelists/Common_localPublicAuthorities.xml\">{}</urf:city>\n"
      "\t\t\t<urf:lod1MultiSurface>\n\t\t\t\t<gml:MultiSurface>\n\t\t\t\t\t<gml:surfaceMember>\n"
      "\t\t\t\t\t\t<gml:Polygon>\n\t\t\t\t\t\t\t<gml:exterior>\n\t\t\t\t\t\t\t\t<gml:LinearRing>\n"
      "\t\t\t\t\t\t\t\t\t<gml:posList>{}</gml:posList>\n"
      "\t\t\t\t\t\t\t\t</gml:LinearRing>\n\t\t\t\t\t\t\t</gml:exterior>\n\t\t\t\t\t\t</gml:Polygon>\n"
      "\t\t\t\t\t</gml:surfaceMember>\n\t\t\t\t</gml:MultiSurface>\n\t\t\t</urf:lod1MultiSurface>\n"
      "\t\t</urf:PortZone>\n",
      id, synthetic_description, name, from, region.prefecture, region.prefecture, notification,
      region.prefecture_code, municipality.code, positions);
}

void write_districts(Job& job, const std::vector<Spot>& ports) {
  const Region& region = job.region;
  const std::string name = "ports_" + region.prefecture_code + "_urf_6668_rinko_op.gml";
  const geom::Point south_west =
      region.plane.to_degrees({region.north_west.x, region.north_west.y - region.rows * cell_m});
  const geom::Point north_east =
      region.plane.to_degrees({region.north_west.x + region.columns * cell_m, region.north_west.y});
  CityGmlFile file(job.folder / name, 6697, {south_west.y, south_west.x}, {north_east.y, north_east.x}, 9);
  static constexpr const char* districts[] = {"商港区", "工業港区", "漁港区"};
  std::int64_t count = 0;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    Random random = stream_of(region, job.seed, Stream::port, i, 1);
    const double width_m = random.between(150.0, 500.0);
    for (const int part : {0, 1}) {
      // Side by side along the quay.
      const geom::Point corner{ports[i].metres.x - 60 + part * width_m, ports[i].metres.y - 60};
      const double height_m = random.between(120.0, 300.0);
      const Ring ring{corner,
                      {corner.x + width_m, corner.y},
                      {corner.x + width_m, corner.y + height_m},
                      {corner.x, corner.y + height_m}};
      if (region.holder(ports[i].cell, ring) != ports[i].municipality) continue;
      file.add(district_member(region, ports[i], districts[(i + static_cast<std::size_t>(part)) % 3], ring,
                               random));
      ++count;
    }
  }
  file.close();
  ImportEntry entry{"plateau-urf-rinko", "port_districts", {name}, "2025-03-21"};
  entry.rows = entry.features = count;
  add_import(job, std::move(entry));
}

}  // namespace

void write_ports(Job& job) {
  const Region& region = job.region;
  const std::vector<Spot> ports = find_ports(job);
  GeoJsonLayer file(job, "c02/C02-14_PortAndHarbor_" + region.prefecture_code + ".geojson",
                    "C02-14_PortAndHarbor");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    Random random = stream_of(region, job.seed, Stream::port, i, 2);
    const Municipality& municipality = region.municipalities[static_cast<std::size_t>(ports[i].municipality)];
    FeatureText& record = file.record();
    record.text("C02_001", region.prefecture_code);
    record.text("C02_002", i == 0 ? "13" : "14");  // important, local
    record.text("C02_003", municipality.code);
    record.text("C02_004", fmt::format("{}9{:02}", region.prefecture_code, i + 1));
    record.text("C02_005", "架空" + place_name(random) + "港");
    const bool by_prefecture = i == 0 || random.chance(0.6);
    record.text("C02_006", by_prefecture ? "1" : "2");
    record.text("C02_007", by_prefecture ? region.prefecture : municipality.name);
    file.point(ports[i].metres);
  }
  add_import(job, file.close("ksj-c02", "ports", "2015-03-31"));
  write_districts(job, ports);
}

}  // namespace ritchi::synth
