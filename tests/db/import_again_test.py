"""What was rejected can be corrected and imported by itself; what people read about it, in both languages."""
import csv
import json
import os
import pty
import subprocess

import pytest

from import_corpus_test import city, package, pipe, put, table, text_of
from import_sources import WHOLE, geojson, good, many, municipality, polygon, rejected_records, shapefile, sites, workbook

BOW = polygon((138.8, 37.4), (138.9, 37.5), (138.9, 37.4), (138.8, 37.5), (138.8, 37.4))
LOOSE = ("--max-rejects", "90%")


def bad_sites():
    rows = many(8)
    rows[1][4] = "=1+1"
    rows[2][2] = "99999"
    rows[3][6] = "POINT(1 2)"
    rows[4][5] = "-3"
    rows[5][1] = ""
    rows[5][4] = "a,\"\"b\"\"\nc"
    return rows


def bad_municipalities():
    out = [municipality(WHOLE, f"15{202 + n}") for n in range(8)]
    out[1]["properties"]["N03_007"] = "99999"
    out[2]["geometry"] = BOW
    out[3]["geometry"] = None
    out[4]["properties"].update({"N03_007": -5, "extra": {"a": [1]}, "real": 0.1, "flag": True})
    out[5]["geometry"] = {"type": "Point", "coordinates": [138.8, 37.4]}
    return out


def csv_source(folder):
    return "site-survey", put(folder / "a.csv", text_of(table(bad_sites())))


def workbook_source(folder):
    rows = bad_sites()
    rows[6][4] = -2.5
    rows[5][4] = "5,5,5"
    return "site-survey", workbook(folder / "a.xlsx", table(rows))


def geojson_source(folder):
    return "ksj-n03", geojson(folder / "a.geojson", bad_municipalities())


def lines_source(folder):
    return "ksj-n03", put(folder / "a.geojsonl", "\n".join(json.dumps(feature) for feature in bad_municipalities()))


def package_source(folder):
    ogr = pytest.importorskip("osgeo.ogr")
    path = package(folder / "a.gpkg", count=8)
    dataset = ogr.Open(str(path), 1)
    for fid, value, shape in ((2, "99999", None), (3, "15204", "POLYGON((138 37,139 38,139 37,138 38,138 37))"), (4, "+81", "POLYGON((1 1,1 2,2 2,1 1))")):
        feature = dataset.GetLayer(0).GetFeature(fid)
        feature.SetField("N03_007", value)
        if shape:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        dataset.GetLayer(0).SetFeature(feature)
    dataset = None
    return "ksj-n03", path


def shapefile_source(folder):
    shp = shapefile(folder / "s", count=8, values={1: {"AREA_SIZE": -3.5}, 2: {"AREA_CD": "99999"}, 3: {"LAYER_NO": "06", "AREA_CD": "15x"}})
    dbf = shp.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[content.index("農用地6".encode("cp932"))] = 0xFF
    dbf.write_bytes(content)
    return "ksj-a12", shp


def citygml_source(folder):
    members = [pipe(n) for n in range(6)] + [pipe("odd", "37.4 138.8 0 37.41"), pipe("word", "37.4 138.8 x"), pipe("abroad", "7.4 38.8 0 7.5 38.9 0"), pipe("late").replace("1975", "soon")]
    return "plateau-unf", put(folder / "a.gml", city(members))


SOURCES = [csv_source, workbook_source, geojson_source, lines_source, package_source, shapefile_source, citygml_source]


