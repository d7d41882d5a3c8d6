// The reject file: every record that was not taken, what is wrong with it and what to do about it, and the
// whole record as its source has it, to be corrected and imported again.
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/core/mapper.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

// The fixed columns of the file; between them stand the columns of the sources.
inline constexpr const char* reject_explanations[] = {"source", "record", "field",
                                                      "value",  "reason", "remedy"};
inline constexpr const char* reject_originals[] = {"_layer", "_id", "_crs", "_types", "_wkt"};
// Behind a reference system in _crs: the coordinates are in the order of its authority.
inline constexpr const char* reject_axes = " axes=authority";
// In _wkt: the record has no shape, where others of its layer have one. Blank: the layer has none.
inline constexpr const char* reject_null_shape = "none";
// Before the reason in _wkt: the source has a shape there that is none of ours.
inline constexpr const char* reject_no_shape = "? ";

// What a source said of a record's shape, before it is brought to the stored form.
struct OriginalShape {
  std::optional<geom::Geometry> geometry;
  Message fault;
  void keep(const SourceFeature& feature);
};

// CSV, UTF-8 with byte order mark and CRLF, as spreadsheets want it; one row for each record, several faults
// of it one below the other within the cells. Records wait in a spool on disk, because which columns there
// are, and of some records whether they are rejected, is known only at the end. Nothing is left without
// keep().
class RejectFile {
 public:
  // stem: beside it the file grows; it must lie in the folder where keep() will put it. language: of reasons
  // and remedies.
  RejectFile(const std::filesystem::path& stem, std::string language);
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  // The record that the next calls speak of; layer, feature and shape must live until then.
  void at(const std::string& source, const SourceLayer& layer, const SourceFeature& feature,
          const OriginalShape& shape);
  void add(const std::vector<Fault>& faults);
  // Keeps the record for the case that it turns out to be rejected; gives the number to name it by.
  std::int64_t hold();
  void add_held(std::int64_t number, const std::vector<Fault>& faults);

  void restart();  // forget all
  // Gives the file its name, replacing an older one; with nothing rejected an older one is removed. True if
  // there is one.
  bool keep(const std::filesystem::path& name);

 private:
  struct Close {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }  // a spool that is no longer wanted
  };
  void spool(const std::string* faults);
  std::string told(const std::vector<Fault>& faults) const;
  std::size_t column(const std::string& name, std::size_t occurrence);
  std::string row(const nlohmann::json& record, const std::string& faults) const;

  std::filesystem::path m_part;
  std::string m_language;
  std::unique_ptr<std::FILE, Close> m_spool;
  std::int64_t m_spooled = 0;
  std::int64_t m_rejected = 0;
  std::map<std::int64_t, std::string> m_held;  // faults of held records
  std::vector<std::string> m_columns;
  std::map<std::pair<std::string, std::size_t>, std::size_t> m_column_of;
  std::string m_source;
  const SourceLayer* m_layer = nullptr;
  const SourceFeature* m_feature = nullptr;
  const OriginalShape* m_shape = nullptr;
};

}  // namespace ritchi::importers
