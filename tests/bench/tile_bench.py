"""Tiles beside PostGIS (cold: speed, bytes, detail) and beside nginx (cached), the same tiles of the same rows: DATA."""
import gzip
import os
import pathlib
import shutil
import sys
import tempfile

import common
import http_load
import postgis_peer
import published
import tile_bytes
import tile_mix
from nginx_peer import Nginx

CONNECTIONS = (1, 8, 32)
PEER_CONNECTIONS = 8
NO_CACHE = ("--cache-mb", "0")
# "Cached" means that every tile is: the default of 64 MiB holds a part of a whole region's.
ROOM_FOR_ALL = ("--cache-mb", "2048")


def collect_bytes(data, postgis, mix, files):
    """What every tile weighs on both sides; ours are also written for nginx."""
    ours, theirs = tile_bytes.Side(), tile_bytes.Side()
    with common.Server(data) as server:
        for tile, body in http_load.fetch_all(server, mix.tiles):
            ours.add(tile, len(body), gzip.decompress(body) if body else b"")
            if body:
                target = files / (http_load.path_of(tile)[1:] + ".gz")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(body)
    for tile, body in postgis.tiles(mix.tiles):
        theirs.add(tile, len(gzip.compress(body, 6)) if body else 0, body)
    return ours, theirs


def cold(data, postgis, mix, place):
    paths = http_load.write_paths(mix.requests, place / "cold.txt")
    (ours, memory), theirs = ({each: [] for each in CONNECTIONS} for _ in range(2)), []
    for _ in range(common.ROUNDS):
        for connections in CONNECTIONS:
            with common.Server(data, *NO_CACHE) as server:
                ours[connections].append(http_load.timed_by_zoom(server, paths, connections))
                memory[connections].append((server.memory_mb("VmHWM"), server.memory_mb("RssAnon")))
        theirs.append(postgis.drive(mix.requests, PEER_CONNECTIONS, common.SECONDS))
    peer, ours = common.merged(theirs), {each: common.merged(rows) for each, rows in ours.items()}
    rows = []
    for name, row, peak in [*((f"ritchi, {each} connections", ours[each], [f"{max(seen):.0f}" for seen in zip(*memory[each])])
                              for each in CONNECTIONS), (f"PostGIS, {PEER_CONNECTIONS} connections", peer, ["", ""])]:
        rows.append([name, f"{row['rate']:.0f}", f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}", f"{row['cpu_ms']:.2f}",
                     len(row["asked"]), *peak])
    same = ours[PEER_CONNECTIONS]
    common.table(f"Cold, {published.LAYERS}: {mix}, no cache, medians of {common.ROUNDS} rounds in turn",
                 ["", "tiles/s", "p50 ms", "p99 ms", "cpu ms/tile", "asked", "memory at most, MB", "of that not files"], rows)
    common.table(f"Cold at {PEER_CONNECTIONS} connections, ritchi / PostGIS", ["", "ratio", "bar", ""],
                 [["tiles/s", *common.judged(same["rate"] / peer["rate"], least=20)],
                  ["p99", *common.judged(same["p99_ms"] / peer["p99_ms"], most=0.05)],
                  ["p50", common.ratio(same["p50_ms"], peer["p50_ms"]), "", ""],
                  ["cpu of a tile", common.ratio(same["cpu_ms"], peer["cpu_ms"]), "", ""]])
    cold_by_zoom(same, peer)


def cold_by_zoom(ours, theirs):
    rows = []
    for zoom in sorted({zoom for zoom, _ in ours["asked"]}):
        cells = []
        for row in (ours, theirs):
            times = [each for asked, each in row["asked"] if asked == zoom]
            cells += [len(times), common.percentile(times, 0.5), common.percentile(times, 0.99)]
        rows.append([f"z{zoom}", cells[0], f"{cells[1]:.2f}", f"{cells[2]:.2f}", cells[3], f"{cells[4]:.2f}", f"{cells[5]:.2f}",
                     common.ratio(cells[1], cells[4]), common.ratio(cells[2], cells[5])])
    common.table(f"Cold by zoom at {PEER_CONNECTIONS} connections, all rounds",
                 ["", "ritchi asked", "p50 ms", "p99 ms", "PostGIS asked", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio"], rows)


def cached(data, mix, weighed, files, place):
    held = [tile for tile in mix.requests if weighed.gzip_bytes[tile]]
    paths = http_load.write_paths(held, place / "cached.txt")
    ours, theirs = ({each: [] for each in CONNECTIONS} for _ in range(2))
    with common.Server(data, *ROOM_FOR_ALL) as server, Nginx(files, place) as nginx:
        for _ in http_load.fetch_all(server, mix.tiles):
            pass
        memory = server.memory_mb()
        for _ in range(common.ROUNDS):
            for connections in CONNECTIONS:
                ours[connections].append(http_load.at_full_speed(server, paths, connections))
                theirs[connections].append(http_load.at_full_speed(nginx, paths, connections))
    rows = []
    for connections in CONNECTIONS:
        mine, peer = common.medians(ours[connections]), common.medians(theirs[connections])
        ratio = mine["rate"] / peer["rate"]
        verdict = common.judged(ratio, least=1) if connections == CONNECTIONS[-1] else [f"{ratio:.3f}", "", ""]
        for name, row, cells in (("ritchi", mine, verdict),
                                 ("nginx", peer, ["", "", ""])):
            rows.append([f"{name}, {connections} connections", f"{row['rate']:.0f}", f"{row['p50_ms']:.3f}",
                         f"{row['p99_ms']:.2f}", f"{row['cpu_ms']:.4f}", *cells])
    common.table(f"Cached, {weighed.mean_kb(held):.1f} kB on the wire each, beside nginx with files (gzip_static), medians of "
                 f"{common.ROUNDS} rounds in turn; {memory:.0f} MB of memory with all of them cached",
                 ["", "tiles/s", "p50 ms", "p99 ms", "cpu ms/tile", "rate / nginx", "bar", ""], rows)


def main():
    data = sys.argv[1]
    layers = published.layers_of(data)
    mix = tile_mix.TileMix(layers)
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    os.chmod(place, 0o755)
    try:
        files = place / "www"
        with postgis_peer.Postgis(layers) as postgis:
            ours, theirs = collect_bytes(data, postgis, mix, files)
            tile_bytes.sizes(ours, theirs, mix, "PostGIS, gzip level 6", 1)
            tile_bytes.detail(ours, theirs, layers, mix.tiles, "PostGIS")
            cold(data, postgis, mix, place)
        cached(data, mix, ours, files, place)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
