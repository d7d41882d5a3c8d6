// One published dataset file, open for reading: by box, by id, by page, by predicate. Safe to use from many
// threads.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "geodata/base/deadline.hpp"
#include "geodata/catalogue/layer.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/disclosure.hpp"
#include "geodata/store/feature.hpp"
#include "geodata/store/tile_file.hpp"

namespace ritchi::store {

class Dataset {
 public:
  // Opens a file and checks its head; `declared` finds the layer's present declaration (nullptr: use the
  // file's). Throws Error(damaged), Error(io) or Error(unsupported).
  using FindLayer = std::function<const catalogue::Layer*(std::string_view)>;
  static std::shared_ptr<const Dataset> open(const std::filesystem::path& file, const FindLayer& declared);
  ~Dataset();
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;

  const DatasetInfo& info() const;
  // Attributes that this file lacks read as unknown.
  const catalogue::Layer& layer() const;
  const std::filesystem::path& file() const;
  // The tiles prepared for these rows; nullptr where there are none that fit: why_no_tiles says why, and
  // tiles have to be made from the rows.
  const TileFile* tiles() const;
  const std::string& why_no_tiles() const;
  bool has_damaged_tiles() const;
  // Does the file's name still stand for this very file, and is there nothing that was not there when it was
  // opened?
  bool is_current() const;

  // Every feature whose box meets this box (longitude, latitude), by id. May name a feature that only nearly
  // meets it: the index holds single-precision boxes, rounded outwards.
  // only: of them those that the predicate, checked against layer(), is true of; nullptr: all.
  void in_box(const geom::Box& box, Disclosure up_to, const base::Deadline& deadline, const Visitor& visit,
              const filter::Predicate* only = nullptr) const;
  // At least as many features as in_box can give, from the index alone; stops counting at limit.
  std::int64_t count_in_box(const geom::Box& box, std::int64_t limit) const;
  std::optional<Feature> by_id(std::int64_t id, Disclosure up_to) const;
  // Up to limit features with an id greater than after, by id.
  void page(std::int64_t after, std::int64_t limit, Disclosure up_to, const base::Deadline& deadline,
            const Visitor& visit, const filter::Predicate* only = nullptr) const;
  // How many features page (without a box) or in_box would give; exact.
  std::int64_t count(const std::optional<geom::Box>& box, Disclosure up_to, const base::Deadline& deadline,
                     const filter::Predicate* only = nullptr) const;

 private:
  struct State;
  explicit Dataset(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::store
