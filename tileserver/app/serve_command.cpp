// ritchi serve: owns everything that the server is made of, and starts, reloads and drains it.
#include <fmt/format.h>
#include <pthread.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "geodata/base/error.hpp"
#include "geodata/base/log.hpp"
#include "geodata/base/metrics.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "tileserver/api/caller.hpp"
#include "tileserver/api/error_table.hpp"
#include "tileserver/api/site.hpp"
#include "tileserver/app/commands.hpp"
#include "tileserver/app/live_data.hpp"
#include "tileserver/app/server_metrics.hpp"
#include "tileserver/http/access_metrics.hpp"
#include "tileserver/http/server.hpp"

namespace ritchi::app {
namespace {

struct Options {
  std::string data;
  std::vector<std::string> archives;
  std::string listen = "127.0.0.1:8080";
  std::string public_url;
  std::vector<std::string> trusted_proxies;
  unsigned io_threads = 1;
  unsigned threads = 0;
  std::size_t cache_mb = 64;
  std::string cache_dir;
  std::size_t cache_disk_mb = 1024;
  std::string metrics_listen;
  std::size_t max_connections = http::Limits{}.max_connections;
  std::size_t queue = http::Limits{}.worker_queue;
  unsigned request_seconds = 30;
  unsigned drain_seconds = 30;
};

// The metrics at the address of everything else.
constexpr const char* same_listener = "same";

// "127.0.0.1:8080", "[::1]:8080"
void parse_listen(const std::string& text, const char* option, http::ServerConfig& config) {
  const auto wrong = [&](const char* why) {
    return base::Error(base::ErrorKind::bad_input, std::string("'") + text + "' " + why, option,
                       "write ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw wrong("has no port");
  config.address = text.substr(0, colon);
  if (config.address.starts_with('[') && config.address.ends_with(']'))
    config.address = config.address.substr(1, config.address.size() - 2);
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (parsed.ec != std::errc{} || parsed.ptr != end || port > 65535) throw wrong("has no valid port");
  config.port = static_cast<std::uint16_t>(port);
}

http::ServerConfig server_config(const Options& options) {
  http::ServerConfig out;
  parse_listen(options.listen, "--listen", out);
  out.io_threads = options.io_threads;
  out.worker_threads = options.threads;
  out.public_url = options.public_url;
  out.trusted_proxies = options.trusted_proxies;
  out.limits.max_connections = options.max_connections;
  out.limits.worker_queue = options.queue;
  out.limits.request_deadline = std::chrono::seconds(options.request_seconds);
  out.limits.drain_timeout = std::chrono::seconds(options.drain_seconds);
  return out;
}

// The metrics' own listener; null where they have none. Not bound yet.
std::unique_ptr<http::Server> metrics_server(const Options& options, const base::Metrics& metrics) {
  if (options.metrics_listen.empty() || options.metrics_listen == same_listener) return nullptr;
  http::ServerConfig config;
  parse_listen(options.metrics_listen, "--metrics-listen", config);
  config.worker_threads = 1;
  config.limits.max_connections = 16;
  config.limits.worker_queue = 16;
  http::Router router;
  api::add_metrics_route(router, metrics);
  return std::make_unique<http::Server>(std::move(config), std::move(router), api::answer_error);
}

sigset_t served_signals() {
  sigset_t out;
  sigemptyset(&out);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&out, signal);
  return out;
}

// One id cannot stand for two layers. Throws Error(conflict).
void check_ids(const tiles::ArchivedLayers& archives, const store::Snapshot& snapshot,
               const std::string& data) {
  for (const tiles::ArchivedLayer& layer : archives.all())
    if (snapshot.find(layer.id) != nullptr)
      throw base::Error(base::ErrorKind::conflict,
                        "the layer '" + layer.id + "' is also published in " + data,
                        layer.archive->file().string(), "serve one of the two");
}

// What is said at the start: "DATA and X.pmtiles".
std::string sources_of(const Options& options) {
  std::string out = options.data;
  for (const std::string& archive : options.archives) out += (out.empty() ? "" : " and ") + archive;
  return out;
}

// Looks for new datasets twice a second; returns when the process is asked to end.
void watch(LiveData* data, const sigset_t& signals) {
  const timespec pause{0, 500'000'000};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &pause);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (data != nullptr) data->refresh(signal == SIGHUP);
  }
}

int serve(const Options& options) {
  // Blocked before any thread starts, so that only watch() receives them.
  const sigset_t signals = served_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto share = base::share_folder();
  const auto catalogue = catalogue::Catalogue::load(share / "styles");
  if (options.data.empty() && options.archives.empty())
    throw base::Error(base::ErrorKind::bad_input, "nothing to serve", "--data",
                      "name a data folder with --data, or an archive with --archive");
  std::optional<LiveData> data;
  std::optional<access::Services> access;
  if (!options.data.empty()) {
    data.emplace(options.data, catalogue);
    access.emplace(options.data);
  }
  const auto nothing_published = std::make_shared<const store::Snapshot>();
  const auto snapshot_now = [&] { return data ? data->snapshot() : nothing_published; };
  tiles::ArchivedLayers archives({options.archives.begin(), options.archives.end()});
  check_ids(archives, *snapshot_now(), options.data);
  base::Metrics metrics;
  api::Site site{
      RITCHI_VERSION,
      catalogue,
      api::Viewers({snapshot_now,
                    [&site](const http::Request& request) { return api::caller_of(site, request); },
                    [&access](const std::string& today) {
                      return access ? access->consents.restated(today) : store::RestatedPtr();
                    },
                    facts::today_in_japan}),
      api::read_styles(share / "styles" / "maps"),
      api::read_pages(share / "viewer"),
      api::make_tile_cache(options.cache_mb << 20U),
      options.cache_dir.empty() ? nullptr
                                : std::make_unique<tiles::DiskCache>(
                                      options.cache_dir, std::uint64_t{options.cache_disk_mb} << 20U),
      tile_seconds(metrics),
      std::move(archives),
      access ? &*access : nullptr};
  http::Router router;
  api::add_tile_routes(router, site);
  api::add_style_routes(router, site);
  api::add_landing_routes(router, site);
  api::add_process_routes(router, site);
  api::add_health_routes(router, site);
  api::add_session_routes(router, site);
  api::add_consent_routes(router, site);
  api::add_inquiry_routes(router, site);

  if (options.metrics_listen == same_listener) api::add_metrics_route(router, metrics);

  http::AccessMetrics answers(metrics, router.patterns());
  http::Server server(
      server_config(options), std::move(router), api::answer_error,
      {api::keep_private, [&answers](const http::Access& answered) { answers.count(answered); }});
  add_server_metrics(metrics, site, server);
  const auto metrics_at = metrics_server(options, metrics);
  server.start();
  if (metrics_at) metrics_at->start();
  base::log_info("serving {} layers of {} at {}",
                 site.viewers.everybody()->layers().size() + site.archives.all().size(), sources_of(options),
                 server.local_url());
  std::cout << fmt::format("Ritchi serves {} at {}\n", sources_of(options), server.local_url()) << std::flush;
  if (metrics_at) std::cout << fmt::format("Metrics at {}/metrics\n", metrics_at->local_url()) << std::flush;
  watch(data ? &*data : nullptr, signals);
  base::log_info("draining");
  server.drain();
  server.wait();
  base::log_info("ended");
  return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("serve", "serve a data folder over HTTP");
  command->set_config("--config", "", "TOML file with these options' long names as keys")
      ->envname("RITCHI_CONFIG");
  const auto option = [command](const char* name, auto& value, const char* help, const char* variable) {
    return command->add_option(name, value, help)->envname(variable)->capture_default_str();
  };
  option("--data", options->data, "the data folder", "RITCHI_DATA");
  option("--archive", options->archives, "PMTiles archive whose layers are served too, or alone; repeatable",
         "RITCHI_ARCHIVE");
  option("--listen", options->listen, "address and port; port 0 takes any free one", "RITCHI_LISTEN");
  option("--public-url", options->public_url, "what links begin with, when a proxy stands in front",
         "RITCHI_PUBLIC_URL");
  option("--trusted-proxy", options->trusted_proxies, "address or range whose X-Forwarded-* is believed",
         "RITCHI_TRUSTED_PROXY");
  option("--threads", options->threads, "threads that make tiles; 0: one per processor", "RITCHI_THREADS");
  option("--io-threads", options->io_threads, "threads that read and write sockets", "RITCHI_IO_THREADS")
      ->check(CLI::Range(1, 64));
  option("--cache-mb", options->cache_mb, "memory for finished tiles, in MiB", "RITCHI_CACHE_MB");
  option("--cache-dir", options->cache_dir, "folder where finished tiles outlive the process; empty: none",
         "RITCHI_CACHE_DIR");
  option("--cache-disk-mb", options->cache_disk_mb, "room for them on disk, in MiB", "RITCHI_CACHE_DISK_MB")
      ->check(CLI::Range(1, 1 << 30));
  option("--metrics-listen", options->metrics_listen,
         "address and port of /metrics alone; 'same': at --listen; empty: no metrics",
         "RITCHI_METRICS_LISTEN");
  option("--max-connections", options->max_connections, "more are answered 503", "RITCHI_MAX_CONNECTIONS");
  option("--queue", options->queue, "requests that may wait for a thread; more are answered 503",
         "RITCHI_QUEUE");
  option("--request-seconds", options->request_seconds, "time for one request", "RITCHI_REQUEST_SECONDS");
  option("--drain-seconds", options->drain_seconds, "time for running requests after SIGTERM",
         "RITCHI_DRAIN_SECONDS");
  command->callback([options, &chosen] { chosen = [options] { return serve(*options); }; });
}

}  // namespace ritchi::app
