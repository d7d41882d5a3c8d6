// Rows of one key: what becomes of their children, amounts, dates and repetitions, by the profiles shipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "importers/core/collector.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/source.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::importers {
namespace {

using catalogue::Value;
using testing::ElementsAre;
using testing::IsEmpty;

const std::filesystem::path root = RITCHI_SOURCE_DIR;

struct Imported {
  std::vector<load::Record> records;
  ImportReport report;
  std::string rejects;
};

class Rows : public testing::Test {
 protected:
  Imported import(const std::string& profile_id, const std::string& text,
                  const std::map<std::string, std::string>& columns = {}) {
    const auto file = m_folder.path() / "rows.csv";
    std::ofstream(file, std::ios::binary) << text;
    m_catalogue.emplace(catalogue::Catalogue::load(root / "styles"));
    m_profile = load_profile(root / "importers" / "profiles" / (profile_id + ".json"));
    m_layer = m_catalogue->find_layer(m_profile.layer);
    check_against(m_profile, *m_layer);
    const auto source = open_source(file.string(), "rows.csv", {});
    Mapper mapper(m_profile, *m_layer, *m_catalogue, {columns, {}, default_max_repair_share, nullptr});
    Imported out;
    const auto rejects = m_folder.path() / "rejects.csv";
    RejectFile file_of_rejects(m_folder.path() / "stem", "en");
    const RepeatedIds none;
    Collector collector(*m_layer, m_profile.identity.repeat, m_profile.rows, load::Apply::replace, none,
                        file_of_rejects,
                        [&](load::Record&& record) { out.records.push_back(std::move(record)); });
    mapper.attach(*source);
    source->start(std::nullopt);
    SourceFeature feature;
    Mapped mapped;
    while (source->next(feature)) {
      OriginalShape shape;
      shape.keep(feature);
      mapper.map(feature, mapped);
      file_of_rejects.at("rows.csv", source->layers()[feature.layer], feature, shape);
      collector.take(mapped, "rows.csv", feature.label);
    }
    collector.finish();
    out.report = collector.report();
    if (file_of_rejects.keep(rejects)) {
      std::ifstream in(rejects);
      out.rejects.assign(std::istreambuf_iterator<char>(in), {});
    }
    return out;
  }

  std::string at(const load::Record& record, const std::string& attribute) const {
    return text_of(record.values[m_layer->index_of(attribute)]);
  }
  // The rows of a child table, each as its values with | between.
  std::vector<std::string> children(const load::Record& record, const std::string& table) const {
    std::vector<std::string> out;
    const auto index = child_index(*m_layer, table);
    if (index >= record.children.size()) return out;
    for (const auto& row : record.children[index]) {
      std::string line;
      for (const auto& value : row) line += (line.empty() ? "" : "|") + text_of(value);
      out.push_back(std::move(line));
    }
    return out;
  }

