// The publish invariants: whole or absent, equal input gives equal bytes, nothing left behind.
#include "geodata/load/dataset_writer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/integrity.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ritchi;

using Folder = test::TemporaryFolder;

catalogue::Layer sites() {
  return catalogue::parse_layer(nlohmann::json::parse(R"({
    "id": "sites", "geometry": "polygon", "attributes": [
      {"name": "name", "type": "text"}, {"name": "area_ha", "type": "real"},
      {"name": "companies", "type": "integer"}, {"name": "open", "type": "boolean"},
      {"name": "measured_ha", "type": "real", "computed": "area_ha"}]})"),
                                "test");
}

geom::Geometry square(double x, double y, double side) {
  geom::Geometry out;
  out.kind = geom::Kind::polygon;
  out.points = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
  out.end_ring();
  out.end_part();
  return out;
}

load::Record site(std::int64_t id) {
  const double shift = static_cast<double>(id) * 0.001;
  return {id,
          "S" + std::to_string(id),
          id % 2 == 0,
          square(138.8 + shift, 37.4, 0.0005),
          {std::string("㈱髙﨑 𠮷野家 ｶﾅ"), 1.25, {}, true, {}}};
}

store::DatasetInfo info() {
  store::DatasetInfo out;
  out.partition = "15";
  out.profile = "test";
  out.as_of = "2024-04-01";
  return out;
}

load::Outcome write(const fs::path& data, int count, store::DatasetInfo about = info()) {
  load::DatasetWriter writer(data, sites());
  for (int id = 1; id <= count; ++id) writer.add(site(id));
  return writer.publish(std::move(about));
}

// sites/15.15e64a262a448f99.tiles: the tiles of 15.
std::string without_revision(const std::string& name) {
  return name.ends_with(".tiles") ? name.substr(0, name.find('.')) + ".tiles" : name;
}

// But for the empty file that is locked while something is published.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().filename() != ".publishing")
      out.push_back(without_revision(fs::relative(entry.path(), folder).string()));
  std::sort(out.begin(), out.end());
  return out;
}

TEST(DatasetWriter, KeepsEveryValueAndUnknownStaysUnknown) {
  const Folder data;
  ASSERT_EQ(write(data.path(), 3), load::Outcome::published);
  const auto dataset =
      store::Dataset::open(data.path() / "sites" / "15.sqlite", nullptr)->seen_by({}, nullptr, {});
  EXPECT_EQ(dataset->info().whole.rows, 3);
  EXPECT_EQ(dataset->info().whole.synthetic_rows, 1);
  EXPECT_EQ(dataset->info().as_of, "2024-04-01");
  EXPECT_NEAR(dataset->info().whole.extent.min_x, 138.801, 1e-12);
  const auto found = dataset->by_id(2);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->source_id, "S2");
  EXPECT_TRUE(found->synthetic);
  EXPECT_EQ(std::get<std::string>(found->values[0]), "㈱髙﨑 𠮷野家 ｶﾅ");
  EXPECT_EQ(std::get<double>(found->values[1]), 1.25);
  EXPECT_TRUE(catalogue::is_unknown(found->values[2]));
  EXPECT_TRUE(std::get<bool>(found->values[3]));
  EXPECT_NEAR(std::get<double>(found->values[4]), 0.2457, 0.001);  // 44.3 m x 55.5 m
  geom::Geometry geometry;
  geom::decode_spatialite(found->geometry, geometry);
  EXPECT_EQ(geometry.points, site(2).geometry->points);
  EXPECT_FALSE(dataset->by_id(4).has_value());
}

TEST(DatasetWriter, BoxQueryFindsWhatMeetsTheBoxAndNothingFarAway) {
  const Folder data;
  write(data.path(), 200);
  const auto dataset =
      store::Dataset::open(data.path() / "sites" / "15.sqlite", nullptr)->seen_by({}, nullptr, {});
  std::vector<std::int64_t> ids;
  dataset->in_box({138.8102, 37.4001, 138.8121, 37.4002}, base::Deadline::never(),
                  [&](const store::FeatureView& feature) { ids.push_back(feature.id); });
  EXPECT_EQ(ids, (std::vector<std::int64_t>{10, 11, 12}));
  ids.clear();
  dataset->page(150, 3, base::Deadline::never(),
                [&](const store::FeatureView& feature) { ids.push_back(feature.id); });
  EXPECT_EQ(ids, (std::vector<std::int64_t>{151, 152, 153}));
}

