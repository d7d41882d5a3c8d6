// The prefectures: a few facts of each, and the invented land of the 46 that have no map of their own.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "geodata/base/error.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {
namespace {

struct Row {
  PrefectureFacts facts;  // farmland in thousand ha, from the ministry's statistics of 2023; Hokkaido's
                          // fields are about three times as large as others', so that it counts a third
  double longitude = 0;   // of the invented rectangle's middle, to about 5 km
  double latitude = 0;
  std::array<const char*, 4> cities{};  // last three digits of the code, then the name
};

constexpr std::array<Row, 47> table{{
    {{1, "北海道", 12, 83424, 380}, 142.40, 43.77, {"204旭川市", "209夕張市", "207帯広市", "210岩見沢市"}},
    {{2, "青森県", 10, 9646, 148}, 140.50, 40.65, {"201青森市", "202弘前市", "204黒石市", "205五所川原市"}},
    {{3, "岩手県", 10, 15275, 147}, 141.10, 39.40, {"201盛岡市", "205花巻市", "206北上市", "208遠野市"}},
    {{4, "宮城県", 10, 7282, 124}, 140.95, 38.55, {"202石巻市", "206白石市", "208角田市", "212登米市"}},
    {{5, "秋田県", 10, 11638, 146}, 140.50, 39.40, {"201秋田市", "203横手市", "207湯沢市", "210由利本荘市"}},
    {{6, "山形県", 10, 9323, 114}, 140.35, 38.30, {"201山形市", "206寒河江市", "207上山市", "208村山市"}},
    {{7, "福島県", 9, 13784, 135}, 140.38, 37.40, {"203郡山市", "205白河市", "207須賀川市", "210二本松市"}},
    {{8, "茨城県", 9, 6098, 160}, 140.10, 36.20, {"201水戸市", "203土浦市", "205石岡市", "210下妻市"}},
    {{9, "栃木県", 9, 6408, 120}, 139.90, 36.55, {"201宇都宮市", "205鹿沼市", "208小山市", "209真岡市"}},
    {{10, "群馬県", 9, 6362, 63}, 139.10, 36.38, {"201前橋市", "202高崎市", "204伊勢崎市", "208渋川市"}},
    {{11, "埼玉県", 9, 3798, 73}, 139.45, 36.05, {"201川越市", "202熊谷市", "206行田市", "210加須市"}},
    {{12, "千葉県", 9, 5157, 120}, 140.20, 35.65, {"203市川市", "204船橋市", "210茂原市", "211成田市"}},
    {{13, "東京都", 9, 2194, 6.2}, 139.40, 35.70, {"201八王子市", "202立川市", "206府中市", "209町田市"}},
    {{14, "神奈川県", 9, 2416, 17.8}, 139.35, 35.43, {"203平塚市", "205藤沢市", "206小田原市", "211秦野市"}},
    {{15, "新潟県", 8, 12584, 167}, 138.90, 37.70, {"202長岡市", "204三条市", "205柏崎市", "206新発田市"}},
    {{16, "富山県", 7, 4248, 57.7}, 137.10, 36.63, {"201富山市", "202高岡市", "206滑川市", "208砺波市"}},
    {{17, "石川県", 7, 4186, 40.2}, 136.60, 36.45, {"201金沢市", "203小松市", "206加賀市", "210白山市"}},
    {{18, "福井県", 6, 4191, 39.5}, 136.25, 35.98, {"201福井市", "206勝山市", "207鯖江市", "209越前市"}},
    {{19, "山梨県", 8, 4465, 22.9}, 138.57, 35.65, {"201甲府市", "205山梨市", "207韮崎市", "210甲斐市"}},
    {{20, "長野県", 8, 13562, 104}, 138.00, 36.20, {"201長野市", "202松本市", "203上田市", "204岡谷市"}},
    {{21, "岐阜県", 7, 10621, 54.2}, 136.75, 35.42, {"201岐阜市", "202大垣市", "205関市", "209羽島市"}},
    {{22, "静岡県", 8, 7777, 59.4}, 137.85, 34.80, {"207富士宮市", "209島田市", "210富士市", "211磐田市"}},
    {{23, "愛知県", 7, 5173, 72}, 137.10, 34.98, {"201豊橋市", "202岡崎市", "203一宮市", "207豊川市"}},
    {{24, "三重県", 6, 5774, 56.5}, 136.45, 34.85, {"201津市", "202四日市市", "204松阪市", "207鈴鹿市"}},
    {{25, "滋賀県", 6, 4017, 50.3}, 136.20, 35.03, {"201大津市", "204近江八幡市", "206草津市", "209甲賀市"}},
    {{26, "京都府", 6, 4612, 29.4}, 135.60, 35.05, {"201福知山市", "203綾部市", "204宇治市", "206亀岡市"}},
    {{27, "大阪府", 6, 1905, 12.1}, 135.57, 34.65, {"203豊中市", "205吹田市", "207高槻市", "210枚方市"}},
    {{28, "兵庫県", 5, 8401, 71.7}, 134.85, 34.90, {"201姫路市", "203明石市", "204西宮市", "207伊丹市"}},
    {{29, "奈良県", 6, 3691, 19.1}, 135.80, 34.60, {"201奈良市", "203大和郡山市", "204天理市", "205橿原市"}},
    {{30, "和歌山県", 6, 4725, 30.9},
     135.40,
     34.22,
     {"201和歌山市", "203橋本市", "208紀の川市", "209岩出市"}},
    {{31, "鳥取県", 5, 3507, 33.3}, 133.85, 35.37, {"201鳥取市", "202米子市", "203倉吉市", "204境港市"}},
    {{32, "島根県", 3, 6708, 35.7}, 132.87, 35.31, {"201松江市", "203出雲市", "206安来市", "209雲南市"}},
    {{33, "岡山県", 5, 7114, 61}, 133.85, 34.72, {"202倉敷市", "203津山市", "208総社市", "211備前市"}},
    {{34, "広島県", 3, 8479, 50.8}, 132.75, 34.47, {"202呉市", "204三原市", "207福山市", "209三次市"}},
    {{35, "山口県", 3, 6113, 42.9}, 131.45, 34.17, {"202宇部市", "203山口市", "206防府市", "208岩国市"}},
    {{36, "徳島県", 4, 4147, 27.4}, 134.40, 34.07, {"201徳島市", "205吉野川市", "206阿波市", "207美馬市"}},
    {{37, "香川県", 4, 1877, 28.6}, 133.95, 34.20, {"201高松市", "202丸亀市", "204善通寺市", "206さぬき市"}},
    {{38, "愛媛県", 4, 5676, 44.8}, 132.87, 33.80, {"201松山市", "202今治市", "206西条市", "210伊予市"}},
    {{39, "高知県", 4, 7104, 25.5}, 133.60, 33.66, {"201高知市", "203安芸市", "204南国市", "205土佐市"}},
    {{40, "福岡県", 2, 4987, 78.2}, 130.60, 33.45, {"203久留米市", "204直方市", "205飯塚市", "206田川市"}},
    {{41, "佐賀県", 1, 2441, 49.9}, 130.25, 33.30, {"201佐賀市", "203鳥栖市", "204多久市", "208小城市"}},
    {{42, "長崎県", 1, 4131, 45.1}, 130.03, 32.87, {"201長崎市", "202佐世保市", "204諫早市", "205大村市"}},
    {{43, "熊本県", 2, 7409, 105}, 130.78, 32.85, {"202八代市", "206玉名市", "208山鹿市", "210菊池市"}},
    {{44, "大分県", 2, 6341, 53.7}, 131.55, 33.17, {"201大分市", "203中津市", "204日田市", "205佐伯市"}},
    {{45, "宮崎県", 2, 7735, 63.8}, 131.30, 31.98, {"201宮崎市", "202都城市", "205小林市", "208西都市"}},
    {{46, "鹿児島県", 2, 9187, 111},
     130.87,
     31.47,
     {"201鹿児島市", "203鹿屋市", "208出水市", "215薩摩川内市"}},
    {{47, "沖縄県", 15, 2282, 36}, 127.78, 26.33, {"205宜野湾市", "208浦添市", "211沖縄市", "213うるま市"}},
}};

constexpr double cell_km2 = cell_m * cell_m / 1e6;

// Lowland lies about the middle, its edge as relief has it; the hills are round it.
std::vector<int> cells_by_height(const Region& region) {
  std::vector<std::pair<double, int>> heights;
  for (int row = 0; row < region.rows; ++row)
    for (int column = 0; column < region.columns; ++column) {
      const double x = (column + 0.5) / region.columns - 0.5;
      const double y = (row + 0.5) / region.rows - 0.5;
      const double hills =
          relief(static_cast<std::uint64_t>(std::stoi(region.prefecture_code)), column / 4.0, row / 4.0);
      heights.emplace_back(x * x + y * y + 0.06 * hills, region.cell(column, row));
    }
  std::sort(heights.begin(), heights.end());
  std::vector<int> cells;
  cells.reserve(heights.size());
  for (const auto& [height, cell] : heights) cells.push_back(cell);
  return cells;
}

// The lowland cell of a municipality nearest to a place given in cells, and the town round it.
std::vector<int> town_cells(const Region& region, const std::vector<int>& lowland, int municipality,
                            double column, double row, std::size_t count) {
  std::vector<std::pair<double, int>> near;
  for (const int cell : lowland) {
    if (region.municipality[static_cast<std::size_t>(cell)] != municipality) continue;
    const double dx = cell % region.columns - column;
    const int line = cell / region.columns;
    const double dy = line - row;
    near.emplace_back(dx * dx + dy * dy, cell);
  }
  std::sort(near.begin(), near.end());
  near.resize(std::min(near.size(), count));
  std::vector<int> cells;
  cells.reserve(near.size());
  for (const auto& [distance, cell] : near) cells.push_back(cell);
  return cells;
}

void lay_out(Region& region, const PrefectureFacts& facts) {
  const auto plain = static_cast<std::size_t>(plain_cells_needed(facts));
  const std::size_t town = std::max<std::size_t>(1, plain / 60);
  std::vector<int> lowland = cells_by_height(region);
  lowland.resize(std::min(lowland.size(), plain + 4 * town));
  for (const int cell : lowland) region.land[static_cast<std::size_t>(cell)] = Land::plain;
  const double far = std::sqrt(static_cast<double>(lowland.size()) / 3.14159) / 2;
  for (int m = 0; m < 4; ++m) {
    const double column = (region.columns - 1) / 2.0 + (m % 2 == 0 ? -far : far);
    const double row = (region.rows - 1) / 2.0 + (m < 2 ? -far : far);
    const std::vector<int> cells = town_cells(region, lowland, m, column, row, town);
    for (const int cell : cells) region.land[static_cast<std::size_t>(cell)] = Land::urban;
    const std::string& city = region.municipalities[static_cast<std::size_t>(m)].name;
    const bool smart = m == 3;
    region.interchanges.push_back({city.substr(0, city.size() - 3) + (smart ? "SIC" : ""), smart ? '2' : '1',
                                   region.plane.to_degrees(region.centre(cells.front())), 1975 + m * 8});
  }
}

}  // namespace

