// What goes out: codings, entity tags, HEAD, CORS, problems, negotiation, links.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "client.hpp"
#include "geodata/base/gzip.hpp"
#include "tileserver/http/conditional.hpp"

namespace ritchi::http::test {

namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + ",";
  return text;
}

std::shared_ptr<const Representation> tile() {
  auto made = std::make_shared<Representation>();
  made->media_type = "application/vnd.mapbox-vector-tile";
  made->etag_base = "rev7";
  made->cache_control = "public, max-age=60";
  auto identity = std::make_shared<const std::string>(long_text());
  made->body = std::make_shared<CodedBody>(
      identity,
      CodedBody::Prepared{std::make_shared<const std::string>(encode(Coding::gzip, *identity)), {}, {}});
  return made;
}

Router routes() {
  Router router;
  const auto cached = tile();
  router.get(
      "/tile/{z}",
      [cached](const Request&, const Params& params) -> std::optional<Response> {
        if (params["z"] == "miss") return std::nullopt;
        Response response = Response::of(cached);
        response.headers.add("Link", "<x>; rel=next");
        return response;
      },
      [cached](const Request&, const Params&) { return Response::of(cached); });
  router.get("/early", [](const Request& request, const Params&) {
    if (auto same = not_modified(request, "rev7", "max-age=5")) return std::move(*same);
    return Response::bytes(200, "text/plain", "fresh");
  });
  router.get("/echo", [](const Request& request, const Params&) {
    nlohmann::json seen;
    seen["path"] = request.path;
    seen["base"] = request.public_base;
    seen["language"] = request.language;
    seen["client"] = request.client;
    seen["q"] = request.query_value("q") ? *request.query_value("q") : "";
    return Response::bytes(200, "application/json", seen.dump());
  });
  router.post("/echo", [](const Request& request, const Params&) {
    return Response::bytes(200, "text/plain", request.body);
  });
  router.get("/empty", [](const Request&, const Params&) { return Response::empty(); });
  router.get("/moved", [](const Request&, const Params&) {
    Response response = Response::empty(303);
    response.headers.add("Location", "/a\r\nSet-Cookie: evil=1");
    return response;
  });
  router.get("/bad", [](const Request&, const Params&) -> Response {
    throw base::Error(base::ErrorKind::bad_input, "limit is no number", "limit", "give 1 to 10000");
  });
  router.get_inline("/bad-inline", [](const Request&, const Params&) -> std::optional<Response> {
    throw base::Error(base::ErrorKind::not_found, "no such layer", "zzz");
  });
  router.get("/crash",
             [](const Request&, const Params&) -> Response { throw std::runtime_error("secret path"); });
  router.get("/crash-odd", [](const Request&, const Params&) -> Response { throw 42; });
  router.get_inline("/large", [](const Request&, const Params&) -> std::optional<Response> {
    return Response::bytes(200, "text/plain", long_text());
  });
  router.get_inline("/none",
                    [](const Request&, const Params&) -> std::optional<Response> { return std::nullopt; });
  return router;
}

ServerConfig quiet_config() {
  ServerConfig config;
  config.port = 0;
  config.worker_threads = 2;
  return config;
}

class AnswerTest : public ::testing::Test {
 protected:
  AnswerTest() : m_server(quiet_config(), routes(), answer_error) { m_server.start(); }

  Reply fetch(std::string_view target, std::string_view lines = {}, std::string_view method = "GET") {
    return test::fetch(m_server, target, lines, method);
  }

  Server m_server;
};

void expect_cors(const Reply& reply, const char* what) {
  EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "*") << what;
  EXPECT_NE(reply.header("Access-Control-Expose-Headers").find("ETag"), std::string::npos) << what;
  EXPECT_NE(reply.header("Vary").find("Accept-Encoding"), std::string::npos) << what;
  EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << what;
  EXPECT_FALSE(reply.header("Date").empty()) << what;
}

TEST_F(AnswerTest, GivesEachCodingItsOwnStrongEntityTag) {
  std::map<std::string, std::string> tags;
  for (const char* coding : {"identity", "gzip", "br", "zstd"}) {
    const Reply reply = fetch("/tile/1", "Accept-Encoding: " + std::string(coding) + "\r\n");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Encoding"), coding == std::string("identity") ? "" : coding);
    tags[coding] = reply.header("ETag");
  }
  EXPECT_EQ(tags["identity"], "\"rev7\"");
  EXPECT_EQ(tags["gzip"], "\"rev7-gz\"");
  EXPECT_EQ(tags["br"], "\"rev7-br\"");
  EXPECT_EQ(tags["zstd"], "\"rev7-zs\"");
}

