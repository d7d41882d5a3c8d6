// Keep-alive, pipelining, time limits, load and draining.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "client.hpp"

namespace ritchi::http::test {

namespace {

using std::chrono::milliseconds;

// A handler that waits until the test lets it go, and tells when it was entered.
class Gate {
 public:
  Response pass() {
    ++m_inside;
    m_inside.notify_all();
    m_open.wait();
    return Response::bytes(200, "text/plain", "late");
  }
  void wait_for(int count) {
    for (int now = m_inside; now < count; now = m_inside) m_inside.wait(now);
  }
  void open() { m_opener.set_value(); }

 private:
  std::atomic<int> m_inside{0};
  std::promise<void> m_opener;
  std::shared_future<void> m_open{m_opener.get_future()};
};

Router routes(Gate* gate = nullptr) {
  Router router;
  router.get_inline("/", [](const Request&, const Params&) -> std::optional<Response> {
    return Response::bytes(200, "text/plain", "root");
  });
  router.get("/worker/{n}", [](const Request&, const Params& params) {
    return Response::bytes(200, "text/plain", params["n"]);
  });
  router.post("/", [](const Request& request, const Params&) {
    return Response::bytes(200, "text/plain", request.body);
  });
  router.get("/late", [gate](const Request&, const Params&) { return gate->pass(); });
  router.get("/huge", [](const Request&, const Params&) {
    return Response::bytes(200, "image/png", std::string(64u << 20, 'x'));
  });
  return router;
}

ServerConfig config() {
  ServerConfig made;
  made.port = 0;
  made.worker_threads = 1;
  return made;
}

TEST(Connection, IsKeptAliveAsTheVersionSays) {
  Server server(config(), routes(), answer_error);
  server.start();
  Client modern(server.port());
  for (int i = 0; i < 3; ++i) {
    modern.send(get("/"));
    EXPECT_EQ(modern.receive()->body, "root");
  }
  modern.send(get("/", "Connection: close\r\n"));
  EXPECT_EQ(modern.receive()->header("Connection"), "close");
  EXPECT_TRUE(modern.is_closed_without_more());
  Client old(server.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receive()->body, "root");
  EXPECT_TRUE(old.is_closed_without_more());
  Client old_kept(server.port());
  old_kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(old_kept.receive()->header("Connection"), "keep-alive");
  old_kept.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old_kept.receive()->status, 200);
}

TEST(Connection, AnswersPipelinedRequestsInOrder) {
  Server server(config(), routes(), answer_error);
  server.start();
  Client client(server.port());
  std::string pipe;
  constexpr int count = 500;
  for (int i = 0; i < count; ++i) {
    pipe += i % 3 == 0 ? get("/") : get("/worker/" + std::to_string(i));
    if (i % 5 == 0) pipe += get("/", "Content-Length: 4\r\n", "POST") + "body";
  }
  std::thread sender([&] { client.send(pipe); });
  for (int i = 0; i < count; ++i) {
    EXPECT_EQ(client.receive()->body, i % 3 == 0 ? "root" : std::to_string(i));
    if (i % 5 == 0) {
      EXPECT_EQ(client.receive()->body, "body");
    }
  }
  sender.join();
}

TEST(Connection, TakesRequestsInPiecesOfOneByte) {
  Server server(config(), routes(), answer_error);
  server.start();
  Client client(server.port());
  for (const char c : get("/", "Transfer-Encoding: chunked\r\n", "POST") + "2\r\nab\r\n0\r\n\r\n") {
    client.send(std::string_view(&c, 1));
  }
  EXPECT_EQ(client.receive()->body, "ab");
}

TEST(Connection, AnswersAClientThatHasStoppedSending) {
  Server server(config(), routes(), answer_error);
  server.start();
  Client client(server.port());
  client.send(get("/worker/7"));
  client.end_sending();
  EXPECT_EQ(client.receive()->body, "7");
  EXPECT_TRUE(client.is_closed_without_more());
}

// Sends one byte after another until the server cuts the connection; the bytes alone never end the request.
std::optional<Reply> trickle(Client& client) {
  std::atomic<bool> over{false};
  std::thread sender([&] {
    while (!over && client.send("a")) std::this_thread::yield();
  });
  std::optional<Reply> reply = client.receive();
  over = true;
  sender.join();
  return reply;
}

TEST(TimeLimits, CutOffAHeaderThatTrickles) {
  ServerConfig limited = config();
  limited.limits.header_timeout = milliseconds(100);
  limited.limits.max_header_bytes = std::size_t{1} << 30;
  limited.limits.max_target_bytes = std::size_t{1} << 30;
  Server server(limited, routes(), answer_error);
  server.start();
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\nX: ");
  const std::optional<Reply> reply = trickle(client);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
  EXPECT_EQ(reply->header("Connection"), "close");
  client.wait_for_close();
}

TEST(TimeLimits, CutOffABodyThatTrickles) {
  ServerConfig limited = config();
  limited.limits.body_timeout = milliseconds(100);
  limited.limits.max_body_bytes = std::size_t{1} << 30;
  Server server(limited, routes(), answer_error);
  server.start();
  Client client(server.port());
  client.send(get("/", "Content-Length: 1000000000\r\n", "POST"));
  const std::optional<Reply> reply = trickle(client);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
  client.wait_for_close();
  Client silent(server.port());
  silent.send(get("/", "Content-Length: 5\r\n", "POST"));
  EXPECT_EQ(silent.receive()->status, 408) << "also when nothing comes at all";
}

TEST(TimeLimits, CloseAnIdleConnection) {
  ServerConfig limited = config();
  limited.limits.idle_timeout = milliseconds(50);
  Server server(limited, routes(), answer_error);
  server.start();
  Client fresh(server.port());
  EXPECT_TRUE(fresh.is_closed_without_more());
  Client used(server.port());
  used.send(get("/"));
  EXPECT_EQ(used.receive()->status, 200);
  EXPECT_TRUE(used.is_closed_without_more());
}

TEST(TimeLimits, CutOffAReaderThatNeverReads) {
  ServerConfig limited = config();
  limited.limits.write_timeout = milliseconds(100);
  Server server(limited, routes(), answer_error);
  server.start();
  Client client(server.port(), 4096);
  client.send(get("/huge"));
  // Nothing is read until the server has given up: then its load shows no connection any more.
  while (server.load().connections > 0 || server.load().running > 0) std::this_thread::yield();
  EXPECT_FALSE(client.receive()) << "the answer is not whole";
}

TEST(TimeLimits, StopAHandlerByItsDeadline) {
  ServerConfig limited = config();
  limited.limits.request_deadline = milliseconds(20);
  Router router;
  router.get("/", [](const Request& request, const Params&) -> Response {
    while (true) request.deadline.check();
  });
  Server server(limited, std::move(router), answer_error);
  server.start();
  EXPECT_EQ(fetch(server, "/").status, 504);
}

TEST(Overload, IsAnswered503WhenTheQueueIsFull) {
  Gate gate;
  ServerConfig limited = config();
  limited.limits.worker_queue = 1;
  Server server(limited, routes(&gate), answer_error);
  server.start();
  Client running(server.port());
  running.send(get("/late"));
  gate.wait_for(1);
  Client waiting(server.port());
  waiting.send(get("/late"));
  while (server.load().queued < 1) std::this_thread::yield();
  const Reply refused = fetch(server, "/worker/1", "Accept-Language: en\r\n");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(fetch(server, "/").status, 200) << "what needs no worker is answered as ever";
  EXPECT_EQ(server.load().running, 1u);
  gate.open();
  EXPECT_EQ(running.receive()->body, "late");
  EXPECT_EQ(waiting.receive()->body, "late");
}

TEST(Overload, IsAnswered503WhenTooManyAreConnected) {
  ServerConfig limited = config();
  limited.limits.max_connections = 2;
  Server server(limited, routes(), answer_error);
  server.start();
  {
    Client one(server.port());
    Client two(server.port());
    one.send(get("/"));
    two.send(get("/"));
    EXPECT_EQ(one.receive()->status, 200);
    EXPECT_EQ(two.receive()->status, 200);
    Client three(server.port());
    three.send(get("/"));
    const std::optional<Reply> reply = three.receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 503);
    EXPECT_EQ(reply->header("Retry-After"), "1");
    EXPECT_TRUE(three.is_closed_without_more());
  }
  while (server.load().connections > 0) std::this_thread::yield();
  EXPECT_EQ(fetch(server, "/").status, 200) << "there is room again";
}

