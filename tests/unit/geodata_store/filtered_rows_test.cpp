// Rows by predicate: SQL and the evaluation agree, nothing hidden is counted, the deadline holds.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "geodata/base/error.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/filter_sql.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace {

using namespace ritchi;
using store::Disclosure;

// Written by hand in the layout of a dataset file, since the store must not depend on what writes them.
class Filtered : public testing::Test {
 protected:
  static constexpr int k_rows = 400;

  void SetUp() override {
    m_layer =
        catalogue::parse_layer(nlohmann::json::parse(R"({"id": "sites", "geometry": "any", "attributes": [
      {"name": "name", "type": "text"}, {"name": "other", "type": "text"}, {"name": "n", "type": "integer"},
      {"name": "r", "type": "real"}, {"name": "b", "type": "boolean"}, {"name": "d", "type": "date"},
      {"name": "e", "type": "date"}, {"name": "s", "type": "datetime"}, {"name": "disclosure", "type": "text"}]})"),
                               "test");
    const auto file = m_folder.path() / "sites.sqlite";
    {
      const auto connection = store::Connection::create(file);
      store::DatasetInfo info;
      info.layer = "sites";
      store::write_meta(connection, {info, m_layer});
      connection.execute(
          "CREATE TABLE sites (id INTEGER PRIMARY KEY, source_id TEXT, synthetic INTEGER, geom BLOB, name "
          "TEXT,"
          "other TEXT, n INTEGER, r REAL, b INTEGER, d TEXT, e TEXT, s TEXT, disclosure TEXT);"
          "CREATE VIRTUAL TABLE idx_sites_geom USING rtree(pkid, xmin, xmax, ymin, ymax)");
      connection.execute("BEGIN");
      for (int id = 1; id <= k_rows; ++id) write_row(connection, id);
      connection.execute("COMMIT");
    }
    // Later declared than stored: one attribute more, in another order.
    auto shown = m_layer;
    catalogue::Attribute later;
    later.name = "later";
    shown.attributes.insert(shown.attributes.begin(), later);
    m_shown = shown;
    m_dataset = store::Dataset::open(file, [&](std::string_view) { return &*m_shown; });
  }

  int pick(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }
  template <class T>
  T one_of(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(pick(static_cast<int>(from.size())))];
  }
  bool unknown() { return pick(6) == 0; }

  const std::vector<std::string> m_texts{"", "a", "A", "ab", "aB", "b", "é", "e", "区", "区分", "50%", "a_b"};
  const std::vector<std::string> m_days{"1999-12-31", "2020-02-29", "2020-03-01", "2024-04-01"};
  const std::vector<std::string> m_instants{"2020-02-29T00:00:00Z", "2020-02-29T00:00:00.5Z",
                                            "2020-02-29T00:00:00.500Z", "2024-04-01T12:30:00Z"};

  void write_row(const store::Connection& connection, int id) {
    auto insert = connection.prepare("INSERT INTO sites VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)");
    const std::string source = "S" + std::to_string(id % 50);
    insert.bind(1, std::int64_t{id});
    insert.bind(2, std::string_view(source));
    insert.bind(3, std::int64_t{pick(2)});
    std::string blob;
    if (!unknown()) {
      geom::Geometry shape;
      const double x = pick(20), y = pick(20), size = pick(4);
      shape.points.push_back({x, y});
      if (size > 0) {
        shape.kind = geom::Kind::polygon;
        shape.points = {{x, y}, {x + size, y}, {x + size, y + 1}, {x, y + 1}, {x, y}};
        shape.end_ring();
        shape.end_part();
      }
      geom::encode_spatialite(shape, 6668, blob);
      const auto box = shape.bounds();
      auto index = connection.prepare("INSERT INTO idx_sites_geom VALUES (?1,?2,?3,?4,?5)");
      index.bind(1, std::int64_t{id});
      index.bind(2, box.min_x);
      index.bind(3, box.max_x);
      index.bind(4, box.min_y);
      index.bind(5, box.max_y);
      index.run();
    }
    if (blob.empty())
      insert.bind_null(4);
    else
      insert.bind_blob(4, blob);
    const auto level = std::string(one_of<std::string>({"public", "consented", "internal"}));
    const std::vector<catalogue::Value> values{unknown() ? catalogue::Value{} : one_of(m_texts),
                                               unknown() ? catalogue::Value{} : one_of(m_texts),
                                               unknown() ? catalogue::Value{} : std::int64_t{pick(7) - 3},
                                               unknown() ? catalogue::Value{} : (pick(8) - 4) * 0.5,
                                               unknown() ? catalogue::Value{} : std::int64_t{pick(2)},
                                               unknown() ? catalogue::Value{} : one_of(m_days),
                                               unknown() ? catalogue::Value{} : one_of(m_days),
                                               unknown() ? catalogue::Value{} : one_of(m_instants),
                                               level};
    for (std::size_t i = 0; i < values.size(); ++i) insert.bind(static_cast<int>(i) + 5, values[i]);
    insert.run();
  }

  std::string number() { return one_of<std::string>({"-1", "0", "2", "0.5", "-1.5", "9223372036854775807"}); }
  std::string text() { return "'" + one_of(m_texts) + "'"; }
  std::string day() { return "DATE('" + one_of(m_days) + "')"; }
  std::string instant() { return "TIMESTAMP('" + one_of(m_instants) + "')"; }
  std::string compare() { return one_of<std::string>({" = ", " <> ", " < ", " <= ", " > ", " >= "}); }
  std::string numeric() {
    return one_of<std::string>({"n", "r", "id", "n + r", "n / 2", "n % 2", "n div 2"});
  }
  std::string shape() {
    const auto xy = [&] { return std::to_string(pick(20)) + " " + std::to_string(pick(20)); };
    switch (pick(3)) {
      case 0:
        return "POINT(" + xy() + ")";
      case 1:
        return "LINESTRING(" + xy() + ", 21 20.5)";
      default: {
        const int x = pick(18), y = pick(18);
        return "BBOX(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(x + 3) + "," +
               std::to_string(y + 3) + ")";
      }
    }
  }

  std::string leaf() {
    switch (pick(16)) {
      case 0:
        return "name" + compare() + text();
      case 1:
        return "name" + compare() + "other";
      case 2:
        return numeric() + compare() + number();
      case 3:
        return "n" + compare() + "r";
      case 4:
        return one_of<std::string>({"b", "synthetic", "b = FALSE", "later IS NULL", "later = 'x'", "TRUE"});
      case 5:
        return one_of<std::string>({"d", "e", "s"}) + compare() + day();
      case 6:
        return one_of<std::string>({"d", "s"}) + compare() + instant();
      case 7:
        return "d" + compare() + one_of<std::string>({"e", "s"});
      case 8:
        return "name " + one_of<std::string>({"", "NOT "}) + "LIKE '" +
               one_of<std::string>({"a%", "A%", "%b", "_", "区%", "50\\%", "", "%", "é%"}) + "'";
      case 9:
        return "name " + one_of<std::string>({"", "NOT "}) + "IN (" + text() + ", " + text() + ")";
      case 10:
        return numeric() + " IN (" + number() + ", " + number() + ", " + number() + ")";
      case 11:
        return numeric() + one_of<std::string>({"", " NOT"}) + " BETWEEN " + number() + " AND r";
      case 12:
        return one_of<std::string>({"name", "n", "r", "b", "d", "s", "geom", "n + r"}) + " IS NULL";
      case 13:
        return "CASEI(name) = CASEI(" + text() + ")";
      case 14:
        return one_of<std::string>({"T_BEFORE", "T_INTERSECTS", "T_DISJOINT"}) + "(" +
               one_of<std::string>({"d", "s", "INTERVAL(d, e)", "INTERVAL(d, '..')"}) + ", " + day() + ")";
      default:
        return one_of<std::string>({"S_INTERSECTS", "S_DISJOINT", "S_TOUCHES", "S_WITHIN", "S_EQUALS"}) +
               "(geom, " + shape() + ")";
    }
  }

  std::string random_filter(int depth) {
    if (depth == 0 || pick(4) == 0) return leaf();
    switch (pick(3)) {
      case 0:
        return "NOT (" + random_filter(depth - 1) + ")";
      case 1:
        return "(" + random_filter(depth - 1) + ") AND (" + random_filter(depth - 1) + ")";
      default:
        return "(" + random_filter(depth - 1) + ") OR (" + random_filter(depth - 1) + ")";
    }
  }

  using Ids = std::vector<std::int64_t>;
  static store::Visitor into(Ids& ids) {
    return [&ids](const store::FeatureView& view) { ids.push_back(view.id); };
  }

  std::mt19937 m_random{20240401};
  test::TemporaryFolder m_folder;
  catalogue::Layer m_layer;
  std::optional<catalogue::Layer> m_shown;
  std::shared_ptr<const store::Dataset> m_dataset;
};