TEST_F(AnswerTest, SendsIdentityWithoutAcceptEncodingAndGzipThatUnpacks) {
  const Reply plain = fetch("/tile/1");
  EXPECT_EQ(plain.body, long_text());
  EXPECT_FALSE(plain.headers.has("Content-Encoding"));
  const Reply packed = fetch("/tile/1", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(base::gunzip(packed.body, 1 << 20), long_text());
  const Reply worker = fetch("/tile/miss", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(worker.body, packed.body);
}

TEST_F(AnswerTest, CompressesALargeInlineAnswerToo) {
  const Reply reply = fetch("/large", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(reply.header("Content-Encoding"), "gzip");
  EXPECT_EQ(base::gunzip(reply.body, 1 << 20), long_text());
}

TEST_F(AnswerTest, Answers304WithTheFieldsOfThe200) {
  const Reply full = fetch("/tile/1", "Accept-Encoding: gzip\r\n");
  for (const char* tag : {"\"rev7-gz\"", "W/\"rev7-gz\"", "\"old\", \"rev7-gz\"", "*"}) {
    const Reply same =
        fetch("/tile/1", "Accept-Encoding: gzip\r\nIf-None-Match: " + std::string(tag) + "\r\n");
    EXPECT_EQ(same.status, 304) << tag;
    EXPECT_TRUE(same.body.empty());
    for (const char* name : {"ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Link"}) {
      EXPECT_EQ(same.header(name), full.header(name)) << name;
    }
    EXPECT_FALSE(same.headers.has("Content-Encoding"));
    expect_cors(same, tag);
  }
  EXPECT_EQ(fetch("/tile/1", "Accept-Encoding: br\r\nIf-None-Match: \"rev7-gz\"\r\n").status, 200);
  EXPECT_EQ(fetch("/tile/1", "If-None-Match: \"rev6\"\r\n").status, 200);
  const Reply early = fetch("/early", "If-None-Match: \"rev7\"\r\n");
  EXPECT_EQ(early.status, 304);
  EXPECT_EQ(early.header("ETag"), "\"rev7\"");
  EXPECT_EQ(early.header("Cache-Control"), "max-age=5");
}

TEST_F(AnswerTest, HeadEqualsGetWithoutBody) {
  for (const char* target : {"/tile/1", "/tile/miss", "/echo", "/empty", "/bad", "/nowhere"}) {
    const Reply full = fetch(target, "Accept-Encoding: gzip\r\n");
    Client client(m_server.port());
    client.send(get(target, "Accept-Encoding: gzip\r\nConnection: close\r\n", "HEAD"));
    const std::optional<Reply> head = client.receive(true);
    ASSERT_TRUE(head) << target;
    EXPECT_EQ(head->status, full.status);
    for (const auto& [name, value] : full.headers) {
      if (name != "Date") {
        EXPECT_EQ(head->header(name), value) << target << " " << name;
      }
    }
    EXPECT_TRUE(client.is_closed_without_more()) << target << " has a body";
  }
}

TEST_F(AnswerTest, PutsCorsOnEveryAnswer) {
  for (const char* target :
       {"/tile/1", "/empty", "/moved", "/bad", "/bad-inline", "/crash", "/nowhere", "/%zz"}) {
    expect_cors(fetch(target), target);
  }
  expect_cors(fetch("/tile/1", {}, "DELETE"), "405");
  expect_cors(fetch("/tile/1", {}, "BREW"), "501");
  const Reply preflight =
      fetch("/echo", "Origin: https://a.example\r\nAccess-Control-Request-Method: POST\r\n", "OPTIONS");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS, POST");
  EXPECT_NE(preflight.header("Access-Control-Allow-Headers").find("Authorization"), std::string::npos);
  EXPECT_EQ(preflight.header("Access-Control-Max-Age"), "86400");
  expect_cors(preflight, "preflight");
  EXPECT_EQ(fetch("/nowhere", {}, "OPTIONS").status, 204);
  EXPECT_EQ(fetch("*", {}, "OPTIONS").status, 204);
}

TEST_F(AnswerTest, GivesNoBodyAndNoLengthWith204) {
  const Reply reply = fetch("/empty");
  EXPECT_EQ(reply.status, 204);
  EXPECT_FALSE(reply.headers.has("Content-Length"));
  EXPECT_EQ(fetch("/moved").header("Content-Length"), "0");
}

TEST_F(AnswerTest, NeverLetsALineBreakBecomeAField) {
  const Reply reply = fetch("/moved");
  EXPECT_FALSE(reply.headers.has("Set-Cookie"));
  EXPECT_EQ(reply.header("Location"), "/a  Set-Cookie: evil=1");
}

TEST_F(AnswerTest, WritesProblemsInTheCallersLanguage) {
  const Reply ja = fetch("/bad");
  EXPECT_EQ(ja.status, 400);
  EXPECT_EQ(ja.header("Content-Type"), "application/problem+json");
  const auto document = nlohmann::json::parse(ja.body);
  EXPECT_EQ(document["status"], 400);
  EXPECT_EQ(document["title"], "リクエストが正しくありません");
  EXPECT_EQ(document["where"], "limit");
  const Reply en = fetch("/nowhere", "Accept-Language: en-US,en;q=0.9,ja;q=0.5\r\n");
  EXPECT_EQ(nlohmann::json::parse(en.body)["title"], "Not Found");
  EXPECT_EQ(en.header("Content-Language"), "en");
  EXPECT_EQ(fetch("/bad-inline").status, 404);
  const auto detail = [this](std::string_view lines) {
    return nlohmann::json::parse(fetch("/%zz", lines).body)["detail"].get<std::string>();
  };
  EXPECT_NE(detail("").find("16 進数"), std::string::npos);
  EXPECT_NE(detail("Accept-Language: en\r\n").find("hexadecimal"), std::string::npos);
}

TEST_F(AnswerTest, TellsNothingOfItsOwnFailures) {
  for (const char* target : {"/crash", "/crash-odd", "/none"}) {
    const Reply reply = fetch(target);
    EXPECT_EQ(reply.status, 500) << target;
    EXPECT_EQ(reply.body.find("secret"), std::string::npos);
  }
}

TEST_F(AnswerTest, NamesTheMethodsOfAPath) {
  const Reply reply = fetch("/tile/1", {}, "POST");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(AnswerTest, Refuses406WhenNothingIsAcceptable) {
  EXPECT_EQ(fetch("/tile/1", "Accept-Encoding: identity;q=0\r\n").status, 406);
  EXPECT_EQ(fetch("/nowhere", "Accept-Encoding: identity;q=0\r\n").status, 404) << "an error is told anyway";
}

TEST_F(AnswerTest, DecodesTheTarget) {
  const auto seen = nlohmann::json::parse(fetch("/echo/?q=%E5%B7%A5+%2B").body);
  EXPECT_EQ(seen["q"], "工 +");
  EXPECT_EQ(seen["client"], "127.0.0.1");
}

TEST_F(AnswerTest, NeverMakesLinksFromHost) {
  const auto seen = nlohmann::json::parse(
      fetch("/echo", "X-Forwarded-Host: spoofed.example\r\nX-Forwarded-Proto: https\r\n").body);
  EXPECT_EQ(seen["base"], "http://127.0.0.1:" + std::to_string(m_server.port()));
  const auto absolute = nlohmann::json::parse(fetch("http://spoofed.example/echo").body);
  EXPECT_EQ(absolute["base"], seen["base"]);
}

TEST(Links, FollowATrustedProxyAndTheSecondAddressFamily) {
  ServerConfig config = quiet_config();
  config.address = "::";
  config.trusted_proxies = {"127.0.0.1"};
  Server server(config, routes(), answer_error);
  server.start();
  const auto seen = nlohmann::json::parse(
      fetch(
          server, "/echo",
          "X-Forwarded-Host: map.example.jp\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.7\r\n")
          .body);
  EXPECT_EQ(seen["base"], "https://map.example.jp");
  EXPECT_EQ(seen["client"], "203.0.113.7");
  Client six(server.port(), 0, "::1");
  six.send(get("/echo", "X-Forwarded-Host: spoofed.example\r\n"));
  const auto reply = nlohmann::json::parse(six.receive()->body);
  EXPECT_EQ(reply["client"], "::1");
  EXPECT_EQ(reply["base"], "http://localhost:" + std::to_string(server.port()));
}

}  // namespace

}  // namespace ritchi::http::test
