#include "geodata/catalogue/catalogue.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/schema.hpp"

namespace ritchi::catalogue {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using nlohmann::json;

std::vector<fs::path> json_files(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (failed) throw Error(ErrorKind::not_found, "the folder cannot be read", folder.string());
  std::sort(files.begin(), files.end());
  return files;
}

CodeList parse_codes(const json& object) {
  const auto title = [](const json& at) {
    return Title{at.at("ja").get<std::string>(), at.at("en").get<std::string>()};
  };
  CodeList out{object.at("id").get<std::string>(), title(object.at("title")), {}};
  for (const json& code : object.at("codes"))
    out.codes.push_back({code.at("code").get<std::string>(), title(code.at("title"))});
  return out;
}

void check_file_name(const std::string& id, const fs::path& file, const std::string& key = "id") {
  if (file.stem() != id)
    throw Error(ErrorKind::bad_input, "key '" + key + "' is '" + id + "', but the file is named otherwise",
                file.string(), "a file is named after its " + key);
}

}  // namespace

const Code* CodeList::find(std::string_view code) const {
  const auto found =
      std::find_if(codes.begin(), codes.end(), [&](const Code& known) { return known.code == code; });
  return found == codes.end() ? nullptr : &*found;
}

Catalogue Catalogue::load(const fs::path& styles_folder) {
  Catalogue out;
  for (const fs::path& file : json_files(styles_folder / "codes")) {
    const json document = read_json(file);
    check_schema(document, file, styles_folder / "schema" / "codes.schema.json");
    CodeList list = parse_codes(document);
    check_file_name(list.id, file);
    out.m_codes.emplace(list.id, std::move(list));
  }
  for (const fs::path& file : json_files(styles_folder / "layers")) {
    const json document = read_json(file);
    check_schema(document, file, styles_folder / "schema" / "layer.schema.json");
    Layer layer = parse_layer(document, file.string());
    check_file_name(layer.id, file);
    for (const Attribute& attribute : layer.attributes)
      if (!attribute.codes.empty() && out.find_codes(attribute.codes) == nullptr)
        throw Error(
            ErrorKind::bad_input,
            "attribute '" + attribute.name + "' names the unknown code list '" + attribute.codes + "'",
            file.string(), "add styles/codes/" + attribute.codes + ".json");
    out.m_layers.push_back(std::move(layer));
  }
  if (fs::exists(styles_folder / "rules")) out.read_rules(styles_folder);
  if (fs::exists(styles_folder / "facts")) out.read_facts(styles_folder);
  if (fs::exists(styles_folder / "reports")) out.read_reports(styles_folder);
  return out;
}

void Catalogue::read_rules(const fs::path& styles_folder) {
  for (const fs::path& file : json_files(styles_folder / "rules")) {
    const json document = read_json(file);
    check_schema(document, file, styles_folder / "schema" / "rules.schema.json");
    Topic topic = parse_topic(document, file.string());
    check_file_name(topic.id, file);
    m_topics.push_back(std::move(topic));
  }
  check_rules(m_topics, m_layers);
  std::stable_sort(m_topics.begin(), m_topics.end(),
                   [](const Topic& a, const Topic& b) { return a.order < b.order; });
}

void Catalogue::read_facts(const fs::path& styles_folder) {
  for (const fs::path& file : json_files(styles_folder / "facts")) {
    const json document = read_json(file);
    check_schema(document, file, styles_folder / "schema" / "facts.schema.json");
    LayerFacts facts = parse_facts(document, *this, file.string());
    check_file_name(facts.layer, file, "layer");
    m_facts.emplace(facts.layer, std::move(facts.facts));
  }
}

void Catalogue::read_reports(const fs::path& styles_folder) {
  for (const fs::path& file : json_files(styles_folder / "reports")) {
    const json document = read_json(file);
    // The schema knows of one report alone.
    check_schema(document, file, styles_folder / "schema" / "reports.schema.json");
    check_file_name(document.at("id").get<std::string>(), file);
    m_surroundings = parse_surroundings(document, m_layers, file.string());
  }
}

const Layer* Catalogue::find_layer(std::string_view id) const {
  const auto found =
      std::find_if(m_layers.begin(), m_layers.end(), [&](const Layer& layer) { return layer.id == id; });
  return found == m_layers.end() ? nullptr : &*found;
}

const std::vector<Fact>& Catalogue::facts_of(std::string_view layer) const {
  static const std::vector<Fact> none;
  const auto found = m_facts.find(layer);
  return found == m_facts.end() ? none : found->second;
}

std::vector<std::string> Catalogue::layers_with_facts() const {
  std::vector<std::string> out;
  for (const auto& [layer, facts] : m_facts) out.push_back(layer);
  return out;
}

const CodeList* Catalogue::find_codes(std::string_view id) const {
  const auto found = m_codes.find(id);
  return found == m_codes.end() ? nullptr : &found->second;
}

}  // namespace ritchi::catalogue