 private:
  test::TemporaryFolder m_folder;
  std::optional<catalogue::Catalogue> m_catalogue;
  Profile m_profile;
  const catalogue::Layer* m_layer = nullptr;
};

const std::string lenders =
    "事業番号,事業名,市区町村コード,総事業費,公費,融資額,金融機関名,金融機関区分,金融機関別融資額,開示区分\n";

TEST_F(Rows, LendersOfOneProjectAreItsChildrenAndAmountsOfTheProjectCountOnce) {
  const auto out =
      import("investments",
             lenders +
                 "1,紀の川,30208,\"29,002千円\",\"14,502千円\",,甲銀行,地銀,\"10,000千円\",公開\n"
                 "2,久慈,03207,,\"40,000千円\",\"57,505千円\",乙信用金庫,信金,,公開\n"
                 "1,紀の川,30208,\"29,002千円\",\"14,502千円\",,乙信用金庫,信金,\"4,500千円\",公開\n");
  ASSERT_EQ(out.records.size(), 2U);
  const auto& project = out.records[0];
  EXPECT_EQ(at(project, "amount_jpy"), "29002000");
  EXPECT_EQ(at(project, "public_jpy"), "14502000");
  // The source gives the loans by lender only: their sum is the project's.
  EXPECT_EQ(at(project, "loan_jpy"), "14500000");
  EXPECT_THAT(children(project, "lenders"),
              ElementsAre("甲銀行|regional_bank|10000000|", "乙信用金庫|shinkin_bank|4500000|"));
  EXPECT_THAT(project.notes, IsEmpty());
  // A total stays as the source says where a lender's amount is not known.
  EXPECT_EQ(at(out.records[1], "loan_jpy"), "57505000");
  EXPECT_THAT(children(out.records[1], "lenders"), ElementsAre("乙信用金庫|shinkin_bank||"));
  EXPECT_EQ(out.report.accepted, 3);
  EXPECT_EQ(out.report.merged_away, 1);
}

TEST_F(Rows, ASumThatIsNotTheTotalIsNotedAndTheTotalStays) {
  const auto out =
      import("investments", lenders +
                                "1,紀の川,30208,,,\"14,502千円\",甲銀行,,\"10,000千円\",公開\n"
                                "1,紀の川,30208,,,\"14,502千円\",乙信用金庫,,\"4,500千円\",公開\n");
  ASSERT_EQ(out.records.size(), 1U);
  EXPECT_EQ(at(out.records[0], "loan_jpy"), "14502000");
  EXPECT_THAT(out.records[0].notes,
              ElementsAre(load::Note{"sum_differs", "loan_jpy", "14502000 JPY", "14500000 JPY"}));
}

TEST_F(Rows, ASumWithAnUnknownPartIsUnknown) {
  const auto out = import("investments", lenders +
                                             "1,甲,30208,,,,甲銀行,,\"10,000千円\",公開\n"
                                             "1,甲,30208,,,,乙銀行,,,公開\n");
  ASSERT_EQ(out.records.size(), 1U);
  EXPECT_EQ(at(out.records[0], "loan_jpy"), "");
  EXPECT_EQ(children(out.records[0], "lenders").size(), 2U);
}

TEST_F(Rows, ASumBeyondWhatCanBeStoredIsAFault) {
  const auto out = import("investments", lenders +
                                             "1,甲,30208,,,,甲銀行,,9000000000000000000円,公開\n"
                                             "1,甲,30208,,,,乙銀行,,9000000000000000000円,公開\n");
  EXPECT_TRUE(out.records.empty());
  EXPECT_NE(out.rejects.find("too large"), std::string::npos);
}

TEST_F(Rows, ARowThatRepeatsAnotherCountsOnceAndIsReported) {
  const std::string row = "1,甲,30208,,,,甲銀行,,\"10,000千円\",公開\n";
  const auto out = import("investments", lenders + row + row + "1,甲,30208,,,,甲銀行,,\"20,000千円\",公開\n");
  ASSERT_EQ(out.records.size(), 1U);
  // The same lender twice with other amounts are two loans.
  EXPECT_EQ(at(out.records[0], "loan_jpy"), "30000000");
  EXPECT_EQ(children(out.records[0], "lenders").size(), 2U);
  EXPECT_EQ(out.report.duplicate_rows, 1);
  EXPECT_EQ(out.report.accepted, 3);
}

TEST_F(Rows, RowsThatDisagreeInAnAmountOfTheProjectAreAllRejected) {
  const auto out = import("investments", lenders +
                                             "1,甲,30208,100円,,,甲銀行,,,公開\n"
                                             "1,甲,30208,200円,,,乙銀行,,,公開\n"
                                             "2,乙,30208,,,,,,,公開\n");
  ASSERT_EQ(out.records.size(), 1U);
  EXPECT_EQ(out.report.rejected, 2);
  EXPECT_NE(out.rejects.find("amount_jpy"), std::string::npos);
  // A project without any lender has no row of one.
  EXPECT_THAT(children(out.records[0], "lenders"), IsEmpty());
}

TEST_F(Rows, OneCellMayNameSeveralLendersButNotShareAnAmount) {
  const auto out = import("investments", lenders +
                                             "1,甲,30208,,,,A銀行、B信用金庫、,,,公開\n"
                                             "2,乙,30208,,,,A銀行、B信用金庫,,\"10,000千円\",公開\n");
  ASSERT_EQ(out.records.size(), 2U);
  EXPECT_THAT(children(out.records[0], "lenders"), ElementsAre("A銀行|||", "B信用金庫|||"));
  EXPECT_THAT(children(out.records[1], "lenders"), ElementsAre("A銀行、B信用金庫||10000000|"));
}

TEST_F(Rows, AColumnGivenToAChildByHandIsNotTheProjects) {
  const std::string text =
      "事業番号,事業名,金融機関名,融資額（千円）\n1,甲,甲銀行,\"10,000\"\n1,甲,乙銀行,\"4,500\"\n";
  EXPECT_TRUE(import("investments", text).records.empty());  // as totals, they contradict each other
  const auto out = import("investments", text, {{"lenders.loan_jpy", "融資額（千円）"}});
  ASSERT_EQ(out.records.size(), 1U);
  EXPECT_THAT(children(out.records[0], "lenders"), ElementsAre("甲銀行||10000|", "乙銀行||4500|"));
}

TEST_F(Rows, ProgressOfAPlanIsDatedAndItsGoalsAreRepeated) {
  const auto out = import(
      "clusters",
      "計画番号,計画名,計画区分,KGI投資額,進捗時点,投資実績額,育成人数実績,KPI,区域\n"
      "A-1,甲計画,A,8000億円,令和8年9月30日,100億円,120,KPI①達成,\"POLYGON((138 37,138 38,139 38,138 37))\"\n"
      "A-1,甲計画,A,8000億円,2027-03-31,300億円,,,\"POLYGON((138 37,138 38,139 38,138 37))\"\n"
      "B-1,乙計画,B,,,,,,\"POLYGON((138 37,138 38,139 38,138 37))\"\n");
  ASSERT_EQ(out.records.size(), 2U) << out.rejects;
  EXPECT_EQ(at(out.records[0], "kgi_investment_jpy"), "800000000000");
  EXPECT_THAT(children(out.records[0], "progress"),
              ElementsAre("2026-09-30|10000000000|120||KPI①達成|", "2027-03-31|30000000000||||"));
  EXPECT_THAT(children(out.records[1], "progress"), IsEmpty());
}

TEST_F(Rows, TwoAccountsOfOneDateContradict) {
  const auto out = import("clusters",
                          "計画番号,計画名,計画区分,進捗時点,投資実績額,区域\n"
                          "A-1,甲,A,2027-03-31,300億円,\"POLYGON((138 37,138 38,139 38,138 37))\"\n"
                          "A-1,甲,A,2027-03-31,400億円,\"POLYGON((138 37,138 38,139 38,138 37))\"\n");
  EXPECT_TRUE(out.records.empty());
  EXPECT_NE(out.rejects.find("progress.as_of"), std::string::npos);
}

TEST_F(Rows, AnUndertakingIsAsInItsLatestYear) {
  const auto out =
      import("waterworks",
             "事業番号,事業名,事業者,年度,給水能力(m3/日),契約水量(千m3/"
             "日),管路経年化率(%),純損益（千円）,給水区域\n"
             "1,新工水,新県,令和5年度,100,0.09,50.5,▲100,\"POLYGON((138 37,138 38,139 38,138 37))\"\n"
             "1,旧工水,,令和4年度,120,0.08,48,200,\"POLYGON((138 37,138 38,138.5 38,138 37))\"\n"
             "1,新工水,,2024,110,,,,\n");
  ASSERT_EQ(out.records.size(), 1U) << out.rejects;
  const auto& works = out.records[0];
  EXPECT_EQ(at(works, "fiscal_year"), "2024");
  EXPECT_EQ(at(works, "capacity_m3_per_day"), "110");
  // What the latest year leaves open is unknown, not an old figure; what is no yearly figure stays.
  EXPECT_EQ(at(works, "contracted_m3_per_day"), "");
  EXPECT_EQ(at(works, "name"), "新工水");
  EXPECT_EQ(at(works, "operator"), "新県");
  ASSERT_TRUE(works.geometry.has_value());
  EXPECT_EQ(works.geometry->points[2].x, 139);
  const auto years = children(works, "years");
  ASSERT_EQ(years.size(), 3U);
  EXPECT_EQ(years[0].substr(0, 9), "2023|100|");
  EXPECT_NE(years[0].find("|-100000"), std::string::npos);
  EXPECT_EQ(years[1].substr(0, 9), "2022|120|");
}

TEST_F(Rows, PrecisionFollowsFromWhatIsKnownAndDisclosureIsTheStrictest) {
  const auto out = import("investments",
                          "事業番号,事業名,所在地,市区町村コード,都道府県コード,経度,緯度,開示区分\n"
                          "1,甲,長岡市1番地,15202,15,138.85,37.45,公開\n2,乙,長岡市大手通1-4-10,15202,15,,,\n"
                          "3,丙,新潟県,,15,,,要確認\n4,丁,どこか,,,,,同意\n");
  ASSERT_EQ(out.records.size(), 4U) << out.rejects;
  std::vector<std::string> precision, disclosure;
  for (const auto& record : out.records) {
    precision.push_back(at(record, "location_precision"));
    disclosure.push_back(at(record, "disclosure"));
  }
  EXPECT_THAT(precision, ElementsAre("point", "municipality", "prefecture", "none"));
  EXPECT_THAT(disclosure, ElementsAre("public", "internal", "internal", "consented"));
  EXPECT_TRUE(out.records[0].geometry.has_value());
  EXPECT_FALSE(out.records[1].geometry.has_value());
}

TEST(RowRules, AreCheckedAgainstTheLayer) {
  const auto catalogue = catalogue::Catalogue::load(root / "styles");
  const auto& layer = *catalogue.find_layer("investments");
  std::ifstream in(root / "importers" / "profiles" / "investments.json");
  const auto good = nlohmann::json::parse(in);
  const auto refused = [&](const std::function<void(nlohmann::json&)>& spoil) -> std::string {
    auto object = good;
    spoil(object);
    try {
      check_against(parse_profile(object, "p.json"), layer);
    } catch (const base::Error& error) {
      return error.where() + ": " + error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refused([](auto&) {}), "accepted");
  EXPECT_EQ(refused([](auto& p) { p["identity"]["repeat"] = "reject"; }),
            "p.json/children: needs identity.repeat 'merge'");
  EXPECT_EQ(refused([](auto& p) { p["children"][0]["to"] = "banks"; }),
            "investments.json/children: layer 'investments' has no child table 'banks'");
  EXPECT_EQ(refused([](auto& p) { p["totals"][0]["sum"] = "lenders.name"; }),
            "investments.json/totals: 'name' is no whole number: only those are added up exactly");
  EXPECT_EQ(refused([](auto& p) { p["children"][0]["fields"][1]["parse"] = "text"; }),
            "investments.json/children: 'lender_kind' has a code list: parse must be 'code'");
  EXPECT_EQ(refused([](auto& p) { p["latest_by"] = "year"; }),
            "investments.json/latest_by: layer 'investments' has no attribute 'year'");
  EXPECT_EQ(refused([](auto& p) { p["defaults"][0]["to"] = "jobs"; }),
            "investments.json/defaults: layer 'investments' has no attribute of text 'jobs'");
  EXPECT_EQ(refused([](auto& p) {
              p["geometry"]["from"] = {"source", "air"};
            }),
            "p.json/geometry/from: 'air' is none of source, wkt, lonlat, ends, nodes");
}

}  // namespace
}  // namespace ritchi::importers