TEST_F(Filtered, SqlAndEvaluationAgreeAndTheNormalFormIsStable) {
  const auto never = base::Deadline::never();
  int some = 0, by_sql = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::string text = random_filter(3);
    SCOPED_TRACE(text);
    const auto predicate = filter::parse_text(text, m_dataset->layer());
    EXPECT_EQ(filter::parse_text(predicate->normalised(), m_dataset->layer())->normalised(),
              predicate->normalised());
    store::Audience audience;
    audience.everywhere = static_cast<Disclosure>(pick(3));
    const auto seen = m_dataset->seen_by(audience, nullptr, {});
    const geom::Box box{5, 5, 12.5, 14};
    const auto evaluated = [&](const auto& visit_all) {
      filter::Evaluator evaluator(predicate->root());
      Ids out;
      visit_all([&](const store::FeatureView& view) {
        if (evaluator({view.id, view.source_id, view.synthetic, view.values, view.geometry}) ==
            filter::Truth::yes)
          out.push_back(view.id);
      });
      return out;
    };
    const Ids expected = evaluated([&](const store::Visitor& visit) { seen->page(0, k_rows, never, visit); });
    const Ids expected_in_box =
        evaluated([&](const store::Visitor& visit) { seen->in_box(box, never, visit); });
    Ids paged, in_box;
    for (std::int64_t after = 0;;) {
      const std::size_t before = paged.size();
      seen->page(after, 7, never, into(paged), predicate.get());
      if (paged.size() == before) break;
      EXPECT_LE(paged.size() - before, 7U);
      after = paged.back();
    }
    seen->in_box(box, never, into(in_box), predicate.get());
    ASSERT_EQ(paged, expected);
    ASSERT_EQ(in_box, expected_in_box);
    ASSERT_EQ(seen->count({}, never, predicate.get()), std::ssize(expected));
    ASSERT_EQ(seen->count(box, never, predicate.get()), std::ssize(expected_in_box));
    some += !expected.empty();
    by_sql += !store::to_sql(*predicate, m_dataset->layer(), m_layer, "x", 1).rest;
  }
  EXPECT_GT(some, 500);
  EXPECT_GT(by_sql, 200);
}

