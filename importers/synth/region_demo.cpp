// The demo region as two maps of letters: one letter is a cell of 4 km, row by row from the north.
#include <array>
#include <string_view>

#include "geodata/base/error.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {
namespace {

constexpr int columns = 18;
constexpr int rows = 21;

// Municipalities, roughly where they are; '.' is the sea.
constexpr std::array<std::string_view, rows> places{
    "........YYTTTGGAAA",  //
    "........YYTTSGGAAA",  //
    "........YTTSSAAAAA",  //
    ".......NTTTSSAAAAA",  //
    ".......NTTTSSSSAAA",  //
    "......INNNMSSSSSSS",  //
    "......INNMMMSSSSSS",  //
    ".....KINNNMNNNSSSS",  //
    "....KKKNNNNNNNUUUU",  //
    "...RRKNNNNNNNNUUUU",  //
    "...KRKNNNNNNUUUUUU",  //
    ".KKKKKNONNNNUUUUUU",  //
    "KKKKNNNOONNNUUUUUU",  //
    "KKKKKNOONNNUUUUUUU",  //
    "KKKKKKOONNNUUUUUUU",  //
    "KKKKKKDDNNUUUUUUUU",  //
    "DDDDDDDDDDUUUUUUUU",  //
    "DDDDDDDDDDUUUUUUUU",  //
    "DDDDDDDDDDDUUUUUUU",  //
    "DDDDDDDDDDDUUUUUUU",  //
    "DDDDDDDDDDDDUUUUUU",
};

// m mountain, p plain, u town, '.' sea: the plain follows the Shinano from Ojiya to Tsubame.
constexpr std::array<std::string_view, rows> lands{
    "........mpppppppmm",  //
    "........upppppppmm",  //
    "........pupppuppmm",  //
    ".......mpppuuppmmm",  //
    ".......mpppppppmmm",  //
    "......mpppppppmmmm",  //
    "......uppppuppmmmm",  //
    ".....mmppppppmmmmm",  //
    "....mmmppuupmmmmmm",  //
    "...mpmmpuuppmmmmmm",  //
    "...pupmmppppmmmmmm",  //
    ".muuppmmpppmmmmmmm",  //
    "mmpppmmpupmmmmmmmm",  //
    "mmmpmmmmppmpmmmmmm",  //
    "mmmmmmmmpmmuppmmmm",  //
    "mmmmmmmpppmpmmmmmm",  //
    "mmmmmmmppmmpmmmmmm",  //
    "mmmmmmpuppmmmmmmmm",  //
    "mmmmmmppmmmmmmmmmm",  //
    "mmmmmmpmmmmmmmmmmm",  //
    "mmmmmmmmmmmmmmmmmm",
};

struct Named {
  char letter;
  const char* code;
  const char* name;
  const char* county;
};
constexpr std::array<Named, 13> names{{{'N', "15202", "長岡市", ""},
                                       {'S', "15204", "三条市", ""},
                                       {'K', "15205", "柏崎市", ""},
                                       {'O', "15208", "小千谷市", ""},
                                       {'A', "15209", "加茂市", ""},
                                       {'D', "15210", "十日町市", ""},
                                       {'M', "15211", "見附市", ""},
                                       {'T', "15213", "燕市", ""},
                                       {'U', "15225", "魚沼市", ""},
                                       {'Y', "15342", "弥彦村", "西蒲原郡"},
                                       {'G', "15361", "田上町", "南蒲原郡"},
                                       {'I', "15405", "出雲崎町", "三島郡"},
                                       {'R', "15504", "刈羽村", "刈羽郡"}}};

int index_of(char letter) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].letter == letter) return static_cast<int>(i);
  if (letter == '.') return -1;
  throw base::Error(base::ErrorKind::internal, "unknown letter in the demo region's map");
}

Land land_of(char letter) {
  switch (letter) {
    case 'm':
      return Land::mountain;
    case 'p':
      return Land::plain;
    case 'u':
      return Land::urban;
    default:
      return Land::sea;
  }
}

}  // namespace

Region demo_region() {
  Region region;
  region.prefecture_code = "15";
  region.prefecture = "新潟県";
  region.plane = Plane(8);
  region.north_west = {-6000, 196000};
  region.columns = columns;
  region.rows = rows;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const auto r = static_cast<std::size_t>(row);
      const auto c = static_cast<std::size_t>(column);
      region.land.push_back(land_of(lands[r][c]));
      region.municipality.push_back(index_of(places[r][c]));
    }
  for (const Named& n : names) region.municipalities.push_back({n.code, n.name, n.county});
  region.interchanges = {
      {"長岡", '1', {138.786, 37.441}, 1980},       {"長岡JCT", '3', {138.801, 37.489}, 1983},
      {"長岡北SIC", '2', {138.826, 37.512}, 2017},  {"長岡南越路SIC", '2', {138.797, 37.389}, 2009},
      {"中之島見附", '1', {138.872, 37.548}, 1978}, {"栄SIC", '2', {138.909, 37.594}, 2012},
      {"三条燕", '1', {138.926, 37.652}, 1978},     {"小千谷", '1', {138.812, 37.301}, 1982},
      {"越後川口", '1', {138.868, 37.265}, 1982},   {"堀之内", '1', {138.922, 37.232}, 1983},
      {"西山", '1', {138.663, 37.467}, 1983},       {"柏崎", '1', {138.579, 37.345}, 1983},
      {"米山", '1', {138.478, 37.325}, 1984}};
  region.port_degrees = {138.79, 37.64};      // 寺泊港
  region.airport_degrees = {139.12, 37.956};  // 新潟空港
  region.heart = region.cell(9, 8);
  return region;
}

}  // namespace ritchi::synth
