#include "geodata/store/dataset_meta.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"

namespace ritchi::store {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

json info_json(const DatasetInfo& info) {
  json out{{"layer", info.layer},
           {"partition", info.partition},
           {"revision", info.revision},
           {"profile", info.profile},
           {"as_of", info.as_of},
           {"source_name", info.source_name},
           {"source_url", info.source_url},
           {"licence", info.licence},
           {"attribution", info.attribution},
           {"input_sha256", info.input_sha256},
           {"import_options", info.import_options},
           {"rows", info.rows},
           {"rejected", info.rejected},
           {"synthetic_rows", info.synthetic_rows}};
  if (!info.extent.empty())
    out["extent"] = {info.extent.min_x, info.extent.min_y, info.extent.max_x, info.extent.max_y};
  return out;
}

DatasetInfo info_from(const json& object) {
  DatasetInfo out;
  const auto text = [&](const char* key) { return object.at(key).get<std::string>(); };
  out.layer = text("layer");
  out.partition = text("partition");
  out.revision = text("revision");
  out.profile = text("profile");
  out.as_of = text("as_of");
  out.source_name = text("source_name");
  out.source_url = text("source_url");
  out.licence = text("licence");
  out.attribution = text("attribution");
  out.input_sha256 = text("input_sha256");
  out.import_options = text("import_options");
  out.rows = object.at("rows").get<std::int64_t>();
  out.rejected = object.at("rejected").get<std::int64_t>();
  out.synthetic_rows = object.at("synthetic_rows").get<std::int64_t>();
  if (object.contains("extent")) {
    const json& box = object["extent"];
    out.extent = {box.at(0).get<double>(), box.at(1).get<double>(), box.at(2).get<double>(),
                  box.at(3).get<double>()};
  }
  return out;
}

}  // namespace

void write_meta(const Connection& connection, const DatasetMeta& meta) {
  connection.execute(std::string("CREATE TABLE ") + meta_table +
                     " (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
  Statement insert = connection.prepare(std::string("INSERT INTO ") + meta_table + " VALUES (?1, ?2)");
  const std::map<std::string, std::string> rows{{"info", info_json(meta.info).dump()},
                                                {"layer", catalogue::to_json(meta.layer).dump()},
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
