#include "tileserver/http/negotiation.hpp"

#include <gtest/gtest.h>

#include "geodata/base/gzip.hpp"
#include "tileserver/http/conditional.hpp"
#include "tileserver/http/origins.hpp"
#include "tileserver/http/wire.hpp"

namespace ritchi::http {

namespace {

Request asking(std::string_view name, std::string_view value) {
  Request request;
  request.headers.add(name, value);
  return request;
}

std::shared_ptr<const Representation> content(std::size_t bytes, CodedBody::Prepared prepared = {},
                                              std::string media_type = "application/json") {
  auto made = std::make_shared<Representation>();
  made->media_type = std::move(media_type);
  made->etag_base = "v1";
  made->cache_control = "max-age=60";
  made->body =
      std::make_shared<CodedBody>(std::make_shared<const std::string>(bytes, 'a'), std::move(prepared));
  return made;
}

// What goes out for an Accept-Encoding: a coding, or the status of a refusal.
std::string chosen(std::string_view accept_encoding, const std::shared_ptr<const Representation>& what) {
  Answer answer = plan_answer(asking("Accept-Encoding", accept_encoding), Response::of(what));
  answer.make_ready();
  if (answer.response.status != 200) return std::to_string(answer.response.status);
  return std::string(name_of(answer.coding));
}

TEST(ContentCoding, FollowsQualityValues) {
  EXPECT_EQ(chosen("", content(1000)), "identity");
  EXPECT_EQ(chosen("gzip", content(1000)), "gzip");
  EXPECT_EQ(chosen("x-gzip", content(1000)), "gzip");
  EXPECT_EQ(chosen("GZIP", content(1000)), "gzip");
  EXPECT_EQ(chosen("br", content(1000)), "br");
  EXPECT_EQ(chosen("zstd", content(1000)), "zstd");
  EXPECT_EQ(chosen("gzip;q=0.5, br;q=0.8", content(1000)), "br");
  EXPECT_EQ(chosen("gzip;q=0, *", content(1000)), "zstd");
  EXPECT_EQ(chosen("*;q=0.1", content(1000)), "gzip");
  EXPECT_EQ(chosen("gzip;q=0.5, identity;q=0.9", content(1000)), "identity");
  EXPECT_EQ(chosen("gzip, identity", content(1000)), "gzip");
  EXPECT_EQ(chosen("deflate", content(1000)), "identity");
  EXPECT_EQ(chosen("gzip;q=0", content(1000)), "identity");
  EXPECT_EQ(chosen("gzip;q=2, br;q=abc", content(1000)), "identity");
  EXPECT_EQ(chosen("identity;q=0", content(1000)), "406");
  EXPECT_EQ(chosen("*;q=0", content(1000)), "406");
  EXPECT_EQ(chosen("*;q=0, gzip", content(1000)), "gzip");
  EXPECT_EQ(chosen("*;q=0, identity", content(1000)), "identity");
}

TEST(ContentCoding, PrefersWhatIsReady) {
  const auto ready = std::make_shared<const std::string>("coded");
  EXPECT_EQ(chosen("gzip, deflate, br, zstd", content(1000)), "gzip");
  EXPECT_EQ(chosen("gzip, deflate, br, zstd", content(1000, {ready, {}, ready})), "zstd");
  EXPECT_EQ(chosen("gzip, deflate, br, zstd", content(1000, {ready, ready, ready})), "br");
  EXPECT_EQ(chosen("gzip, deflate, br;q=0.9", content(1000, {{}, ready, {}})), "gzip");
}

TEST(ContentCoding, LeavesSmallAndCompressedBodiesAlone) {
  EXPECT_EQ(chosen("gzip", content(255)), "identity");
  EXPECT_EQ(chosen("gzip", content(256)), "gzip");
  EXPECT_EQ(chosen("gzip", content(5000, {}, "image/png")), "identity");
  EXPECT_EQ(chosen("gzip", content(5000, {}, "image/svg+xml")), "gzip");
  EXPECT_EQ(chosen("gzip", content(5000, {}, "application/vnd.mapbox-vector-tile")), "gzip");
  EXPECT_EQ(chosen("gzip, identity;q=0", content(10, {}, "image/png")), "gzip") << "when identity is refused";
}

TEST(ContentCoding, MakesEachCodingOnceAndReversibly) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * i);
  const CodedBody body(text);
  EXPECT_EQ(body.find(Coding::gzip), nullptr);
  const Bytes gzip = body.make(Coding::gzip);
  EXPECT_EQ(body.make(Coding::gzip), gzip) << "the same bytes, not made again";
  EXPECT_EQ(body.find(Coding::gzip), gzip);
  EXPECT_LT(gzip->size(), text.size());
  EXPECT_EQ(base::gunzip(*gzip, text.size()), text);
  EXPECT_THROW(base::gunzip(*gzip, text.size() - 1), base::Error);
  EXPECT_THROW(base::gunzip(gzip->substr(0, gzip->size() - 1), 1u << 30), base::Error);
  EXPECT_THROW(base::gunzip("", 100), base::Error);
  EXPECT_GE(body.memory_bytes(), text.size() + gzip->size());
  EXPECT_EQ(body.make(Coding::br)->empty(), false);
  EXPECT_EQ(body.make(Coding::zstd)->substr(0, 4), "\x28\xb5\x2f\xfd");
}