TEST(Drain, FinishesRunningAndQueuedRequestsAndClosesIdleConnections) {
  Gate gate;
  Server server(config(), routes(&gate), answer_error);
  server.start();
  const std::uint16_t port = server.port();
  Client idle(port);
  idle.send(get("/"));
  EXPECT_EQ(idle.receive()->status, 200);
  Client running(port);
  running.send(get("/late"));
  gate.wait_for(1);
  Client queued(port);
  queued.send(get("/worker/5"));
  while (server.load().queued < 1) std::this_thread::yield();
  server.drain();
  EXPECT_TRUE(idle.is_closed_without_more());
  gate.open();
  const std::optional<Reply> first = running.receive();
  const std::optional<Reply> second = queued.receive();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->body, "late");
  EXPECT_EQ(first->header("Connection"), "close");
  EXPECT_EQ(second->body, "5");
  EXPECT_TRUE(running.is_closed_without_more());
  server.wait();
  EXPECT_EQ(server.load().connections, 0u);
  EXPECT_THROW(Client{port}, std::runtime_error) << "nobody listens any more";
}

TEST(Drain, LosesNoRequestThatWasSentBefore) {
  ServerConfig several = config();
  several.io_threads = 2;
  Server server(several, routes(), answer_error);
  server.start();
  std::vector<Client> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back(server.port());
    clients.back().send(get("/worker/" + std::to_string(i)));
  }
  server.drain();
  for (int i = 0; i < 100; ++i) {
    const std::optional<Reply> reply = clients[static_cast<std::size_t>(i)].receive();
    ASSERT_TRUE(reply) << i;
    EXPECT_EQ(reply->body, std::to_string(i));
  }
}

