// How often the generated files are wrong or odd, in what way, and why that often: the one table of it.
//
// A defect strikes by the record's number in its file, not by chance: rates hold in small files too, and a
// test can count. None comes among a file's first records, so that even a short file stays below the
// importer's limit of 10 % rejected. What is odd but readable (units, eras, wide digits) is drawn instead;
// those shares stand beside the code that writes them, those of unknown figures here.
#pragma once
#include <cstdint>

namespace ritchi::synth {

struct Rate {
  std::int64_t every = 1;
  std::int64_t first = 0;  // number (from 0) of the first record struck
  constexpr bool strikes(std::int64_t number) const {
    return number >= first && (number - first) % every == 0;
  }
};

// --- What an importer must refuse. ---

// 27 polygons of one prefecture's published zones (some thousands) cross themselves: a bow tie.
constexpr Rate zone_crossing{200, 11};
// Zones drawn twice, the same in every respect: files of two years put together.
constexpr Rate zone_twice{500, 71};
// Parcels are traced by machine and cleaned: far fewer than zones.
constexpr Rate parcel_crossing{5000, 1717};
// Registers are kept by hand in each municipality and put together by the prefecture.
constexpr Rate site_twice{400, 51};
constexpr Rate site_exchanged{500, 33};  // latitude written before longitude
constexpr Rate site_crossing{500, 77};
// Ledgers: one number for two pipes after a renumbering; a year as '72 on old drawings; coordinates exchanged
// in a batch of hand-made rows; 0 0 where a digitiser left the field alone.
constexpr Rate pipe_twice{500, 62};
constexpr Rate pipe_short_year{300, 40};
constexpr Rate pipe_exchanged{500, 120};
constexpr Rate pipe_nowhere{1000, 230};
// Several lenders fund one project (719 lenders, 662 projects): lists repeat its row for each of them.
constexpr Rate investment_second_lender{12, 5};
// Lists of projects are gathered from many programmes: columns of longitude and latitude exchanged, "point"
// said and no coordinates given.
constexpr Rate investment_exchanged{400, 130};
constexpr Rate investment_placeless{500, 210};
// Loans beyond the need or money paid back: own funds below zero, written with ▲, which the layer does not
// take.
constexpr Rate investment_negative{150, 20};

// --- What an importer must take as it is, repair or join. ---

// A ring that touches itself in a point: the more frequent and harmless kind of invalid polygon.
constexpr Rate zone_touching{150, 5};
constexpr Rate parcel_touching{2500, 777};
// One row of a park that stands in the file twice: joined with its like.
constexpr Rate park_row_twice{40, 7};
// Parks still filed under a municipality that no longer exists (14209, 15215 …).
constexpr Rate park_abolished{25, 3};
// Figures that are not known and written as 0, 999 or blank, as shares.
constexpr double park_unknown_share = 0.08;       // area 0; number of companies 999
constexpr double site_unknown_area_share = 0.01;  // area 0
constexpr double zone_unknown_area_share = 0.02;  // area 0
constexpr double pipe_unknown_length_share = 0.01;

}  // namespace ritchi::synth
