// A stream of features, whatever the format: what the mapping reads, hiding GDAL and XML.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/value.hpp"
#include "geodata/geom/geometry.hpp"
#include "importers/core/message.hpp"

namespace ritchi::importers {

struct SourceColumn {
  std::string name;
  catalogue::AttributeType type = catalogue::AttributeType::text;
};

// One layer of a dataset, or one kind of element of an XML file.
struct SourceLayer {
  std::string name;
  catalogue::LayerGeometry geometry = catalogue::LayerGeometry::any;
  // Columns are only ever added at the end, as a streamed file brings new ones.
  std::vector<SourceColumn> columns;
  bool has_geometry = true;
  // The source's own integer ids are kept by `auto`; otherwise its feature ids merely count the records.
  bool own_ids = false;
};

struct FieldFault {
  std::size_t column = 0;
  std::string value;     // printable
  std::string encoding;  // in which its bytes are no text
  Message reason() const;
};

struct SourceFeature {
  std::size_t layer = 0;                 // index into Source::layers()
  std::int64_t id = 0;                   // the source's feature id, or the number of the record from 1
  std::string label;                     // for people: "line 12", "feature 7", "unf_4e64aed2…"
  std::string source;                    // where the record was read first, if not from this source
  std::vector<catalogue::Value> values;  // by column; may be shorter than the layer's columns
  std::vector<FieldFault> faults;        // values that could not be read, such as undecodable bytes
  std::optional<geom::Geometry> geometry;
  Message geometry_fault;   // why there is none, where the source has something that is no usable geometry
  Message geometry_remedy;  // where that has one of its own
  bool has_z = false;
  std::string crs;              // "EPSG:n" or WKT; empty where the source does not say
  bool authority_axes = false;  // coordinates are in the order of the CRS's authority, not x = east

  void clear();
};

class Source {
 public:
  virtual ~Source() = default;
  virtual const std::vector<SourceLayer>& layers() const = 0;
  // Reads from the first feature again, of this layer alone or (nothing) of all in the source's order.
  virtual void start(std::optional<std::size_t> only_layer) = 0;
  // The next feature; false at the end. Throws Error(bad_input) where the source is damaged.
  virtual bool next(SourceFeature& out) = 0;
  // How many features there are, where that is known without reading them.
  virtual std::optional<std::uint64_t> expected() const = 0;
  // The encoding that texts are decoded from, for the summary: "UTF-8", "CP932 (from the .cpg file)".
  virtual std::string encoding() const = 0;
  // What had to be overlooked to read it, for the summary.
  virtual std::vector<Message> notes() const { return {}; }
  // Rejected records that people have corrected, not a whole dataset.
  virtual bool corrected_rejects() const { return false; }
};

struct SourceOptions {
  std::string encoding;          // --encoding: overrides all others
  std::string default_encoding;  // the profile's: where the source does not say
  // The columns that the profile reads, folded: the header of a table is the row in which they stand.
  std::vector<std::string> known_columns{};
  bool infer_types = false;  // for `auto`: texts in CSV that are all numbers become numbers
  // A feature with more vertices than this, and an archive that unpacks to more than that, is refused.
  std::uint64_t max_vertices = 20'000'000;
  std::uint64_t max_unpacked_bytes = std::uint64_t{64} << 30;
};

// Opens one file as expand_sources() names it; CityGML is read as a stream of its own, all else through GDAL.
// shown: how errors name it.
std::unique_ptr<Source> open_source(const std::string& name, const std::string& shown,
                                    const SourceOptions& options);

}  // namespace ritchi::importers
