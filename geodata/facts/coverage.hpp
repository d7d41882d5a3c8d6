// Where a layer has data at all: without it, nothing found is no answer.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::facts {

enum class Covered { all, partly, none };
const char* name_of(Covered covered) noexcept;  // covered, partly, no_data

// A municipality that a place lies in, and how much of the place.
struct PlaceShare {
  std::string code;  // five digits
  std::string name;
  double share = 0;  // 0 to 1, of the area; 1 for points
};

// Which municipalities a place lies in (by the published layer `municipalities`), and whether a layer has
// data there: its datasets say what they cover (DatasetInfo::covers). Safe to use from many threads.
class Coverage {
 public:
  explicit Coverage(std::shared_ptr<const store::Snapshot> snapshot);
  ~Coverage();

  // Empty where no boundaries are published there.
  std::vector<PlaceShare> municipalities(const geom::Geometry& place) const;
  // partly: also where data surround the place, but no dataset says what it covers.
  Covered of(std::string_view layer, const geom::Geometry& place,
             const std::vector<PlaceShare>& municipalities) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::facts
