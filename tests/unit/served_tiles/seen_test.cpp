// What an audience may not see does not exist for it: in rows, filters, figures, revisions and tiles.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "geodata/base/error.hpp"
#include "tests/unit/served_tiles/seen_world.hpp"
#include "tileserver/tiles/tile_plan.hpp"

namespace ritchi {
namespace {

using namespace test;
using store::Audience;
using store::Disclosure;
using Folder = TemporaryFolder;

constexpr const char* today = "2024-04-01";
const base::Deadline never = base::Deadline::never();

struct Asking {
  const char* name;
  Audience audience;
};

std::vector<Asking> everyone() {
  std::vector<Asking> out{
      {"public", {}},
      {"company", audience_of(Disclosure::consented)},
      {"company that consents name", audience_of(Disclosure::consented, {}, {}, "甲")},
      {"municipality", audience_of(Disclosure::open, Disclosure::internal, {"15202"})},
      {"prefecture", audience_of(Disclosure::open, Disclosure::internal, {"15"})},
      {"company at home", audience_of(Disclosure::consented, Disclosure::internal, {"10", "15203"})},
      {"operator", audience_of(Disclosure::internal)}};
  Audience scoped = audience_of(Disclosure::consented);
  scoped.hidden_attributes = {"things.amount", "things.kind"};
  out.push_back({"company without amounts", scoped});
  return out;
}

store::RestatedPtr restated_at_random(unsigned seed, int count) {
  std::mt19937 random(seed);
  const std::vector<std::vector<std::string>> some_holders{{}, {}, {"甲"}, {"乙"}, {"乙", "甲"}};
  auto out = std::make_shared<store::Restated>();
  for (int i = 1; i <= count; i += 3)
    out->by_layer["things"][i] = {static_cast<Disclosure>(random() % 3),
                                  some_holders[random() % some_holders.size()]};
  out->generation = seed;
  return out;
}

using Ids = std::set<std::int64_t>;

Ids ids_in(const store::Snapshot& snapshot, const filter::Predicate* only = nullptr) {
  Ids out;
  if (const auto* view = snapshot.find("things"))
    for (const auto& dataset : view->datasets)
      dataset->page(
          0, INT64_MAX, never, [&](const auto& row) { out.insert(row.id); }, only);
  return out;
}

Ids expected(const Records& rows, const Audience& who, const store::Restated* restated) {
  Ids out;
  for (const auto& row : rows)
    if (is_seen(row, who, restated, today)) out.insert(row.id);
  return out;
}

Records only(const Records& rows, const Ids& ids) {
  Records out;
  for (const auto& row : rows)
    if (ids.contains(row.id)) out.push_back(row);
  return out;
}

TEST(Seen, RowsAreThoseOfTheRulesHoweverTheyAreAskedFor) {
  constexpr int count = 400;
  const Records rows = rows_of_levels(1, count);
  const Folder data;
  publish(data.path(), layered(), rows);
  const auto loaded = snapshot_of(data.path());
  for (const auto& restated : {store::RestatedPtr(), restated_at_random(5, count)})
    for (const Asking& who : everyone()) {
      SCOPED_TRACE(std::string(who.name) + (restated ? ", restated" : ""));
      const Ids right = expected(rows, who.audience, restated.get());
      ASSERT_GT(right.size(), 20U);
      const auto seen = loaded->seen_by(who.audience, restated, today);
      EXPECT_EQ(ids_in(*seen), right);
      const store::LayerView& view = *seen->find("things");
      EXPECT_EQ(view.rows, std::ssize(right));
      const store::Dataset& dataset = *view.datasets.at(0);
      EXPECT_EQ(dataset.count({}, never), std::ssize(right));
      const geom::Box all{130, 30, 150, 40};
      geom::Box extent;
      Ids placed;
      bool synthetic = false;
      for (const auto& row : rows) {
        if (!right.contains(row.id)) continue;
        synthetic = synthetic || row.synthetic;
        if (!row.geometry) continue;
        placed.insert(row.id);
        extent.add(row.geometry->bounds());
      }
      EXPECT_EQ(view.extent.min_x, extent.min_x);
      EXPECT_EQ(view.extent.max_y, extent.max_y);
      EXPECT_EQ(view.synthetic, synthetic);
      EXPECT_EQ(dataset.count(all, never), std::ssize(placed));
      Ids boxed;
      dataset.in_box(all, never, [&](const auto& row) { boxed.insert(row.id); });
      EXPECT_EQ(boxed, placed);
      for (int id = 1; id <= count; ++id) EXPECT_EQ(dataset.by_id(id).has_value(), right.contains(id)) << id;
      // What the public does not get, and nothing else, is for the audit.
      const Ids open = expected(rows, {}, restated.get());
      Ids reserved;
      for (const std::int64_t id : placed)
        if (!open.contains(id)) reserved.insert(id);
      const auto told = dataset.reserved_in_box(all, never);
      EXPECT_EQ(Ids(told.begin(), told.end()), reserved);
    }
}

// Of two folders, one without the rows that somebody does not see, all is equal that he gets.
TEST(Seen, HiddenRowsLeaveNoTraceInFiguresRevisionsAndTiles) {
  constexpr int count = 150;
  for (const bool levels_in_tiles : {false, true})
    for (const auto& restated : {store::RestatedPtr(), restated_at_random(9, count)})
      for (const Asking& who : everyone()) {
        SCOPED_TRACE(std::string(who.name) + (restated ? ", restated" : ""));
        const Records rows = rows_of_levels(2, count);
        const Folder with, without;
        publish(with.path(), layered(levels_in_tiles), rows);
        publish(without.path(), layered(levels_in_tiles),
                only(rows, expected(rows, who.audience, restated.get())));
        const auto one = snapshot_of(with.path())->seen_by(who.audience, restated, today);
        const auto other = snapshot_of(without.path())->seen_by(who.audience, restated, today);
        const store::LayerView &a = one->layers().at(0), &b = other->layers().at(0);
        EXPECT_EQ(a.revision, b.revision);
        EXPECT_EQ(a.declaration, b.declaration);
        EXPECT_EQ(a.rows, b.rows);
        EXPECT_EQ(a.as_of, b.as_of);
        EXPECT_EQ(catalogue::to_json(a.layer), catalogue::to_json(b.layer));
        int tiles = 0;
        for (int zoom = 5; zoom <= 9; ++zoom) {
          const geom::TileId low = tile_at({138, 38}, zoom), high = tile_at({139, 37}, zoom);
          for (std::uint32_t x = low.x; x <= high.x; ++x)
            for (std::uint32_t y = low.y; y <= high.y; ++y) {
              const tiles::ServedLayer first[] = {{&a, nullptr, nullptr}},
                                       second[] = {{&b, nullptr, nullptr}};
              const auto made = tiles::make_tile(tiles::plan_tile(first, {zoom, x, y}), never);
              const auto same = tiles::make_tile(tiles::plan_tile(second, {zoom, x, y}), never);
              EXPECT_EQ(made.gzip == same.gzip, true) << zoom << '/' << x << '/' << y;
              EXPECT_EQ(made.content, same.content);
              EXPECT_EQ(made.dropped, same.dropped);
              tiles += made.gzip.empty() ? 0 : 1;
            }
        }
        EXPECT_GT(tiles, 10);
      }
}

TEST(Seen, WhoSeesWhatThePublicSeesIsGivenTheVerySame) {
  const Folder data;
  const auto plain = layer_with("point", nlohmann::json::array());
  publish(data.path(), plain, random_points(3, 50));
  const auto loaded = snapshot_of(data.path());
  for (const Asking& who : everyone()) {
    if (!who.audience.hidden_attributes.empty()) continue;
    EXPECT_EQ(loaded->seen_by(who.audience, nullptr, today), loaded) << who.name;
  }
  const auto restated = std::make_shared<store::Restated>();
  restated->by_layer["things"][999] = {Disclosure::internal, {}};  // of another partition
  restated->by_layer["things"][7] = {Disclosure::open, {}};        // as it is
  EXPECT_EQ(loaded->seen_by({}, restated, today), loaded);
}

TEST(Seen, ALayerThatAKeyDoesNotNameOrOfWhichNothingIsLeftDoesNotExist) {
  const Folder data;
  publish(data.path(), layered(), rows_of_levels(4, 60));
  const auto loaded = snapshot_of(data.path());
  Audience scoped = audience_of(Disclosure::internal);
  scoped.layers = {"other", "zoning"};
  EXPECT_TRUE(loaded->seen_by(scoped, nullptr, today)->layers().empty());
  scoped.layers = {"things"};
  EXPECT_EQ(loaded->seen_by(scoped, nullptr, today)->layers().size(), 1U);
  const auto restated = std::make_shared<store::Restated>();
  for (int id = 1; id <= 60; ++id) restated->by_layer["things"][id] = {Disclosure::internal, {}};
  EXPECT_TRUE(loaded->seen_by({}, restated, today)->layers().empty());
  EXPECT_EQ(loaded->seen_by(audience_of(Disclosure::internal), restated, today)->find("things")->rows, 60);
}

TEST(Seen, AnAttributeBeyondTheLevelIsUnknownToFilters) {
  const Folder data;
  publish(data.path(), layered(), rows_of_levels(6, 100));
  const auto loaded = snapshot_of(data.path());
  const auto names = [&](const Audience& who) {
    std::string out;
    const auto seen = loaded->seen_by(who, nullptr, today);
    for (const auto& attribute : seen->find("things")->layer.attributes) out += attribute.name + " ";
    return out;
  };
  EXPECT_EQ(names({}), "kind amount disclosure municipality_code ");
  EXPECT_EQ(names(audience_of(Disclosure::consented)), "kind amount price disclosure municipality_code ");
  EXPECT_EQ(names(audience_of(Disclosure::internal)),
            "kind amount price note disclosure municipality_code consent_until consented_to ");
  Audience scoped = audience_of(Disclosure::consented);
  scoped.hidden_attributes = {"things.amount"};
  const auto seen = loaded->seen_by(scoped, nullptr, today);
  const catalogue::Layer& layer = seen->find("things")->layer;
  EXPECT_EQ(layer.find("amount"), nullptr);
  EXPECT_EQ(layer.rank, "");  // which features a crowded tile drops would tell of it
  for (const char* hidden : {"amount > 3", "note = 'a'"})
    EXPECT_THROW(filter::parse_text(hidden, layer), base::Error) << hidden;
}

// Whoever has a level at home alone gets no answer about values elsewhere, in whatever way he asks.
TEST(Seen, AFilterCannotProbeWhatIsMasked) {
  const Folder data;
  const Records rows = rows_of_levels(8, 300);
  publish(data.path(), layered(), rows);
  const auto loaded = snapshot_of(data.path());
  const Audience who = audience_of(Disclosure::open, Disclosure::internal, {"15202"});
  const auto seen = loaded->seen_by(who, nullptr, today);
  const store::LayerView& view = *seen->find("things");
  ASSERT_NE(view.layer.find("note"), nullptr);
  const auto is_home = [](const load::Record& row) {
    return text_of(row.values[municipality_at]) == "15202";
  };
  const auto asked = [&](const std::string& text) {
    return ids_in(*seen, filter::parse_text(text, view.layer).get());
  };
  const Ids visible = expected(rows, who, nullptr);
  const auto where = [&](const auto& condition) {
    Ids out;
    for (const auto& row : rows)
      if (visible.contains(row.id) && condition(row)) out.insert(row.id);
    return out;
  };
  // As SQL, by the evaluation, and by both.
  for (const char* same :
       {"note = 'a'", "CASEI(note) = CASEI('A')", "note IN ('a')", "note LIKE 'a%'",
        "note >= 'a' AND note < 'b'", "NOT (note <> 'a')", "CASEI(note) = 'a' AND note = 'a'"})
    EXPECT_EQ(asked(same),
              where([&](const auto& row) { return is_home(row) && text_of(row.values[note_at]) == "a"; }))
        << same;
  EXPECT_EQ(asked("note IS NULL"), where([&](const auto& row) { return !is_home(row); }));
  EXPECT_EQ(asked("price + 0 >= 0"), where(is_home));
  EXPECT_EQ(asked("consent_until < DATE('2024-04-02') OR note = note"), where(is_home));
  view.datasets.at(0)->page(0, INT64_MAX, never, [&](const auto& row) {
    const bool home = is_home(rows.at(static_cast<std::size_t>(row.id - 1)));
    EXPECT_EQ(std::holds_alternative<std::monostate>(row.values[note_at]), !home) << row.id;
  });
}

TEST(Seen, ATileHasOneKeyForOneContentAndChangesAtOnceWithAConsent) {
  const Folder data;
  publish(data.path(), layered(), rows_of_levels(10, 200));
  const auto loaded = snapshot_of(data.path());
  const auto everybody = loaded->seen_by({}, nullptr, today);
  const auto row = [&] {
    std::optional<store::Feature> found;
    everybody->find("things")->datasets.at(0)->in_box({130, 30, 150, 40}, never, [&](const auto& view) {
      if (!found) found = store::copy_of(view);
    });
    return *found;
  }();
  auto withdrawn = std::make_shared<store::Restated>();
  withdrawn->by_layer["things"][row.id] = {Disclosure::internal, {}};
  const auto after = loaded->seen_by({}, withdrawn, today);
  EXPECT_FALSE(after->find("things")->datasets.at(0)->by_id(row.id).has_value());
  EXPECT_EQ(after->find("things")->rows, everybody->find("things")->rows - 1);
  const auto plan = [](const store::Snapshot& snapshot, geom::TileId tile) {
    const tiles::ServedLayer layers[] = {{snapshot.find("things"), nullptr, nullptr}};
    return tiles::plan_tile(layers, tile);
  };
  int same = 0, different = 0, prepared = 0;
  const geom::TileId low = tile_at({138, 38}, 9), high = tile_at({139, 37}, 9);
  for (std::uint32_t x = low.x; x <= high.x; ++x)
    for (std::uint32_t y = low.y; y <= high.y; ++y) {
      const auto before = plan(*everybody, {9, x, y}), now = plan(*after, {9, x, y});
      (before.key == now.key ? same : different) += 1;
      prepared += now.is_prepared() ? 1 : 0;
      // Whoever has the same before him has the same key.
      EXPECT_EQ(plan(*loaded->seen_by({}, withdrawn, today), {9, x, y}).key, now.key);
    }
  EXPECT_GE(different, 1);
  EXPECT_LE(different, 4);
  EXPECT_GT(same, 3);
  EXPECT_GT(prepared, 3);
}

TEST(Seen, APartCannotBeWidened) {
  const Folder data;
  publish(data.path(), layered(), rows_of_levels(12, 30));
  const auto loaded = snapshot_of(data.path());
  EXPECT_THROW(
      loaded->find("things")->datasets.at(0)->seen_by(audience_of(Disclosure::internal), nullptr, today),
      base::Error);
}

}  // namespace
}  // namespace ritchi
