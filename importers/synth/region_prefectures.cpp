// The 46 other prefectures: each a rectangle of land cells round a plain, with four of its cities.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "geodata/base/error.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {
namespace {

struct Row {
  int code;
  const char* name;
  int zone;
  double longitude;  // of the rectangle's centre, to about 5 km
  double latitude;
  int columns;
  int rows;
  std::array<const char*, 4> cities;  // last three digits of the code, then the name
};

constexpr std::array<Row, 46> table{{
    {1, "北海道", 12, 142.40, 43.77, 6, 6, {"204旭川市", "209夕張市", "207帯広市", "210岩見沢市"}},
    {2, "青森県", 10, 140.50, 40.65, 6, 6, {"201青森市", "202弘前市", "204黒石市", "205五所川原市"}},
    {3, "岩手県", 10, 141.10, 39.40, 6, 6, {"201盛岡市", "205花巻市", "206北上市", "208遠野市"}},
    {4, "宮城県", 10, 140.95, 38.55, 6, 6, {"202石巻市", "206白石市", "208角田市", "212登米市"}},
    {5, "秋田県", 10, 140.50, 39.40, 6, 6, {"201秋田市", "203横手市", "207湯沢市", "210由利本荘市"}},
    {6, "山形県", 10, 140.35, 38.30, 6, 6, {"201山形市", "206寒河江市", "207上山市", "208村山市"}},
    {7, "福島県", 9, 140.38, 37.40, 6, 6, {"203郡山市", "205白河市", "207須賀川市", "210二本松市"}},
    {8, "茨城県", 9, 140.10, 36.20, 6, 6, {"201水戸市", "203土浦市", "205石岡市", "210下妻市"}},
    {9, "栃木県", 9, 139.90, 36.55, 6, 6, {"201宇都宮市", "205鹿沼市", "208小山市", "209真岡市"}},
    {10, "群馬県", 9, 139.10, 36.38, 6, 6, {"201前橋市", "202高崎市", "204伊勢崎市", "208渋川市"}},
    {11, "埼玉県", 9, 139.45, 36.05, 6, 6, {"201川越市", "202熊谷市", "206行田市", "210加須市"}},
    {12, "千葉県", 9, 140.20, 35.65, 6, 6, {"203市川市", "204船橋市", "210茂原市", "211成田市"}},
    {13, "東京都", 9, 139.40, 35.70, 6, 6, {"201八王子市", "202立川市", "206府中市", "209町田市"}},
    {14, "神奈川県", 9, 139.35, 35.43, 6, 6, {"203平塚市", "205藤沢市", "206小田原市", "211秦野市"}},
    {16, "富山県", 7, 137.10, 36.63, 6, 6, {"201富山市", "202高岡市", "206滑川市", "208砺波市"}},
    {17, "石川県", 7, 136.60, 36.45, 6, 6, {"201金沢市", "203小松市", "206加賀市", "210白山市"}},
    {18, "福井県", 6, 136.25, 35.98, 6, 6, {"201福井市", "206勝山市", "207鯖江市", "209越前市"}},
    {19, "山梨県", 8, 138.57, 35.65, 6, 6, {"201甲府市", "205山梨市", "207韮崎市", "210甲斐市"}},
    {20, "長野県", 8, 138.00, 36.20, 6, 6, {"201長野市", "202松本市", "203上田市", "204岡谷市"}},
    {21, "岐阜県", 7, 136.75, 35.42, 6, 6, {"201岐阜市", "202大垣市", "205関市", "209羽島市"}},
    {22, "静岡県", 8, 137.85, 34.80, 6, 6, {"207富士宮市", "209島田市", "210富士市", "211磐田市"}},
    {23, "愛知県", 7, 137.10, 34.98, 6, 6, {"201豊橋市", "202岡崎市", "203一宮市", "207豊川市"}},
    {24, "三重県", 6, 136.45, 34.85, 6, 6, {"201津市", "202四日市市", "204松阪市", "207鈴鹿市"}},
    {25, "滋賀県", 6, 136.20, 35.03, 6, 6, {"201大津市", "204近江八幡市", "206草津市", "209甲賀市"}},
    {26, "京都府", 6, 135.60, 35.05, 6, 6, {"201福知山市", "203綾部市", "204宇治市", "206亀岡市"}},
    {27, "大阪府", 6, 135.57, 34.65, 6, 6, {"203豊中市", "205吹田市", "207高槻市", "210枚方市"}},
    {28, "兵庫県", 5, 134.85, 34.90, 6, 6, {"201姫路市", "203明石市", "204西宮市", "207伊丹市"}},
    {29, "奈良県", 6, 135.80, 34.60, 6, 6, {"201奈良市", "203大和郡山市", "204天理市", "205橿原市"}},
    {30, "和歌山県", 6, 135.40, 34.22, 6, 6, {"201和歌山市", "203橋本市", "208紀の川市", "209岩出市"}},
    {31, "鳥取県", 5, 133.85, 35.37, 6, 6, {"201鳥取市", "202米子市", "203倉吉市", "204境港市"}},
    {32, "島根県", 3, 132.87, 35.31, 6, 6, {"201松江市", "203出雲市", "206安来市", "209雲南市"}},
    {33, "岡山県", 5, 133.85, 34.72, 6, 6, {"202倉敷市", "203津山市", "208総社市", "211備前市"}},
    {34, "広島県", 3, 132.75, 34.47, 6, 6, {"202呉市", "204三原市", "207福山市", "209三次市"}},
    {35, "山口県", 3, 131.45, 34.17, 6, 6, {"202宇部市", "203山口市", "206防府市", "208岩国市"}},
    {36, "徳島県", 4, 134.40, 34.07, 6, 6, {"201徳島市", "205吉野川市", "206阿波市", "207美馬市"}},
    {37, "香川県", 4, 133.95, 34.20, 6, 6, {"201高松市", "202丸亀市", "204善通寺市", "206さぬき市"}},
    {38, "愛媛県", 4, 132.87, 33.80, 6, 6, {"201松山市", "202今治市", "206西条市", "210伊予市"}},
    {39, "高知県", 4, 133.60, 33.66, 6, 6, {"201高知市", "203安芸市", "204南国市", "205土佐市"}},
    {40, "福岡県", 2, 130.60, 33.45, 6, 6, {"203久留米市", "204直方市", "205飯塚市", "206田川市"}},
    {41, "佐賀県", 1, 130.25, 33.30, 6, 6, {"201佐賀市", "203鳥栖市", "204多久市", "208小城市"}},
    {42, "長崎県", 1, 130.03, 32.87, 4, 4, {"201長崎市", "202佐世保市", "204諫早市", "205大村市"}},
    {43, "熊本県", 2, 130.78, 32.85, 6, 6, {"202八代市", "206玉名市", "208山鹿市", "210菊池市"}},
    {44, "大分県", 2, 131.55, 33.17, 6, 6, {"201大分市", "203中津市", "204日田市", "205佐伯市"}},
    {45, "宮崎県", 2, 131.30, 31.98, 6, 6, {"201宮崎市", "202都城市", "205小林市", "208西都市"}},
    {46, "鹿児島県", 2, 130.87, 31.47, 6, 6, {"201鹿児島市", "203鹿屋市", "208出水市", "215薩摩川内市"}},
    {47, "沖縄県", 15, 127.78, 26.33, 2, 6, {"205宜野湾市", "208浦添市", "211沖縄市", "213うるま市"}},
}};

// The middle of each city's quarter is a town, corners are hills, the rest is plain.
Land land_of(int column, int row, int columns, int rows) {
  const bool town_column = column == (columns - 1) / 4 || column == columns - 1 - (columns - 1) / 4;
  const bool town_row = row == (rows - 1) / 4 || row == rows - 1 - (rows - 1) / 4;
  if (town_column && town_row) return Land::urban;
  const bool at_side = column == 0 || column == columns - 1;
  const bool at_end = row == 0 || row == rows - 1;
  return at_side && at_end ? Land::mountain : Land::plain;
}

}  // namespace