const PrefectureFacts& facts_of(int prefecture) {
  return table.at(static_cast<std::size_t>(prefecture - 1)).facts;
}

// About 7,200 parcels of 0.1 to 0.3 ha find room in a cell, and 30 million are to be dealt out over 3.5
// million ha so counted.
int plain_cells_needed(const PrefectureFacts& facts) {
  return static_cast<int>(std::ceil(facts.farmland_kha * 1.4));
}

Region plain_region(int prefecture) {
  const Row& from = table.at(static_cast<std::size_t>(prefecture - 1));
  Region region;
  region.prefecture_code = fmt::format("{:02}", prefecture);
  region.prefecture = from.facts.name;
  region.plane = Plane(from.facts.zone);
  const double cells = from.facts.area_km2 / cell_km2;
  region.columns = static_cast<int>(std::lround(std::sqrt(cells)));
  region.rows = static_cast<int>(std::ceil(cells / region.columns));
  const geom::Point middle = region.plane.to_metres({from.longitude, from.latitude});
  region.north_west = {std::floor(middle.x / 1000) * 1000 - region.columns * cell_m / 2,
                       std::floor(middle.y / 1000) * 1000 + region.rows * cell_m / 2};
  for (int row = 0; row < region.rows; ++row)
    for (int column = 0; column < region.columns; ++column) {
      region.land.push_back(Land::mountain);
      region.municipality.push_back((row < region.rows / 2 ? 0 : 2) + (column < region.columns / 2 ? 0 : 1));
    }
  for (const std::string_view city : from.cities)
    region.municipalities.push_back(
        {region.prefecture_code + std::string(city.substr(0, 3)), std::string(city.substr(3)), ""});
  region.heart = region.cell((region.columns - 1) / 2, (region.rows - 1) / 2);
  lay_out(region, from.facts);
  region.port_degrees = region.plane.to_degrees({region.north_west.x, region.north_west.y});
  region.airport_degrees = region.plane.to_degrees(
      {region.north_west.x + region.columns * cell_m, region.north_west.y - region.rows * cell_m});
  return region;
}

}  // namespace ritchi::synth
