// Updates by id, what belongs to a feature, and the list of changes.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/load/published_rows.hpp"
#include "geodata/store/changes.hpp"
#include "geodata/store/integrity.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ritchi;
using Folder = test::TemporaryFolder;

catalogue::Layer plans() {
  return catalogue::parse_layer(nlohmann::json::parse(R"({"id": "plans", "geometry": "point",
    "attributes": [{"name": "name", "type": "text"}],
    "children": [{"name": "lenders", "attributes": [{"name": "lender", "type": "text"}, {"name": "loan", "type": "integer"},
      {"name": "open", "type": "boolean"}, {"name": "rate", "type": "real"}]}]})"),
                                "test");
}

load::Record plan(std::int64_t id, const std::string& name, int lenders = 0) {
  load::Record out;
  out.id = id;
  out.source_id = "P" + std::to_string(id);
  out.geometry.emplace().points.push_back({130.0 + static_cast<double>(id) * 0.01, 35});
  out.values = {name};
  out.children.emplace_back();
  for (int i = 0; i < lenders; ++i)
    out.children[0].push_back({"銀行" + std::to_string(i), std::int64_t{i} * 1000, i % 2 == 0, {}});
  if (lenders > 2) out.notes.push_back({"sum_differs", "loan", "1", "2"});
  return out;
}

load::Record deletion(std::int64_t id) {
  load::Record out;
  out.id = id;
  out.source_id = "P" + std::to_string(id);
  out.deleted = true;
  return out;
}

struct Published {
  load::Outcome outcome;
  store::DatasetInfo info;
  store::ChangeSummary changes;
};

Published publish(const fs::path& data, const std::vector<load::Record>& records, load::Apply apply,
                  const std::string& input = "a") {
  load::DatasetWriter writer(data, plans());
  for (const auto& record : records) writer.add(record);
  store::DatasetInfo info;
  info.partition = "15";
  info.profile = "test";
  info.input_sha256 = input;
  const auto outcome = writer.publish(info, apply);
  return {outcome, writer.info(), writer.changes()};
}

// Everything that is stored, as one text.
std::string content(const fs::path& data) {
  std::string out;
  load::PublishedRows rows(data / "plans" / "15.sqlite");
  while (rows.next()) {
    out += std::to_string(rows.row().feature.id) + " " + std::string(rows.row().feature.source_id) + " " +
           std::string(std::get<std::string_view>(rows.row().feature.values[0]));
    const auto extras = store::decode_extras(rows.row().extras);
    for (const auto& table : extras.children)
      for (const auto& row : table)
        out += " " + std::get<std::string>(row[0]) + "=" + std::to_string(std::get<std::int64_t>(row[1]));
    for (const auto& note : extras.notes) out += " (" + note.kind + ")";
    out += "\n";
  }
  return out;
}

TEST(Update, InsertsReplacesAndTakesAwayByKeyAndKeepsAllElse) {
  const Folder updated, whole;
  publish(updated.path(), {plan(1, "a", 3), plan(2, "b"), plan(3, "c", 1), plan(5, "e")},
          load::Apply::replace);
  const auto done =
      publish(updated.path(), {plan(4, "new", 2), plan(2, "B", 4), deletion(3), deletion(9), plan(5, "e")},
              load::Apply::update, "b");
  EXPECT_EQ(done.outcome, load::Outcome::published);
  EXPECT_EQ(done.changes.inserted, 1);
  EXPECT_EQ(done.changes.changed, 1);
  EXPECT_EQ(done.changes.removed, 1);
  publish(whole.path(), {plan(5, "e"), plan(4, "new", 2), plan(2, "B", 4), plan(1, "a", 3)},
          load::Apply::replace);
  EXPECT_EQ(content(updated.path()), content(whole.path()));
  EXPECT_NE(content(whole.path()).find("1 P1 a 銀行0=0 銀行1=1000 銀行2=2000 (sum_differs)"),
            std::string::npos);
  EXPECT_TRUE(store::check_dataset(updated.path() / "plans" / "15.sqlite").empty());
  const auto again = publish(updated.path(), {plan(4, "new", 2), plan(2, "B", 4), deletion(3), plan(5, "e")},
                             load::Apply::update, "b");
  EXPECT_EQ(again.outcome, load::Outcome::unchanged);
  EXPECT_EQ(again.info.whole.revision, done.info.whole.revision);
}

TEST(Update, AnyUpdateEqualsTheWholeImport) {
  std::mt19937 random(11);
  const Folder updated;
  std::map<std::int64_t, std::string> state;
  const auto records_of_state = [&] {
    std::vector<load::Record> out;
    for (const auto& [id, name] : state) out.push_back(plan(id, name, static_cast<int>(id % 4)));
    return out;
  };
  for (std::int64_t id = 1; id < 200; ++id) state[id] = "x";
  publish(updated.path(), records_of_state(), load::Apply::replace);
  for (int round = 0; round < 10; ++round) {
    std::vector<load::Record> changes;
    std::set<std::int64_t> touched;
    for (int i = 0; i < 30; ++i) {
      const auto id = static_cast<std::int64_t>(random() % 300 + 1);
      if (!touched.insert(id).second) continue;
      if (random() % 3 == 0) {
        changes.push_back(deletion(id));
        state.erase(id);
      } else {
        state[id] = "r" + std::to_string(random() % 5);
        changes.push_back(plan(id, state[id], static_cast<int>(id % 4)));
      }
    }
    publish(updated.path(), changes, load::Apply::update, std::to_string(round));
    const Folder whole;
    publish(whole.path(), records_of_state(), load::Apply::replace);
    ASSERT_EQ(content(updated.path()), content(whole.path())) << "after round " << round;
  }
}

