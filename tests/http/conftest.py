"""Fixtures for tests against the real server: a data folder made by the generator, servers on free ports."""
import http.client
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import urllib.parse

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RITCHI = pathlib.Path(os.environ.get("RITCHI_BIN", ROOT / "build" / "bin" / "ritchi"))


def run(*args, **options):
    return subprocess.run([str(RITCHI), *map(str, args)], capture_output=True, text=True, timeout=300, **options)


def import_all(source, data):
    """Imports everything that a generated folder's manifest names."""
    for step in json.loads((source / "manifest.json").read_text(encoding="utf-8"))["imports"]:
        files = [str(source / name) for name in step["files"]]
        options = step.get("options", [])
        as_of = ["--as-of", step["as_of"]] if step.get("as_of") else []
        done = run("import", step["profile"], *files, "--data", data, *as_of, *options, "--progress", "none")
        assert done.returncode in (0, 3), f"{step['profile']}: {done.stderr}\n{done.stdout}"


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Source files of the synthetic region at a small scale."""
    folder = tmp_path_factory.mktemp("synth") / "out"
    done = run("synth", "--seed", 7, "--scale", 0.02, "--region", "15", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def data(generated, tmp_path_factory):
    """The synthetic region imported; not to be changed by tests (see own_data)."""
    folder = tmp_path_factory.mktemp("data")
    import_all(generated, folder)
    return folder


REAL = pathlib.Path(os.environ.get("RITCHI_REAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data(tmp_path_factory):
    """The published files of others, where they are at hand."""
    if not REAL.is_dir():
        pytest.skip(f"no real input files at {REAL}: set RITCHI_REAL_DATA")
    folder = tmp_path_factory.mktemp("real")
    for profile, pattern in [("ksj-n03", "admin/*.geojson"), ("ksj-n06", "roads/*.geojson"), ("ksj-l05", "sites-l05-tokyo/*.geojson"),
                             ("plateau-unf", "pipes-nagaoka/*water*.gml"), ("plateau-luse", "landuse-tamana/*.gml"),
                             ("plateau-urf", "zoning-kawasaki/*yoto*.gml")]:
        files = sorted(map(str, REAL.glob(pattern)))
        done = run("import", profile, *files, "--data", folder, "--progress", "none")
        assert done.returncode in (0, 3), f"{profile}: {done.stderr}"
    return folder


def star(choose, lon, lat, size):
    """A ring with spikes, some of them thinner than any grid."""
    corners = choose.randint(3, 40)
    turn = choose.uniform(0, 1)
    ring = []
    for i in range(corners):
        far = size * choose.choice((1, choose.uniform(0.01, 1), choose.uniform(0.9, 1)))
        angle = (i + turn) / corners * 2 * math.pi
        ring.append([lon + far * math.cos(angle), lat + far * math.sin(angle)])
    return ring + ring[:1]


@pytest.fixture(scope="session")
def shapes_data(tmp_path_factory):
    """Random stars with holes, lines that cross themselves, points: from a hand's breadth to half of Japan."""
    folder = tmp_path_factory.mktemp("shapes")
    choose = random.Random(20)
    kinds = {"stars": [], "paths": [], "spots": []}
    for i in range(1500):
        lon, lat = choose.uniform(138, 139), choose.uniform(37, 38)
        size = 10 ** choose.uniform(-6, 0.3)
        rings = [star(choose, lon, lat, size)]
        if choose.random() < 0.3:
            rings.append(star(choose, lon, lat, size * 0.009)[::-1])
        path = [[lon + choose.uniform(-size, size), lat + choose.uniform(-size, size)] for _ in range(choose.randint(2, 30))]
        for name, kind, coordinates in (("stars", "Polygon", rings), ("paths", "LineString", path), ("spots", "Point", [lon, lat])):
            kinds[name].append({"type": "Feature", "id": i + 1, "properties": {"name": f"㈱𠮷野 {i} ｶﾅ", "size": size},
                                "geometry": {"type": kind, "coordinates": coordinates}})
    for name, features in kinds.items():
        source = folder / f"{name}.geojson"
        source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        done = run("import", "auto", source, "--layer", name, "--data", folder / "data", "--progress", "none")
        assert done.returncode in (0, 3), done.stderr
    return folder / "data"


@pytest.fixture
def own_data(data, tmp_path):
    """A copy of the data folder that a test may damage or publish to."""
    return pathlib.Path(shutil.copytree(data, tmp_path / "data"))


class Server:
    """A running `ritchi serve`; ask() speaks HTTP over a fresh connection unless one is given."""

    def __init__(self, data, *options):
        self.process = subprocess.Popen(
            [str(RITCHI), "serve", "--data", str(data), "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise AssertionError(f"the server did not start: {line}{self.process.stderr.read()}")
        self.port = int(found.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path, method="GET", headers=None, connection=None):
        connection = connection or self.connect()
        connection.request(method, urllib.parse.quote(path, safe="/?&=%,.:-_~*"), headers=headers or {})
        answer = connection.getresponse()
        answer.body = answer.read()
        return answer

    def json(self, path, headers=None):
        answer = self.ask(path, headers=headers)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def serve(folder):
    running = Server(folder)
    yield running
    code, _, err = running.stop()
    assert code == 0, err


@pytest.fixture(scope="session")
def server(data):
    yield from serve(data)


@pytest.fixture(scope="session")
def real_server(real_data):
    yield from serve(real_data)


@pytest.fixture(scope="session")
def shapes_server(shapes_data):
    yield from serve(shapes_data)


@pytest.fixture
def start():
    """start(data, *options) gives a server of the test's own."""
    servers = []

    def begin(folder, *options):
        servers.append(Server(folder, *options))
        return servers[-1]

    yield begin
    for one in servers:
        one.stop()
