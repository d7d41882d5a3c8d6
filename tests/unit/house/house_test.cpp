#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/unit/house/house.hpp"

namespace ritchi::house {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree(RITCHI_SOURCE_DIR);
  return files;
}

std::string links_of_this_build() {
  std::ifstream in(std::string(RITCHI_BINARY_DIR) + "/links.txt");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string listed(const Findings& findings) {
  std::string text;
  for (const std::string& finding : findings) text += "\n  " + finding;
  return text;
}

// The project as it stands.

TEST(House, IncludesFollowThePlan) {
  ASSERT_GT(tree().size(), 20U) << "the tree was not found at " RITCHI_SOURCE_DIR;
  const Findings findings = judge_includes(tree());
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(House, LinksFollowThePlan) {
  const std::string links = links_of_this_build();
  ASSERT_THAT(links, HasSubstr("geodata_store STATIC_LIBRARY geodata:"));
  ASSERT_THAT(links, HasSubstr("ritchi EXECUTABLE tileserver:"));
  const Findings findings = judge_links(links);
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(House, FilesCanBeReadInOneSitting) {
  const Findings findings = judge_sizes(tree());
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(House, TopLevelHoldsTheOwnersSevenEntries) {
  const Findings findings = judge_top_level(visible_entries(RITCHI_SOURCE_DIR));
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

// That each rule is seen when it is broken.

Findings judge_one(std::string path, std::string text) {
  return judge_includes({{std::move(path), std::move(text)}});
}

TEST(HouseRules, ForbiddenIncludeIsFound) {
  EXPECT_THAT(judge_one("geodata/base/text.cpp", "#include \"geodata/geom/geometry.hpp\"\n"),
              Contains(HasSubstr("geodata/base may not use geodata/geom")));
  EXPECT_THAT(judge_one("tileserver/api/a.cpp", "#include \"geodata/load/dataset_writer.hpp\"\n"),
              Contains(HasSubstr("may not use geodata/load")));
  EXPECT_THAT(judge_one("tileserver/tiles/a.cpp", "#include \"importers/core/run.hpp\"\n"), SizeIs(1));
  EXPECT_THAT(judge_one("importers/core/a.cpp", "#include \"tileserver/tiles/mvt.hpp\"\n"), SizeIs(1));
  EXPECT_THAT(judge_one("tileserver/http/a.cpp", "#include \"geodata/store/store.hpp\"\n"), SizeIs(1));
}

TEST(HouseRules, NoWayOfWritingAnIncludeHidesAnArrow) {
  const std::string path = "geodata/base/text.cpp";
  EXPECT_THAT(judge_one(path, "  #  include <geodata/store/store.hpp>\n"), SizeIs(1));
  EXPECT_THAT(judge_one(path, "#ifdef X\n\t#include\t\"geodata/store/store.hpp\" // why\n#endif\n"),
              SizeIs(1));
  EXPECT_THAT(judge_one(path, "#include \"../store/store.hpp\"\n"),
              Contains(HasSubstr("from the project's root")));
  EXPECT_THAT(judge_one(path, "#include \"error.hpp\"\n"), SizeIs(1));
}

TEST(HouseRules, AllowedIncludesAndWordsInCommentsPass) {
  EXPECT_THAT(judge_one("geodata/store/a.cpp",
                        "#include \"geodata/store/b.hpp\"\n#include \"geodata/geom/geometry.hpp\"\n"
                        "#include <sqlite3.h>\n#include <vector>\n// #include \"tileserver/api/a.hpp\"\n"),
              IsEmpty());
  EXPECT_THAT(judge_one("tileserver/http/session.cpp", "#include <boost/beast/http.hpp>\n"), IsEmpty());
}

TEST(HouseRules, ForeignLibrariesStayInTheirRoom) {
  EXPECT_THAT(judge_one("tileserver/api/a.cpp", "#include <boost/asio.hpp>\n"), SizeIs(1));
  EXPECT_THAT(judge_one("geodata/load/a.cpp", "#include <gdal_priv.h>\n"), SizeIs(1));
  EXPECT_THAT(judge_one("geodata/geom/a.cpp", "#include <ogrsf_frmts.h>\n"), SizeIs(1));
  EXPECT_THAT(judge_one("tileserver/tiles/a.cpp", "#include <gdal/cpl_conv.h>\n"), SizeIs(1));
  EXPECT_THAT(judge_one("importers/core/a.cpp", "#include <sqlite3.h>\n"), SizeIs(1));
  EXPECT_THAT(judge_one("tileserver/tiles/a.cpp", "#include <spatialite/gaiageo.h>\n"), SizeIs(1));
}

TEST(HouseRules, GeneratedProtobufStaysInOneFile) {
  const std::string include = "#include \"vector_tile.pb.h\"\n";
  EXPECT_THAT(judge_includes({{"tileserver/tiles/mvt.cpp", include}}), IsEmpty());
  EXPECT_THAT(
      judge_includes({{"tileserver/tiles/mvt.cpp", include}, {"tileserver/tiles/other.cpp", include}}),
      SizeIs(2));
}

TEST(HouseRules, CodeOutsideTheRoomsIsFound) {
  EXPECT_THAT(judge_one("geodata/misc/a.cpp", "\n"), Contains(HasSubstr("no room of the plan")));
}

TEST(HouseRules, ForbiddenLinkIsFoundAtAnyDepth) {
  const std::string base =
      "geodata_base STATIC_LIBRARY geodata: fmt::fmt\n"
      "geodata_store STATIC_LIBRARY geodata: geodata_base\n"
      "geodata_load STATIC_LIBRARY geodata: geodata_store\n"
      "tileserver_tiles STATIC_LIBRARY tileserver: geodata_store\n";
  EXPECT_THAT(judge_links(base), IsEmpty());
  EXPECT_THAT(judge_links(base + "ritchi EXECUTABLE tileserver: tileserver_tiles geodata_load\n"),
              Contains(HasSubstr("tileserver/app may not use geodata/load")));
  EXPECT_THAT(judge_links(base + "tileserver_api STATIC_LIBRARY tileserver: GDAL::GDAL\n"
                                 "ritchi EXECUTABLE tileserver: tileserver_api\n"),
              Contains(HasSubstr("ritchi links GDAL::GDAL")));
  EXPECT_THAT(judge_links(base + "importers_core STATIC_LIBRARY importers: geodata_load tileserver_tiles\n"),
              Contains(HasSubstr("importers_core reaches tileserver_tiles")));
  EXPECT_THAT(judge_links("geodata_misc STATIC_LIBRARY geodata: \n"), Contains(HasSubstr("no room")));
}

TEST(HouseRules, LongFilesAreFound) {
  EXPECT_THAT(judge_sizes({{"geodata/base/a.cpp", std::string(420, '\n')}}), IsEmpty());
  EXPECT_THAT(judge_sizes({{"geodata/base/a.cpp", std::string(421, '\n')}}), SizeIs(1));
  EXPECT_THAT(judge_sizes({{"tests/run", std::string(421, '\n')}}), SizeIs(1));
  EXPECT_THAT(judge_sizes({{"tileserver/app/main.cpp", std::string(61, '\n')}}), SizeIs(1));
}

TEST(HouseRules, StrangersAtTheTopAreFound) {
  EXPECT_THAT(judge_top_level({"CMakeLists.txt", "README.md", "geodata"}), IsEmpty());
  EXPECT_THAT(judge_top_level({"docs", "README.md"}), Contains(HasSubstr("docs")));
}

}  // namespace
}  // namespace ritchi::house
