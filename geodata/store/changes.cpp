#include "geodata/store/changes.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <tuple>

#include "geodata/base/error.hpp"

namespace ritchi::store {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using nlohmann::json;

json box_json(const geom::Box& box) {
  if (box.empty()) return nullptr;
  return {box.min_x, box.min_y, box.max_x, box.max_y};
}

geom::Box box_from(const json& object) {
  if (object.is_null()) return {};
  return {object.at(0), object.at(1), object.at(2), object.at(3)};
}

ChangeKind kind_named(const std::string& name) {
  for (const auto kind : {ChangeKind::inserted, ChangeKind::changed, ChangeKind::removed})
    if (name == name_of(kind)) return kind;
  throw Error(ErrorKind::damaged, "'" + name + "' is no kind of change");
}

struct Step {
  std::string from;
  std::string to;
};

// From the name <partition>.<from>.<to>.jsonl.
std::optional<Step> step_named(const std::string& name, const std::string& partition) {
  static constexpr std::string_view ending = ".jsonl";
  if (!name.starts_with(partition + ".") || !name.ends_with(ending)) return std::nullopt;
  const std::string middle =
      name.substr(partition.size() + 1, name.size() - partition.size() - 1 - ending.size());
  const auto dot = middle.find('.');
  if (dot == std::string::npos) return std::nullopt;
  return Step{middle.substr(0, dot), middle.substr(dot + 1)};
}

}  // namespace

const char* name_of(ChangeKind kind) noexcept {
  switch (kind) {
    case ChangeKind::inserted:
      return "inserted";
    case ChangeKind::changed:
      return "changed";
    case ChangeKind::removed:
      break;
  }
  return "removed";
}

void ChangeSummary::add(const Change& change) {
  ++(change.kind == ChangeKind::inserted  ? inserted
     : change.kind == ChangeKind::changed ? this->changed
                                          : removed);
  if (!change.before.empty()) extent.add(change.before);
  if (!change.after.empty()) extent.add(change.after);
}

std::string to_line(const Change& change) {
  return json{{"change", name_of(change.kind)},
              {"id", change.id},
              {"source_id", change.source_id},
              {"before", box_json(change.before)},
              {"after", box_json(change.after)}}
      .dump();
}

std::string to_line(const ChangeSummary& summary) {
  return json{
      {"layer", summary.layer},     {"partition", summary.partition},     {"from", summary.from},
      {"to", summary.to},           {"inserted", summary.inserted},       {"changed", summary.changed},
      {"removed", summary.removed}, {"extent", box_json(summary.extent)}, {"listed", summary.listed}}
      .dump();
}

fs::path changes_folder(const fs::path& data_folder, const std::string& layer) {
  return data_folder / layer / "changes";
}

fs::path changes_file(const fs::path& data_folder, const ChangeSummary& of) {
  return changes_folder(data_folder, of.layer) / (of.partition + "." + of.from + "." + of.to + ".jsonl");
}

ChangeSummary read_changes(const fs::path& file, const ChangeVisitor& visit) {
  std::ifstream in(file);
  if (!in) throw Error(ErrorKind::not_found, "cannot be opened", file.string());
  try {
    std::string line;
    while (std::getline(in, line)) {
      const json object = json::parse(line);
      if (!object.contains("change")) {
        ChangeSummary out{object.at("layer"),   object.at("partition"),        object.at("from"),
                          object.at("to"),      object.at("inserted"),         object.at("changed"),
                          object.at("removed"), box_from(object.at("extent")), object.at("listed")};
        return out;
      }
      visit({kind_named(object.at("change")), object.at("id"), object.at("source_id"),
             box_from(object.at("before")), box_from(object.at("after"))});
    }
  } catch (const json::exception& error) {
    throw Error(ErrorKind::damaged, std::string("is no list of changes: ") + error.what(), file.string(),
                "remove it; the data are not touched by that");
  }
  throw Error(ErrorKind::damaged, "is cut off: the summary is missing", file.string(),
              "remove it; the data are not touched by that");
}

std::vector<fs::path> changes_leading_to(const fs::path& data_folder, const std::string& layer,
                                         const std::string& partition, const std::string& revision) {
  struct Found {
    std::string from;
    fs::path file;
    fs::file_time_type made;
  };
  std::map<std::string, Found> by_end;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(changes_folder(data_folder, layer), failed)) {
    const auto step = step_named(entry.path().filename().string(), partition);
    if (!step) continue;
    const Found found{step->from, entry.path(), entry.last_write_time(failed)};
    const auto [at, fresh] = by_end.try_emplace(step->to, found);
    // A revision that came back was reached more than once: the last time counts.
    if (!fresh && std::tie(at->second.made, at->second.file) < std::tie(found.made, found.file))
      at->second = found;
  }
  std::vector<fs::path> out;
  std::string at = revision;
  // A revision may come back (A, B, A): each step is taken once.
  for (auto found = by_end.find(at); found != by_end.end(); found = by_end.find(at)) {
    out.push_back(found->second.file);
    at = found->second.from;
    by_end.erase(found);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

ChangeSummary read_changes_over(const std::vector<fs::path>& steps, const ChangeVisitor& visit) {
  if (steps.size() == 1) return read_changes(steps.front(), visit);
  ChangeSummary out;
  std::map<std::int64_t, Change> all;
  for (const auto& step : steps) {
    const ChangeSummary one = read_changes(step, [&](const Change& change) {
      const auto [at, fresh] = all.try_emplace(change.id, change);
      if (fresh) return;
      Change& held = at->second;
      held.after = change.after;
      const bool was_there = held.kind != ChangeKind::inserted;
      const bool is_there = change.kind != ChangeKind::removed;
      if (!was_there && !is_there)
        all.erase(at);
      else
        held.kind = !was_there ? ChangeKind::inserted : is_there ? ChangeKind::changed : ChangeKind::removed;
    });
    if (out.from.empty()) out = {one.layer, one.partition, one.from, one.to, 0, 0, 0, {}, true};
    out.to = one.to;
    out.listed = out.listed && one.listed;
    if (!one.listed) out.extent.add(one.extent);
  }
  for (const auto& [id, change] : all) {
    out.add(change);
    visit(change);
  }
  return out;
}

}  // namespace ritchi::store
