"""What the generator writes, the importer takes: the whole manifest, with no reject but the planted defects."""
import csv
import json
import os
import sqlite3
import subprocess

import pytest

BINARY = os.environ["RITCHI_BIN"]


def run(*words):
    return subprocess.run([BINARY, *map(str, words)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synth") / "source"
    made = run("synth", "--seed", "3", "--scale", "0.01", "--region", "15202", "--out", folder)
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
        rejected = set()
        if rejects.exists():
            with open(rejects, encoding="utf-8-sig", newline="") as text:
                rejected = {(row["source"], row["record"]) for row in csv.DictReader(text)}
        results.append((entry, code, summary, rejected))
    return folder / "data", results


def test_the_manifest_covers_the_subjects(manifest):
    assert manifest["synthetic"] is True
    assert {"factory_sites", "industrial_parks", "farmland_zones", "farmland_parcels", "water_pipes",
            "water_facilities", "investments", "zoning", "municipalities",
            "interchanges"} == {entry["layer"] for entry in manifest["imports"]}


def test_only_planted_defects_are_rejected(imported):
    planted_somewhere = 0
    for entry, code, summary, rejected in imported[1]:
        planted = sum(entry["planted"].values())
        planted_somewhere += planted
        assert summary["rejected"] == planted, entry["profile"]
        assert len(rejected) == planted, entry["profile"]
        assert code == (3 if planted else 0), entry["profile"]
    assert planted_somewhere > 0


def test_every_record_arrives(imported):
    for entry, _, summary, _ in imported[1]:
        assert summary["features"] == entry["features"], entry["profile"]


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


def test_wrong_usage_is_told_and_leaves_nothing(tmp_path):
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
