#include "tileserver/http/target.hpp"

#include <gtest/gtest.h>

#include "geodata/base/error.hpp"

namespace ritchi::http {

namespace {

bool is_refused(std::string_view target) {
  try {
    parse_target(target);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::bad_input);
    return true;
  }
  return false;
}

TEST(Target, DecodesPathPartsEachByItself) {
  const Target target = parse_target("/collections/a%2Fb/%E5%B7%A5%E5%A0%B4%20+");
  EXPECT_EQ(target.path, "/collections/a/b/工場 +");
  EXPECT_EQ(target.segments, (std::vector<std::string>{"collections", "a/b", "工場 +"}));
}

TEST(Target, DecodesOnceOnly) {
  EXPECT_EQ(parse_target("/%2541").path, "/%41");
  EXPECT_EQ(parse_target("/?a=%252B").query[0].second, "%2B");
}

TEST(Target, ReadsQueriesInOrderWithPlusAsBlank) {
  const Target target = parse_target("/x?b=1+2&a=%2B&&b=&c&=v&d=e=f%0A");
  const std::vector<std::pair<std::string, std::string>> expected{{"b", "1 2"}, {"a", "+"}, {"b", ""},
                                                                  {"c", ""},    {"", "v"},  {"d", "e=f\n"}};
  EXPECT_EQ(target.query, expected);
  EXPECT_EQ(target.raw_query, "b=1+2&a=%2B&&b=&c&=v&d=e=f%0A");
}

TEST(Target, ToleratesASlashAtTheEndButNotInTheMiddle) {
  EXPECT_EQ(parse_target("/a/").segments, std::vector<std::string>{"a"});
  EXPECT_TRUE(parse_target("/").segments.empty());
  EXPECT_EQ(parse_target("/a//b").segments, (std::vector<std::string>{"a", "", "b"}));
}

TEST(Target, TakesTheAbsoluteFormAndDropsItsHost) {
  EXPECT_EQ(parse_target("http://elsewhere:99/a?b=c").path, "/a");
  EXPECT_EQ(parse_target("HTTPS://elsewhere").path, "/");
}

TEST(Target, RefusesWhatIsNotCleanText) {
  for (const char* target : {"/%",
                             "/%4",
                             "/%zz",
                             "/%00",
                             "/%0A",
                             "/%7F",
                             "/%C2%85",
                             "/%FF",
                             "/%C0%AF",
                             "/%ED%A0%80",
                             "/?a=%00",
                             "/?%1B=1",
                             "/?a=%F5",
                             "/?a=%8",
                             "/a#b",
                             "",
                             "a",
                             "?a",
                             "*",
                             "/..",
                             "/a/../b",
                             "/%2e%2E/etc",
                             "/./a",
                             "ftp://host/a",
                             "http://host?a"}) {
    EXPECT_TRUE(is_refused(target)) << target;
  }
  EXPECT_FALSE(is_refused("/...")) << "three dots are a name";
}

TEST(Target, PercentEncodingRoundTrips) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all), false), all);
  EXPECT_EQ(percent_encode("a b/工~"), "a%20b%2F%E5%B7%A5~");
}

}  // namespace

}  // namespace ritchi::http