TEST(Update, NeedsWhatItChanges) {
  const Folder data;
  EXPECT_THROW(publish(data.path(), {plan(1, "a")}, load::Apply::update), base::Error);
  EXPECT_FALSE(fs::exists(data.path() / "plans" / "15.sqlite"));
  publish(data.path(), {plan(1, "a")}, load::Apply::replace);
  load::Record thief = plan(1, "z");
  thief.source_id = "another key";
  EXPECT_THROW(publish(data.path(), {thief}, load::Apply::update), base::Error);
  EXPECT_NE(content(data.path()).find("1 P1 a"), std::string::npos);
  // Taking away the last record would leave a dataset of nothing.
  EXPECT_THROW(publish(data.path(), {deletion(1)}, load::Apply::update), base::Error);
}

using Listed = std::map<std::int64_t, std::string>;
Listed listed(const std::vector<fs::path>& steps) {
  Listed out;
  store::read_changes_over(steps, [&](const store::Change& change) {
    out[change.id] = store::name_of(change.kind);
    EXPECT_EQ(change.before.empty(), change.kind == store::ChangeKind::inserted);
    EXPECT_EQ(change.after.empty(), change.kind == store::ChangeKind::removed);
  });
  return out;
}

TEST(Changes, TellWhatEveryStepAndSeveralTogetherChanged) {
  const Folder data;
  const auto first =
      publish(data.path(), {plan(1, "a"), plan(2, "b"), plan(3, "c", 1)}, load::Apply::replace);
  EXPECT_TRUE(first.changes.from.empty());
  EXPECT_TRUE(store::changes_leading_to(data.path(), "plans", "15", first.info.whole.revision).empty());
  // Only a lender's row differs in 3.
  const auto second =
      publish(data.path(), {plan(1, "a"), plan(3, "c", 2), plan(4, "d")}, load::Apply::replace);
  auto steps = store::changes_leading_to(data.path(), "plans", "15", second.info.whole.revision);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(listed(steps), (Listed{{2, "removed"}, {3, "changed"}, {4, "inserted"}}));
  const auto summary = store::read_changes(steps[0], [](const store::Change&) {});
  EXPECT_EQ(summary.from, first.info.whole.revision);
  EXPECT_EQ(summary.to, second.info.whole.revision);
  EXPECT_DOUBLE_EQ(summary.extent.min_x, 130.02);
  EXPECT_DOUBLE_EQ(summary.extent.max_x, 130.04);

  const auto third =
      publish(data.path(), {plan(1, "A"), plan(2, "b"), plan(3, "c", 2)}, load::Apply::replace);
  steps = store::changes_leading_to(data.path(), "plans", "15", third.info.whole.revision);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(listed(steps), (Listed{{1, "changed"}, {2, "changed"}, {3, "changed"}}));
}

TEST(Changes, OnlyTheLastStepsAreKept) {
  const Folder data;
  std::string revision;
  for (int i = 0; i < 20; ++i)
    revision = publish(data.path(), {plan(1, std::to_string(i))}, load::Apply::replace).info.whole.revision;
  EXPECT_EQ(store::changes_leading_to(data.path(), "plans", "15", revision).size(), 16U);
}

TEST(Changes, ADamagedRevisionCanBeReplacedAndADamagedListIsNamed) {
  const Folder data;
  std::vector<load::Record> many;
  for (int id = 1; id <= 3000; ++id)
    many.push_back(plan(id, "some name that takes its place " + std::to_string(id)));
  publish(data.path(), many, load::Apply::replace);
  const fs::path file = data.path() / "plans" / "15.sqlite";
  std::string bytes = base::read_file(file);
  for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 20000; ++at) bytes[at] = 'x';
  fs::remove(file);
  std::ofstream(file, std::ios::binary) << bytes;
  EXPECT_THROW(publish(data.path(), {plan(1, "b")}, load::Apply::update), base::Error);
  EXPECT_EQ(publish(data.path(), {plan(1, "b")}, load::Apply::replace).outcome, load::Outcome::published);
  EXPECT_TRUE(store::check_dataset(file).empty());

  const fs::path cut = data.path() / "cut.jsonl";
  std::ofstream(cut) << R"({"change":"removed","id":1,"source_id":"a","before":null,"after":null})"
                     << "\n";
  EXPECT_THROW(store::read_changes(cut, [](const store::Change&) {}), base::Error);
  std::ofstream(cut) << "{";
  EXPECT_THROW(store::read_changes(cut, [](const store::Change&) {}), base::Error);
}

}  // namespace
