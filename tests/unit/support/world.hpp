// A data folder with hand-made rows, published as an import would publish them: by layer, for tests of what
// reads snapshots.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/store/snapshot.hpp"
#include "tests/unit/support/styles_folder.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::test {

inline const catalogue::Catalogue& shipped_catalogue() {
  static const auto catalogue = catalogue::Catalogue::load(shipped_styles());
  return catalogue;
}

inline geom::Geometry ring_of(std::vector<geom::Point> points) {
  geom::Geometry out;
  out.kind = geom::Kind::polygon;
  out.points = std::move(points);
  out.points.push_back(out.points.front());
  out.end_ring();
  out.end_part();
  return out;
}

inline geom::Geometry square(double west, double south, double east, double north) {
  return ring_of({{west, south}, {east, south}, {east, north}, {west, north}});
}

inline geom::Geometry point_at(double x, double y) {
  geom::Geometry out;
  out.points.push_back({x, y});
  return out;
}

inline geom::Geometry line_of(std::vector<geom::Point> points) {
  geom::Geometry out;
  out.kind = geom::Kind::line;
  out.points = std::move(points);
  out.end_ring();
  return out;
}

struct Row {
  geom::Geometry shape;
  nlohmann::json values = nlohmann::json::object();  // by attribute
};

class World {
 public:
  // Publishes rows of a shipped layer; their ids are 1, 2, 3 …
  void publish(const std::string& layer, const std::vector<Row>& rows, std::vector<std::string> covers = {},
               const std::string& partition = "15", const std::string& as_of = "2025-03-31") {
    const catalogue::Layer& declared = *shipped_catalogue().find_layer(layer);
    load::DatasetWriter writer(m_folder.path(), declared);
    std::int64_t id = 0;
    for (const Row& row : rows) {
      load::Record record;
      record.id = ++id;
      record.source_id = partition + "-" + std::to_string(id);
      if (!row.shape.empty()) record.geometry = row.shape;
      for (const auto& attribute : declared.attributes)
        record.values.push_back(value_of(row.values, attribute));
      record.children.resize(declared.children.size());
      writer.add(std::move(record));
    }
    store::DatasetInfo info;
    info.partition = partition;
    info.profile = "hand-made";
    info.as_of = as_of;
    info.source_name = "made by hand";
    info.licence = "CC0";
    info.attribution = "nobody";
    info.covers = std::move(covers);
    writer.publish(info);
  }

  std::shared_ptr<const store::Snapshot> snapshot() const {
    return store::Snapshot::load(m_folder.path(), shipped_catalogue(), nullptr);
  }
  const std::filesystem::path& folder() const { return m_folder.path(); }

 private:
  static catalogue::Value value_of(const nlohmann::json& values, const catalogue::Attribute& attribute) {
    const auto found = values.find(attribute.name);
    if (found == values.end() || found->is_null()) return std::monostate{};
    if (found->is_boolean()) return found->get<bool>();
    if (found->is_string()) return found->get<std::string>();
    if (attribute.type == catalogue::AttributeType::integer) return found->get<std::int64_t>();
    return found->get<double>();
  }

  TemporaryFolder m_folder;
};

}  // namespace ritchi::test
