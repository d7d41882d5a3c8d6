// l01/L01-24_….geojson (KSJ L01, the order of columns since 2024): published land prices at some quarters of
// the towns, of the use district there.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/spots.hpp"
#include "importers/synth/zoning.hpp"

namespace ritchi::synth {
namespace {

constexpr int columns = 146;  // of the edition; most hold the prices of earlier years
constexpr double quarter_share = 0.3;

struct District {
  const char* name;         // L01_051
  const char* price_class;  // L01_002
  double median_jpy;        // for a square metre
};
// In the order of the codes of district_code, from 1.
constexpr std::array<District, 13> districts{{{"1低専", "000", 38000},
                                              {"2低専", "000", 36000},
                                              {"1中専", "000", 42000},
                                              {"2中専", "000", 43000},
                                              {"1住居", "000", 45000},
                                              {"2住居", "000", 45000},
                                              {"準住居", "000", 44000},
                                              {"田園住", "000", 30000},
                                              {"近商", "005", 60000},
                                              {"商業", "005", 95000},
                                              {"準工", "007", 34000},
                                              {"工業", "009", 24000},
                                              {"工専", "009", 17000}}};

class PriceList {
 public:
  explicit PriceList(Job& job)
      : m_region(job.region),
        m_file(job, "l01/L01-24_" + job.region.prefecture_code + ".geojson", "L01-24") {}

  void add(const Spot& spot, const District& district, Random& random) {
    const Municipality& municipality = m_region.municipalities[static_cast<std::size_t>(spot.municipality)];
    const std::string serial = fmt::format("{:03}", ++m_number);
    const std::int64_t price = std::llround(random.log_normal(district.median_jpy, 0.3) / 100) * 100;
    const std::int64_t area_m2 = random.between(120, district.price_class == std::string("009") ? 9000 : 400);
    const std::string place = place_name(random);
    const std::string address = m_region.prefecture + " " + municipality.county + municipality.name + place +
                                std::to_string(random.between(1, 900)) + "番";
    FeatureText& record = m_file.record();
    for (int column = 1; column <= columns; ++column) {
      const std::string name = fmt::format("L01_{:03}", column);
      switch (column) {
        case 1:
          record.text(name, municipality.code);
          break;
        case 2:
          record.text(name, district.price_class);
          break;
        case 3:
          record.text(name, serial);
          break;
        case 8:
          record.number(name, price);
          break;
        case 25:
          record.text(name, address);
          break;
        case 27:
          record.number(name, area_m2);
          break;
        case 28:
          record.text(name, "_");
          break;
        case 51:
          record.text(name, district.name);
          break;
        default:
          record.null(name);
      }
    }
    m_file.point(spot.metres);
  }
  ImportEntry close() { return m_file.close("ksj-l01", "land_prices", "2024-01-01"); }

 private:
  const Region& m_region;
  GeoJsonLayer m_file;
  int m_number = 0;
};

}  // namespace

void write_land_prices(Job& job) {
  const Region& region = job.region;
  PriceList prices(job);
  for (const int cell : region.cells_of(false, false, true)) {
    const CellFrame frame = frame_of(region, cell, job.seed);
    Random random = stream_of(region, job.seed, Stream::land_price, static_cast<std::uint64_t>(cell));
    for (int row = 0; row < zoning_quarters; ++row)
      for (int column = 0; column < zoning_quarters; ++column) {
        if (!random.chance(quarter_share)) continue;
        const auto within = [&](int quarter) {
          return -zoning_reach_m + (quarter + 0.5) * zoning_quarter_m + random.between(-200.0, 200.0);
        };
        const double u = within(column);
        const geom::Point metres = frame.at(u, within(row));
        const int holder = region.holder(cell, {&metres, 1});
        if (holder < 0) continue;
        const int code = district_code(region, job.seed, cell, column, row);
        prices.add({cell, holder, metres}, districts[static_cast<std::size_t>(code - 1)], random);
      }
  }
  add_import(job, prices.close());
}

}  // namespace ritchi::synth
