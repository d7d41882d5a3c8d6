#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

using ::testing::HasSubstr;

TEST(Generate, SameSeedSameBytes) {
  const Scratch scratch;
  generate({5, 0.002, "15", scratch.path() / "a"});
  generate({5, 0.002, "15", scratch.path() / "b"});
  EXPECT_EQ(bytes_of(scratch.path() / "a/manifest.json"), bytes_of(scratch.path() / "b/manifest.json"));
  const auto digests = manifest_of(scratch.path() / "a").at("sha256");
  EXPECT_GE(digests.size(), 35U);
  for (const auto& [name, digest] : digests.items()) {
    EXPECT_EQ(base::sha256_hex(bytes_of(scratch.path() / "a" / name)), digest.get<std::string>()) << name;
    EXPECT_EQ(bytes_of(scratch.path() / "a" / name), bytes_of(scratch.path() / "b" / name)) << name;
  }
}

// The manifest holds the digest of every file. Whoever changes the generator on purpose changes this digest
// with it; on another processor or library it must not change (fused multiply-add has to be off:
// -ffp-contract=off).
TEST(Generate, BytesAreTheSameOnEveryMachine) {
  const Scratch scratch;
  generate({7, 0.02, "15", scratch.path() / "a"});
  EXPECT_EQ(base::sha256_hex(bytes_of(scratch.path() / "a/manifest.json")),
            "6efcc03c2eb4d46eb7edc08bc1b8f4f994551af14ef3728f0eeb992c9969ef8a");
}

TEST(Generate, AnotherSeedGivesOtherRecordsInEveryFile) {
  const Scratch scratch;
  generate({5, 0.002, "15", scratch.path() / "a"});
  generate({6, 0.002, "15", scratch.path() / "b"});
  const auto a = manifest_of(scratch.path() / "a").at("sha256");
  const auto b = manifest_of(scratch.path() / "b").at("sha256");
  for (const auto& [name, digest] : a.items()) {
    // Interchanges lie where they are, and every .prj says the same.
    if (name == "interchanges.geojson" || name.ends_with(".prj")) continue;
    ASSERT_TRUE(b.contains(name)) << name;
    EXPECT_NE(b.at(name), digest) << name;
  }
}

TEST(Generate, CountsFollowTheScale) {
  const auto entries = manifest_of(demo()).at("imports");
  std::map<std::string, std::int64_t> rows;
  for (const auto& entry : entries) rows[entry.at("layer")] += entry.at("rows").get<std::int64_t>();
  EXPECT_EQ(rows["factory_sites"], 200);
  EXPECT_EQ(rows["farmland_parcels"], 4000);
  EXPECT_EQ(rows["water_pipes"], 800);
  EXPECT_EQ(rows["investments"], 400);
  EXPECT_GT(rows["water_facilities"], 20);
  EXPECT_GE(rows["industrial_parks"], 6);
  EXPECT_EQ(rows["municipalities"], 13);
  EXPECT_EQ(rows["interchanges"], 16);
}

TEST(Generate, JapanDividesTheCountsOverItsPrefectures) {
  const Scratch scratch;
  generate({1, 0.03, "japan", scratch.path() / "japan"});
  const auto manifest = manifest_of(scratch.path() / "japan");
  std::map<std::string, std::int64_t> rows;
  std::map<std::string, int> parts;
  for (const auto& entry : manifest.at("imports")) {
    rows[entry.at("layer")] += entry.at("rows").get<std::int64_t>();
    ++parts[entry.at("profile")];
    const std::string folder = entry.at("files").at(0).get<std::string>().substr(0, 2);
    EXPECT_EQ(entry.at("options").at(1).get<std::string>().substr(0, 2), folder);
  }
  EXPECT_EQ(rows["factory_sites"], 300);
  EXPECT_EQ(rows["farmland_parcels"], 6000);
  EXPECT_EQ(rows["water_pipes"], 1200);
  EXPECT_EQ(rows["investments"], 600);
  EXPECT_EQ(parts["site-survey"], 47);
  EXPECT_EQ(parts["ksj-n03"], 47);
}

std::string error_of(const Request& request) {
  try {
    generate(request);
  } catch (const base::Error& error) {
    return error.line();
  }
  return "";
}

TEST(Generate, BadRequestsAreNamed) {
  const Scratch scratch;
  const auto out = scratch.path() / "x";
  EXPECT_THAT(error_of({1, 0.01, "99", out}), HasSubstr("--region"));
  EXPECT_THAT(error_of({1, 0.01, "1", out}), HasSubstr("'1'"));
  EXPECT_THAT(error_of({1, 0.01, "niigata", out}), HasSubstr("niigata"));
  EXPECT_THAT(error_of({1, 0.01, "152022", out}), HasSubstr("152022"));  // wrong check digit
  EXPECT_THAT(error_of({1, 0, "15", out}), HasSubstr("--scale"));
  EXPECT_THAT(error_of({1, -1, "15", out}), HasSubstr("--scale"));
  EXPECT_FALSE(std::filesystem::exists(out)) << "a wrong request leaves no folder";
  EXPECT_EQ(error_of({1, 0.001, "152021", out}), "");
}

TEST(Generate, WhatHasNoRoomIsRefusedAndLeavesNoManifest) {
  const Scratch scratch;
  EXPECT_THAT(error_of({1, 5, "47", scratch.path() / "x"}), HasSubstr("no room in 沖縄県"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "x")) << "known before anything is written";
}

TEST(Generate, ForeignFilesAreSafe) {
  const Scratch scratch;
  const auto folder = scratch.path() / "mine";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "thesis.txt") << "ten years of work";
  EXPECT_THAT(error_of({1, 0.001, "15", folder}), HasSubstr("not empty"));
  std::filesystem::remove(folder / "thesis.txt");

  generate({1, 0.05, "15", folder});
  EXPECT_TRUE(std::filesystem::exists(folder / "pipes_2_water_op.gml"));
  std::ofstream(folder / "notes.txt") << "mine";
  generate({1, 0.001, "15", folder});
  EXPECT_FALSE(std::filesystem::exists(folder / "pipes_2_water_op.gml")) << "of the larger run before";
  EXPECT_EQ(bytes_of(folder / "notes.txt"), "mine");
  EXPECT_FALSE(manifest_of(folder).at("sha256").contains("notes.txt"));
  std::ofstream(scratch.path() / "file") << "x";
  EXPECT_THAT(error_of({1, 0.001, "15", scratch.path() / "file"}), HasSubstr("is a file"));
}

}  // namespace
}  // namespace ritchi::synth
