"""For which places a dataset is complete: stated at import, by the profile, or not at all."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RITCHI = os.environ.get("RITCHI_BIN", str(ROOT / "build" / "bin" / "ritchi"))

PARCELS = {"type": "FeatureCollection", "features": [
    {"type": "Feature",
     "properties": {"polygon_uuid": f"u{n}", "land_type": 100, "issue_year": 2024, "local_government_cd": code},
     "geometry": {"type": "Polygon", "coordinates": [[[138.8 + n / 100, 37.4], [138.801 + n / 100, 37.4],
                                                     [138.801 + n / 100, 37.401], [138.8 + n / 100, 37.4]]]}}
    for n, code in enumerate(["152021", "152111"])]}


def ritchi(*args):
    return subprocess.run([RITCHI, *map(str, args)], capture_output=True, text=True, timeout=120)


def covers(data, layer):
    listed = json.loads(ritchi("layers", "--data", data, "--json").stdout)
    return [item["covers"] for item in listed if item["layer"] == layer]


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "parcels.geojson"
    file.write_text(json.dumps(PARCELS), encoding="utf-8")
    return file


def test_the_profile_says_it_by_the_rows(source, tmp_path):
    assert ritchi("import", "fude", source, "--data", tmp_path / "d").returncode == 0
    assert covers(tmp_path / "d", "farmland_parcels") == [["15202", "15211"]]


def test_covers_takes_its_place(source, tmp_path):
    data = tmp_path / "d"
    assert ritchi("import", "fude", source, "--data", data, "--covers", "15,15202").returncode == 0
    assert covers(data, "farmland_parcels") == [["15", "15202"]]
    before = json.loads(ritchi("layers", "--data", data, "--json").stdout)[0]["revision"]
    # What it covers is part of what is published, so it changes the revision.
    assert ritchi("import", "fude", source, "--data", data).returncode == 0
    assert json.loads(ritchi("layers", "--data", data, "--json").stdout)[0]["revision"] != before
    assert ritchi("check", "--data", data).returncode == 0


def test_own_data_cover_nothing_unless_it_is_said(source, tmp_path):
    data = tmp_path / "d"
    assert ritchi("import", "auto", source, "--layer", "mine", "--data", data).returncode == 0
    assert covers(data, "mine") == [[]]
    assert ritchi("import", "auto", source, "--layer", "mine", "--data", data, "--covers", "japan").returncode == 0
    assert covers(data, "mine") == [["japan"]]


@pytest.mark.parametrize("text, why", [("14209", "no more"), ("99", "no prefecture"), ("nowhere", "neither"), ("15,", "neither")])
def test_what_is_no_place_is_refused(source, tmp_path, text, why):
    done = ritchi("import", "fude", source, "--data", tmp_path / "d", "--covers", text, "--lang", "en")
    assert done.returncode == 2
    assert why in done.stderr and "--covers" in done.stderr
    assert not (tmp_path / "d").exists()


def test_an_update_covers_what_was_covered_and_more(source, tmp_path):
    data = tmp_path / "d"
    assert ritchi("import", "fude", source, "--data", data, "--covers", "15202").returncode == 0
    done = ritchi("import", "fude", source, "--data", data, "--update", "--partition", "15", "--covers", "15204")
    assert done.returncode == 0, done.stderr
    assert covers(data, "farmland_parcels") == [["15202", "15204"]]
