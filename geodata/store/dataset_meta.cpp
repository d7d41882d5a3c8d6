#include "geodata/store/dataset_meta.hpp"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "geodata/base/error.hpp"

namespace ritchi::store {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

json summary_json(const Summary& summary) {
  json out{
      {"rows", summary.rows}, {"synthetic_rows", summary.synthetic_rows}, {"revision", summary.revision}};
  if (!summary.extent.empty())
    out["extent"] = {summary.extent.min_x, summary.extent.min_y, summary.extent.max_x, summary.extent.max_y};
  return out;
}

Summary summary_from(const json& object) {
  Summary out;
  out.rows = object.at("rows").get<std::int64_t>();
  out.synthetic_rows = object.at("synthetic_rows").get<std::int64_t>();
  out.revision = object.at("revision").get<std::string>();
  if (object.contains("extent")) {
    const json& box = object["extent"];
    out.extent = {box.at(0).get<double>(), box.at(1).get<double>(), box.at(2).get<double>(),
                  box.at(3).get<double>()};
  }
  return out;
}

// The texts of a dataset's provenance under their names in the file.
using TextField = std::pair<const char*, std::string DatasetInfo::*>;
constexpr std::array<TextField, 10> text_fields{{{"layer", &DatasetInfo::layer},
                                                 {"partition", &DatasetInfo::partition},
                                                 {"profile", &DatasetInfo::profile},
                                                 {"as_of", &DatasetInfo::as_of},
                                                 {"source_name", &DatasetInfo::source_name},
                                                 {"source_url", &DatasetInfo::source_url},
                                                 {"licence", &DatasetInfo::licence},
                                                 {"attribution", &DatasetInfo::attribution},
                                                 {"input_sha256", &DatasetInfo::input_sha256},
                                                 {"import_options", &DatasetInfo::import_options}}};

json info_json(const DatasetInfo& info) {
  json out{
      {"rejected", info.rejected}, {"whole", summary_json(info.whole)}, {"open", summary_json(info.open)}};
  for (const auto& [name, field] : text_fields) out[name] = info.*field;
  if (!info.covers.empty()) out["covers"] = info.covers;
  return out;
}

DatasetInfo info_from(const json& object) {
  DatasetInfo out;
  for (const auto& [name, field] : text_fields) out.*field = object.at(name).get<std::string>();
  if (object.contains("covers")) out.covers = object["covers"].get<std::vector<std::string>>();
  out.rejected = object.at("rejected").get<std::int64_t>();
  out.whole = summary_from(object.at("whole"));
  out.open = summary_from(object.at("open"));
  return out;
}

}  // namespace

std::string layer_text(const catalogue::Layer& layer) {
  return catalogue::to_json(layer).dump();
}

void write_meta(const Connection& connection, const DatasetMeta& meta) {
  connection.execute(std::string("CREATE TABLE ") + meta_table +
                     " (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
  Statement insert = connection.prepare(std::string("INSERT INTO ") + meta_table + " VALUES (?1, ?2)");
  const std::map<std::string, std::string> rows{{"info", info_json(meta.info).dump()},
                                                {"layer", layer_text(meta.layer)},
                                                {"layout_version", std::to_string(layout_version)}};
  for (const auto& [key, value] : rows) {
    insert.bind(1, std::string_view(key));
    insert.bind(2, std::string_view(value));
    insert.run();
  }
}

DatasetMeta read_meta(const Connection& connection, const std::string& where) {
  try {
    std::map<std::string, std::string, std::less<>> rows;
    Statement read = connection.prepare(std::string("SELECT key, value FROM ") + meta_table);
    while (read.step()) rows.emplace(read.text(0), read.text(1));
    if (std::stoi(rows.at("layout_version")) > layout_version)
      throw Error(ErrorKind::unsupported, "the file was made by a later version of this program", where,
                  "update ritchi");
    return {info_from(json::parse(rows.at("info"))),
            catalogue::parse_layer(json::parse(rows.at("layer")), where)};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::damaged || error.kind() == ErrorKind::unsupported ||
        error.kind() == ErrorKind::io)
      throw;
    throw Error(ErrorKind::damaged, std::string("the file is not a whole dataset: ") + error.what(), where,
                "import it again");
  } catch (const std::exception& error) {  // JSON, a missing key, a number
    throw Error(ErrorKind::damaged, std::string("the file is not a whole dataset: ") + error.what(), where,
                "import it again");
  }
}

}  // namespace ritchi::store
