"""Bad records among good ones, limits, wrong usage, and what an import leaves behind."""
import json
import signal
import subprocess
import time

import pytest

from import_sources import HEADER, SQUARE, WHOLE, geojson, good, many, municipality, refused, rejects, sites


# --- single records -----------------------------------------------------------------------------------------------

def one_bad(importer, tmp_path, row, count=30):
    importer.data = tmp_path / f"data-{len(list(tmp_path.glob('data-*')))}"
    run = importer("site-survey", sites(tmp_path / "a.csv", many(count) + [row]), check=False)
    assert run.code == 3 and run.summary["rejected"] == 1 and run.summary["accepted"] == count, run.stderr
    (reject,) = rejects(run, importer)
    assert reject["record"] == f"line {count + 2}" and reject["source"].endswith("a.csv")
    assert reject["remedy"]
    return reject


def test_geometry_of_another_kind(importer, tmp_path):
    assert "is a line, which this profile does not take" in one_bad(importer, tmp_path, good("x", "LINESTRING(138.8 37.4,138.9 37.4)"))["reason"]


@pytest.mark.parametrize("shape", ["", "POLYGON EMPTY"])
def test_empty_geometry(importer, tmp_path, shape):
    assert "is empty" in one_bad(importer, tmp_path, good("x", shape))["reason"]


def test_nonsense_geometry(importer, tmp_path):
    assert "is not well-known text" in one_bad(importer, tmp_path, good("x", "POLYGON((138.8 37.4,"))["reason"]


def test_self_crossing_polygon(importer, tmp_path):
    reject = one_bad(importer, tmp_path, good("x", "POLYGON((138.80 37.40,138.81 37.41,138.81 37.40,138.80 37.41,138.80 37.40))"))
    assert "Self-intersection" in reject["reason"] and "would change its area" in reject["reason"]


def test_small_repairs_are_made_and_counted(importer, tmp_path):
    # A spike without area.
    spike = "POLYGON((138.80 37.40,138.81 37.40,138.82 37.40,138.81 37.40,138.81 37.41,138.80 37.41,138.80 37.40))"
    summary = importer("site-survey", sites(tmp_path / "a.csv", many(3) + [good("x", spike)])).summary
    assert summary["rejected"] == 0 and summary["repaired"] == 1 and summary["repaired_area_change_m2"] < 1


def test_collection_of_kinds(importer, tmp_path):
    reject = one_bad(importer, tmp_path, good("x", f"GEOMETRYCOLLECTION({SQUARE},LINESTRING(138.7 37.4,138.8 37.4))"))
    assert "is a collection of polygons and lines" in reject["reason"]


def test_unknown_municipality_code(importer, tmp_path):
    row = good("x")
    row[2] = "15999"
    reject = one_bad(importer, tmp_path, row)
    assert (reject["field"], reject["value"]) == ("municipality_code", "15999") and "does not exist" in reject["reason"]


def test_wrong_check_digit(importer, tmp_path):
    row = good("x")
    row[2] = "152025"
    reject = one_bad(importer, tmp_path, row)
    assert reject["value"] == "152025" and "check digit" in reject["reason"]


def test_a_site_that_nobody_opened_is_internal(importer, tmp_path):
    rows = [good(0), good(1), good(2)]
    rows[1][3], rows[2][3] = "", "極秘"
    importer("site-survey", sites(tmp_path / "a.csv", rows))
    assert importer.rows("factory_sites", "SELECT disclosure FROM factory_sites ORDER BY source_id", "15") == [("public",), ("internal",), ("internal",)]


def test_bad_date_and_number(importer, tmp_path):
    row = good("x")
    row[5] = "令和6年13月1日"
    assert one_bad(importer, tmp_path, row)["field"] == "surveyed_on"
    row[5], row[4] = "", "たくさん"
    assert one_bad(importer, tmp_path, row)["value"] == "たくさん"


def test_both_records_of_one_key_are_rejected(importer, tmp_path):
    rows = many(40)
    rows[7][0] = rows[3][0]
    run = importer("site-survey", sites(tmp_path / "a.csv", rows), check=False)
    assert run.code == 3 and (run.summary["accepted"], run.summary["rejected"]) == (38, 2)
    found = rejects(run, importer)
    assert [reject["record"] for reject in found] == ["line 5", "line 9"]
    assert all("line 5, line 9" in reject["reason"] and reject["value"] == "S3" for reject in found)