Region plain_region(int prefecture) {
  for (const Row& from : table) {
    if (from.code != prefecture) continue;
    Region region;
    region.prefecture_code = fmt::format("{:02}", prefecture);
    region.prefecture = from.name;
    region.plane = Plane(from.zone);
    region.columns = from.columns;
    region.rows = from.rows;
    const geom::Point middle = region.plane.to_metres({from.longitude, from.latitude});
    region.north_west = {std::floor(middle.x / 1000) * 1000 - from.columns * cell_m / 2,
                         std::floor(middle.y / 1000) * 1000 + from.rows * cell_m / 2};
    for (int row = 0; row < from.rows; ++row)
      for (int column = 0; column < from.columns; ++column) {
        region.land.push_back(land_of(column, row, from.columns, from.rows));
        region.municipality.push_back((row < from.rows / 2 ? 0 : 2) + (column < from.columns / 2 ? 0 : 1));
      }
    for (const std::string_view city : from.cities)
      region.municipalities.push_back(
          {region.prefecture_code + std::string(city.substr(0, 3)), std::string(city.substr(3)), ""});
    region.heart = region.cell((from.columns - 1) / 2, (from.rows - 1) / 2);
    for (std::size_t m = 0; m < region.municipalities.size(); ++m) {
      const int column = m % 2 == 0 ? (from.columns - 1) / 4 : from.columns - 1 - (from.columns - 1) / 4;
      const int row = m < 2 ? (from.rows - 1) / 4 : from.rows - 1 - (from.rows - 1) / 4;
      const std::string& city = region.municipalities[m].name;
      const bool smart = m == 3;
      region.interchanges.push_back(
          {city.substr(0, city.size() - 3) + (smart ? "SIC" : ""), smart ? '2' : '1',
           region.plane.to_degrees(region.centre(region.cell(column, row))), 1975 + static_cast<int>(m) * 8});
    }
    region.port_degrees = region.plane.to_degrees({region.north_west.x, region.north_west.y});
    region.airport_degrees = region.plane.to_degrees(
        {region.north_west.x + region.columns * cell_m, region.north_west.y - region.rows * cell_m});
    return region;
  }
  throw base::Error(base::ErrorKind::internal, "no land box for prefecture " + std::to_string(prefecture));
}

}  // namespace ritchi::synth
