#include "tileserver/http/router.hpp"

#include <gtest/gtest.h>

#include "geodata/base/error.hpp"
#include "tileserver/http/target.hpp"

namespace ritchi::http {

namespace {

Response nothing(const Request&, const Params&) {
  return Response::empty();
}

std::string pattern_for(const Router& router, Method method, std::string_view path) {
  const Router::Match match = router.match(method, parse_target(path).segments);
  return match.route ? match.route->pattern : "-";
}

Router some_routes() {
  Router router;
  router.get("/", nothing);
  router.get("/xyz/{layers}/{z}/{x}/{y}.mvt", nothing);
  router.get("/xyz/{layers}/{z}/{x}/{y}", nothing);
  router.get("/xyz/{layers}.json", nothing);
  router.get("/collections/{id}", nothing);
  router.get("/collections/all", nothing);
  router.post("/collections/{id}/items", nothing);
  router.get("/assets/{path*}", nothing);
  router.get("/assets/{file}", nothing);
  return router;
}

TEST(Router, PrefersTheMostLiteralRoute) {
  const Router router = some_routes();
  EXPECT_EQ(pattern_for(router, Method::get, "/"), "/");
  EXPECT_EQ(pattern_for(router, Method::get, "/collections/all"), "/collections/all");
  EXPECT_EQ(pattern_for(router, Method::get, "/collections/all/"), "/collections/all");
  EXPECT_EQ(pattern_for(router, Method::get, "/collections/alle"), "/collections/{id}");
  EXPECT_EQ(pattern_for(router, Method::get, "/xyz/a,b/1/2/3.mvt"), "/xyz/{layers}/{z}/{x}/{y}.mvt");
  EXPECT_EQ(pattern_for(router, Method::get, "/xyz/a,b/1/2/3"), "/xyz/{layers}/{z}/{x}/{y}");
  EXPECT_EQ(pattern_for(router, Method::get, "/xyz/a.json"), "/xyz/{layers}.json");
  EXPECT_EQ(pattern_for(router, Method::get, "/assets/a"), "/assets/{file}");
  EXPECT_EQ(pattern_for(router, Method::get, "/assets/a/b"), "/assets/{path*}");
  EXPECT_EQ(pattern_for(router, Method::get, "/xyz/a"), "-");
  EXPECT_EQ(pattern_for(router, Method::get, "/xyz/.json"), "-") << "a name is never empty";
  EXPECT_EQ(pattern_for(router, Method::get, "/collections//"), "-");
  EXPECT_EQ(pattern_for(router, Method::get, "/assets"), "-");
}

TEST(Router, GivesParameters) {
  const Router router = some_routes();
  const Router::Match tile = router.match(Method::head, parse_target("/xyz/a%2Fb,c/4/5/6.mvt").segments);
  ASSERT_TRUE(tile.route) << "HEAD is served by GET";
  EXPECT_EQ(tile.params["layers"], "a/b,c");
  EXPECT_EQ(tile.params["y"], "6");
  EXPECT_THROW(tile.params["nope"], base::Error);
  EXPECT_EQ(router.match(Method::get, parse_target("/assets/a/b%20c").segments).params["path"], "a/b c");
}

TEST(Router, FallsBackToALessLiteralRouteForTheMethod) {
  Router router;
  router.get("/a/fixed", nothing);
  router.post("/a/{name}", nothing);
  EXPECT_EQ(pattern_for(router, Method::post, "/a/fixed"), "/a/{name}");
  const Router::Match match = router.match(Method::put, {"a", "fixed"});
  EXPECT_FALSE(match.route);
  EXPECT_EQ(match.allowed, (std::vector<Method>{Method::get, Method::head, Method::options, Method::post}));
  EXPECT_TRUE(router.match(Method::get, {"b"}).allowed.empty());
}

TEST(Router, RefusesBadPatterns) {
  Router router;
  router.get("/a/{x}", nothing);
  for (const char* pattern : {"", "a", "/a/{y}", "/{", "/{}", "/{a*}/b", "/{a*}.x", "/a{b}"}) {
    EXPECT_THROW(router.get(pattern, nothing), base::Error) << pattern;
  }
  EXPECT_THROW(router.get("/b", Handler{}), base::Error);
}

}  // namespace

}  // namespace ritchi::http