TEST(Drain, CutsOffWhatOutlastsItsTime) {
  ServerConfig limited = config();
  limited.limits.drain_timeout = milliseconds(50);
  Server server(limited, routes(), answer_error);
  server.start();
  Client client(server.port(), 4096);
  client.send(get("/huge"));
  while (server.load().running > 0 || server.load().connections == 0) std::this_thread::yield();
  server.drain();
  server.wait();
  SUCCEED() << "wait() came back although the client never read";
}

TEST(Start, NamesAnAddressThatIsTaken) {
  Server first(config(), routes(), answer_error);
  first.start();
  ServerConfig same = config();
  same.port = first.port();
  Server second(same, routes(), answer_error);
  try {
    second.start();
    FAIL() << "two servers on one port";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::io);
    EXPECT_NE(error.where().find(std::to_string(first.port())), std::string::npos);
    EXPECT_FALSE(error.remedy().empty());
  }
}

TEST(Start, RefusesAnAddressThatIsNone) {
  ServerConfig bad = config();
  bad.address = "nowhere.example";
  EXPECT_THROW(Server(bad, routes(), answer_error), base::Error);
}

TEST(Metrics, SeeEveryAnswer) {
  std::mutex lock;
  std::vector<std::string> seen;
  Hooks hooks;
  hooks.on_answer = [&](const Access& access) {
    const std::lock_guard guard(lock);
    seen.push_back(std::string(access.method) + " " + std::string(access.route) + " " +
                   std::to_string(access.status) + " " + std::to_string(access.bytes));
  };
  {
    Server server(config(), routes(), answer_error, hooks);
    server.start();
    fetch(server, "/worker/123");
    fetch(server, "/", {}, "HEAD");
    fetch(server, "/worker/1", {}, "PUT");
  }
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0], "GET /worker/{n} 200 3");
  EXPECT_EQ(seen[1], "HEAD / 200 0");
  EXPECT_EQ(seen[2].substr(0, 9), "PUT  405 ");
}

}  // namespace

}  // namespace ritchi::http::test
