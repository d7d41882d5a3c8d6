"""Tiles per second, cold and from the cache, beside nginx sending the same bytes from files: DATA."""
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import common

LAYERS = os.environ.get("RITCHI_BENCH_LAYERS", "factory_sites,farmland_parcels,farmland_zones,water_pipes,investments")
ZOOMS = range(8, 15)
MOST_TILES = int(os.environ.get("RITCHI_BENCH_TILES", "3000"))
SECONDS = int(os.environ.get("RITCHI_BENCH_SECONDS", "5"))
CONNECTIONS = (1, 8, 32)


def tile_of(longitude, latitude, zoom):
    side = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return int((longitude + 180) / 360 * side), int(y * side)


def fetch(url):
    answer = common.OPENER.open(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"}), timeout=60)
    return answer.status, answer.read()


# "Cached" means that every tile is: the default of 64 MiB holds a part of a whole region's.
ROOM_FOR_ALL = ("--cache-mb", "2048")


def collect(server, files):
    """Asks every tile of the extent once, keeps those with features, and writes their bytes for nginx."""
    tilejson = json.loads(common.OPENER.open(f"{server.url}/xyz/{LAYERS}.json").read())
    west, south, east, north = tilejson["bounds"]
    candidates = []
    for zoom in ZOOMS:
        left, top = tile_of(west, north, zoom)
        right, bottom = tile_of(east, south, zoom)
        candidates += [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    random.Random(1).shuffle(candidates)
    paths, total = [], 0
    for zoom, x, y in candidates:
        path = f"/xyz/{LAYERS}/{zoom}/{x}/{y}.pbf"
        status, body = fetch(server.url + path)
        if status != 200:
            continue
        target = files / (path[1:] + ".gz")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        paths.append(path)
        total += len(body)
        if len(paths) == MOST_TILES:
            break
    return paths, total


def wrk(url, paths, connections, once=False):
    seconds = 600 if once else SECONDS
    run = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s",
                          str(pathlib.Path(__file__).with_name("tile_list.lua")), url, "--", str(paths),
                          "once" if once else "again"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    line = [each for each in run.stdout.splitlines() if each.startswith("RESULT ")]
    if not line:
        raise SystemExit(run.stdout)
    requests, duration, failed, p50, p99 = map(float, line[0].split()[1:])
    if failed:
        raise SystemExit(f"{failed:.0f} failed requests at {url}")
    return {"rate": requests / duration, "requests": requests, "p50_ms": p50, "p99_ms": p99}


class Nginx:
    def __init__(self, files, place):
        port = common.free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.pid_file = place / "nginx.pid"
        configuration = place / "nginx.conf"
        configuration.write_text(f"""
{"user root;" if os.geteuid() == 0 else ""}
worker_processes 2; pid {self.pid_file}; error_log {place}/nginx.log warn; worker_rlimit_nofile 8192;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000;
  open_file_cache max=20000 inactive=60s; open_file_cache_valid 60s;
  types {{ application/vnd.mapbox-vector-tile pbf; }}
  client_body_temp_path {place}/t; proxy_temp_path {place}/t; fastcgi_temp_path {place}/t;
  uwsgi_temp_path {place}/t; scgi_temp_path {place}/t;
  server {{ listen 127.0.0.1:{port} backlog=1024; root {files}; gzip_static always; }}
}}
""")
        subprocess.run(["nginx", "-c", str(configuration)], check=True)
        deadline = time.monotonic() + 20
        while not (self.pid_file.exists() and self.pid_file.read_text().strip()):
            if time.monotonic() > deadline:
                raise SystemExit("nginx did not start")
            time.sleep(0.01)
        self.pid = int(self.pid_file.read_text())

    def cpu_s(self):
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(common.process_cpu_s(each) for each in [self.pid, *children])

    def stop(self):
        os.kill(self.pid, 15)
        deadline = time.monotonic() + 20
        while self.pid_file.exists() and time.monotonic() < deadline:  # nginx removes it last
            time.sleep(0.01)


def measured(server, url, paths, connections):
    before = server.cpu_s()
    row = wrk(url, paths, connections)
    row["cpu_ms"] = (server.cpu_s() - before) * 1000 / row["requests"]
    return row


def main():
    data = sys.argv[1]
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    os.chmod(place, 0o755)
    nginx = None
    try:
        files = place / "www"
        with common.Server(data) as server:
            paths, total = collect(server, files)
        if not paths:
            raise SystemExit("no tile has features")
        listed = place / "paths.txt"
        listed.write_text("\n".join(paths) + "\n")
        cold = {each: [] for each in CONNECTIONS}
        warm = {each: [] for each in CONNECTIONS}
        peer = {each: [] for each in CONNECTIONS}
        nginx = Nginx(files, place)
        for _ in range(common.ROUNDS):
            for connections in CONNECTIONS:
                with common.Server(data, *ROOM_FOR_ALL) as server:  # a new process: nothing is cached but the system's file pages
                    before = server.cpu_s()
                    row = wrk(server.url, listed, connections, once=True)
                    row["cpu_ms"] = (server.cpu_s() - before) * 1000 / row["requests"]
                    cold[connections].append(row)
                    warm[connections].append(measured(server, server.url, listed, connections))
                    peer[connections].append(measured(nginx, nginx.url, listed, connections))
                    memory = server.memory_mb()
        rows = []
        for connections in CONNECTIONS:
            ours, cached, static = (common.medians(each[connections]) for each in (cold, warm, peer))
            for name, row in (("ritchi, cold", ours), ("ritchi, cached", cached), ("nginx, files", static)):
                rows.append([f"{name}, {connections} connections", f"{row['rate']:.0f}", f"{row['p50_ms']:.2f}",
                             f"{row['p99_ms']:.2f}", f"{row['cpu_ms']:.3f}", f"{row['rate'] / static['rate']:.2f}"])
        common.table(f"{len(paths)} tiles of {LAYERS}, {total / len(paths) / 1000:.1f} kB on the wire each, medians of "
                     f"{common.ROUNDS} rounds in turn; {memory:.0f} MB of memory with all of them cached",
                     ["", "tiles/s", "p50 ms", "p99 ms", "cpu ms/tile", "rate / nginx"], rows)
    finally:
        if nginx:
            nginx.stop()
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
