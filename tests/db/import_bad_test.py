"""Bad input: each kind has its own clear message and exit code, nothing is published by halves, nothing is left lying about."""
import csv
import json
import os
import pathlib
import signal
import struct
import subprocess
import time
import zipfile

import pytest

SQUARE = "POLYGON((138.80 37.40,138.81 37.40,138.81 37.41,138.80 37.41,138.80 37.40))"
HEADER = "適地番号,名称,市区町村コード,開示区分,面積ha,調査年月日,形状\n"


def sites(path, rows, encoding="utf-8-sig"):
    path.write_bytes((HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)).encode(encoding))
    return path


def good(number, shape=SQUARE):
    return [f"S{number}", "架空工場適地", "15202", "公開", "1.5", "令和6年4月1日", shape]


def many(count=30):
    return [good(i) for i in range(count)]


def rejects(run, importer):
    with open(run.summary["rejects_file"], encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def refused(run, importer, *words, code=1):
    """Refused as a whole, with a message for people and nothing on disk."""
    assert run.code == code, run.stderr
    for word in words:
        assert word in run.stderr, run.stderr
    assert importer.files() == []
    assert "terminate called" not in run.stderr and "what()" not in run.stderr


def geojson(path, features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def municipality(geometry, code="15202"):
    return {"type": "Feature", "properties": {"N03_001": "新潟県", "N03_004": "長岡市", "N03_007": code}, "geometry": geometry}


def polygon(*points):
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


WHOLE = polygon((138.8, 37.4), (138.9, 37.4), (138.9, 37.5), (138.8, 37.5), (138.8, 37.4))


# --- the source as a whole ------------------------------------------------------------------------------------

def test_missing_file(importer, tmp_path):
    refused(importer("ksj-n03", tmp_path / "nowhere.geojson", check=False), importer, "nowhere.geojson", "does not exist")


def test_empty_file(importer, tmp_path):
    (tmp_path / "a.geojson").touch()
    refused(importer("ksj-n03", tmp_path / "a.geojson", check=False), importer, "is empty")


def test_no_vector_data(importer, tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    refused(importer("auto", tmp_path / "a.txt", check=False), importer, "a.txt")


def test_folder_without_vector_data(importer, tmp_path):
    (tmp_path / "folder").mkdir()
    refused(importer("auto", tmp_path / "folder", check=False), importer, "holds no vector file")


@pytest.mark.skipif(os.geteuid() == 0 and not os.path.exists("/usr/bin/setpriv"), reason="needs a user whom permissions bind")
def test_unreadable_folder(importer, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "a.csv").write_text("a\n1\n")
    folder.chmod(0)
    try:
        command = importer("auto", "nothing", check=False).command
        command[command.index("nothing")] = str(folder)
        if os.geteuid() == 0:
            # The program must reach its own files and this folder's parent, as nobody.
            for parent in [tmp_path, *tmp_path.parents]:
                if parent.stat().st_mode & 0o001 == 0:
                    parent.chmod(parent.stat().st_mode | 0o011)
            nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            command = [*nobody, *command]
            if subprocess.run([*nobody, command[len(nobody)], "--version"], capture_output=True).returncode != 0:
                pytest.skip("root runs the tests and nobody else may run the program from where it lies")
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    finally:
        folder.chmod(0o700)
    assert run.returncode == 1 and "cannot be read" in run.stderr and "permissions" in run.stderr, run.stderr


def test_unwritable_data_folder(importer, tmp_path):
    importer.data = pathlib.Path("/proc/nothing/here")
    run = importer("ksj-n03", geojson(tmp_path / "a.geojson", [municipality(WHOLE)]), check=False)
    assert run.code == 1 and "/proc/nothing" in run.stderr


def test_empty_layer(importer, tmp_path):
    run = importer("ksj-n03", geojson(tmp_path / "a.geojson", []), check=False)
    assert run.code == 1
    assert importer.files() == []


def test_csv_with_header_only(importer, tmp_path):
    run = importer("site-survey", sites(tmp_path / "a.csv", []), check=False)
    assert run.code == 1 and run.summary["refusal"] == "the source has no records"
    assert importer.files() == []


def test_wrong_profile(importer, tmp_path):
    refused(importer("ksj-n06", geojson(tmp_path / "a.geojson", [municipality(WHOLE)]), check=False), importer, "N06_0", "--map", "N03_007")


def test_citygml_of_another_kind(importer, real):
    run = importer("plateau-urf", next((real / "pipes-nagaoka").glob("*gas*")), check=False)
    refused(run, importer, "UseDistrict", "choose another profile")
    run = importer("plateau-luse", next((real / "pipes-nagaoka").glob("*gas*")), check=False)
    assert run.code == 1 and importer.files() == []


# --- truncated and hostile files --------------------------------------------------------------------------------

def test_truncated_geojson(importer, tmp_path):
    text = geojson(tmp_path / "whole.geojson", [municipality(WHOLE, f"15{n}") for n in range(202, 230)]).read_text()
    (tmp_path / "a.geojson").write_text(text[:len(text) // 2])
    refused(importer("ksj-n03", tmp_path / "a.geojson", check=False), importer, "a.geojson")


def test_truncated_line_in_newline_delimited_geojson(importer, tmp_path):
    lines = [json.dumps(municipality(WHOLE, f"15{n}")) for n in range(202, 230)]
    lines[-1] = lines[-1][:40]
    (tmp_path / "a.geojsonl").write_text("\n".join(lines) + "\n")
    refused(importer("ksj-n03", tmp_path / "a.geojsonl", check=False), importer, "a.geojsonl", "damaged")


def test_truncated_citygml(importer, real, tmp_path):
    whole = next((real / "pipes-nagaoka").glob("*753*")).read_bytes()
    (tmp_path / "a.gml").write_bytes(whole[:len(whole) * 2 // 3])
    refused(importer("plateau-unf", tmp_path / "a.gml", check=False), importer, "damaged at line", "truncated")


def shapefile(folder, name="zones", count=4, encoding="CP932", values=None, cpg=False):
    ogr, osr = pytest.importorskip("osgeo.ogr"), pytest.importorskip("osgeo.osr")
    folder.mkdir(exist_ok=True)
    system = osr.SpatialReference()
    system.ImportFromEPSG(4612)
    dataset = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(folder / f"{name}.shp"))
    layer = dataset.CreateLayer(name, system, ogr.wkbPolygon, [f"ENCODING={encoding}"])
    for field, kind in (("PREFEC_CD", ogr.OFTString), ("AREA_CD", ogr.OFTString), ("CTV_NAME", ogr.OFTString), ("FIS_YEAR", ogr.OFTInteger),
                        ("LAYER_NO", ogr.OFTString), ("AREA_SIZE", ogr.OFTReal), ("OBJ_NAME", ogr.OFTString), ("REMARK_STR", ogr.OFTString)):
        layer.CreateField(ogr.FieldDefn(field, kind))
    for i in range(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        row = {"PREFEC_CD": "15", "AREA_CD": "15202", "CTV_NAME": "長岡市", "FIS_YEAR": 2015, "LAYER_NO": "06", "AREA_SIZE": 3.5, "OBJ_NAME": f"農用地{i}"}
        row.update((values or {}).get(i, {}))
        for key, value in row.items():
            feature.SetField(key, value)
        x = 138.8 + i * 0.01
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({x} 37.4,{x} 37.405,{x + 0.005} 37.405,{x + 0.005} 37.4,{x} 37.4))"))
        layer.CreateFeature(feature)
    dataset = layer = None
    if not cpg:
        (folder / f"{name}.cpg").unlink(missing_ok=True)
    return folder / f"{name}.shp"


@pytest.mark.parametrize("part", [".shp", ".dbf", ".shx"])
def test_truncated_shapefile(importer, tmp_path, part):
    shp = shapefile(tmp_path / "s")
    file = shp.with_suffix(part)
    file.write_bytes(file.read_bytes()[:-20])
    refused(importer("ksj-a12", shp, check=False), importer, f"{part} file is truncated")


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_shapefile_with_a_part_missing(importer, tmp_path, part):
    shp = shapefile(tmp_path / "s")
    shp.with_suffix(part).unlink()
    refused(importer("ksj-a12", shp, check=False), importer, f"{part} file is missing")


def zipped(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"A12-15/{file.name}")
    return path


def test_zip_is_read_and_a_truncated_one_is_named(importer, tmp_path):
    shapefile(tmp_path / "s")
    archive = zipped(tmp_path / "s", tmp_path / "a12.zip")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive.read_bytes()[:-200])
    refused(importer("ksj-a12", broken, check=False), importer, "broken.zip", "ZIP")
    assert importer("ksj-a12", archive).summary["accepted"] == 4


def test_zip_bombs(importer, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        line = json.dumps(municipality(WHOLE)) + "\n"
        archive.writestr("bomb.geojsonl", line * 20000)
    assert bomb.stat().st_size < 100_000
    refused(importer("ksj-n03", bomb, options=["--max-unpacked-mb", "2"], check=False), importer, "unpacks to", "--max-unpacked-mb")
    refused(importer("ksj-n03", bomb, options=["--max-features", "5000"], check=False), importer, "more than 5000 features", "--max-features")


def test_entities_that_multiply_are_not_expanded(importer, tmp_path):
    levels = "".join(f'<!ENTITY e{i} "{("&e%d;" % (i - 1)) * 10}">' for i in range(1, 12))
    (tmp_path / "a.gml").write_text(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{levels}]>'
        '<core:CityModel xmlns:core="c" xmlns:uro="u"><core:cityObjectMember><uro:WaterPipe><uro:year>&e11;</uro:year></uro:WaterPipe>'
        "</core:cityObjectMember></core:CityModel>")
    refused(importer("plateau-unf", tmp_path / "a.gml", check=False), importer, "damaged at line")


# --- reference systems and encodings ----------------------------------------------------------------------------

def test_unknown_reference_system(importer, tmp_path):
    source = geojson(tmp_path / "a.geojson", [municipality(WHOLE)])
    refused(importer("ksj-n03", source, options=["--source-crs", "EPSG:999999"], check=False), importer, "--source-crs", "EPSG:999999", code=2)


def test_metres_taken_for_degrees(importer, tmp_path):
    source = sites(tmp_path / "a.csv", [good(1, "POLYGON((21004 156543,21104 156543,21104 156643,21004 156543))")])
    run = importer("site-survey", source, check=False)
    assert run.code == 1 and run.summary["refusal"] == "all 1 records were rejected"
    (reject,) = rejects(run, importer)
    assert "outside Japan" in reject["reason"] and "--source-crs" in reject["remedy"] and "metres" in reject["remedy"]
    assert importer("site-survey", source, options=["--source-crs", "EPSG:6676"]).summary["accepted"] == 1
    west, south, *_ = importer("site-survey", source, options=["--source-crs", "EPSG:6676"]).summary["extent"]
    assert (round(west, 2), round(south, 2)) == (138.74, 37.41)


def test_exchanged_axes(importer, tmp_path):
    run = importer("site-survey", sites(tmp_path / "a.csv", [good(1, "POLYGON((37.4 138.8,37.5 138.8,37.5 138.9,37.4 138.8))")]), check=False)
    (reject,) = rejects(run, importer)
    assert "exchanged" in reject["remedy"]


def test_no_reference_system(importer, tmp_path):
    (tmp_path / "a.csv").write_text("wkt,name\n\"POINT(138.8 37.4)\",x\n")
    refused(importer("auto", tmp_path / "a.csv", check=False), importer, "does not say its reference system", "--source-crs")
    assert importer("auto", tmp_path / "a.csv", options=["--source-crs", "EPSG:4326"]).summary["features"] == 1


def test_wrong_encoding_rejects_the_record_and_names_the_field(importer, tmp_path):
    shp = shapefile(tmp_path / "s", count=20, values={3: {"OBJ_NAME": "㈱長岡①～"}, 5: {"OBJ_NAME": "ｶﾅ"}})
    summary = importer("ksj-a12", shp).summary
    assert summary["encoding"].startswith("CP932") and summary["accepted"] == 20
    names = {row[0] for row in importer.rows("farmland_zones", "SELECT name FROM farmland_zones", "15")}
    assert {"㈱長岡①～", "ｶﾅ"} <= names  # kept as they are, not normalised
    run = importer("ksj-a12", shp, options=["--encoding", "UTF-8", "--max-rejects", "100%"], check=False)
    assert run.code == 1
    fields = {reject["field"] for reject in rejects(run, importer)}
    assert fields == {"CTV_NAME", "OBJ_NAME"}
    assert "is not text in UTF-8" in rejects(run, importer)[0]["reason"] and "--encoding" in rejects(run, importer)[0]["remedy"]


def test_unknown_encoding(importer, tmp_path):
    run = importer("ksj-a12", shapefile(tmp_path / "s"), options=["--encoding", "klingon"], check=False)
    refused(run, importer, "--encoding", "klingon", code=2)


def test_one_undecodable_byte(importer, tmp_path):
    shp = shapefile(tmp_path / "s", count=20)
    dbf = shp.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    at = content.index("農用地7".encode("cp932"))
    content[at] = 0xFF
    dbf.write_bytes(content)
    run = importer("ksj-a12", shp)
    assert run.code == 3 and run.summary["rejected"] == 1 and run.summary["accepted"] == 19
    (reject,) = rejects(run, importer)
    assert reject["field"] == "OBJ_NAME" and reject["record"] == "feature 7" and "\\xFF" in reject["value"]


def test_cpg_file_counts(importer, tmp_path):
    summary = importer("ksj-a12", shapefile(tmp_path / "s", encoding="UTF-8", values={0: {"OBJ_NAME": "𠮷野家"}}, cpg=True)).summary
    assert summary["encoding"] == "UTF-8 (.cpg file)"
    assert ("𠮷野家",) in importer.rows("farmland_zones", "SELECT name FROM farmland_zones", "15")


def test_names_survive_in_csv_of_both_encodings(new_importer, tmp_path):
    names = ["㈱①～髙﨑", "ﾖｼﾀﾞ", "カナ　全角"]
    for encoding, extra in (("cp932", []), ("utf-8-sig", ["𠮷野家", "🏭"])):
        importer = new_importer(encoding)
        rows = [good(i) for i in range(len(names + extra))]
        for row, name in zip(rows, names + extra):
            row[1] = name
        summary = importer("site-survey", sites(tmp_path / f"{encoding}.csv", rows, encoding)).summary
        assert summary["encoding"] == ("CP932" if encoding == "cp932" else "UTF-8") + " (detected)"
        stored = [row[0] for row in importer.rows("factory_sites", "SELECT name FROM factory_sites ORDER BY source_id", "15")]
        assert stored == names + extra


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
    assert "is a line where the layer has polygons" in one_bad(importer, tmp_path, good("x", "LINESTRING(138.8 37.4,138.9 37.4)"))["reason"]


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
    reject = one_bad(importer, tmp_path, good("x", f"GEOMETRYCOLLECTION({SQUARE},POINT(138.8 37.4))"))
    assert "collection" in reject["reason"]


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


def test_missing_required_value_and_unknown_code(importer, tmp_path):
    row = good("x")
    row[3] = ""
    assert one_bad(importer, tmp_path, row)["field"] == "disclosure"
    row[3] = "極秘"
    assert "disclosure" in one_bad(importer, tmp_path, row)["reason"]


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
    assert importer.files() == ["factory_sites", "factory_sites/15.sqlite", "rejects"]


def test_dry_run_writes_nothing(importer, tmp_path):
    rows = many(30)
    rows[0][4] = "x"
    run = importer("site-survey", sites(tmp_path / "a.csv", rows), options=["--dry-run"])
    assert run.code == 3 and run.summary["outcome"] == "dry_run" and importer.files() == []
    run = importer("site-survey", tmp_path / "a.csv", options=["--dry-run", "--rejects", tmp_path / "r.csv"])
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbfsource,record,field,value,reason,remedy\r\n")
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
