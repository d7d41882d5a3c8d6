#include "importers/synth/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/digest.hpp"
#include "importers/synth/output_folder.hpp"
#include "importers/synth/text_file.hpp"

namespace ritchi::synth {

void write_manifest(const Request& request, const Summary& made, const std::vector<ImportEntry>& imports) {
  const Counts& counts = made.counts;
  nlohmann::ordered_json manifest;
  manifest["generator"] = "ritchi synth";
  manifest["synthetic"] = true;
  manifest["seed"] = request.seed;
  manifest["scale"] = request.scale;
  manifest["region"] = request.region;
  manifest["n03_sha256"] = nullptr;
  if (!made.n03_sha256.empty()) manifest["n03_sha256"] = made.n03_sha256;
  manifest["counts"] = {{"sites", counts.sites},
                        {"parcels", counts.parcels},
                        {"pipes", counts.pipes},
                        {"investments", counts.investments},
                        {"parks", counts.parks}};
  manifest["imports"] = nlohmann::ordered_json::array();
  for (const ImportEntry& entry : imports) {
    nlohmann::ordered_json item;
    item["profile"] = entry.profile;
    item["files"] = entry.files;
    item["layer"] = entry.layer;
    item["as_of"] = entry.as_of;
    item["options"] = entry.options;
    item["rows"] = entry.rows;
    item["features"] = entry.features;
    item["expected"] = {
        {"read", entry.rows + entry.others}, {"accepted", entry.accepted_rows()},
        {"rejected", entry.rejected_rows()}, {"skipped", entry.others + entry.ended},
        {"features", entry.features},        {"merged_away", entry.accepted_rows() - entry.features},
        {"repaired", entry.repaired}};
    item["rejected_by"] = nlohmann::ordered_json::object();
    for (const auto& [kind, count] : entry.rejected)
      if (count > 0) item["rejected_by"][kind] = count;
    item["odd"] = nlohmann::ordered_json::object();
    for (const auto& [kind, count] : entry.odd)
      if (count > 0) item["odd"][kind] = count;
    manifest["imports"].push_back(std::move(item));
  }
  for (const std::string& name : files_in(request.out)) {
    base::Sha256 digest;
    digest.add_file(request.out / name);
    manifest["sha256"][name] = digest.hex();
  }
  TextFile file(request.out / "manifest.json");
  file.write(manifest.dump(1) + "\n");
  file.close();
}

void write_readme(const Request& request, const Summary& made, const std::vector<ImportEntry>& imports) {
  const Counts& counts = made.counts;
  std::string text = fmt::format(
      "合成データ / SYNTHETIC DATA\r\n\r\n"
      "このフォルダの全レコードは ritchi synth "
      "が生成した架空のものです。実在の土地・管路・企業とは関係ありません。\r\n"
      "Every record in this folder was invented by `ritchi synth`; names of municipalities and interchanges "
      "are\r\n"
      "real, everything said about them is not. Each record carries a flag (合成, synthetic, SYNTHETIC or "
      "a\r\n"
      "gml:description).{}\r\n\r\n"
      "seed {}, scale {}, region {}\r\n"
      "sites {}, farmland parcels {}, pipes {} (a fifth of them in the ledger), investments {}, industrial "
      "parks {}\r\n\r\n"
      "Some records are wrong on purpose, as in published files; manifest.json says how many an import must "
      "reject and why.\r\n\r\n"
      "Imports in order (manifest.json has them for programs):\r\n",
      made.n03_sha256.empty() ? ""
                              : "\r\nThe outlines of the municipalities are real: "
                                "国土数値情報（行政区域データ）（国土交通省）を加工して作成.",
      request.seed, request.scale, request.region, counts.sites, counts.parcels, counts.pipes,
      counts.investments, counts.parks);
  for (const ImportEntry& entry : imports) {
    std::string options;
    for (const std::string& option : entry.options) options += " " + option;
    text += fmt::format("  ritchi import {} {}{} --as-of {}{} --data DIR   # {}, {} records\r\n",
                        entry.profile, entry.files.front(), entry.files.size() > 1 ? " …" : "", entry.as_of,
                        options, entry.layer, entry.rows);
  }
  TextFile file(request.out / "README.txt");
  file.write(text);
  file.close();
}

}  // namespace ritchi::synth
