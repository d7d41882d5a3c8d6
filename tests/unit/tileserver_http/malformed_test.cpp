// What is not HTTP, or goes over a limit, gets its status; the server goes on.
#include <gtest/gtest.h>

#include <random>

#include "client.hpp"

namespace ritchi::http::test {

namespace {

std::string padded(std::string text, std::size_t count, char filler) {
  text.append(count, filler);
  return text;
}

class MalformedTest : public ::testing::Test {
 protected:
  static ServerConfig config() {
    ServerConfig config;
    config.port = 0;
    config.worker_threads = 1;
    config.limits.max_body_bytes = 1000;
    return config;
  }
  static Router routes() {
    Router router;
    router.get("/", [](const Request&, const Params&) { return Response::bytes(200, "text/plain", "root"); });
    router.post("/", [](const Request& request, const Params&) {
      return Response::bytes(200, "text/plain", request.body);
    });
    return router;
  }

  MalformedTest() : m_server(config(), routes(), answer_error) { m_server.start(); }
  int status(std::string_view bytes) { return status_of(m_server, bytes); }
  // One exchange of which the last reply's body counts.
  std::optional<Reply> reply_to(std::string_view bytes) {
    Client client(m_server.port());
    client.send(bytes);
    return client.receive();
  }

  Server m_server;
};

TEST_F(MalformedTest, IsRefusedWith400) {
  const char* const requests[] = {
      "GET / HTTP/1.1\r\n\r\n",                                     // no Host
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",               // two
      "GET / HTTP/1.1\nHost: a\n\n",                                // bare LF
      "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",                    //
      "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",               // bare CR
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",       // obs-fold
      "GET / HTTP/1.1\r\nHost: a\r\n X: b\r\n\r\n",                 //
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",                         // blank before the colon
      "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",              //
      "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",               //
      "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",                         // two blanks
      "GET /\r\nHost: a\r\n\r\n",                                   // HTTP/0.9 style
      "GET / FTP/1.1\r\nHost: a\r\n\r\n",                           //
      "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n",                       //
      "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n",                    //
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",                          //
      "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",                       //
      "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n",                       //
      "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",                        //
      "GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",             //
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",   //
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",  //
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nx",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
      "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  };
  for (const char* request : requests) EXPECT_EQ(status(request), 400) << request;
  std::string with_nul = "GET / HTTP/1.1\r\nHost: a\r\nX: a?b\r\n\r\n";
  with_nul[with_nul.find('?')] = '\0';
  EXPECT_EQ(status(with_nul), 400) << "NUL";
  EXPECT_EQ(fetch(m_server, "/").body, "root") << "and the server goes on";
}

TEST_F(MalformedTest, IsToldWhatIsNotImplemented) {
  EXPECT_EQ(status("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 501);
  EXPECT_EQ(status("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(status("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(status("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"),
            415);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nExpect: the-unexpected\r\n\r\n"), 417);
}

TEST_F(MalformedTest, IsHeldToTheLimits) {
  const std::string target_in = padded("/?", 8 * 1024 - 2, 'a');
  EXPECT_EQ(status(get(target_in)), 200);
  EXPECT_EQ(status(get(target_in + "a")), 414);
  EXPECT_EQ(status(get(padded("/?", 40'000, 'a'))), 414);
  EXPECT_EQ(status(padded("GET /", 100'000, 'a')), 414) << "without an end";
  EXPECT_EQ(status(get("/", padded("X: ", 15'000, 'a') + "\r\n")), 200);
  EXPECT_EQ(status(get("/", padded("X: ", 16'400, 'a') + "\r\n")), 431);
  std::string many;
  for (int i = 0; i < 3000; ++i) many.append("X").append(std::to_string(i)).append(": y\r\n");
  EXPECT_EQ(status(get("/", many)), 431);
  EXPECT_EQ(status(get("/", "Content-Length: 1000\r\n", "POST") + std::string(1000, 'b')), 200);
  EXPECT_EQ(status(get("/", "Content-Length: 1001\r\n", "POST")), 413) << "before a byte of it is read";
  EXPECT_EQ(status(get("/", "Content-Length: 1000000\r\n", "POST") + std::string(1'000'000, 'b')), 413)
      << "the answer arrives although the body was not read";
  std::string chunks;
  for (int i = 0; i < 11; ++i) chunks += padded("64\r\n", 100, 'c') + "\r\n";
  EXPECT_EQ(status(get("/", "Transfer-Encoding: chunked\r\n", "POST") + chunks + "0\r\n\r\n"), 413);
  EXPECT_EQ(status(get("/", "Transfer-Encoding: chunked\r\n", "POST") + "1;x=" + std::string(100'000, 'e')),
            400);
}

TEST_F(MalformedTest, ReadsBodiesOfEitherFraming) {
  EXPECT_EQ(reply_to(get("/", "Content-Length: 3\r\n", "POST") + "abc")->body, "abc");
  EXPECT_EQ(reply_to(get("/", "Transfer-Encoding: chunked\r\n", "POST") +
                     "2;e=1\r\nab\r\n1\r\nc\r\n0\r\nHost: x\r\n\r\n")
                ->body,
            "abc");
  EXPECT_EQ(reply_to("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")->body, "root") << "empty lines before";
  EXPECT_EQ(reply_to("GET / HTTP/1.1\r\nHost:\r\n\r\n")->status, 200) << "Host may be empty";
}

TEST_F(MalformedTest, GetsContinueWhenItWaitsForIt) {
  Client client(m_server.port());
  client.send(get("/", "Content-Length: 3\r\nExpect: 100-continue\r\n", "POST"));
  EXPECT_EQ(client.receive()->status, 100);
  client.send("abc");
  EXPECT_EQ(client.receive()->body, "abc");
  Client large(m_server.port());
  large.send(get("/", "Content-Length: 5000\r\nExpect: 100-continue\r\n", "POST"));
  EXPECT_EQ(large.receive()->status, 413) << "instead of being told to go on";
}

TEST_F(MalformedTest, NeverStopsTheServer) {
  // Fixed seed: valid requests with bytes changed, cut and doubled.
  std::mt19937 random(1);
  const std::string good = get("/?a=%41", "Accept-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "POST") +
                           "3\r\nabc\r\n0\r\n\r\n";
  for (int round = 0; round < 300; ++round) {
    std::string bad = good;
    for (int change = 0; change < 3; ++change) {
      const std::size_t at = random() % bad.size();
      switch (random() % 3) {
        case 0:
          bad[at] = static_cast<char>(random());
          break;
        case 1:
          bad.erase(at, 1 + random() % 4);
          break;
        default:
          bad.insert(at, bad.substr(at, 1 + random() % 8));
          break;
      }
    }
    status(bad);
  }
  EXPECT_EQ(fetch(m_server, "/").body, "root");
}

}  // namespace

}  // namespace ritchi::http::test
