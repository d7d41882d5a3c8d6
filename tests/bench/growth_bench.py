"""What grows with the data: start, memory and cold tiles by zoom over growing scales: SCALE DATA [SCALE DATA]…"""
import pathlib
import shutil
import statistics
import sys
import tempfile

import common
import http_load
import published
import tile_mix

STARTS = 5
MOST_SLOWER = 1.2
OWN, EQUAL = "drawn in each scale's data", "that weigh the same at every scale"
RUNS = ((OWN, 1), (OWN, 8), (EQUAL, 1))
SAME_SIZE = 0.1  # of the larger; what a tile holds sets its time, and where the land has room it grows with the data


def start_of(data):
    ready, memory = [], []
    for _ in range(STARTS):
        with common.Server(data) as server:
            ready.append(server.ready_s * 1000)
            memory.append(server.memory_mb())
    return statistics.median(ready), statistics.median(memory)


def rows_in(data):
    return sum(1 for layer in published.layers_of(data) for _ in layer.centres())


def equal_tiles(datasets, tiles):
    """Those of the tiles whose gzip bytes at the least and at the largest scale differ by little."""
    sizes = []
    for _, data in (datasets[0], datasets[-1]):
        with common.Server(data) as server:
            sizes.append({tile: len(body) for tile, body in http_load.fetch_all(server, tiles)})
    return {tile for tile in tiles if sizes[0][tile] and
            abs(sizes[0][tile] - sizes[1][tile]) <= SAME_SIZE * max(sizes[0][tile], sizes[1][tile])}


def measure(datasets, place):
    """{scale: {run: figures}} and {scale: memory}; the scales in turn, so that all see the same machine."""
    asked = {scale: {run: [] for run in RUNS} for scale, _ in datasets}
    memory = {scale: {field: [] for field in ("VmHWM", "RssAnon")} for scale, _ in datasets}
    mixes = {scale: tile_mix.TileMix(published.layers_of(data)) for scale, data in datasets}
    same = equal_tiles(datasets, mixes[datasets[0][0]].tiles)
    requests = {EQUAL: [tile for tile in mixes[datasets[0][0]].requests if tile in same]}
    print(f"\n{len(same)} of {mixes[datasets[0][0]]} at scale {datasets[0][0]} {EQUAL}")
    paths = {(scale, kind): http_load.write_paths(requests.get(kind, mixes[scale].requests), place / f"{kind[:4]}-{scale}")
             for scale, _ in datasets for kind in (OWN, EQUAL)}
    for _ in range(common.ROUNDS):
        for scale, data in datasets:
            for run in RUNS:
                kind, connections = run
                if kind == EQUAL and not same:
                    continue
                with common.Server(data, "--cache-mb", "0") as server:
                    asked[scale][run].append(http_load.timed_by_zoom(server, paths[scale, kind], connections))
                    for field, seen in memory[scale].items():
                        seen.append(server.memory_mb(field))
    return ({scale: {run: common.merged(rows) for run, rows in by.items() if rows} for scale, by in asked.items()},
            {scale: [max(seen) for seen in each.values()] for scale, each in memory.items()})


def cold_rows(datasets, figures, run):
    first, *_ = (figures[scale][run]["p50_ms"] for scale, _ in datasets)
    for number, (scale, _) in enumerate(datasets):
        row = figures[scale][run]
        yield [f"scale {scale}", f"{row['kb']:.1f}", f"{row['rate']:.0f}", f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}",
               f"{row['cpu_ms']:.2f}", *(common.judged(row["p50_ms"] / first, most=MOST_SLOWER) if number else ["", "", ""])]


def by_zoom(datasets, figures, run):
    zooms = [{zoom for zoom, _ in figures[scale][run]["asked"]} for scale, _ in datasets]
    for zoom in sorted(set.intersection(*zooms)):
        cells = [f"z{zoom}"]
        for part in (0.5, 0.99):
            each = [common.percentile([time for asked, time in figures[scale][run]["asked"] if asked == zoom], part)
                    for scale, _ in datasets]
            cells += [*(f"{time:.2f}" for time in each), common.ratio(each[-1], each[0])]
        yield cells


def main():
    datasets = list(zip(sys.argv[1::2], sys.argv[2::2]))
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    try:
        starts = {scale: start_of(data) for scale, data in datasets}
        figures, worked = measure(datasets, place)
    finally:
        shutil.rmtree(place)
    common.table(f"Growing data: {published.LAYERS}",
                 ["", "rows", "ready ms", "memory MB", "making tiles, at most MB", "of that not files MB"],
                 [[f"scale {scale}", rows_in(data), *(f"{each:.0f}" for each in (*starts[scale], *worked[scale]))]
                  for scale, data in datasets])
    names = [f"scale {scale}" for scale, _ in datasets]
    for run in figures[datasets[0][0]]:
        title = f"tiles {run[0]}, {run[1]} connection{'s' if run[1] > 1 else ''}"
        common.table(f"Cold, {title}, medians of {common.ROUNDS} rounds in turn",
                     ["", "kB", "tiles/s", "p50 ms", "p99 ms", "cpu ms/tile", f"p50 / {names[0]}", "bar", ""],
                     list(cold_rows(datasets, figures, run)))
        common.table(f"By zoom, {title}: p50 then p99 in ms", ["", *names, "ratio", *names, "ratio"],
                     list(by_zoom(datasets, figures, run)))


if __name__ == "__main__":
    main()
