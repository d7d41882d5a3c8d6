#include "tileserver/app/server_metrics.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>

namespace ritchi::app {
namespace {

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages_of_all = 0;
  double pages = 0;
  in >> pages_of_all >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

using Figures = std::function<tiles::CacheFigures()>;

void add_cache_metrics(base::Metrics& metrics, const std::string& level, const Figures& figures) {
  struct Row {
    const char* name;
    const char* help;
    std::uint64_t tiles::CacheFigures::*figure;
  };
  const base::Labels labels{{"level", level}};
  for (const Row& row : {
           Row{"ritchi_cache_hits_total", "Tiles found.", &tiles::CacheFigures::hits},
           Row{"ritchi_cache_misses_total", "Tiles not found.", &tiles::CacheFigures::misses},
           Row{"ritchi_cache_stores_total", "Tiles taken in.", &tiles::CacheFigures::stores},
           Row{"ritchi_cache_evictions_total", "Tiles that made room for others.",
               &tiles::CacheFigures::evictions},
           Row{"ritchi_cache_rejections_total",
               "Tiles not kept: too large, or asked for less often than what would have had to go.",
               &tiles::CacheFigures::rejections},
       })
    metrics.read_counter(row.name, row.help, labels,
                         [figures, figure = row.figure] { return static_cast<double>(figures().*figure); });
  metrics.read_gauge("ritchi_cache_entries", "Tiles held.", labels,
                     [figures] { return static_cast<double>(figures().entries); });
  metrics.read_gauge("ritchi_cache_bytes", "Bytes held, the cache's own included.", labels,
                     [figures] { return static_cast<double>(figures().bytes); });
}

void add_data_metrics(base::Metrics& metrics, const api::Site& site) {
  metrics.read_gauge("ritchi_layers", "Layers that are served.", {},
                     [&site] { return static_cast<double>(site.viewers.everybody()->layers().size()); });
  metrics.read_gauge("ritchi_datasets", "Dataset files of the layers that are served.", {}, [&site] {
    const auto snapshot = site.viewers.everybody();
    std::size_t datasets = 0;
    for (const store::LayerView& layer : snapshot->layers()) datasets += layer.datasets.size();
    return static_cast<double>(datasets);
  });
  metrics.read_gauge("ritchi_damaged_dataset_files", "Dataset files that could not be opened.", {},
                     [&site] { return static_cast<double>(site.viewers.damaged_files()); });
}

}  // namespace

base::Histogram& tile_seconds(base::Metrics& metrics) {
  return metrics.histogram("ritchi_tile_make_seconds", "Time to make one tile that no cache held.",
                           base::seconds_buckets());
}

void add_server_metrics(base::Metrics& metrics, const api::Site& site, const http::Server& server) {
  add_cache_metrics(metrics, "memory", [&site] { return site.tile_cache->figures(); });
  if (site.disk_cache) add_cache_metrics(metrics, "disk", [&site] { return site.disk_cache->figures(); });
  metrics.read_counter("ritchi_cache_waits_total",
                       "Requests that waited for a tile which another was making.", {},
                       [&site] { return static_cast<double>(site.tile_cache->figures().waits); });
  add_data_metrics(metrics, site);
  metrics.read_gauge("ritchi_connections", "Open connections.", {},
                     [&server] { return static_cast<double>(server.load().connections); });
  metrics.read_gauge("ritchi_worker_queue_length", "Requests that wait for a worker thread.", {},
                     [&server] { return static_cast<double>(server.load().queued); });
  metrics.read_gauge("ritchi_workers_busy", "Worker threads at work.", {},
                     [&server] { return static_cast<double>(server.load().running); });
  metrics.read_gauge("process_resident_memory_bytes", "Resident memory.", {}, resident_bytes);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  metrics.gauge("process_start_time_seconds", "When the server started, in seconds since 1970.")
      .set(std::chrono::duration<double>(now).count());
}

}  // namespace ritchi::app
