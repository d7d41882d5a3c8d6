// What differs between two revisions of a dataset: kept when a revision replaces another, for users and for
// caches that drop only what has changed.
//
// Files: DATA/<layer>/changes/<partition>.<from>.<to>.jsonl, one JSON object per change, the summary last.
// They name features whatever their disclosure: for the operator and the server itself, never for the public.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::store {

enum class ChangeKind { inserted, changed, removed };
const char* name_of(ChangeKind kind) noexcept;

struct Change {
  ChangeKind kind = ChangeKind::changed;
  std::int64_t id = 0;
  std::string source_id;
  geom::Box before;  // longitude, latitude; empty where there was, or is, no place
  geom::Box after;
  friend bool operator==(const Change&, const Change&) = default;
};

struct ChangeSummary {
  std::string layer;
  std::string partition;
  std::string from;  // revision
  std::string to;
  std::int64_t inserted = 0;
  std::int64_t changed = 0;
  std::int64_t removed = 0;
  geom::Box extent;    // of all places before and after
  bool listed = true;  // false: so many that only the summary is kept
  void add(const Change& change);
};

std::string to_line(const Change& change);
std::string to_line(const ChangeSummary& summary);

std::filesystem::path changes_folder(const std::filesystem::path& data_folder, const std::string& layer);
std::filesystem::path changes_file(const std::filesystem::path& data_folder, const ChangeSummary& of);

using ChangeVisitor = std::function<void(const Change&)>;
// The changes in order of ids, then the summary. Throws Error(not_found | damaged | io).
ChangeSummary read_changes(const std::filesystem::path& file, const ChangeVisitor& visit);

// The files that lead to a revision, latest last: each begins where the one before ends. Empty where none is
// kept.
std::vector<std::filesystem::path> changes_leading_to(const std::filesystem::path& data_folder,
                                                      const std::string& layer, const std::string& partition,
                                                      const std::string& revision);

// Several steps seen as one: what was inserted and removed again is no change. Steps must follow each other.
ChangeSummary read_changes_over(const std::vector<std::filesystem::path>& steps, const ChangeVisitor& visit);

}  // namespace ritchi::store
