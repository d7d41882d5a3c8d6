"""What the figures share: running a command under time, a server that is asked until it is ready, and tables."""
import json
import math
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # what benches and tests share is in tests/support
from support.server import OPENER, RITCHI, Server, free_port, process_cpu_s, process_memory_mb  # noqa: E402,F401

SCALE = os.environ.get("RITCHI_BENCH_SCALE", "1")
ROUNDS = int(os.environ.get("RITCHI_BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("RITCHI_BENCH_SECONDS", "10"))
PLACE = pathlib.Path(os.environ.get("RITCHI_BENCH_DIR", ROOT / "build" / "bench"))
# What was started is stopped on the way out, also when the run is asked to end.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def timed(command):
    """Wall and processor seconds and peak memory of one command, as /usr/bin/time reads them from the kernel."""
    with tempfile.NamedTemporaryFile("r") as figures:
        run = subprocess.run(["/usr/bin/time", "-f", "%e %U %S %M", "-o", figures.name, *map(str, command)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode not in (0, 3):
            raise SystemExit(f"{' '.join(map(str, command))}\n{run.stdout}")
        wall, user, system, peak = figures.read().split()[-4:]
    return {"wall_s": float(wall), "cpu_s": float(user) + float(system), "peak_mb": int(peak) / 1024}


def timed_ms(asked):
    """What a question takes on the wall, and its answer."""
    started = time.perf_counter()
    answer = asked()
    return (time.perf_counter() - started) * 1000, answer


def medians(rows):
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def imports_of(manifest, layer):
    """The imports of a layer that a manifest of source files lists, each with its files."""
    content = json.loads(pathlib.Path(manifest).read_text("utf-8"))
    entries = content["imports"] if isinstance(content, dict) else content
    found = [(entry, [str(pathlib.Path(manifest).parent / name) for name in entry["files"]])
             for entry in entries if entry["layer"] == layer]
    if not found:
        raise SystemExit(f"{manifest} lists no {layer}")
    return found


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else math.nan


def asked_row(asked, wall_s, cpu_s):
    """Figures of requests that were asked: [(zoom, milliseconds)…]."""
    times = [each for _, each in asked]
    return {"rate": len(times) / wall_s, "p50_ms": percentile(times, 0.5), "p99_ms": percentile(times, 0.99),
            "cpu_ms": cpu_s * 1000 / max(1, len(times)), "asked": asked}


def merged(rounds):
    """Medians of several rounds' figures, and all that was asked in them."""
    return medians([{key: value for key, value in row.items() if key != "asked"} for row in rounds]) | {
        "asked": [each for row in rounds for each in row["asked"]]}


def judged(value, least=None, most=None, form=".3f"):
    """Cells of a table: a figure, its bar, and whether it is met. Never a failure."""
    bar, met = (f">= {least:g}", value >= least) if least is not None else (f"<= {most:g}", value <= most)
    return [f"{value:{form}}", bar, "met" if met else "NOT MET"]


def ratio(ours, theirs):
    return f"{ours / theirs:.3f}" if theirs and ours == ours and theirs == theirs else "-"


def table(title, header, rows):
    cells = [list(map(str, row)) for row in [header, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        print("  " + "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))))
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))
