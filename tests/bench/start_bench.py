"""How long the server takes until it is ready and how much memory it then has: DATA."""
import statistics
import sys

import common

RUNS = 5
MOST_MB = 150


def main():
    ready, memory, peak = [], [], []
    for _ in range(RUNS):
        with common.Server(sys.argv[1]) as server:
            ready.append(server.ready_s * 1000)
            memory.append(server.memory_mb())
            peak.append(server.memory_mb("VmHWM"))
    common.table(f"Start at scale {common.SCALE}, {RUNS} runs", ["", "least", "median", "most"],
                 [[name, *(f"{value:.0f}" for value in (min(each), statistics.median(each), max(each)))]
                  for name, each in (("ready after, ms", ready), ("memory, MB", memory), ("peak memory, MB", peak))])
    common.table(f"Memory at scale {common.SCALE}, cache empty", ["", "MB", "bar", ""],
                 [["after start", *common.judged(statistics.median(memory), most=MOST_MB, form=".0f")]])


if __name__ == "__main__":
    main()
