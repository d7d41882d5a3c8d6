"""What the tests of imports and stored files share: the program, the real files, an empty data folder."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # what tests and benches share is in tests/support


def binary():
    return pathlib.Path(os.environ.get("RITCHI_BIN", ROOT / "build" / "bin" / "ritchi")).resolve()


@pytest.fixture(scope="session")
def real():
    """The folder of real input files; they are not part of the project."""
    folder = pathlib.Path(os.environ.get("RITCHI_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip(f"the real input files are not at {folder} (set RITCHI_REAL_DATA)")
    return folder


class Importer:
    """Runs `ritchi import` into one data folder and reads what came of it."""

    def __init__(self, data):
        self.data = data

    def __call__(self, profile, *sources, options=(), check=True, environment=None):
        command = [str(binary()), "import", profile, *map(str, sources), "--data", str(self.data), "--progress", "json", *map(str, options)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**os.environ, **(environment or {})})
        summary = json.loads(run.stdout) if run.stdout.strip() else None
        if check:
            assert run.returncode in (0, 3), run.stderr + run.stdout
        return SimpleNamespace(code=run.returncode, summary=summary, stderr=run.stderr, command=command)

    def file(self, layer, partition="all"):
        return self.data / layer / f"{partition}.sqlite"

    def rows(self, layer, sql, partition="all"):
        connection = sqlite3.connect(f"file:{self.file(layer, partition)}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def geometries(self, layer, partition="all"):
        """source_id -> WKT, read by SpatiaLite's own tool rather than by code of ours."""
        run = subprocess.run(["spatialite", "-silent", "-separator", "\t", str(self.file(layer, partition)),
                              f"SELECT source_id, AsWKT(geom, 12) FROM {layer};"], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        return dict(line.split("\t", 1) for line in run.stdout.splitlines() if "\t" in line)

    def files(self):
        """All but the lists of changes, which are kept when one revision follows another, and what is locked."""
        found = (path.relative_to(self.data) for path in self.data.rglob("*"))
        return sorted(str(path) for path in found if "changes" not in path.parts and not path.name.startswith(".publishing")) if self.data.exists() else []


@pytest.fixture
def importer(tmp_path):
    return Importer(tmp_path / "data")


@pytest.fixture
def new_importer(tmp_path):
    return lambda name: Importer(tmp_path / name)
