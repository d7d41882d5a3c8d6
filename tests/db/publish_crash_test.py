"""Kills imports at many moments and fills the disk: the published dataset is the old one whole or the new one
whole, each with its tiles, and after the next import nothing is left lying about."""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
import urllib.request

import pytest

from conftest import binary

RITCHI = binary()


def points(path, count):
    with path.open("w") as out:
        for i in range(count):
            out.write(json.dumps({"type": "Feature", "properties": {"nr": i, "of": count, "text": "x" * 40},
                                  "geometry": {"type": "Point", "coordinates": [138 + i * 1e-5, 37.4]}}) + "\n")
    return path


def command(source, data):
    return [str(RITCHI), "import", "auto", str(source), "--layer", "live", "--data", str(data), "--progress", "none"]


def run(source, data):
    return subprocess.run(command(source, data), capture_output=True, text=True, timeout=300)


def check(data):
    return subprocess.run([str(RITCHI), "check", "--data", str(data)], capture_output=True, text=True, timeout=300)


def rows(data):
    done = subprocess.run([str(RITCHI), "layers", "--data", str(data), "--json"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    (dataset,) = json.loads(done.stdout)
    return dataset["rows"]


def files(data):
    """All but whole lists of changes between revisions and what is locked; tiles without their revision."""
    found = (p.relative_to(data) for p in data.rglob("*") if p.is_file())
    return sorted(re.sub(r"\.[0-9a-f]{16}\.tiles$", ".tiles", str(p)) for p in found
                  if not (p.parent.name == "changes" and p.suffix == ".jsonl") and p.name != ".publishing")


WHOLE = ["live/all.sqlite", "live/all.tiles"]
TILES = ["0/0/0", "5/28/12", "8/226/99", "12/3618/1588"]


def served(data):
    """The bytes of a few tiles from a server of its own, which must have found them prepared."""
    process = subprocess.Popen([str(RITCHI), "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline()).group(0)
        found = []
        for tile in TILES:
            with urllib.request.urlopen(f"{url}/xyz/live/{tile}.pbf", timeout=60) as answer:
                found.append((answer.headers["ETag"], answer.read()))
    finally:
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert "made from features" not in err, err
    return found


def test_killed_at_any_moment_the_old_or_the_new_revision_is_whole(tmp_path):
    data = tmp_path / "data"
    old, new = points(tmp_path / "old.geojsonl", 500), points(tmp_path / "new.geojsonl", 20000)
    assert run(old, data).returncode == 0
    begin = time.monotonic()
    assert run(new, tmp_path / "timing").returncode == 0
    whole = time.monotonic() - begin
    tiles = {500: served(data), 20000: served(tmp_path / "timing")}
    assert all(a != b for a, b in zip(tiles[500], tiles[20000]))
    choose = random.Random(1)
    outcomes = {500: 0, 20000: 0}
    among_tiles = 0  # killed while tiles were prepared
    for attempt in range(60):
        # Spread over the whole run, most of them around its end, where the rename is.
        moment = whole * (attempt / 40 if attempt < 40 else choose.uniform(0.85, 1.1))
        process = subprocess.Popen(command(new, data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        found = rows(data)
        assert found in outcomes
        outcomes[found] += 1
        among_tiles += any(data.glob("live/.import-*-tiles"))
        assert served(data) == tiles[found]
        if found == 20000:
            assert check(data).returncode == 0
            assert run(old, data).returncode == 0
    assert outcomes[500] >= 10 and among_tiles >= 3, (outcomes, among_tiles)
    assert check(data).returncode == 0
    assert run(new, data).returncode == 0
    assert files(data) == WHOLE


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small tmpfs needs root")
def test_a_full_disk_is_named_and_the_old_revision_stays(tmp_path):
    data = tmp_path / "small"
    data.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(data)], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    try:
        old = points(tmp_path / "old.geojsonl", 100)
        assert run(old, data).returncode == 0
        before = (data / "live" / "all.sqlite").read_bytes()
        tiles = served(data)
        full = 0
        # From what just fits to what never does, so that the disk fills in every stage: rows, index, commit, tiles.
        for count in [*range(1000, 10000, 500), 60000]:
            done = run(points(tmp_path / "new.geojsonl", count), data)
            assert files(data) == WHOLE
            if done.returncode == 0:
                assert rows(data) == count and check(data).returncode == 0
                shutil.rmtree(data / "live")
                assert run(old, data).returncode == 0
                continue
            full += 1
            assert done.returncode == 1, done.stdout
            assert "disk is full" in done.stderr and "make room" in done.stderr, done.stderr
            assert (data / "live" / "all.sqlite").read_bytes() == before
            assert served(data) == tiles
        assert full >= 3
        assert check(data).returncode == 0
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_an_import_ended_by_the_terminal_leaves_nothing(tmp_path):
    data = tmp_path / "data"
    source = points(tmp_path / "p.geojsonl", 20000)
    process = subprocess.Popen(command(source, data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    folder = data / "live"
    while process.poll() is None and not (folder.is_dir() and any(folder.iterdir())):
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0 or files(data) == WHOLE
    assert all(not name.endswith(".tmp") for name in files(data)), err


def test_two_imports_of_one_layer_at_a_time_both_end_whole(tmp_path):
    data = tmp_path / "data"
    first, second = points(tmp_path / "a.geojsonl", 4000), points(tmp_path / "b.geojsonl", 5000)
    running = [subprocess.Popen(command(source, data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for source in (first, second)]
    for process in running:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert rows(data) in (4000, 5000)
    assert check(data).returncode == 0
    assert files(data) == WHOLE


def test_tiles_of_a_revision_that_never_came_are_gone_after_the_next_import(tmp_path):
    data = tmp_path / "data"
    source = points(tmp_path / "p.geojsonl", 100)
    assert run(source, data).returncode == 0
    (data / "live" / "all.0123456789abcdef.tiles").write_bytes(b"x")
    assert run(source, data).returncode == 0  # nothing new to publish
    assert files(data) == WHOLE