TEST(DatasetWriter, EqualInputGivesEqualBytesAndASecondRunPublishesNothing) {
  const Folder one;
  const Folder two;
  ASSERT_EQ(write(one.path(), 500), load::Outcome::published);
  ASSERT_EQ(write(two.path(), 500), load::Outcome::published);
  EXPECT_EQ(base::read_file(one.path() / "sites" / "15.sqlite"),
            base::read_file(two.path() / "sites" / "15.sqlite"));
  const auto before = fs::last_write_time(one.path() / "sites" / "15.sqlite");
  EXPECT_EQ(write(one.path(), 500), load::Outcome::unchanged);
  EXPECT_EQ(fs::last_write_time(one.path() / "sites" / "15.sqlite"), before);
  EXPECT_EQ(files_below(one.path()), (std::vector<std::string>{"sites/15.sqlite", "sites/15.tiles"}));
}

TEST(DatasetWriter, WhatWasPublishedChecksOutWhateverTheOrderOfItsRecords) {
  const Folder data;
  load::DatasetWriter writer(data.path(), sites());
  for (const std::int64_t id : {7, 3, 900, 1, 44}) writer.add(site(id));
  writer.publish(info());
  EXPECT_EQ(store::check_dataset(data.path() / "sites" / "15.sqlite"), std::vector<std::string>{});
}

TEST(DatasetWriter, ANewRevisionReplacesTheOldAndReadersOfTheOldGoOn) {
  const Folder data;
  write(data.path(), 3);
  const auto old =
      store::Dataset::open(data.path() / "sites" / "15.sqlite", nullptr)->seen_by({}, nullptr, {});
  ASSERT_EQ(write(data.path(), 5), load::Outcome::published);
  const auto fresh =
      store::Dataset::open(data.path() / "sites" / "15.sqlite", nullptr)->seen_by({}, nullptr, {});
  EXPECT_NE(old->info().whole.revision, fresh->info().whole.revision);
  // A visitor that asks again holds the first connection, so a second one is opened on the replaced file.
  std::int64_t seen = 0;
  old->page(0, 100, base::Deadline::never(), [&](const store::FeatureView&) {
    ++seen;
    EXPECT_FALSE(old->by_id(5).has_value());
  });
  EXPECT_EQ(seen, 3);
  EXPECT_TRUE(fresh->by_id(5).has_value());
}

TEST(DatasetWriter, SyntheticRecordsAreNotCreditedToThePublisherOfTheirFormat) {
  const Folder data;
  load::DatasetWriter writer(data.path(), sites());
  writer.add(site(2));  // even ids are synthetic
  writer.add(site(4));
  store::DatasetInfo about = info();
  about.source_name = "Ministry";
  about.attribution = "Ministry";
  about.licence = "CC BY 4.0";
  writer.publish(about);
  const auto dataset =
      store::Dataset::open(data.path() / "sites" / "15.sqlite", nullptr)->seen_by({}, nullptr, {});
  EXPECT_EQ(dataset->info().source_name, "合成データ / synthetic data (format: Ministry)");
  EXPECT_EQ(dataset->info().attribution, "合成データ / synthetic data");
  EXPECT_EQ(dataset->info().licence, "CC0 1.0");
}

TEST(DatasetWriter, WithoutPublishNothingIsLeft) {
  const Folder data;
  {
    load::DatasetWriter writer(data.path(), sites());
    writer.add(site(1));
  }
  EXPECT_TRUE(files_below(data.path()).empty());
}

TEST(DatasetWriter, RemovesWhatADeadImportLeftButNotALivingOne) {
  const Folder data;
  fs::create_directories(data.path() / "sites");
  std::ofstream(data.path() / "sites" / ".import-1-0.tmp") << "left by a killed import";
  load::DatasetWriter living(data.path(), sites());
  EXPECT_EQ(files_below(data.path()).size(), 0U);
  write(data.path(), 2);  // a second import at the same time
  living.add(site(7));
  store::DatasetInfo other = info();
  other.partition = "16";
  EXPECT_EQ(living.publish(other), load::Outcome::published);
  EXPECT_EQ(files_below(data.path()),
            (std::vector<std::string>{"sites/15.sqlite", "sites/15.tiles", "sites/16.sqlite",
                                      "sites/16.tiles", "sites/shared.tiles"}));
}

TEST(DatasetWriter, RefusesDuplicateIdsAndOverlappingPartitions) {
  const Folder data;
  {
    load::DatasetWriter writer(data.path(), sites());
    load::Record other = site(2);
    other.source_id = "A";
    for (const auto& record : {site(1), site(2), site(1), site(3), other}) writer.add(record);
    EXPECT_EQ(writer.publish(info()), load::Outcome::repeated);
    const auto& repeated = writer.repeated_ids();
    ASSERT_EQ(repeated.size(), 2U);
    EXPECT_EQ(repeated[0].id, 1);
    EXPECT_TRUE(repeated[0].same_key);
    EXPECT_EQ(repeated[1].id, 2);
    EXPECT_FALSE(repeated[1].same_key);
    EXPECT_EQ(repeated[1].keeper, "A");
  }
  EXPECT_TRUE(files_below(data.path()).empty());
  EXPECT_EQ(write(data.path(), 2), load::Outcome::published);
  store::DatasetInfo all = info();
  all.partition = "all";
  EXPECT_THROW(write(data.path(), 2, all), base::Error);
  store::DatasetInfo outside = info();
  outside.partition = "../15";
  EXPECT_THROW(write(data.path(), 2, outside), base::Error);
  EXPECT_THROW(write(data.path(), 0), base::Error);
  EXPECT_EQ(files_below(data.path()), (std::vector<std::string>{"sites/15.sqlite", "sites/15.tiles"}));
}

