"""Updates by source key and the lists of changes between revisions, through the program."""
import json
import subprocess

from conftest import binary
from import_sources import many, sites


def diff(importer, *options, check=True):
    run = subprocess.run([str(binary()), "diff", "factory_sites", "--data", str(importer.data), *options],
                         capture_output=True, text=True, timeout=60)
    assert not check or run.returncode == 0, run.stderr
    return run


def listed(run):
    *changes, summary = map(json.loads, run.stdout.splitlines())
    return {change["source_id"]: change["change"] for change in changes}, summary


def keys(importer):
    return [key for (key,) in importer.rows("factory_sites", "SELECT source_id FROM factory_sites ORDER BY source_id", "15")]


def with_marks(path, rows, marks):
    """The same table with one column more, which says what is to be taken away."""
    head, *lines = sites(path, rows).read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([head + ",削除", *(f"{line},{mark}" for line, mark in zip(lines, marks))]) + "\n", encoding="utf-8")
    return path


def test_an_update_inserts_changes_and_takes_away(importer, tmp_path):
    rows = many(10)
    first = importer("site-survey", sites(tmp_path / "first.csv", rows)).summary
    assert "changes" not in first
    renamed, gone, new = list(rows[2]), list(rows[5]), list(rows[7])
    renamed[1], new[0] = "改称", "NEW-1"
    run = importer("site-survey", with_marks(tmp_path / "delta.csv", [renamed, gone, new], ["", "1", ""]), options=["--update"])
    assert run.code == 0
    assert run.summary["changes"] == {"from": first["revision"], "inserted": 1, "changed": 1, "removed": 1}
    assert run.summary["deletions"] == 1
    assert keys(importer) == sorted([row[0] for row in rows if row[0] != gone[0]] + ["NEW-1"])
    assert importer.rows("factory_sites", f"SELECT name FROM factory_sites WHERE source_id = '{renamed[0]}'", "15") == [("改称",)]
    check = subprocess.run([str(binary()), "check", "--data", str(importer.data)], capture_output=True, text=True, timeout=60)
    assert check.returncode == 0, check.stderr

    changes, summary = listed(diff(importer, "--format", "json"))
    assert changes == {renamed[0]: "changed", gone[0]: "removed", "NEW-1": "inserted"}
    assert (summary["from"], summary["to"]) == (first["revision"], run.summary["revision"])
    text = diff(importer).stdout
    assert "inserted 1, changed 1, removed 1" in text and "NEW-1" in text
    boxes = json.loads(diff(importer, "--format", "geojson").stdout)
    assert len(boxes["features"]) == 3 and all(f["geometry"]["type"] == "Polygon" for f in boxes["features"])

    again = importer("site-survey", tmp_path / "delta.csv", options=["--update"])
    assert (again.code, again.summary["outcome"]) == (0, "unchanged")


def test_steps_can_be_seen_as_one(importer, tmp_path):
    rows = many(6)
    revisions = [importer("site-survey", sites(tmp_path / "a.csv", rows)).summary["revision"]]
    for number, kept in enumerate((rows[:5], rows[:4], rows)):
        revisions.append(importer("site-survey", sites(tmp_path / f"{number}.csv", kept)).summary["revision"])
    # The last step brings the first revision's rows back, but from another file: nothing differs over all.
    changes, summary = listed(diff(importer, "--format", "json", "--from", revisions[1], "--to", revisions[2][:8]))
    assert changes == {rows[4][0]: "removed"} and summary["removed"] == 1
    changes, _ = listed(diff(importer, "--format", "json", "--from", revisions[1]))
    assert changes == {rows[4][0]: "changed", rows[5][0]: "inserted"}
    unknown = diff(importer, "--from", "ffffffff", check=False)
    assert unknown.returncode == 1 and "no list of changes between these revisions is kept" in unknown.stderr


def test_marks_of_deletion_mean_nothing_without_update(importer, tmp_path):
    rows = many(4)
    run = importer("site-survey", with_marks(tmp_path / "a.csv", rows, ["", "1", "", ""]))
    assert run.summary["skipped"] == {"marked as deleted": 1} and len(keys(importer)) == 3


def test_what_cannot_be_updated_is_refused_and_left_alone(importer, tmp_path):
    source = sites(tmp_path / "a.csv", many(4))
    none_yet = importer("site-survey", source, options=["--update"], check=False)
    assert none_yet.code == 1 and "import it first without --update" in none_yet.stderr
    assert importer.files() == []
    importer("site-survey", source)
    before = importer.file("factory_sites", "15").read_bytes()
    other = importer("site-survey", source, options=["--update", "--partition", "14"], check=False)
    assert other.code == 1 and "nothing is published as partition '14'" in other.stderr
    all_gone = importer("site-survey", with_marks(tmp_path / "gone.csv", many(4), ["1"] * 4), options=["--update"], check=False)
    assert all_gone.code == 1 and "no record to publish" in all_gone.stderr
    assert importer.file("factory_sites", "15").read_bytes() == before
    first = diff(importer, check=False)
    assert first.returncode == 1 and "this is the first revision" in first.stderr
    assert diff(importer, "--partition", "99", check=False).returncode == 1
