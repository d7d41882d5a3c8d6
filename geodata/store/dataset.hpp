// One published dataset file as somebody sees it, open for reading: by box, by id, by page, by predicate.
// Safe to use from many threads.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/catalogue/layer.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/audience.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/facts_file.hpp"
#include "geodata/store/feature.hpp"
#include "geodata/store/tile_file.hpp"

namespace ritchi::store {

struct DatasetFile;
struct Seen;

class Dataset {
 public:
  // Opens a file and checks its head; `declared` finds the layer's present declaration (nullptr: use the
  // file's). Every row and attribute is seen: this is for load and for the operator's commands; whoever
  // answers somebody asks a snapshot. Throws Error(damaged), Error(io) or Error(unsupported).
  using FindLayer = std::function<const catalogue::Layer*(std::string_view)>;
  static std::shared_ptr<const Dataset> open(const std::filesystem::path& file, const FindLayer& declared);
  // The same file as an audience sees it: rows and attributes beyond that do not exist in anything that the
  // result gives, and its info().open is of what is seen. today: YYYY-MM-DD, empty where no consent is to
  // run out; restated may be null. Reads every row where it is not what the public sees, so not for an I/O
  // thread. Throws Error(internal) where this is not all of the file itself, so that nothing widens again.
  std::shared_ptr<const Dataset> seen_by(const Audience& audience, const Restated* restated,
                                         std::string_view today) const;
  ~Dataset();
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;

  const DatasetInfo& info() const;
  // With the attributes that are seen. Those that this file lacks read as unknown.
  const catalogue::Layer& layer() const;
  const std::filesystem::path& file() const;
  // Does the public see exactly this, now?
  bool is_public() const;
  // The tiles prepared for these rows; nullptr where there are none that fit: why_no_tiles says why, and
  // tiles have to be made from the rows. Near where it differs, they are not of these rows either.
  const TileFile* tiles() const;
  const std::string& why_no_tiles() const;
  bool has_damaged_tiles() const;
  // The facts of every row of the file, whoever sees it: nobody may be shown those of rows that this does not
  // give. nullptr where there are none that fit: why_no_facts says why.
  const FactsFile* facts() const;
  const std::string& why_no_facts() const;
  bool differs() const;
  bool differs_near(const geom::Box& box) const;
  // See TileFile; of rows that are not public: empty.
  std::span<const std::uint8_t> vertex_zooms(std::int64_t id) const;
  // Does the file's name still stand for this very file, and is there nothing that was not there when it was
  // opened?
  bool is_current() const;

  // Every feature whose box meets this box (longitude, latitude), by id. May name a feature that only nearly
  // meets it: the index holds single-precision boxes, rounded outwards.
  // only: of them those that the predicate, checked against layer(), is true of; nullptr: all.
  void in_box(const geom::Box& box, const base::Deadline& deadline, const Visitor& visit,
              const filter::Predicate* only = nullptr) const;
  // At least as many features as in_box can give, from the index alone, which knows of hidden ones too: for
  // estimates that nobody is shown. Stops counting at limit.
  std::int64_t count_in_box(const geom::Box& box, std::int64_t limit) const;
  std::optional<Feature> by_id(std::int64_t id) const;
  // Up to limit features with an id greater than after, by id.
  void page(std::int64_t after, std::int64_t limit, const base::Deadline& deadline, const Visitor& visit,
            const filter::Predicate* only = nullptr) const;
  // How many features page (without a box) or in_box would give; exact.
  std::int64_t count(const std::optional<geom::Box>& box, const base::Deadline& deadline,
                     const filter::Predicate* only = nullptr) const;
  // The ids that in_box would give and the public would not get: for the audit.
  std::vector<std::int64_t> reserved_in_box(const geom::Box& box, const base::Deadline& deadline) const;

 private:
  explicit Dataset(std::unique_ptr<const Seen> seen);
  std::unique_ptr<const Seen> m_seen;
};

}  // namespace ritchi::store
