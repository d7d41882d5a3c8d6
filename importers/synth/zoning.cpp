// zoning_urf_6668_yoto_op.gml: use districts of the towns, 36 quarters to a cell, neighbours sharing their
// borders.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "importers/synth/citygml.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/zoning.hpp"

namespace ritchi::synth {
namespace {

// Ratios as the city model states them: 2 is 200 %.
struct District {
  int code;  // Common_districtsAndZonesType
  const char* floor_area_rate;
  const char* building_coverage_rate;
};
constexpr std::array<District, 13> districts{{{1, "0.8", "0.5"},
                                              {2, "1", "0.5"},
                                              {3, "2", "0.6"},
                                              {4, "2", "0.6"},
                                              {5, "2", "0.6"},
                                              {6, "2", "0.6"},
                                              {7, "2", "0.6"},
                                              {8, "1", "0.5"},
                                              {9, "2", "0.8"},
                                              {10, "4", "0.8"},
                                              {11, "2", "0.6"},
                                              {12, "2", "0.6"},
                                              {13, "2", "0.6"}}};

Random stream(const Region& region, std::uint64_t seed, int cell, int column, int row, std::uint64_t part) {
  return Random(seed,
                {key(Stream::zoning), static_cast<std::uint64_t>(std::stoi(region.prefecture_code)),
                 static_cast<std::uint64_t>(cell), static_cast<std::uint64_t>(column * 16 + row), part});
}

geom::Point corner(const Region& region, const CellFrame& frame, std::uint64_t seed, int cell, int column,
                   int row) {
  Random random = stream(region, seed, cell, column, row, 0);
  const auto shift = [&](int index) {
    const double moved = random.between(-25.0, 25.0);
    return index == 0 || index == zoning_quarters ? 0 : moved;
  };
  const double u = -zoning_reach_m + column * zoning_quarter_m + shift(column);
  const double v = -zoning_reach_m + row * zoning_quarter_m + shift(row);
  return frame.at(u, v);
}

}  // namespace

int district_code(const Region& region, std::uint64_t seed, int cell, int column, int row) {
  Random random = stream(region, seed, cell, column, row, 1);
  static constexpr int industrial[] = {11, 12, 12, 13, 13};
  static constexpr int middle[] = {9, 10, 10};
  static constexpr int outer[] = {1, 1, 2, 3, 3, 4, 8};
  static constexpr int inner[] = {4, 5, 5, 6, 7, 9};
  if (row == zoning_quarters - 1) return random.pick(industrial);
  const int ring =
      std::max(std::abs(2 * column - zoning_quarters + 1), std::abs(2 * row - zoning_quarters + 1));
  if (ring <= 1) return random.pick(middle);
  return ring <= 3 ? random.pick(inner) : random.pick(outer);
}

void write_zoning(Job& job) {
  const Region& region = job.region;
  const std::string name = "zoning_" + region.prefecture_code + "_urf_6668_yoto_op.gml";
  const geom::Point south_west =
      region.plane.to_degrees({region.north_west.x, region.north_west.y - region.rows * cell_m});
  const geom::Point north_east =
      region.plane.to_degrees({region.north_west.x + region.columns * cell_m, region.north_west.y});
  // The published files are named after 6668 but give 6697 (with heights of 0) in the envelope; so does this
  // one.
  CityGmlFile file(job.folder / name, 6697, {south_west.y, south_west.x}, {north_east.y, north_east.x}, 9);
  std::int64_t count = 0;
  std::string member;
  for (const int cell : region.cells_of(false, false, true)) {
    const CellFrame frame = frame_of(region, cell, job.seed);
    Random random = stream(region, job.seed, cell, 0, 0, 2);
    const std::string from = std::to_string(random.between(1992, 2020)) + "-04-01";
    for (int row = 0; row < zoning_quarters; ++row)
      for (int column = 0; column < zoning_quarters; ++column) {
        // Latitude first, and clockwise on the map, as in the published file.
        constexpr std::array<std::array<int, 2>, 5> round{{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}};
        std::array<geom::Point, 5> ring;
        for (std::size_t i = 0; i < ring.size(); ++i)
          ring[i] = corner(region, frame, job.seed, cell, column + round[i][0], row + round[i][1]);
        const int holder = region.holder(cell, ring);
        if (holder < 0) continue;
        ++count;
        const Municipality& municipality = region.municipalities[static_cast<std::size_t>(holder)];
        const int code = district_code(region, job.seed, cell, column, row);
        const District& district = districts[static_cast<std::size_t>(code - 1)];
        member = "\t\t<urf:UseDistrict gml:id=\"urf_" + uuid(random.next(), random.next()) + "\">\n\t\t\t";
        member += synthetic_description;
        member +=
            "\n\t\t\t<core:creationDate>2025-03-21</core:creationDate>\n"
            "\t\t\t<urf:function codeSpace=\"../../codelists/Common_districtsAndZonesType.xml\">" +
            std::to_string(code) + "</urf:function>\n\t\t\t<urf:validFrom>" + from +
            "</urf:validFrom>\n"
            "\t\t\t<urf:validFromType "
            "codeSpace=\"../../codelists/Common_validType.xml\">3</urf:validFromType>\n"
            "\t\t\t<urf:custodian>" +
            municipality.name + "</urf:custodian>\n\t\t\t<urf:notificationNumber>" + municipality.name +
            "告示第" + std::to_string(random.between(1, 300)) +
            "号</urf:notificationNumber>\n"
            "\t\t\t<urf:areaClassificationType "
            "codeSpace=\"../../codelists/Common_areaClassificationType.xml\">22"
            "</urf:areaClassificationType>\n"
            "\t\t\t<urf:prefecture codeSpace=\"../../codelists/Common_localPublicAuthorities.xml\">" +
            region.prefecture_code +
            "</urf:prefecture>\n"
            "\t\t\t<urf:city codeSpace=\"../../codelists/Common_localPublicAuthorities.xml\">" +
            municipality.code +
            "</"
            "urf:city>\n\t\t\t<urf:lod1MultiSurface>\n\t\t\t\t<gml:MultiSurface>\n\t\t\t\t\t<gml:"
            "surfaceMember>\n"
            "\t\t\t\t\t\t<gml:Polygon>\n\t\t\t\t\t\t\t<gml:exterior>\n\t\t\t\t\t\t\t\t<gml:LinearRing>\n"
            "\t\t\t\t\t\t\t\t\t<gml:posList>";
        bool first = true;
        for (const geom::Point metres : ring) {
          const geom::Point p = region.plane.to_degrees(metres);
          if (!first) member += ' ';
          first = false;
          append_fixed(member, p.y, 9);
          member += ' ';
          append_fixed(member, p.x, 9);
          member += " 0";
        }
        member +=
            "</gml:posList>\n\t\t\t\t\t\t\t\t</gml:LinearRing>\n\t\t\t\t\t\t\t</gml:exterior>\n"
            "\t\t\t\t\t\t</gml:Polygon>\n\t\t\t\t\t</gml:surfaceMember>\n\t\t\t\t</gml:MultiSurface>\n"
            "\t\t\t</urf:lod1MultiSurface>\n\t\t\t<urf:floorAreaRate>";
        member += district.floor_area_rate;
        member += "</urf:floorAreaRate>\n\t\t\t<urf:buildingCoverageRate>";
        member += district.building_coverage_rate;
        member += "</urf:buildingCoverageRate>\n\t\t</urf:UseDistrict>\n";
        file.add(member);
      }
  }
  file.close();
  if (count == 0) return;
  ImportEntry entry{"plateau-urf", "zoning", {name}, "2025-03-21"};
  entry.rows = entry.features = count;
  job.imports.push_back(std::move(entry));
}

}  // namespace ritchi::synth
