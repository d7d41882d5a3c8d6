#include "importers/core/import_pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/store/data_folder.hpp"
#include "importers/core/covers.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/same_shapes.hpp"
#include "importers/core/stated_area.hpp"

namespace ritchi::importers {
namespace {

constexpr base::ProgressPhase phase_reading{"reading", "読み込み"};
constexpr base::ProgressPhase phase_reading_again{"reading again, because keys are repeated",
                                                  "再読み込み（重複するキーがあるため）"};
constexpr base::ProgressPhase phase_checking{"checking", "確認"};
constexpr base::ProgressPhase phase_publishing{"building and publishing", "構築と公開"};
constexpr const char* if_interrupted = "nothing was published";

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

// The options that change what comes out, in a fixed order.
std::string options_text(const ImportRequest& request, const CheckReport& checks) {
  nlohmann::json out = nlohmann::json::object();
  if (!request.source_crs.empty()) out["source_crs"] = request.source_crs;
  if (!request.encoding.empty()) out["encoding"] = request.encoding;
  for (const auto& [field, column] : request.columns) out["map"][field] = column;
  if (request.max_repair_share != default_max_repair_share) out["max_repair"] = request.max_repair_share;
  if (!checks.municipalities.empty()) out["municipalities"] = checks.municipalities;
  return out.dump();
}

std::string shell_word(const std::string& text) {
  if (text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=") ==
      std::string::npos)
    return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

void digest_record(base::Sha256& sum, const Mapped& mapped) {
  sum.add_field(mapped.record.source_id);
  for (const auto& value : mapped.record.values) sum.add_field(text_of(value));
  for (const auto& rows : mapped.record.children)
    for (const auto& row : rows)
      for (const auto& value : row) sum.add_field(text_of(value));
  sum.add_field(place_digest(mapped.record.geometry));
}

// Folders that an import made and left empty, because it published nothing, go again.
class EmptyFolders {
 public:
  EmptyFolders(const fs::path& data, const std::string& layer) {
    for (const auto& folder : {data / layer, data / "rejects", data})
      if (!fs::exists(folder)) m_made.push_back(folder);
  }
  ~EmptyFolders() {
    std::error_code ignored;  // not empty: it is needed
    for (const auto& folder : m_made) fs::remove(folder, ignored);
  }
  EmptyFolders(const EmptyFolders&) = delete;
  EmptyFolders& operator=(const EmptyFolders&) = delete;

 private:
  std::vector<fs::path> m_made;
};

class Pass {
 public:
  Pass(const ImportRequest& request, const PassInput& input, base::Progress& progress,
       base::InterruptWatch& interrupt)
      : m_request(request),
        m_input(input),
        m_progress(progress),
        m_interrupt(interrupt),
        m_folders(request.data, input.layer->id),
        m_rejects(reject_stem(request, input), request.language),
        m_stated_area(*input.layer) {}

  ImportReport run() {
    RepeatedIds repeated;
    for (int reading = 1;; ++reading) {
      m_rejects.restart();
      m_writer.reset();
      m_writer.emplace(m_request.data, *m_input.layer,
                       m_request.dry_run ? load::Purpose::check : load::Purpose::publish);
      m_stream_digest.emplace();
      m_checks = {};
      m_covers.emplace(m_input.covers, *m_input.layer);
      m_same_shapes.restart();
      if (m_input.places != nullptr) m_input.places->restart();
      Collector collector(*m_input.layer, m_input.repeat, m_input.rows, m_request.apply, repeated, m_rejects,
                          [this](load::Record&& record) { take(std::move(record)); });
      m_progress.phase(reading == 1 ? phase_reading : phase_reading_again);
      const bool any = read_all(collector);
      if (!any)
        return refused(collector, {"the source has nothing that this profile reads",
                                   "このプロファイルで読むものがありません"});
      collector.finish();
      if (auto report = conclude(collector)) return std::move(*report);
      for (const auto& id : m_writer->repeated_ids()) repeated.insert_or_assign(id.id, id);
    }
  }

 private:
  static fs::path reject_stem(const ImportRequest& request, const PassInput& input) {
    if (!request.rejects.empty()) return request.rejects;
    return request.data / "rejects" / ("." + input.layer->id);
  }

  void take(load::Record&& record) {
    m_checks.count(record.notes);
    if (!record.deleted) m_covers->add(record.values);
    if (record.geometry) {
      if (const auto earlier = m_same_shapes.earlier(*record.geometry, record.source_id)) {
        ++m_checks.same_shape;
        if (m_checks.same_shape_examples.size() < 5)
          m_checks.same_shape_examples.push_back(*earlier + " and " + record.source_id);
      }
    }
    m_writer->add(std::move(record));
  }

  void check(Mapped& mapped) {
    if (!mapped.skipped.empty() || mapped.record.deleted) return;
    if (m_input.places != nullptr) m_input.places->check(mapped);
    if (!mapped.faults.empty()) return;
    m_stated_area.check(mapped.record);
    m_checks.normalised += mapped.shape_normalised ? 1 : 0;
  }

  bool read_all(Collector& collector) {
    bool any = false;
    std::uint64_t done = 0;
    SourceFeature feature;
    Mapped mapped;
    OriginalShape shape;
    std::set<std::string> encodings;
    const auto expected_in_all = all_expected();
    for (auto& open : *m_input.sources) {
      // Features of a source that is of no concern are counted all the same.
      any = m_input.attach(*open.source) || any;
      open.source->start(open.only_layer);
      encodings.insert(open.source->encoding());
      m_corrected = m_corrected || open.source->corrected_rejects();
      const auto expected = m_input.sources->size() == 1 ? open.source->expected() : expected_in_all;
      while (open.source->next(feature)) {
        if (done % 256 == 0) m_interrupt.check(if_interrupted);
        if (++done > m_request.max_features)
          throw Error(ErrorKind::too_large, fmt::format("has more than {} features", m_request.max_features),
                      open.shown, "if that is right, raise --max-features")
              .in_japanese(fmt::format("地物が {} 件を超えています", m_request.max_features),
                           "正しければ --max-features を上げてください");
        m_progress.tick(done, expected);
        shape.keep(feature);
        m_input.map(feature, mapped);
        if (!m_input.files->complete_digest && mapped.skipped.empty())
          digest_record(*m_stream_digest, mapped);
        check(mapped);
        m_rejects.at(open.shown, open.source->layers()[feature.layer], feature, shape);
        collector.take(mapped, open.shown, feature.label);
      }
    }
    m_encoding.clear();
    for (const auto& encoding : encodings) m_encoding += (m_encoding.empty() ? "" : ", ") + encoding;
    return any;
  }

  std::optional<std::uint64_t> all_expected() const {
    std::uint64_t sum = 0;
    for (const auto& open : *m_input.sources) {
      const auto count = open.source->expected();
      if (!count) return std::nullopt;
      sum += *count;
    }
    return sum;
  }

  ImportReport base_report(const Collector& collector) const {
    ImportReport report = collector.report();
    report.encoding = m_encoding;
    report.checks = m_checks;
    if (m_input.places != nullptr) m_input.places->tell(report.checks);
    report.notes.assign(m_input.files->notes.begin(), m_input.files->notes.end());
    for (const auto& open : *m_input.sources)
      for (const auto& note : open.source->notes())
        report.notes.emplace_back(open.shown + ": " + note.en, open.shown + ": " + note.in("ja"));
    report.dataset.layer = m_input.layer->id;
    report.dataset.profile = m_input.profile;
    report.dataset.partition = partition(collector);
    report.dataset.as_of = m_request.as_of;
    return report;
  }

  // An update is of what is there, where that is one.
  std::string partition(const Collector& collector) const {
    if (!m_request.partition.empty()) return m_request.partition;
    if (m_request.apply == load::Apply::update) {
      const auto published = store::find_published(m_request.data, m_input.layer->id);
      if (published.size() == 1) return published.front().partition;
    }
    return collector.partition();
  }

  ImportReport refused(const Collector& collector, Message why) {
    ImportReport report = base_report(collector);
    m_writer.reset();
    report.refusal = std::move(why);
    keep_rejects(report);
    return report;
  }

  // A corrected reject file that is being read holds people's work: it is neither replaced nor removed.
  fs::path beside_the_input(const fs::path& name) const {
    const auto is_input = [&](const fs::path& file) {
      std::error_code missing;
      return std::any_of(m_input.sources->begin(), m_input.sources->end(), [&](const auto& open) {
        return fs::equivalent(file, open.shown, missing) && !missing;
      });
    };
    fs::path out = name;
    for (int n = 2; is_input(out); ++n) {
      out = name;
      out.replace_filename(fmt::format("{}-{}{}", name.stem().string(), n, name.extension().string()));
    }
    return out;
  }

  // By itself a reject file is only what was missing: it would replace all that is published.
  void check_corrected(const ImportReport& report) const {
    const auto published = m_request.data / m_input.layer->id / (report.dataset.partition + ".sqlite");
    if (!m_corrected || !fs::exists(published)) return;
    throw Error(ErrorKind::conflict,
                fmt::format("is a corrected reject file, and {}/{} is published already", m_input.layer->id,
                            report.dataset.partition),
                m_input.sources->front().shown,
                "add --update, so that its records are put on top of the published ones")
        .in_japanese(fmt::format("修正済みの不採用ファイルですが、{}/{} はすでに公開されています",
                                 m_input.layer->id, report.dataset.partition),
                     "--update を付けて、公開中のデータに加えてください");
  }

  // How the corrected reject file is imported; the encoding of the source is not that of the reject file.
  std::string retry_command(const ImportReport& report) const {
    std::string out = "ritchi import " + shell_word(m_request.profile) + ' ' +
                      shell_word(report.rejects_file) + " --data " + shell_word(m_request.data.string()) +
                      " --partition " + shell_word(report.dataset.partition);
    if (!m_request.as_of.empty()) out += " --as-of " + m_request.as_of;
    if (!m_request.source_crs.empty()) out += " --source-crs " + shell_word(m_request.source_crs);
    for (const auto& [field, column] : m_request.columns) out += " --map " + shell_word(field + "=" + column);
    return out + " --update";
  }

  void keep_rejects(ImportReport& report) {
    if (m_request.dry_run && m_request.rejects.empty()) return;
    const fs::path name =
        m_request.rejects.empty()
            ? m_request.data / "rejects" / (m_input.layer->id + "-" + report.dataset.partition + ".csv")
            : m_request.rejects;
    const fs::path kept = beside_the_input(name);
    if (!m_rejects.keep(kept)) return;
    report.rejects_file = kept.string();
    report.retry_command = retry_command(report);
  }

  // Nothing where the source must be read again, because ids are repeated.
  std::optional<ImportReport> conclude(const Collector& collector) {
    const auto& counts = collector.report();
    const auto of_layer = counts.accepted + counts.rejected;
    if (counts.read == 0) return refused(collector, {"the source has no records", "レコードがありません"});
    if (of_layer == 0)
      return refused(collector,
                     {"the source has no record of this layer", "このレイヤのレコードがありません"});
    if (counts.accepted == 0)
      return refused(collector, {fmt::format("all {} records were rejected", counts.rejected),
                                 fmt::format("{} 件すべてが不採用です", counts.rejected)});
    if (m_request.reject_limit.exceeded(counts.rejected, of_layer))
      return refused(collector,
                     {fmt::format("{} of {} records were rejected, more than --max-rejects {} allows",
                                  counts.rejected, of_layer, m_request.reject_limit.text()),
                      fmt::format("{1} 件のうち {0} 件が不採用で、--max-rejects {2} の限度を超えています",
                                  counts.rejected, of_layer, m_request.reject_limit.text())});
    ImportReport report = base_report(collector);
    if (!m_request.dry_run && m_request.apply == load::Apply::replace) check_corrected(report);
    m_interrupt.check(if_interrupted);
    m_progress.phase(m_request.dry_run ? phase_checking : phase_publishing);
    store::DatasetInfo info = report.dataset;
    info.source_name = m_input.provenance.name;
    info.source_url = m_input.provenance.url;
    info.licence = m_input.provenance.licence;
    info.attribution = m_input.provenance.attribution;
    info.input_sha256 = m_input.files->complete_digest ? digest_of(*m_input.files) : m_stream_digest->hex();
    info.import_options = options_text(m_request, report.checks);
    info.rejected = counts.rejected;
    info.covers = m_input.stated_covers;
    if (info.covers.empty() && m_input.place_codes != nullptr)
      info.covers = m_covers->finish(*m_input.place_codes);
    const auto tick = [this, all = static_cast<std::uint64_t>(report.features)](std::int64_t rows) {
      m_interrupt.check(if_interrupted);
      m_progress.tick(static_cast<std::uint64_t>(rows), all);
    };
    switch (m_writer->publish(info, m_request.apply, tick)) {
      case load::Outcome::repeated:
        return std::nullopt;
      case load::Outcome::published:
        report.outcome = ImportReport::Outcome::published;
        break;
      case load::Outcome::unchanged:
        report.outcome = ImportReport::Outcome::unchanged;
        break;
      case load::Outcome::checked:
        report.outcome = ImportReport::Outcome::dry_run;
        break;
    }
    if (report.outcome != ImportReport::Outcome::dry_run) {
      report.dataset = m_writer->info();
      report.changes = m_writer->changes();
      report.before = m_writer->before();
    }
    keep_rejects(report);
    return report;
  }

  const ImportRequest& m_request;
  const PassInput& m_input;
  base::Progress& m_progress;
  base::InterruptWatch& m_interrupt;
  EmptyFolders m_folders;  // goes last
  RejectFile m_rejects;
  std::optional<load::DatasetWriter> m_writer;
  std::optional<base::Sha256> m_stream_digest;
  CheckReport m_checks;
  StatedArea m_stated_area;
  std::optional<RowCovers> m_covers;
  SameShapes m_same_shapes;
  std::string m_encoding;
  bool m_corrected = false;
};

}  // namespace

ImportReport import_layer(const ImportRequest& request, const PassInput& input, base::Progress& progress,
                          base::InterruptWatch& interrupt) {
  const auto begun = std::chrono::steady_clock::now();
  ImportReport report = Pass(request, input, progress, interrupt).run();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  progress.finish();
  return report;
}

}  // namespace ritchi::importers