// The failure is met by a thread that the caller does not wait for: it must reach the caller all the same.
TEST(DatasetWriter, AFailureInTheMiddleOfALongImportReachesTheCaller) {
  const Folder data;
  load::DatasetWriter writer(data.path(), sites());
  const auto add_many = [&] {
    for (std::int64_t id = 1; id <= 20000; ++id) {
      load::Record record = site(id);
      if (id == 700) record.geometry.emplace();  // there is no stored form of a shape without points
      writer.add(std::move(record));
    }
    writer.publish(info());
  };
  EXPECT_THROW(add_many(), base::Error);
}

TEST(Dataset, NamesADamagedFile) {
  const Folder data;
  write(data.path(), 100);
  const fs::path file = data.path() / "sites" / "15.sqlite";
  const std::string whole = base::read_file(file);
  const auto expect_damaged = [&](const std::string& bytes) {
    fs::remove(file);
    std::ofstream(file, std::ios::binary) << bytes;
    try {
      store::Dataset::open(file, nullptr);
      FAIL() << "a damaged file of " << bytes.size() << " bytes was opened";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::damaged) << error.line();
      EXPECT_NE(error.line().find("15.sqlite"), std::string::npos) << error.line();
    }
  };
  expect_damaged("");
  expect_damaged("not a database");
  expect_damaged(whole.substr(0, whole.size() - 4096));
  expect_damaged(whole.substr(0, 5000));
  EXPECT_TRUE(store::find_published(data.path(), "sites").empty());
}

// Two folders, one without the rows that the public may not see: what the public gets must be equal.
TEST(Disclosure, HiddenRowsLeaveNoTraceInWhatThePublicGets) {
  const auto layer = catalogue::parse_layer(nlohmann::json::parse(R"({"id": "sites", "geometry": "polygon",
    "attributes": [{"name": "disclosure", "type": "text"}]})"),
                                            "test");
  const std::vector<catalogue::Value> levels{
      std::string("public"), std::string("consented"), std::string("internal"), {}, std::string("PUBLIC")};
  const auto open_rows = [&](bool with_hidden) {
    const Folder data;
    load::DatasetWriter writer(data.path(), layer);
    for (std::int64_t id = 1; id <= 50; ++id) {
      const auto& level = levels[static_cast<std::size_t>(id) % levels.size()];
      if (with_hidden || level == levels[0])
        writer.add({id, "S", false, square(138.0 + static_cast<double>(id) * 0.1, 37, 0.01), {level}});
    }
    store::DatasetInfo about = info();
    about.input_sha256 = with_hidden ? "a" : "b";
    about.rejected = with_hidden ? 3 : 0;
    writer.publish(about);
    const auto dataset =
        store::Dataset::open(data.path() / "sites" / "15.sqlite", nullptr)->seen_by({}, nullptr, {});
    std::vector<std::int64_t> ids;
    dataset->page(0, 100, base::Deadline::never(),
                  [&](const store::FeatureView& row) { ids.push_back(row.id); });
    dataset->in_box({130, 30, 150, 40}, base::Deadline::never(),
                    [&](const store::FeatureView& row) { ids.push_back(row.id); });
    for (std::int64_t id = 1; id <= 50; ++id)
      if (dataset->by_id(id)) ids.push_back(id);
    return std::pair(ids, dataset->info().open);
  };
  const auto with = open_rows(true);
  EXPECT_EQ(with, open_rows(false));
  EXPECT_EQ(with.second.rows, 10);
  EXPECT_EQ(with.first.size(), 30U);
}

TEST(StableId, DependsOnLayerAndKeyAndFitsJavaScript) {
  EXPECT_EQ(load::stable_id("sites", "A1"), load::stable_id("sites", "A1"));
  EXPECT_NE(load::stable_id("sites", "A1"), load::stable_id("parks", "A1"));
  EXPECT_NE(load::stable_id("sites", "A1"), load::stable_id("sites", "A2"));
  for (int i = 0; i < 1000; ++i) {
    const auto id = load::stable_id("sites", std::to_string(i));
    EXPECT_GT(id, 0);
    EXPECT_LT(id, std::int64_t{1} << 53);
  }
}

}  // namespace
