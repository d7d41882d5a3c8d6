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
# Tiles drawn around each scale's own data at two loads, and everywhere those that were drawn at the least scale:
# of these only what a tile holds has grown, or nothing where the land was full.
RUNS = (("own", 1), ("own", 8), ("least", 1))


def start_of(data):
    ready, memory = [], []
    for _ in range(STARTS):
        with common.Server(data) as server:
            ready.append(server.ready_s * 1000)
            memory.append(server.memory_mb())
    return statistics.median(ready), statistics.median(memory)


def rows_in(data):
    return sum(1 for layer in published.layers_of(data) for _ in layer.centres())


def measure(datasets, place):
    """{scale: {run: figures}} and {scale: memory}; the scales in turn, so that all see the same machine."""
    asked = {scale: {run: [] for run in RUNS} for scale, _ in datasets}
    memory = {scale: [] for scale, _ in datasets}
    paths = {scale: http_load.write_paths(tile_mix.TileMix(published.layers_of(data)).requests, place / f"{scale}.txt")
             for scale, data in datasets}
    for _ in range(common.ROUNDS):
        for scale, data in datasets:
            for run in RUNS:
                tiles, connections = run
                with common.Server(data, "--cache-mb", "0") as server:
                    asked[scale][run].append(http_load.timed_by_zoom(
                        server, paths[scale if tiles == "own" else datasets[0][0]], connections))
                    memory[scale].append(server.memory_mb("VmHWM"))
    return ({scale: {run: common.merged(rows) for run, rows in by.items()} for scale, by in asked.items()},
            {scale: max(each) for scale, each in memory.items()})


def cold_rows(datasets, figures, run):
    first, *_ = (figures[scale][run]["p50_ms"] for scale, _ in datasets)
    for number, (scale, _) in enumerate(datasets):
        row = figures[scale][run]
        yield [f"scale {scale}", f"{row['kb']:.1f}", f"{row['rate']:.0f}", f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}",
               f"{row['cpu_ms']:.2f}", *(common.against(row["p50_ms"], first, most=MOST_SLOWER) if number else ["", "", ""])]


def by_zoom(datasets, figures, run):
    for zoom in sorted(tile_mix.TILES):
        cells = [f"z{zoom}"]
        for part in (0.5, 0.99):
            each = [common.percentile([time for asked, time in figures[scale][run]["asked"] if asked == zoom], part)
                    for scale, _ in datasets]
            cells += [*(f"{time:.2f}" for time in each), common.against(each[-1], each[0], most=1)[0]]
        yield cells


def main():
    datasets = list(zip(sys.argv[1::2], sys.argv[2::2]))
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    try:
        starts = {scale: start_of(data) for scale, data in datasets}
        figures, worked = measure(datasets, place)
    finally:
        shutil.rmtree(place)
    common.table(f"Growing data: {published.LAYERS}", ["", "rows", "ready ms", "memory MB", "at most, cold MB"],
                 [[f"scale {scale}", rows_in(data), *(f"{each:.0f}" for each in starts[scale]), f"{worked[scale]:.0f}"]
                  for scale, data in datasets])
    names = [f"scale {scale}" for scale, _ in datasets]
    for run in RUNS:
        tiles, connections = run
        drawn = "drawn in each scale's data" if tiles == "own" else f"drawn at {names[0]}, the same for all"
        title = f"tiles {drawn}, {connections} connection{'s' if connections > 1 else ''}"
        common.table(f"Cold, {title}, medians of {common.ROUNDS} rounds in turn",
                     ["", "kB", "tiles/s", "p50 ms", "p99 ms", "cpu ms/tile", f"p50 / {names[0]}", "bar", ""],
                     list(cold_rows(datasets, figures, run)))
        common.table(f"By zoom, {title}: p50 then p99 in ms", ["", *names, "ratio", *names, "ratio"],
                     list(by_zoom(datasets, figures, run)))


if __name__ == "__main__":
    main()