// Against the tables of three-valued logic: a compound filter is what its parts are, row by row.
TEST_F(Filtered, TheNormalFormKeepsTheMeaningOfItsParts) {
  using filter::Truth;
  for (int round = 0; round < 300; ++round) {
    const std::string a = random_filter(2), b = random_filter(2);
    SCOPED_TRACE(a + " | " + b);
    const auto evaluator = [&](const std::string& text) {
      return filter::Evaluator(filter::parse_text(text, m_dataset->layer())->root());
    };
    auto one = evaluator(a), other = evaluator(b), no = evaluator("NOT (" + a + ")"),
         both = evaluator("(" + a + ") AND (" + b + ")"), any = evaluator("(" + a + ") OR (" + b + ")"),
         neither = evaluator("NOT ((" + a + ") OR (" + b + "))");
    const auto opposite = [](Truth t) {
      return t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : Truth::unknown;
    };
    m_dataset->page(0, 60, base::Deadline::never(), [&](const auto& view) {
      const filter::Row row{view.id, view.source_id, view.synthetic, view.values, view.geometry};
      const Truth x = one(row), y = other(row);
      ASSERT_EQ(no(row), opposite(x));
      ASSERT_EQ(both(row), std::min(x, y));
      ASSERT_EQ(any(row), std::max(x, y));
      ASSERT_EQ(neither(row), opposite(std::max(x, y)));
    });
  }
}

TEST_F(Filtered, AFilterShowsNothingThatIsHidden) {
  const auto never = base::Deadline::never();
  const auto seen = m_dataset->seen_by({}, nullptr, {});
  for (const char* text : {"disclosure <> 'public'", "disclosure = 'internal' OR disclosure = 'consented'"})
    EXPECT_EQ(seen->count({}, never, filter::parse_text(text, m_dataset->layer()).get()), 0);
  const auto all = filter::parse_text("TRUE OR n > 1", m_dataset->layer());
  EXPECT_EQ(seen->count({}, never, all.get()), seen->count({}, never));
  EXPECT_LT(seen->count({}, never), k_rows);
}

TEST_F(Filtered, NoTextOfTheCallerIsInTheSql) {
  const auto predicate = filter::parse_text(
      "name = 'x'' OR 1=1 --' AND S_INTERSECTS(geom, POINT(17.25 3)) AND n = 4711", m_dataset->layer());
  const auto sql = store::to_sql(*predicate, m_dataset->layer(), m_layer, "\"idx\"", 7);
  for (const char* word : {"x'", "17.25", "4711", "--"})
    EXPECT_EQ(sql.clause.find(word), std::string::npos) << sql.clause;
  EXPECT_EQ(sql.values.size(), 6U);
  EXPECT_EQ(m_dataset->count({}, base::Deadline::never(), predicate.get()), 0);
}

TEST_F(Filtered, TheLargestFilterIsWithinWhatSqliteTakes) {
  std::string chain = "n = 0", list = "n IN (0";
  for (int i = 1; i < 600; ++i) chain += (i % 2 == 0 ? " OR n = " : " OR r > ") + std::to_string(i);
  for (int i = 1; i < 1900; ++i) list += "," + std::to_string(i);
  for (const std::string& text : {chain, list + ")"})
    EXPECT_GT(
        m_dataset->count({}, base::Deadline::never(), filter::parse_text(text, m_dataset->layer()).get()), 0);
}

TEST_F(Filtered, TheDeadlineEndsAScan) {
  const auto predicate = filter::parse_text("CASEI(name) = 'nothing'", m_dataset->layer());
  EXPECT_THROW(m_dataset->count({}, base::Deadline::after(std::chrono::milliseconds(0)), predicate.get()),
               base::Error);
}

}  // namespace
