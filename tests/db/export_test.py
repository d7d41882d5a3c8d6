"""Archives of tiles: they hold just what the server sends, survive every kill, and are read by others."""
import contextlib
import gzip
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess

import pytest
from osgeo import gdal, ogr

import pmtiles
from conftest import binary

RITCHI = binary()
LAYERS = ["factory_sites", "farmland_parcels", "farmland_zones", "industrial_parks", "interchanges", "investments", "municipalities",
          "water_facilities", "water_pipes", "zoning"]


def ritchi(*args):
    return subprocess.run([str(RITCHI), *map(str, args)], capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    source, folder = tmp_path_factory.mktemp("synth") / "out", tmp_path_factory.mktemp("data")
    done = ritchi("synth", "--seed", 7, "--scale", 0.02, "--region", "15", "--out", source)
    assert done.returncode == 0, done.stderr
    for step in json.loads((source / "manifest.json").read_text(encoding="utf-8"))["imports"]:
        as_of = ["--as-of", step["as_of"]] if step.get("as_of") else []
        files = [source / name for name in step["files"]]
        done = ritchi("import", step["profile"], *files, "--data", folder, *as_of, *step.get("options", []), "--progress", "none")
        assert done.returncode in (0, 3), done.stderr
    return folder


def export(data, out, *options, code=0):
    done = ritchi("tiles", "export", "--data", data, "--layers", ",".join(LAYERS), "--zoom", "0-14", "--out", out, "--progress", "none", *options)
    assert done.returncode == code, done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def archives(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archives")
    for ending in ("pmtiles", "mbtiles"):
        export(data, folder / f"x.{ending}")
    return folder


class Server:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path, coding="gzip", **headers):
        self.connection.request("GET", path, headers={"Accept-Encoding": coding, **headers})
        answer = self.connection.getresponse()
        answer.body = answer.read()
        return answer


@contextlib.contextmanager
def serving(*options):
    process = subprocess.Popen([str(RITCHI), "serve", *map(str, options), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    try:
        found = re.search(r":(\d+)\s*$", process.stdout.readline())
        assert found, process.stderr.read()
        yield Server(int(found.group(1)))
    finally:
        process.terminate()
        process.communicate(timeout=60)


def around(tiles):
    """The tiles that an archive has and, at every zoom, those next to them: (z, x, y)."""
    with_neighbours = set()
    for z, x, y in tiles:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if 0 <= x + dx < 1 << z and 0 <= y + dy < 1 << z:
                    with_neighbours.add((z, x + dx, y + dy))
    return sorted(with_neighbours)


def mbtiles(path):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = connection.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles").fetchall()
    metadata = dict(connection.execute("SELECT name, value FROM metadata"))
    connection.close()
    return {(z, x, (1 << z) - 1 - row): bytes(blob) for z, x, row, blob in rows}, metadata


def test_both_archives_hold_every_tile_that_the_server_sends_and_no_other(data, archives):
    rows, _ = mbtiles(archives / "x.mbtiles")
    archive = pmtiles.Archive(archives / "x.pmtiles")
    assert {pmtiles.tile_id(*tile): blob for tile, blob in rows.items()} == archive.tiles()
    assert len(rows) > 500
    with serving("--data", data) as server:
        for z, x, y in around(rows):
            answer = server.ask(f"/xyz/{','.join(LAYERS)}/{z}/{x}/{y}.mvt")
            assert answer.status == (200 if (z, x, y) in rows else 204), (z, x, y)
            if answer.status == 200:
                assert answer.getheader("Content-Encoding") == "gzip"
                assert answer.body == rows[z, x, y], (z, x, y)
        z, x, y = max(rows, key=lambda tile: len(rows[tile]))
        assert server.ask(f"/xyz/{','.join(LAYERS)}/{z}/{x}/{y}.mvt", coding="identity").body == gzip.decompress(rows[z, x, y])


def test_the_header_and_metadata_are_true(data, archives):
    archive = pmtiles.Archive(archives / "x.pmtiles")
    tiles = archive.tiles()
    assert archive.root_at + archive.root_size < 16384
    assert (archive.clustered, archive.internal, archive.compression, archive.type) == (1, 2, 2, 1)
    assert archive.addressed == len(tiles)
    assert archive.contents == len(set(tiles.values())) < archive.addressed
    assert archive.entries == sum(1 for _ in archive.all_entries())
    assert (archive.min_zoom, archive.max_zoom) == (min(l["minzoom"] for l in archive.metadata["vector_layers"]), 14)
    assert [layer["id"] for layer in archive.metadata["vector_layers"]] == LAYERS
    assert {"name", "description", "attribution", "version"} <= archive.metadata.keys()
    assert all(isinstance(archive.metadata[key], str) for key in ("name", "description", "attribution", "version", "type"))
    with serving("--data", data) as server:
        answer = json.loads(server.ask(f"/xyz/{','.join(LAYERS)}.json", coding="identity", **{"Accept-Language": "ja"}).body)
    assert archive.bounds == pytest.approx(answer["bounds"], abs=1e-7)
    assert [*archive.center, archive.center_zoom] == pytest.approx(answer["center"], abs=1e-7)
    assert archive.metadata["vector_layers"] == answer["vector_layers"]
    assert archive.metadata["attribution"] == answer["attribution"]
    _, metadata = mbtiles(archives / "x.mbtiles")
    assert metadata["format"] == "pbf" and (metadata["minzoom"], metadata["maxzoom"]) == (str(archive.min_zoom), "14")
    assert json.loads(metadata["json"])["vector_layers"] == answer["vector_layers"]
    assert [float(side) for side in metadata["bounds"].split(",")] == pytest.approx(answer["bounds"])
    assert metadata["name"] and metadata["attribution"] == answer["attribution"] and metadata["type"] == "overlay"


def test_gdal_reads_the_archives(archives):
    done = subprocess.run(["ogrinfo", "-ro", "-so", "-al", str(archives / "x.mbtiles")], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "MBTiles" in done.stdout and "ERROR" not in done.stderr, done.stderr
    for layer in LAYERS:
        found = re.search(rf"Layer name: {layer}\n.*?Feature Count: (\d+)", done.stdout, re.S)
        assert found and int(found.group(1)) > 0, (layer, done.stdout)
    if gdal.GetDriverByName("PMTiles"):
        source = ogr.Open(str(archives / "x.pmtiles"))
        assert {source.GetLayer(i).GetName() for i in range(source.GetLayerCount())} == set(LAYERS)
        assert all(source.GetLayer(i).GetFeatureCount() > 0 for i in range(source.GetLayerCount()))


def test_sqlite_finds_the_mbtiles_sound(archives):
    connection = sqlite3.connect(archives / "x.mbtiles")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA application_id").fetchone() == (0x4D504258,)
    images, tiles = (connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("images", "tiles"))
    assert 0 < images < tiles
    connection.close()


def size(file):
    """In bytes; -1 where it is not there, or no more: an export may end at any moment."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return -1


@pytest.mark.parametrize("ending", ["pmtiles", "mbtiles"])
def test_killed_at_many_moments_the_next_run_goes_on_to_the_same_bytes(data, archives, tmp_path, ending):
    out = tmp_path / f"x.{ending}"
    journal, archive = (tmp_path / f"x.{ending}.unfinished" / name for name in ("journal", "archive"))
    command = [str(RITCHI), "tiles", "export", "--data", str(data), "--layers", ",".join(LAYERS), "--zoom", "0-14", "--out", str(out),
               "--threads", "2", "--progress", "none"]
    killed = 0
    # In the middle of making tiles, and at last while the archive itself is written.
    for grown_by in [1, 100, 3000, 6000, 9000, 20000, None]:
        before = max(0, size(journal))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            if archive.exists() if grown_by is None else size(journal) >= before + grown_by:
                break
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        if out.exists():
            break
    assert killed >= 3
    # The kill may have come after the rename: then the archive is whole already.
    assert not out.exists() or out.read_bytes() == (archives / out.name).read_bytes()
    begun = journal.exists()
    done = subprocess.run(command + ["--force"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert ("taken over from the run before" in done.stdout) == begun
    assert out.read_bytes() == (archives / out.name).read_bytes()
    assert os.listdir(tmp_path) == [out.name]


def test_ended_by_the_terminal_it_goes_on_later(data, archives, tmp_path):
    out = tmp_path / "x.pmtiles"
    journal = tmp_path / "x.pmtiles.unfinished" / "journal"
    command = [str(RITCHI), "tiles", "export", "--data", str(data), "--layers", ",".join(LAYERS), "--zoom", "0-14", "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not (journal.exists() and journal.stat().st_size > 3000):
        pass
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and "goes on where it stopped" in err, err
    assert not out.exists()
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "going on after" in done.stderr, done.stderr
    assert out.read_bytes() == (archives / "x.pmtiles").read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small tmpfs needs root")
@pytest.mark.parametrize("ending", ["pmtiles", "mbtiles"])
def test_a_full_disk_is_named_and_room_is_all_that_it_needs(data, archives, tmp_path, ending):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    try:
        out = small / f"x.{ending}"
        whole = (archives / out.name).stat().st_size
        for size in (64 << 10, whole // 2, whole * 3 // 2):
            subprocess.run(["mount", "-o", f"remount,size={size}", str(small)], check=True)
            done = export(data, out, code=1)
            assert "disk is full" in done.stderr and "make room" in done.stderr, done.stderr
            assert not out.exists()
        subprocess.run(["mount", "-o", f"remount,size={whole * 3 + (1 << 20)}", str(small)], check=True)
        export(data, out)
        assert out.read_bytes() == (archives / out.name).read_bytes()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_what_is_wrong_is_said(data, tmp_path):
    def refused(*options, code=1):
        done = ritchi("tiles", "export", "--data", data, *options)
        assert done.returncode == code and not done.stdout, done.stdout
        assert list(tmp_path.glob("*.unfinished")) == []
        return done.stderr

    out = tmp_path / "x.pmtiles"
    for zoom in ("14-0", "a", "0-25", "-1", "0-", "1-2-3", " 3"):
        assert "--zoom" in refused("--out", out, f"--zoom={zoom}"), zoom
    assert "'nowhere'" in refused("--out", out, "--layers", "zoning,nowhere")
    assert "twice" in refused("--out", out, "--layers", "zoning,zoning")
    assert "zooms" in refused("--out", out, "--layers", "farmland_parcels", "--zoom", "0-1")
    assert ".mbtiles" in refused("--out", tmp_path / "x.tar")
    assert "folder" in refused("--out", tmp_path / "missing" / "x.pmtiles")
    assert "--progress" in refused("--out", out, "--progress", "loud")
    out.write_text("mine")
    assert "--force" in refused("--out", out)
    assert out.read_text() == "mine"


def plain(answer):
    """Parts of layers may be compressed anew where others are left out."""
    return gzip.decompress(answer.body) if answer.getheader("Content-Encoding") == "gzip" else answer.body


def test_served_from_an_archive_the_answers_are_the_same(data, archives):
    rows, _ = mbtiles(archives / "x.mbtiles")
    some = sorted(rows)[::7]
    lists = [",".join(LAYERS), "zoning", "investments,factory_sites", "water_pipes,farmland_parcels,zoning"]
    with serving("--data", data) as first, serving("--archive", archives / "x.pmtiles") as second:
        for layers in lists:
            for z, x, y in around(some)[::3]:
                for coding, ending in (("gzip", "mvt"), ("identity", "pbf")):
                    path = f"/xyz/{layers}/{z}/{x}/{y}.{ending}"
                    one, other = first.ask(path, coding), second.ask(path, coding)
                    assert (one.status, plain(one)) == (other.status, plain(other)), path
                    # The server's own tags tell what a tile was made from, which an archive does not know.
                    for name in ("Content-Encoding", "Content-Type", "Vary", "Cache-Control"):
                        assert one.getheader(name) == other.getheader(name), (path, name)
                    if one.status == 200:
                        again = second.ask(path, coding, **{"If-None-Match": other.getheader("ETag")})
                        assert (again.status, again.body) == (304, b"")
            for path in (f"/xyz/{layers}/15/0/0.mvt", f"/xyz/{layers}/3/8/0.mvt", f"/xyz/{layers},nowhere/3/0/0.mvt", "/xyz/nowhere.json"):
                assert first.ask(path).status == second.ask(path).status == 404, path
            one, other = (json.loads(s.ask(f"/xyz/{layers}.json", "identity", **{"Accept-Language": "ja"}).body) for s in (first, second))
            for key in ("vector_layers", "minzoom", "maxzoom", "datasets", "name", "tilejson"):
                assert one[key] == other[key], key
        style = second.ask("/styles/ritchi", "identity")
        assert style.status == 200 and {layer.get("source-layer") for layer in json.loads(style.body)["layers"]} - {None} <= set(LAYERS)


def test_layers_of_data_and_archive_go_into_one_tile(data, tmp_path):
    zoning = tmp_path / "zoning.pmtiles"
    done = ritchi("tiles", "export", "--data", data, "--layers", "zoning", "--out", zoning)
    assert done.returncode == 0, done.stderr
    (tmp_path / "data").mkdir()
    for layer in ("farmland_zones", "investments"):
        (tmp_path / "data" / layer).symlink_to(data / layer)
    with serving("--data", data) as first, serving("--data", tmp_path / "data", "--archive", zoning) as second:
        for z, x, y in [(8, 226, 99), (10, 904, 397), (10, 905, 398), (12, 3618, 1590)]:
            for layers in ("zoning,investments", "farmland_zones,zoning,investments", "investments", "zoning"):
                path = f"/xyz/{layers}/{z}/{x}/{y}.mvt"
                one, other = first.ask(path), second.ask(path)
                assert (one.status, plain(one)) == (other.status, plain(other)), path


def test_a_layer_of_two_origins_and_a_bad_archive_are_refused_at_the_start(data, archives, tmp_path):
    archive = archives / "x.pmtiles"
    both = ritchi("serve", "--data", data, "--archive", archive, "--listen", "127.0.0.1:0")
    assert both.returncode == 1 and str(data) in both.stderr and str(archive) in both.stderr and "'factory_sites'" in both.stderr
    (tmp_path / "copy.pmtiles").write_bytes(archive.read_bytes())
    twice = ritchi("serve", "--archive", archive, "--archive", tmp_path / "copy.pmtiles", "--listen", "127.0.0.1:0")
    assert twice.returncode == 1 and "copy.pmtiles" in twice.stderr and str(archive) in twice.stderr
    (tmp_path / "cut.pmtiles").write_bytes(archive.read_bytes()[:5000])
    for bad in (tmp_path / "cut.pmtiles", archives / "x.mbtiles", tmp_path / "missing.pmtiles"):
        done = ritchi("serve", "--archive", bad, "--listen", "127.0.0.1:0")
        assert done.returncode == 1 and str(bad) in done.stderr, done.stderr
    nothing = ritchi("serve", "--listen", "127.0.0.1:0")
    assert nothing.returncode == 1 and "--archive" in nothing.stderr