TEST(ContentCoding, OfGzipAloneHoldsNoPlainBytesUntilTheyAreWanted) {
  const std::string text(100'000, 'a');
  const auto gzip = std::make_shared<const std::string>(encode(Coding::gzip, text));
  const auto body = CodedBody::of_gzip(gzip, text.size());
  int grown = 0;
  body->on_growth([&grown] { ++grown; });
  const std::size_t at_first = body->memory_bytes();
  EXPECT_LT(at_first, gzip->size() + 1000);
  EXPECT_EQ(body->identity_size(), text.size());
  EXPECT_EQ(body->make(Coding::gzip), gzip);
  EXPECT_EQ(body->find(Coding::identity), nullptr);
  EXPECT_EQ(grown, 0);
  for (const Coding coding : {Coding::br, Coding::zstd}) EXPECT_EQ(*body->make(coding), encode(coding, text));
  EXPECT_EQ(body->find(Coding::identity), nullptr) << "nobody asked for it";
  EXPECT_EQ(grown, 2);
  EXPECT_LT(body->memory_bytes(), text.size());
  EXPECT_EQ(*body->make(Coding::identity), text);
  EXPECT_EQ(body->make(Coding::identity), body->find(Coding::identity));
  EXPECT_EQ(grown, 3);
  EXPECT_GT(body->memory_bytes(), at_first + text.size());
}

TEST(ContentCoding, OfGzipAloneIsChecked) {
  const std::string text(1000, 'a');
  const std::string gzip = encode(Coding::gzip, text);
  const auto of = [](std::string bytes) {
    return CodedBody::of_gzip(std::make_shared<const std::string>(std::move(bytes)), 1000);
  };
  EXPECT_THROW(CodedBody::of_gzip(std::make_shared<const std::string>(gzip), 999), base::Error);
  EXPECT_THROW(of(gzip.substr(0, 17)), base::Error);
  std::string damaged = gzip;
  damaged[12] = static_cast<char>(damaged[12] ^ 0x55);
  const auto body = of(damaged);
  EXPECT_THROW(body->make(Coding::identity), base::Error);
  EXPECT_THROW(body->make(Coding::br), base::Error);
}

TEST(ContentCoding, ChoosesAmongCodingsOfAGzipBodyAsOfAnyOther) {
  const auto tile = [] {
    auto made = std::make_shared<Representation>();
    made->media_type = "application/vnd.mapbox-vector-tile";
    made->body = CodedBody::of_gzip(
        std::make_shared<const std::string>(encode(Coding::gzip, std::string(5000, 'a'))), 5000);
    return made;
  };
  EXPECT_EQ(chosen("gzip, br, zstd", tile()), "gzip");
  EXPECT_EQ(chosen("br", tile()), "br");
  EXPECT_EQ(chosen("", tile()), "identity");
  const auto kept = tile();
  Answer plain = plan_answer(asking("Accept-Encoding", ""), Response::of(kept));
  EXPECT_FALSE(plain.is_ready());
  EXPECT_TRUE(plain.is_quick());
  plain.make_ready();
  EXPECT_EQ(*plain.bytes, std::string(5000, 'a'));
}

TEST(MediaTypes, FollowAccept) {
  const auto choose = [](std::string_view accept) {
    return std::string(asking("Accept", accept).accepts({"application/json", "text/html"}));
  };
  EXPECT_EQ(Request{}.accepts({"application/json", "text/html"}), "application/json");
  EXPECT_EQ(choose("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "text/html");
  EXPECT_EQ(choose("*/*"), "application/json");
  EXPECT_EQ(choose("text/*"), "text/html");
  EXPECT_EQ(choose("text/html;q=0.3, application/json;q=0.4"), "application/json");
  EXPECT_EQ(choose("*/*;q=0.5, application/json;q=0"), "text/html") << "the closest range counts";
  EXPECT_EQ(choose("image/png"), "");
  EXPECT_EQ(choose("TEXT/HTML"), "text/html");
  EXPECT_EQ(choose(",,;;q=1,\"unclosed"), "") << "nonsense is no media type";
  const Request openapi = asking("Accept", "application/vnd.oai.openapi+json;version=3.0");
  EXPECT_EQ(openapi.accepts({"text/html", "application/vnd.oai.openapi+json;version=3.0"}),
            "application/vnd.oai.openapi+json;version=3.0");
  EXPECT_EQ(asking("Accept", "text/html;level=1").accepts({"text/html"}), "");
}

TEST(Language, FollowsAcceptLanguage) {
  EXPECT_EQ(choose_language(""), "ja");
  EXPECT_EQ(choose_language("en"), "en");
  EXPECT_EQ(choose_language("en-GB,en;q=0.9,ja;q=0.8"), "en");
  EXPECT_EQ(choose_language("ja-JP,ja;q=0.9,en;q=0.8"), "ja");
  EXPECT_EQ(choose_language("fr, en;q=0.1"), "en");
  EXPECT_EQ(choose_language("fr"), "ja");
  EXPECT_EQ(choose_language("*"), "ja");
  EXPECT_EQ(choose_language("ja;q=0, *"), "en");
  EXPECT_EQ(choose_language("ja;q=0"), "en");
  EXPECT_EQ(choose_language("en;q=0"), "ja");
  EXPECT_EQ(choose_language("en;q=0.5, ja;q=0.5"), "en") << "of equals the first";
}

TEST(EntityTags, AreReadFromLists) {
  const EntityTags tags = parse_entity_tags("\"a,b\", W/\"c\" , garbage, \"d");
  ASSERT_EQ(tags.tags.size(), 2u);
  EXPECT_EQ(tags.tags[0].value, "a,b");
  EXPECT_TRUE(tags.tags[1].weak);
  EXPECT_TRUE(parse_entity_tags("*").any);
}

TEST(EntityTags, DecideOn304) {
  const auto coding = [](std::string_view tags, std::string_view accept_encoding) -> std::string {
    Request request = asking("If-None-Match", tags);
    request.headers.add("Accept-Encoding", accept_encoding);
    const std::optional<Coding> found = unmodified_coding(request, "v1");
    return found ? std::string(name_of(*found)) : "modified";
  };
  EXPECT_EQ(coding("\"v1\"", ""), "identity");
  EXPECT_EQ(coding("W/\"v1-gz\"", "gzip"), "gzip");
  EXPECT_EQ(coding("\"v0\", \"v1-br\"", "br, gzip"), "br");
  EXPECT_EQ(coding("\"v1-gz\"", "br"), "modified") << "that coding could not be sent";
  EXPECT_EQ(coding("\"v1-xx\"", "gzip"), "modified");
  EXPECT_EQ(coding("\"v12\"", "gzip"), "modified");
  EXPECT_EQ(coding("v1", "gzip"), "modified");
  EXPECT_EQ(coding("*", "gzip"), "gzip");
  Request post = asking("If-None-Match", "*");
  post.method = Method::post;
  EXPECT_FALSE(unmodified_coding(post, "v1"));
}

TEST(EntityTags, DecideOnIfMatch) {
  EXPECT_TRUE(if_match_holds(Request{}, "v1"));
  EXPECT_TRUE(if_match_holds(asking("If-Match", "\"v1-gz\""), "v1"));
  EXPECT_TRUE(if_match_holds(asking("If-Match", "*"), "v1"));
  EXPECT_FALSE(if_match_holds(asking("If-Match", "W/\"v1\""), "v1")) << "strong comparison";
  EXPECT_FALSE(if_match_holds(asking("If-Match", "\"v2\""), "v1"));
}

TEST(Origins, TakesLinksFromConfigurationOrATrustedProxyOnly) {
  Headers headers;
  headers.add("Host", "evil.example");
  headers.add("X-Forwarded-Host", "spoofed.example, map.example.jp");
  headers.add("X-Forwarded-Proto", "https");
  headers.add("X-Forwarded-Prefix", "/ritchi/");
  Origins fixed("https://tiles.example.jp/base/", {});
  EXPECT_EQ(fixed.public_base_of(true, headers), "https://tiles.example.jp/base");
  Origins proxied("", {"10.0.0.0/8", "::1"});
  proxied.set_local_url("http://127.0.0.1:8080");
  EXPECT_EQ(proxied.public_base_of(false, headers), "http://127.0.0.1:8080");
  EXPECT_EQ(proxied.public_base_of(true, headers), "https://map.example.jp/ritchi");
  headers.set("X-Forwarded-Host", "bad host\"><script>");
  EXPECT_EQ(proxied.public_base_of(true, headers), "http://127.0.0.1:8080");
}

TEST(Origins, SeesTheClientThroughTrustedProxies) {
  const Origins origins("", {"10.0.0.0/8", "::1"});
  EXPECT_TRUE(origins.trusts("10.255.0.1"));
  EXPECT_FALSE(origins.trusts("11.0.0.1"));
  EXPECT_TRUE(origins.trusts("::1"));
  EXPECT_FALSE(origins.trusts("::2"));
  Headers headers;
  headers.add("X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.1.2.3");
  EXPECT_EQ(origins.client_of("10.0.0.1", true, headers), "203.0.113.9");
  EXPECT_EQ(origins.client_of("198.51.100.1", false, headers), "198.51.100.1");
  headers.set("X-Forwarded-For", "nonsense, 10.1.2.3");
  EXPECT_EQ(origins.client_of("10.0.0.1", true, headers), "10.1.2.3");
}

TEST(Origins, RefusesWhatItCannotUnderstand) {
  for (const char* url :
       {"example.jp", "ftp://a", "https://", "https://a b", "https://a/?q", "http://a/../b"}) {
    EXPECT_THROW(Origins(url, {}), base::Error) << url;
  }
  for (const char* range : {"", "10.0.0.0/33", "10.0.0/8", "::1/129", "host", "10.0.0.0/x"}) {
    EXPECT_THROW(Origins("", {range}), base::Error) << range;
  }
}

}  // namespace

}  // namespace ritchi::http