@pytest.mark.parametrize("make", SOURCES)
def test_rejects_read_again_are_the_same_records_with_the_same_faults(new_importer, tmp_path, make):
    profile, source = make(tmp_path)
    first = new_importer("first")
    run = first(profile, source, options=LOOSE, check=False)
    assert run.code == 3, (run.stderr, run.summary)
    header, *rows = rejected_records(run)
    assert len(rows) == run.summary["rejected"] > 1
    for row in rows:
        assert len(row) == len(header)
        assert not any(cell[:1] in ("=", "@", "\t", "\r") for cell in row), row

    again = new_importer("again")(profile, run.summary["rejects_file"], options=["--dry-run", "--rejects", tmp_path / "again.csv", "--max-rejects", "100%"], check=False)
    assert again.summary["rejected"] == len(rows) and again.summary["accepted"] == 0, again.stderr
    with open(tmp_path / "again.csv", encoding="utf-8-sig", newline="") as repeated:
        header_again, *rows_again = csv.reader(repeated)
    assert sorted(header_again) == sorted(header)
    order = [header_again.index(name) for name in header] if len(set(header)) == len(header) else range(len(header))
    for number, (was, now) in enumerate(zip(rows, rows_again), 2):
        now = [now[at] for at in order]
        skipped = {1, header.index("_types")}  # the label has the row now; columns may stand in another order
        assert now[1] == f"{was[1]} (row {number})"
        # Faults of rows that belong together name the row, too.
        assert [cell.replace(f" (row {number})", "") for at, cell in enumerate(now) if at not in skipped] == [cell for at, cell in enumerate(was) if at not in skipped]
    assert any("corrected reject file" in note for note in again.summary["notes"])


def corrected(run, path, change):
    header, *rows = rejected_records(run)
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for row in rows:
            row = dict(zip(header, row))
            if change(row):
                writer.writerow([row[name] for name in header])
    return path


@pytest.mark.parametrize("form", ["geojson", "geojsonl"])
def test_corrected_records_are_what_the_source_would_have_given(new_importer, tmp_path, form):
    bad, whole = bad_municipalities()[:3], [municipality(WHOLE, f"15{202 + n}") for n in range(3)]

    def source(name, features):
        if form == "geojson":
            return geojson(tmp_path / f"{name}.geojson", features)
        return put(tmp_path / f"{name}.geojsonl", "\n".join(json.dumps(feature) for feature in features))

    run = new_importer("first")("ksj-n03", source("a", bad), options=LOOSE, check=False)

    def correct(row):
        if row["field"] == "geometry":
            row["_wkt"] = "POLYGON ((138.8 37.4,138.9 37.4,138.9 37.5,138.8 37.5,138.8 37.4))"
        else:
            row["N03_007"] = "15203"
        return True

    fixed = corrected(run, tmp_path / "fixed.csv", correct)
    done = new_importer("fixed")
    assert done("ksj-n03", fixed).summary["accepted"] == 2
    clean = new_importer("clean")
    clean("ksj-n03", source("b", whole[1:]))
    assert done.geometries("municipalities", "15") == clean.geometries("municipalities", "15")
    sql = "SELECT source_id, municipality_code, prefecture FROM municipalities ORDER BY source_id"
    assert done.rows("municipalities", sql, "15") == clean.rows("municipalities", sql, "15")


def test_a_reject_file_does_not_replace_what_is_published(importer, tmp_path):
    rows = many(20)
    rows[3][4] = "x"
    rows[5][4] = "y"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows))
    before = importer.file("factory_sites", "15").read_bytes()
    assert run.summary["retry_command"].endswith("--update") and run.summary["rejects_file"] in run.summary["retry_command"]

    def correct(row):
        row["面積ha"] = "2.5"
        return row["適地番号"] == "S3"  # the other row is deleted

    fixed = corrected(run, run.summary["rejects_file"], correct)
    refused = importer("site-survey", fixed, check=False)
    assert refused.code == 1 and "--update" in refused.stderr and "corrected reject file" in refused.stderr
    assert importer.file("factory_sites", "15").read_bytes() == before
    assert os.path.exists(fixed)
    tried = importer("site-survey", fixed, options=["--dry-run"])
    assert (tried.code, tried.summary["accepted"]) == (0, 1)


