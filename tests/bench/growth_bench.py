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
CONNECTIONS = (1, 8)
MOST_SLOWER = 1.2


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
    """{scale: {connections: figures}}, the scales in turn so that all see the same machine."""
    asked = {scale: {each: [] for each in CONNECTIONS} for scale, _ in datasets}
    memory = {scale: [] for scale, _ in datasets}
    paths = {scale: http_load.write_paths(tile_mix.TileMix(published.layers_of(data)).requests, place / f"{scale}.txt")
             for scale, data in datasets}
    for _ in range(common.ROUNDS):
        for scale, data in datasets:
            for connections in CONNECTIONS:
                with common.Server(data, "--cache-mb", "0") as server:
                    asked[scale][connections].append(http_load.timed_by_zoom(server, paths[scale], connections))
                    memory[scale].append(server.memory_mb("VmHWM"))
    return ({scale: {each: common.merged(rows) for each, rows in by.items()} for scale, by in asked.items()},
            {scale: statistics.median(each) for scale, each in memory.items()})


def main():
    datasets = list(zip(sys.argv[1::2], sys.argv[2::2]))
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    try:
        starts = {scale: start_of(data) for scale, data in datasets}
        figures, worked = measure(datasets, place)
    finally:
        shutil.rmtree(place)
    least = datasets[0][0]
    rows = []
    for scale, data in datasets:
        ready, memory = starts[scale]
        one, eight = (figures[scale][each] for each in CONNECTIONS)
        ratio = common.against(one["p50_ms"], figures[least][1]["p50_ms"], most=MOST_SLOWER)
        rows.append([f"scale {scale}", rows_in(data), f"{ready:.0f}", f"{memory:.0f}", f"{worked[scale]:.0f}",
                     f"{one['p50_ms']:.2f}", f"{one['p99_ms']:.2f}", f"{eight['p50_ms']:.2f}", f"{eight['p99_ms']:.2f}",
                     *(ratio if scale != least else ["", "", ""])])
    common.table(f"Growing data, medians of {common.ROUNDS} rounds in turn; cold tiles of {published.LAYERS} as requested",
                 ["", "rows", "ready ms", "memory MB", "after cold MB", "p50 ms, 1 conn.", "p99 ms", "p50 ms, 8 conn.",
                  "p99 ms", f"p50 / scale {least}", "bar", ""], rows)
    rows = []
    for zoom in sorted(tile_mix.TILES):
        cells = [f"z{zoom}"]
        for part in (0.5, 0.99):
            each = [common.percentile([time for asked, time in figures[scale][1]["asked"] if asked == zoom], part)
                    for scale, _ in datasets]
            cells += [*(f"{time:.2f}" for time in each), common.against(each[-1], each[0], most=1)[0]]
        rows.append(cells)
    names = [f"scale {scale}" for scale, _ in datasets]
    common.table("Cold by zoom at 1 connection, p50 then p99 in ms", ["", *names, "ratio", *names, "ratio"], rows)


if __name__ == "__main__":
    main()
