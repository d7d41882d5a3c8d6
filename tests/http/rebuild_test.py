"""`ritchi check --rebuild` prepares tiles while a server answers from the same folder."""
import re

from conftest import run
from protocol_test import Load, wait_until
from tiles_test import tile_of


def tile_files(data):
    return {path.relative_to(data): path.read_bytes() for path in data.rglob("*.tiles")}


def busy_paths(server, layers):
    out = []
    for layer in layers:
        west, south, east, north = server.json(f"/xyz/{layer}.json")["bounds"]
        for zoom in (8, 11, 13):
            x, y = tile_of((west + east) / 2, (south + north) / 2, zoom)
            out.append(f"/xyz/{layer}/{zoom}/{x}/{y}.pbf")
    return out


def test_missing_and_damaged_tiles_are_made_anew_under_load(own_data, start):
    whole = tile_files(own_data)
    server = start(own_data)
    paths = busy_paths(server, ["municipalities", "interchanges"])

    def answers():
        return [(answer.status, answer.body) for answer in map(server.ask, paths)]

    prepared = answers()
    server.stop()
    (missing,) = (own_data / "municipalities").glob("*.tiles")
    (damaged,) = (own_data / "zoning").glob("*.tiles")
    missing.unlink()
    content = bytearray(damaged.read_bytes())
    content[300] ^= 1
    damaged.unlink()
    damaged.write_bytes(content)

    checked = run("check", "--data", own_data)
    assert checked.returncode == 1
    assert f"{damaged.parent}/" in checked.stderr and "damaged" in checked.stderr.lower()
    assert "run `ritchi check --rebuild`" in checked.stderr and "NO TILES" in checked.stdout
    assert "1 damaged, 1 without fitting tiles" in checked.stdout

    server = start(own_data)
    load = Load(server, paths)
    try:
        rebuilt = run("check", "--data", own_data, "--rebuild")
        assert rebuilt.returncode == 0, rebuilt.stderr
        wait_until(lambda: answers() == prepared and load.done > 500)
    finally:
        load.stop()
    assert load.errors == []
    assert tile_files(own_data) == whole
    _, _, err = server.stop()
    told = re.findall(r"municipalities[^\n]*made from features", err)
    assert len(told) == 1, err
    assert run("check", "--data", own_data).returncode == 0


def test_missing_tiles_alone_are_no_damage(own_data):
    for path in own_data.rglob("*.tiles"):
        path.unlink()
    checked = run("check", "--data", own_data)
    assert checked.returncode == 0 and "without fitting tiles" in checked.stdout
    assert not list(own_data.rglob("*.tiles"))
