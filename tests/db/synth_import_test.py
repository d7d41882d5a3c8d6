"""What the generator writes, the importer takes: every import reports exactly what the manifest expects of it."""
import collections
import csv
import json
import os
import pathlib
import sqlite3
import subprocess

import pytest

BINARY = os.environ["RITCHI_BIN"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
REAL = pathlib.Path(os.environ.get("RITCHI_REAL_DATA", pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"))

# Kinds of defect in the manifest, and how the importer says that it found one: in its reason or its remedy.
SAID = {
    "self_crossing": "elf-intersection",
    "repeated_key": "the key occurs 2 times",
    "coordinates_exchanged": "longitude and latitude look exchanged",
    "coordinates_zero": "lies outside Japan: 0.000000 0.000000",
    "year_of_two_digits": "is a year of two digits without an era",
    "place_missing": "the record has no place",
    "amount_below_zero": "is below 0",
}


def run(*words):
    return subprocess.run([BINARY, *map(str, words)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synth") / "source"
    made = run("synth", "--seed", "3", "--scale", "0.1", "--region", "15202", "--out", folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def manifest(source):
    return json.loads((source / "manifest.json").read_text("utf-8"))


def import_entry(entry, source, data, rejects):
    done = run("import", entry["profile"], *(source / name for name in entry["files"]), "--data", data,
               "--as-of", entry["as_of"], "--rejects", rejects, "--progress", "json", *entry["options"])
    assert done.returncode in (0, 3), f"{entry['profile']}: {done.stdout}{done.stderr}"
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def imported(source, manifest, tmp_path_factory):
    """Per manifest entry: exit code, summary and the reject file's records."""
    folder = tmp_path_factory.mktemp("imported")
    results = []
    for number, entry in enumerate(manifest["imports"]):
        rejects = folder / f"rejects-{number}.csv"
        code, summary = import_entry(entry, source, folder / "data", rejects)
        rejected = {}
        if rejects.exists():
            with open(rejects, encoding="utf-8-sig", newline="") as text:
                for row in csv.DictReader(text):
                    rejected.setdefault((row["source"], row["record"]), []).append(row["reason"] + row["remedy"])
        results.append((entry, code, summary, rejected))
    return folder / "data", results


def test_the_manifest_covers_the_subjects(manifest):
    assert manifest["synthetic"] is True
    catalogue = {file.stem for file in (ROOT / "styles" / "layers").glob("*.json")}
    assert {entry["layer"] for entry in manifest["imports"]} == catalogue


def as_expected(entry, code, summary):
    found = {**summary, "skipped": sum(summary["skipped"].values())}
    assert {name: found[name] for name in entry["expected"]} == entry["expected"], entry["profile"]
    assert found["features"] == entry["features"]
    assert code == (3 if entry["expected"]["rejected"] else 0), entry["profile"]


def test_every_import_reports_exactly_what_the_manifest_expects(imported):
    for entry, code, summary, _ in imported[1]:
        as_expected(entry, code, summary)


def test_rejects_are_those_that_the_manifest_names_for_its_reasons(imported):
    kinds = set()
    for entry, _, _, rejected in imported[1]:
        found = collections.Counter()
        for record, said in rejected.items():
            matching = [kind for kind, words in SAID.items() if any(words in each for each in said)]
            assert len(matching) == 1, (entry["profile"], record, said)
            found[matching[0]] += 1
        assert dict(found) == entry["rejected_by"], entry["profile"]
        kinds |= found.keys()
    assert kinds == SAID.keys()


def test_rejects_stay_far_below_the_limit(imported):
    for entry, *_ in imported[1]:
        assert entry["expected"]["rejected"] * 20 < entry["expected"]["read"], entry["profile"]


def test_what_looks_wrong_and_is_not_arrives(imported):
    data, _ = imported

    def count(layer, partition, condition):
        with sqlite3.connect(f"file:{data / layer / partition}.sqlite?mode=ro&immutable=1", uri=True) as database:
            return database.execute(f'SELECT count(*) FROM "{layer}" WHERE {condition}').fetchone()[0]

    odd = {entry["profile"]: entry["odd"] for entry, *_ in imported[1]}
    parks = odd["ksj-l05"]
    assert count("industrial_parks", "15", "municipality_code = '15215'") == 0  # merged into Nagaoka in 2006
    replaced = "id IN (SELECT feature_id FROM ritchi_notes WHERE kind = 'code_replaced') AND municipality_code = '15202'"
    assert count("industrial_parks", "15", replaced) == parks["code_abolished"] > 0
    assert count("industrial_parks", "15", "total_ha IS NULL") == parks["area_0"] > 0
    assert count("industrial_parks", "15", "companies IS NULL") == parks["companies_999"] > 0
    assert count("industrial_parks", "15", "use_districts LIKE '%,%'") == parks["several_districts"] > 0
    assert count("factory_sites", "15", "area_ha IS NULL") <= odd["site-survey"]["area_0"]
    assert count("water_pipes", "15", "laid_year IS NULL") == odd["plateau-unf"]["year_0001"] > 0
    without_point = count("investments", "15", "location_precision <> 'point'")
    assert 0 < without_point <= odd["investments"]["no_point"]
    assert count("investments", "15", "location_precision <> 'point' AND geom IS NOT NULL") == 0


def test_what_sites_are_judged_by_is_complete_and_has_no_rejects(imported):
    data, results = imported
    listed = json.loads(run("layers", "--data", data, "--json").stdout)
    places = {row["covers"][0][:2] for row in listed if row["covers"]}
    assert places == {"15"}
    covers = {row["layer"]: row["covers"] for row in listed}
    assert len(covers["municipalities"]) == 13
    for layer, places in covers.items():
        assert places == ([] if layer in ("factory_sites", "investments") else covers["municipalities"]), layer
    defective = {"farmland_zones", "farmland_parcels", "factory_sites", "water_pipes", "investments"}
    for entry, _, summary, _ in results:
        assert summary["rejected"] == 0 or entry["layer"] in defective, entry["profile"]


def test_pipes_are_of_the_undertaking_in_whose_area_they_lie(imported):
    data, _ = imported

    def names(layer, partition, column):
        with sqlite3.connect(f"file:{data / layer / partition}.sqlite?mode=ro&immutable=1", uri=True) as database:
            return {name for (name,) in database.execute(f'SELECT DISTINCT {column} FROM "{layer}"')}

    assert names("water_pipes", "15-industrial", "undertaking") < names("waterworks", "15", "name")


def test_half_of_the_pipe_length_is_past_its_40_years_in_2026(imported):
    data, _ = imported
    for partition in ("15", "15-industrial"):
        with sqlite3.connect(f"file:{data / 'water_pipes' / partition}.sqlite?mode=ro&immutable=1", uri=True) as database:
            total, old, unknown = database.execute(
                "SELECT sum(length_m), sum(length_m) FILTER (WHERE 2026 - laid_year > 40), "
                "sum(length_m) FILTER (WHERE laid_year IS NULL) FROM water_pipes").fetchone()
        assert 0.45 < old / (total - unknown) < 0.55, partition
        assert 0.05 < unknown / total < 0.10, partition


def test_every_feature_keeps_its_flag(imported):
    data, results = imported
    files = sorted(data.glob("*/*.sqlite"))
    assert len(files) == len(results)
    for file in files:
        with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as database:
            table = file.parent.name
            total, flagged = database.execute(f'SELECT count(*), sum(synthetic) FROM "{table}"').fetchone()
            assert total > 0, file
            assert flagged == total, file


def test_both_networks_stand_side_by_side(imported):
    data, _ = imported
    assert {file.stem for file in (data / "water_pipes").glob("*.sqlite")} == {"15", "15-industrial"}


def test_importing_again_publishes_nothing_new(imported, source, tmp_path):
    data, results = imported
    entry = next(entry for entry, *_ in results if entry["layer"] == "investments")
    before = {file: file.stat().st_mtime_ns for file in data.glob("investments/*.sqlite")}
    import_entry(entry, source, data, tmp_path / "rejects.csv")
    assert {file: file.stat().st_mtime_ns for file in data.glob("investments/*.sqlite")} == before


def test_real_outlines_are_kept_to(tmp_path):
    outlines = REAL / "admin" / "N03-21_15_s0010.geojson"
    if not outlines.exists():
        pytest.skip(f"no real input file {outlines}: set RITCHI_REAL_DATA")
    made = run("synth", "--seed", "3", "--scale", "0.05", "--region", "15", "--n03", outlines, "--out", tmp_path / "source")
    assert made.returncode == 0, made.stderr
    manifest = json.loads((tmp_path / "source" / "manifest.json").read_text("utf-8"))
    entries = {entry["layer"]: entry for entry in manifest["imports"]}
    assert entries["municipalities"]["features"] == 37
    for number, entry in enumerate(manifest["imports"]):
        code, summary = import_entry(entry, tmp_path / "source", tmp_path / "data", tmp_path / f"{number}.csv")
        as_expected(entry, code, summary)


def test_wrong_usage_is_told_and_leaves_nothing(tmp_path):
    for words in (["--n03", "no-such-file.geojson"],):
        done = run("synth", *words, "--out", tmp_path / "x")
        assert done.returncode == 1, words
        assert "no-such-file.geojson" in done.stderr
    for words in (["--region", "99"], ["--scale", "x"], ["--scale", "0"], ["--seed", "-1"]):
        done = run("synth", *words, "--out", tmp_path / "x")
        assert done.returncode == 2, words
        assert words[0] in done.stderr
    assert run("synth").returncode == 2
    assert not (tmp_path / "x").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("ten years of work")
    done = run("synth", "--scale", "0.01", "--out", tmp_path / "mine")
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