def test_corrected_rejects_are_put_on_top(importer, tmp_path):
    rows = many(20)
    rows[3][4] = rows[5][4] = "x"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows))
    assert run.summary["rejected"] == 2

    def correct(row):
        row["面積ha"] = "2.5"
        return True

    fixed = corrected(run, tmp_path / "fixed.csv", correct)
    again = importer("site-survey", fixed, options=["--update", "--partition", "15"])
    assert (again.code, again.summary["rejected"], again.summary["changes"]["inserted"]) == (0, 0, 2)
    for row in rows:
        row[4] = "2.5" if row[4] == "x" else row[4]
    whole = "SELECT source_id, name, area_ha, hex(geom) FROM factory_sites ORDER BY source_id"
    mended = importer.rows("factory_sites", whole, "15")
    importer("site-survey", sites(tmp_path / "right.csv", rows))
    assert importer.rows("factory_sites", whole, "15") == mended


def test_a_reject_file_that_is_read_is_not_overwritten(importer, tmp_path):
    rows = [good(n) for n in range(4)]
    for row in rows:
        row[4] = "x"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows), check=False)
    name = run.summary["rejects_file"]
    before = open(name, "rb").read()
    again = importer("site-survey", name, check=False)
    assert again.code == 1 and again.summary["rejects_file"] != name
    assert open(name, "rb").read() == before


def test_auto_does_not_read_reject_files(importer, tmp_path):
    rows = many(20)
    rows[3][4] = "x"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows))
    again = importer("auto", run.summary["rejects_file"], check=False)
    assert again.code == 1 and "reject file" in again.stderr and "profile" in again.stderr


def spoken(importer, *options, environment):
    run = importer("site-survey", *options[:1], options=options[1:], check=False, environment={"LC_ALL": "", "LANG": "", "RITCHI_LANG": "", **environment})
    command = [word for word in run.command if word not in ("--progress", "json")]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "", "LANG": "", "RITCHI_LANG": "", **environment})


@pytest.mark.parametrize("options, environment, japanese", [
    ([], {"LANG": "ja_JP.UTF-8"}, True), ([], {"RITCHI_LANG": "ja", "LANG": "en_US"}, True), ([], {"LC_ALL": "C", "LANG": "ja_JP"}, False),
    ([], {}, False), (["--lang", "ja"], {"LANG": "C"}, True), (["--lang", "en"], {"LANG": "ja_JP"}, False)])
def test_language(importer, tmp_path, options, environment, japanese):
    rows = many(20)
    rows[3][4] = "x"
    rows[4][6] = "POLYGON((1 1,1 2,2 2,1 1))"
    run = spoken(importer, sites(tmp_path / "a.csv", rows), *options, environment=environment)
    words = ["採用 18、不採用 2", "数ではありません", "日本の外", "不採用ファイル", "座標系"] if japanese else [
        "accepted 18, rejected 2", "is not a number", "outside Japan", "rejects:", "reference system"]
    for word in [*words, "--update"]:
        assert word in run.stdout, run.stdout
    reasons = open(importer.data / "rejects" / "factory_sites-15.csv", encoding="utf-8-sig").read()
    assert ("数ではありません" in reasons) == japanese and ("is not a number" in reasons) != japanese


def test_wrong_language(importer, tmp_path):
    run = importer("site-survey", sites(tmp_path / "a.csv", many(2)), options=["--lang", "klingon"], check=False)
    assert run.code == 2 and "--lang" in run.stderr


def test_progress_for_programs_and_on_a_terminal(importer, tmp_path):
    source = put(tmp_path / "a.csv", text_of(table(many(60000))))
    run = importer("site-survey", source)
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert [line["phase"] for line in lines if "done" not in line] == ["reading", "building and publishing", "computing facts"]
    for line in lines:
        if "done" in line:
            assert line["done"] > 0 and line["rate"] > 0
    master, slave = pty.openpty()
    command = [word for word in run.command if word not in ("--progress", "json")]
    process = subprocess.Popen(command, stderr=slave, stdout=subprocess.DEVNULL)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait() == 0
    if shown:  # a fast machine may be done before the bar is first drawn
        assert b"reading" in shown and b"/s" in shown and shown.endswith(b"\r\x1b[K")
