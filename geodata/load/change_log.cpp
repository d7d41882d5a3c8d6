#include "geodata/load/change_log.hpp"

#include <system_error>
#include <utility>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using store::ChangeKind;

// Above this a list costs more than to look at everything again: then only the summary is kept.
constexpr std::int64_t most_listed = 1'000'000;
constexpr std::size_t steps_kept = 16;

geom::Box box_of(const PreparedRow& row) {
  if (row.feature.geometry.empty()) return {};
  return geom::decode_spatialite_bounds(row.feature.geometry);
}

}  // namespace

ChangeLog::ChangeLog(fs::path file) : m_file(std::move(file)), m_out(m_file, std::ios::trunc) {
  if (!m_out) throw Error(ErrorKind::io, "cannot be written", m_file.string(), "check the disk");
}

void ChangeLog::add(const store::Change& change) {
  m_summary.add(change);
  const std::int64_t all = m_summary.inserted + m_summary.changed + m_summary.removed;
  if (all > most_listed) {
    if (m_summary.listed) m_out = std::ofstream(m_file, std::ios::trunc);
    m_summary.listed = false;
    return;
  }
  m_out << store::to_line(change) << '\n';
}

void ChangeLog::inserted(const PreparedRow& row) {
  add({ChangeKind::inserted, row.feature.id, std::string(row.feature.source_id), {}, box_of(row)});
}
void ChangeLog::changed(const PreparedRow& before, const PreparedRow& after) {
  add({ChangeKind::changed, after.feature.id, std::string(after.feature.source_id), box_of(before),
       box_of(after)});
}
void ChangeLog::removed(const PreparedRow& row) {
  add({ChangeKind::removed, row.feature.id, std::string(row.feature.source_id), box_of(row), {}});
}

void ChangeLog::publish(const fs::path& data_folder, const std::string& layer, const std::string& partition,
                        const std::string& from, const std::string& to) {
  m_summary.layer = layer;
  m_summary.partition = partition;
  m_summary.from = from;
  m_summary.to = to;
  m_out << store::to_line(m_summary) << '\n';
  m_out.close();
  const auto fail = [&](const std::string& why) {
    throw Error(ErrorKind::io, "the list of changes cannot be kept: " + why, m_file.string(),
                "make room and run it again");
  };
  if (!m_out) fail("the disk is full or fails");
  std::error_code failed;
  fs::create_directories(store::changes_folder(data_folder, layer), failed);
  if (failed) fail(failed.message());
  base::sync_to_disk(m_file);
  fs::rename(m_file, store::changes_file(data_folder, m_summary), failed);
  if (failed) fail(failed.message());
  const auto steps = store::changes_leading_to(data_folder, layer, partition, to);
  for (std::size_t i = 0; i + steps_kept < steps.size(); ++i) fs::remove(steps[i], failed);
}

}  // namespace ritchi::load