def test_line_numbers_count_line_breaks_within_cells(importer, tmp_path):
    rows = many(30)
    rows[2][1] = "二行の\n名称"
    rows[20][4] = "x"
    (reject,) = rejects(importer("site-survey", sites(tmp_path / "a.csv", rows)), importer)
    assert reject["record"] == "line 23"


# --- limits, usage, litter --------------------------------------------------------------------------------------

def test_too_many_rejects_publish_nothing_and_keep_the_old(importer, tmp_path):
    old = importer("site-survey", sites(tmp_path / "old.csv", many(10))).summary["revision"]
    content = importer.file("factory_sites", "15").read_bytes()
    rows = many(30)
    for row in rows[:4]:
        row[4] = "x"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows), check=False)
    assert run.code == 1 and "4 of 30 records were rejected" in run.summary["refusal"]
    assert importer.file("factory_sites", "15").read_bytes() == content
    assert importer("site-survey", tmp_path / "a.csv", options=["--max-rejects", "4"], check=False).code == 3
    assert importer("site-survey", tmp_path / "a.csv", options=["--max-rejects", "3"], check=False).code == 1
    again = importer("site-survey", tmp_path / "a.csv", options=["--max-rejects", "20%"], check=False)
    assert (again.code, again.summary["outcome"], again.summary["rejected"]) == (0, "unchanged", 4)
    # A clean import takes the reject file of the last one away.
    again = importer("site-survey", tmp_path / "old.csv")
    assert again.code == 0 and again.summary["revision"] == old
    assert [name for name in importer.files() if not name.endswith((".tiles", ".facts"))] == ["factory_sites", "factory_sites/15.sqlite", "rejects"]


def test_dry_run_writes_nothing(importer, tmp_path):
    rows = many(30)
    rows[0][4] = "x"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows), options=["--dry-run"])
    assert run.code == 3 and run.summary["outcome"] == "dry_run" and importer.files() == []
    run = importer("site-survey", tmp_path / "a.csv", options=["--dry-run", "--rejects", tmp_path / "r.csv"])
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbfsource,record,field,value,reason,remedy,")
    assert importer.files() == [] and not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("options,word", [(["--max-rejects", "many"], "--max-rejects"), (["--as-of", "sometime"], "--as-of"), (["--map", "x"], "--map"),
                                          (["--map", "colour=名称"], "colour"), (["--map", "name=nowhere"], "nowhere"),
                                          (["--partition", "../x"], "--partition"), (["--layer", "x"], "--layer"), (["--surprise"], "--surprise")])
def test_wrong_usage(importer, tmp_path, options, word):
    run = importer("site-survey", sites(tmp_path / "a.csv", many(1)), options=options, check=False)
    assert run.code == 2 and word in run.stderr + json.dumps(run.summary), run.stderr
    assert importer.files() == []


def test_unknown_profile(importer, tmp_path):
    run = importer("ksj-x99", sites(tmp_path / "a.csv", many(1)), check=False)
    assert run.code == 2 and "site-survey" in run.stderr


def test_columns_by_other_names(importer, tmp_path):
    source = tmp_path / "a.csv"
    source.write_text(HEADER.replace("面積ha", "広さ").replace("適地番号", "番号") + ",".join(f'"{c}"' for c in good(1)) + "\n", encoding="utf-8")
    refused(importer("site-survey", source, check=False), importer, "適地番号", "--map")
    summary = importer("site-survey", source, options=["--map", "area_ha=広さ", "--map", "source_id=番号"]).summary
    assert summary["accepted"] == 1
    assert importer.rows("factory_sites", "SELECT source_id, area_ha FROM factory_sites", "15") == [("S1", 1.5)]


def test_auto_does_not_take_a_declared_layers_name(importer, tmp_path):
    source = geojson(tmp_path / "a.geojson", [municipality(WHOLE)])
    refused(importer("auto", source, options=["--layer", "water_pipes"], check=False), importer, "water_pipes", "--layer")


def test_interrupted_import_cleans_up(importer, tmp_path):
    source = tmp_path / "big.geojsonl"
    with source.open("w") as out:
        for i in range(150_000):
            out.write(json.dumps({"type": "Feature", "properties": {"n": i}, "geometry": {"type": "Point", "coordinates": [138 + i * 1e-6, 37]}}) + "\n")
    command = importer("auto", "nothing", check=False).command
    command[command.index("nothing")] = str(source)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    # Not a matter of luck: the signal goes when the program has begun to write its file.
    while process.poll() is None and not list(importer.data.glob("big/.import-*")):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 1 and "interrupted" in stderr
    assert importer.files() == []
