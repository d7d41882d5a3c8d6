// Published datasets of declared layers, made by hand or at random, and the facts of the sites among them.
#pragma once
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/load/facts_update.hpp"
#include "geodata/store/facts_file.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::test {

using Values = std::map<std::string, catalogue::Value>;

inline geom::Geometry point(double x, double y) {
  geom::Geometry out;
  out.points = {{x, y}};
  return out;
}

inline geom::Geometry line(std::vector<geom::Point> points) {
  geom::Geometry out;
  out.kind = geom::Kind::line;
  out.points = std::move(points);
  out.end_ring();
  return out;
}

inline geom::Geometry box(double west, double south, double east, double north) {
  geom::Geometry out;
  out.kind = geom::Kind::polygon;
  out.points = {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
  out.end_ring();
  out.end_part();
  return out;
}

// A data folder in which the present features of each layer are published as partition 15.
class FactsWorld {
 public:
  FactsWorld() : m_catalogue(catalogue::Catalogue::load(std::string(RITCHI_SOURCE_DIR) + "/styles")) {}

  struct Feature {
    geom::Geometry shape;
    Values values;
  };
  std::map<std::string, std::map<std::int64_t, Feature>> layers;
  std::map<std::string, std::vector<std::string>> covers;  // by layer; else prefecture 15
  std::map<std::string, std::string> as_of;                // by layer; else 2024-04-01

  // Publishes a layer as it is now, and brings the facts up to date.
  std::vector<load::FactsOutcome> publish(const std::string& id) {
    const catalogue::Layer& layer = *m_catalogue.find_layer(id);
    load::DatasetWriter writer(path(), layer);
    for (const auto& [number, feature] : layers[id]) {
      load::Record record;
      record.id = number;
      record.source_id = id + std::to_string(number);
      record.geometry = feature.shape;
      for (const auto& attribute : layer.attributes) {
        const auto found = feature.values.find(attribute.name);
        record.values.push_back(found == feature.values.end() ? catalogue::Value{} : found->second);
      }
      record.children.resize(layer.children.size());
      writer.add(std::move(record));
    }
    store::DatasetInfo info;
    info.partition = "15";
    info.profile = "test";
    info.as_of = as_of.contains(id) ? as_of[id] : "2024-04-01";
    info.covers = covers.contains(id) ? covers[id] : std::vector<std::string>{"15"};
    if (writer.publish(info) != load::Outcome::published) return {};
    return load::update_facts(request(), {writer.info(), writer.before()});
  }
  void publish_all() {
    for (const auto& [id, features] : layers)
      if (!features.empty()) publish(id);
  }

  load::FactsOutcome compute_all() { return load::compute_facts(request(), "factory_sites", "15"); }
  std::shared_ptr<const store::FactsFile> facts() const {
    return store::FactsFile::open(store::facts_file(path(), "factory_sites", "15"));
  }
  std::string bytes() const {
    std::ifstream in(store::facts_file(path(), "factory_sites", "15"), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  load::FactsRequest request() const { return {path(), m_catalogue, "2025-04-01"}; }
  const catalogue::Catalogue& catalogue() const { return m_catalogue; }
  const std::filesystem::path& path() const { return m_folder.path(); }

 private:
  TemporaryFolder m_folder;
  catalogue::Catalogue m_catalogue;
};

// A row of the facts, for reading by name.
class FactsOf {
 public:
  FactsOf(std::shared_ptr<const store::FactsFile> file, std::int64_t id) : m_file(std::move(file)) {
    while (m_file->ids()[m_row] != id) ++m_row;
  }
  double number(const std::string& name) const { return m_file->find(name)->numbers[m_row]; }
  std::string text(const std::string& name) const {
    const auto& column = *m_file->find(name);
    const auto word = column.texts[m_row];
    return word == store::no_word ? "?" : column.words[word];
  }
  // Words with a comma behind each; "?": unknown.
  std::string texts(const std::string& name) const {
    const auto& column = *m_file->find(name);
    std::string out;
    for (std::size_t i = m_row == 0 ? 0 : column.text_ends[m_row - 1]; i < column.text_ends[m_row]; ++i)
      out += column.texts[i] == store::no_word ? "?" : column.words[column.texts[i]] + ",";
    return out;
  }
  bool at_least(const std::string& name) const {
    const auto marks = m_file->find(name)->at_least;
    return !marks.empty() && marks[m_row] != 0;
  }
  std::string source(const std::string& name) const {
    const auto number = m_file->find(name)->sources[m_row];
    return number == store::no_source ? "" : m_file->sources()[number].layer;
  }

 private:
  std::shared_ptr<const store::FactsFile> m_file;
  std::size_t m_row = 0;
};

}  // namespace ritchi::test
