"""Fixtures for tests against the real server: a data folder made by the generator, servers on free ports."""
import http.client
import json
import os
import pathlib
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


@pytest.fixture(scope="session")
def server(data):
    running = Server(data)
    yield running
    code, _, err = running.stop()
    assert code == 0, err


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
