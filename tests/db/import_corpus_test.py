"""Broken files of every format: refused or taken with a message that names file, place and remedy, in bounded time, with nothing left behind."""
import json
import os
import struct
import zipfile

import pytest

from import_sources import HEAD, WHOLE, many, municipality, refused, rejects, shapefile, workbook


def put(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def patched(path, at, content):
    data = bytearray(path.read_bytes())
    data[at:at + len(content)] = content
    path.write_bytes(data)
    return path


def all_lines(count=12, code=202):
    return [json.dumps(municipality(WHOLE, f"15{code + n}"), ensure_ascii=False) for n in range(count)]


# --- shapefile ------------------------------------------------------------------------------------------------

def test_shapefile_whose_table_says_more_rows_than_it_has(importer, tmp_path):
    shp = shapefile(tmp_path / "s")
    patched(shp.with_suffix(".dbf"), 4, struct.pack("<I", 4000))
    refused(importer("ksj-a12", shp, check=False), importer, ".dbf file is truncated", "fetch it again")


def test_shapefile_whose_table_says_fewer_rows_than_there_are_shapes(importer, tmp_path):
    shp = shapefile(tmp_path / "s")
    patched(shp.with_suffix(".dbf"), 4, struct.pack("<I", 2))
    refused(importer("ksj-a12", shp, check=False), importer, "zones.shp", "4 shapes", "2 rows")


def test_shapefile_with_a_garbled_main_file(importer, tmp_path):
    shp = shapefile(tmp_path / "s")
    patched(shp, 0, b"\xff" * 32)
    refused(importer("ksj-a12", shp, check=False), importer, "zones.shp")


def test_shapefile_with_a_garbled_shape(importer, tmp_path):
    shp = shapefile(tmp_path / "s", count=12)
    patched(shp, 100 + 8 + 36, b"\xff" * 8)  # number of parts and points of the first record
    run = importer("ksj-a12", shp, options=["--max-rejects", "50%"], check=False)
    assert run.code in (1, 3), run.stderr
    if run.code == 1:
        assert "zones.shp" in run.stderr
    else:
        assert run.summary["rejected"] == 1


def test_shapefile_with_a_lying_cpg(importer, tmp_path):
    shp = shapefile(tmp_path / "s", count=4)
    put(shp.with_suffix(".cpg"), "UTF-8")
    run = importer("ksj-a12", shp, check=False)
    if run.code == 1:  # else the importer has seen that the texts are CP932
        assert run.summary["refusal"].startswith("all 4 records") and "--encoding" in rejects(run, importer)[0]["remedy"]
    put(shp.with_suffix(".cpg"), "klingon")
    run = importer("ksj-a12", shp, check=False)
    assert run.code in (0, 1, 2) and (run.code == 0 or "klingon" in run.stderr)


def test_shapefile_with_a_null_shape(importer, tmp_path):
    shp = shapefile(tmp_path / "s", count=12)
    patched(shp, 108, struct.pack("<i", 0))  # the type of the first shape
    run = importer("ksj-a12", shp, check=False)
    assert run.code == 3 and run.summary["rejected"] == 1
    (reject,) = rejects(run, importer)
    assert reject["record"] == "feature 0" and "no place" in reject["reason"] and reject["remedy"]


# --- GeoJSON --------------------------------------------------------------------------------------------------

GEOJSON = '{"type":"FeatureCollection","features":[%s]}'


@pytest.mark.parametrize("name, content, words", [
    ("truncated", (GEOJSON % ",".join(all_lines()))[:-200], ["a.geojson"]),
    ("no features", '{"type":"FeatureCollection"}', ["a.geojson"]),
    ("features that are none", '{"type":"FeatureCollection","features":[1,"x",null]}', ["no records"]),
    ("features that are an object", '{"type":"FeatureCollection","features":{"a":1}}', ["a.geojson"]),
    ("not JSON", "hello", ["a.geojson"]),
    ("null", "null", ["a.geojson"]),
    ("NaN", GEOJSON % '{"type":"Feature","properties":{"N03_007":NaN},"geometry":null}', []),
    ("two commas", GEOJSON % (all_lines(1)[0] + ",,"), ["a.geojson"]),
    ("deep nesting", "[" * 100_000, ["a.geojson"]),
    ("deep properties", GEOJSON % ('{"type":"Feature","properties":{"a":' + "[" * 50_000 + "]" * 50_000 + '},"geometry":null}'), ["a.geojson"]),
    ("binary", bytes(range(256)) * 8, ["a.geojson"]),
])
def test_broken_geojson(importer, tmp_path, name, content, words):
    run = importer("ksj-n03", put(tmp_path / "a.geojson", content), check=False)
    assert run.code == 1, run.stderr
    for word in words:
        assert word in run.stderr + json.dumps(run.summary), (run.stderr, run.summary)
    assert not importer.file("municipalities").exists()
    assert "terminate called" not in run.stderr


def test_geojson_of_an_unknown_reference_system(importer, tmp_path):
    text = GEOJSON % ",".join(all_lines())
    text = text.replace('"features"', '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::999999"}},"features"', 1)
    run = importer("ksj-n03", put(tmp_path / "a.geojson", text), check=False)
    refused(run, importer, "crs member", "unknown reference system", "EPSG:6668")


def test_geojson_that_is_not_utf8(importer, tmp_path):
    text = (GEOJSON % ",".join(all_lines())).encode("cp932")
    run = importer("ksj-n03", put(tmp_path / "a.geojson", text), check=False)
    assert run.code == 1 and not importer.file("municipalities", "15").exists()
    assert "UTF-8" in run.stderr + json.dumps(run.summary), (run.stderr, run.summary)


def test_geojson_with_a_key_twice(importer, tmp_path):
    line = all_lines(1)[0].replace('"N03_007": "15202"', '"N03_007": "15202", "N03_007": "15203"')
    run = importer("ksj-n03", put(tmp_path / "a.geojsonl", line), check=False)
    assert run.code in (0, 1), run.stderr


# --- newline-delimited GeoJSON ----------------------------------------------------------------------------------

def test_geojson_lines_with_all_that_is_allowed(importer, tmp_path):
    body = "\ufeff" + "\n\n".join(all_lines(6)) + "\r\n" + "".join("\x1e" + line + "\n" for line in all_lines(6, code=216))
    assert importer("ksj-n03", put(tmp_path / "a.geojsonl", body)).summary["accepted"] == 12


@pytest.mark.parametrize("bad", ["hello", "{", "[]", "1", '{"type":"FeatureCollection","features":[]}', "{}", '{"type":"Feature","properties":{"a":NaN}}'])
def test_bad_line_among_good_ones(importer, tmp_path, bad):
    lines = all_lines(6)
    lines.insert(3, bad)
    refused(importer("ksj-n03", put(tmp_path / "a.geojsonl", "\n".join(lines)), check=False), importer, "a.geojsonl", "line 4")


# --- GeoPackage ---------------------------------------------------------------------------------------------------

def package(path, count=12):
    ogr, osr = pytest.importorskip("osgeo.ogr"), pytest.importorskip("osgeo.osr")
    system = osr.SpatialReference()
    system.ImportFromEPSG(6668)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = dataset.CreateLayer("zones", system, ogr.wkbPolygon)
    for name in ("N03_001", "N03_004", "N03_007"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    for i in range(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in zip(("N03_001", "N03_004", "N03_007"), ("新潟県", "長岡市", f"15{202 + i}")):
            feature.SetField(name, value)
        x = 138.8 + i * 0.01
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({x} 37.4,{x} 37.405,{x + 0.005} 37.405,{x + 0.005} 37.4,{x} 37.4))"))
        layer.CreateFeature(feature)
    dataset = layer = None
    return path


def test_package_that_is_no_database(importer, tmp_path):
    refused(importer("ksj-n03", put(tmp_path / "a.gpkg", "hello" * 1000), check=False), importer, "a.gpkg", "check that the file is whole")


def test_package_without_its_tables(importer, tmp_path):
    import sqlite3
    database = sqlite3.connect(tmp_path / "a.gpkg")
    database.execute("CREATE TABLE t (a)")
    database.commit()
    database.close()
    refused(importer("ksj-n03", tmp_path / "a.gpkg", check=False), importer, "a.gpkg")


def test_package_with_corrupt_pages(importer, tmp_path):
    path = package(tmp_path / "a.gpkg", count=3000)
    size = path.stat().st_size
    for at in range(size // 2, size - 4096, 8192):
        patched(path, at, b"\xa5" * 4096)
    refused(importer("ksj-n03", path, check=False), importer, "a.gpkg", "damaged")


def test_package_with_a_garbled_shape(importer, tmp_path):
    import sqlite3
    path = package(tmp_path / "a.gpkg")
    database = sqlite3.connect(path)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    database.execute("UPDATE zones SET geom = x'47500001041a0000ffffffffffffffff' WHERE fid = 5")
    database.commit()
    database.close()
    run = importer("ksj-n03", path, check=False)
    if run.code == 1:
        refused(run, importer, "a.gpkg", "damaged")
    else:
        assert run.summary["rejected"] == 1 and rejects(run, importer)[0]["field"] == "geometry"


# --- CSV ------------------------------------------------------------------------------------------------------------

def table(rows=None, header=None):
    rows = many(12) if rows is None else rows
    header = header or ["適地番号", "名称", "市区町村コード", "開示区分", "面積ha", "調査年月日", "形状"]
    return [header, *rows]


def text_of(rows, separator=","):
    return "".join(separator.join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def test_csv_with_a_quotation_mark_that_is_never_closed(importer, tmp_path):
    body = text_of(table()) + '"S99,架空工場適地,15202\n' + text_of(many(12))[:-3]
    run = importer("site-survey", put(tmp_path / "a.csv", body), check=False)
    assert run.code == 1 and importer.files() == [], (run.stderr, run.summary)
    assert "a.csv" in run.stderr and "quotation" in run.stderr, run.stderr


def test_csv_with_too_many_cells(importer, tmp_path):
    rows = table()
    rows[3] = [*rows[3], "zuviel"]
    run = importer("site-survey", put(tmp_path / "a.csv", text_of(rows)), check=False)
    refused(run, importer, "a.csv", "row 4 has 8 cells under 7 columns", "quotation marks")
    rows[3][-1] = ""
    assert importer("site-survey", put(tmp_path / "a.csv", text_of(rows))).summary["accepted"] == 12


def test_csv_with_too_few_cells(importer, tmp_path):
    rows = table()
    rows[3] = rows[3][:3]
    run = importer("site-survey", put(tmp_path / "a.csv", text_of(rows)), check=False)
    assert run.code == 3 and run.summary["rejected"] == 1, (run.stderr, run.summary)
    assert {reject["record"] for reject in rejects(run, importer)} == {"line 4"}


def test_csv_with_a_column_twice(importer, tmp_path):
    rows = [[*row, "another name"] for row in table()]
    rows[0][-1] = "名称"
    run = importer("site-survey", put(tmp_path / "a.csv", text_of(rows)), check=False)
    assert run.code == 0, run.stderr
    assert {row[0] for row in importer.rows("factory_sites", "SELECT name FROM factory_sites", "15")} == {"架空工場適地"}


def test_csv_with_a_nameless_column(importer, tmp_path):
    rows = [[*row, "x"] for row in table()]
    rows[0][-1] = ""
    assert importer("site-survey", put(tmp_path / "a.csv", text_of(rows))).summary["accepted"] == 12


def test_csv_with_a_nul_byte(importer, tmp_path):
    run = importer("site-survey", put(tmp_path / "a.csv", text_of(table()).replace("S3", "S\0003")), check=False)
    assert run.code == 1 and "NUL" in run.stderr and "a.csv" in run.stderr and importer.files() == [], (run.stderr, run.summary)


def test_csv_with_a_quotation_mark_in_the_middle_of_a_cell(importer, tmp_path):
    body = text_of(table()).replace('"架空工場適地"', '架空"工場"適地', 1)
    refused(importer("site-survey", put(tmp_path / "a.csv", body), check=False), importer, "a.csv", "row 2", "quotation mark")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_with_other_separators(importer, tmp_path, separator):
    assert importer("site-survey", put(tmp_path / "a.csv", text_of(table(), separator))).summary["accepted"] == 12


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_csv_with_titles_above_its_header(importer, tmp_path, encoding):
    rows = table()
    rows[4][6] = "broken"
    text = "工場適地調査簿\n令和6年度,,\n\n" + text_of(rows)
    run = importer("site-survey", put(tmp_path / "a.csv", text.encode(encoding)))
    assert (run.summary["accepted"], run.summary["rejected"]) == (11, 1)
    assert any("above the header" in note and "工場適地調査簿" in note for note in run.summary["notes"])
    assert [reject["record"] for reject in rejects(run, importer)] == ["line 8"]


# --- XLSX -------------------------------------------------------------------------------------------------------------

def test_workbook(importer, tmp_path):
    assert importer("site-survey", workbook(tmp_path / "a.xlsx", table())).summary["accepted"] == 12


def test_workbook_with_titles_above_its_header(importer, tmp_path):
    rows = [["工場適地調査簿"], [], ["", "令和6年度"], *table()]
    rows[6][4] = ("1+1.5", 2.5)
    run = importer("site-survey", workbook(tmp_path / "a.xlsx", rows, merged="A1:G1"))
    assert (run.summary["accepted"], run.summary["rejected"]) == (12, 0)
    assert any("above the header" in note and "工場適地調査簿" in note for note in run.summary["notes"])
    assert {row[0] for row in importer.rows("factory_sites", "SELECT DISTINCT surveyed_on FROM factory_sites", "15")} == {"2024-04-01"}


def test_workbook_with_an_empty_sheet_beside(importer, tmp_path):
    assert importer("site-survey", workbook(tmp_path / "a.xlsx", [], table())).summary["accepted"] == 12


def test_workbook_without_rows(importer, tmp_path):
    run = importer("site-survey", workbook(tmp_path / "a.xlsx", []), check=False)
    assert run.code == 1 and importer.files() == []


def test_workbook_that_is_none(importer, tmp_path):
    refused(importer("site-survey", put(tmp_path / "a.xlsx", "PK hello"), check=False), importer, "a.xlsx", "check that the file is whole")


# --- XML ----------------------------------------------------------------------------------------------------------------



def city(members, head=HEAD):
    return (head + '<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:urf="u" xmlns:gml="http://www.opengis.net/gml">'
            '<gml:boundedBy><gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/6697" srsDimension="3"/></gml:boundedBy>'
            + "".join(f"<core:cityObjectMember>{member}</core:cityObjectMember>" for member in members) + "</core:CityModel>")


def pipe(number, positions="37.40 138.80 0 37.41 138.81 0", srs="", identity=True):
    name = f' gml:id="p{number}"' if identity else ""
    return (f'<uro:WaterPipe xmlns:uro="u"{name}><uro:year>1975</uro:year><uro:lod1><gml:MultiCurve{srs}><gml:curveMember><gml:LineString><gml:posList>{positions}'
            "</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve></uro:lod1></uro:WaterPipe>")


@pytest.mark.parametrize("name, content, words", [
    ("truncated", city([pipe(n) for n in range(9)])[:-300], ["damaged at line 1"]),
    ("undefined entity", city([pipe(1).replace("1975", "&nothing;")]), ["damaged at line 1"]),
    ("external entity", city([pipe(1).replace("1975", "&x;")], HEAD + '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), ["external entity"]),
    ("no objects", city([]), ["holds no city object"]),
    ("deep", city(["<a>" * 5000 + "</a>" * 5000]), ["nested more than"]),
    ("not XML", HEAD + "<core:CityModel", ["damaged at line 1"]),
])
def test_broken_citygml(importer, tmp_path, name, content, words):
    run = importer("plateau-unf", put(tmp_path / "a.gml", content), check=False)
    assert run.code == 1, (run.stderr, run.summary)
    assert "root:" not in run.stderr + json.dumps(run.summary)
    for word in ["a.gml", *words]:
        assert word in run.stderr + json.dumps(run.summary), (run.stderr, run.summary)
    assert [file for file in importer.files() if not file.startswith("rejects")] == []


def test_citygml_with_bad_shapes_among_good_ones(importer, tmp_path):
    members = [pipe(n) for n in range(9)] + [pipe("odd", "37.4 138.8 0 37.41"), pipe("word", "37.4 138.8 x"), pipe("far", srs=' srsName="http://www.opengis.net/def/crs/EPSG/0/999999"')]
    run = importer("plateau-unf", put(tmp_path / "a.gml", city(members)), options=["--max-rejects", "50%"], check=False)
    assert run.code in (1, 3), (run.stderr, run.summary)
    if run.code == 3:
        assert run.summary["rejected"] == 3
    else:
        assert "999999" in run.stderr


def test_kml_that_is_broken(importer, tmp_path):
    kml = HEAD + '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><Point><coordinates>138.8,37.4'
    run = importer("auto", put(tmp_path / "a.kml", kml), check=False)
    assert run.code == 1 and "a.kml" in run.stderr and importer.files() == [], (run.stderr, run.summary)


# --- archives -------------------------------------------------------------------------------------------------------------

def archive(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_archive_whose_names_climb_out(importer, tmp_path):
    body = "\n".join(all_lines())
    run = importer("ksj-n03", archive(tmp_path / "a.zip", {"../../evil.geojsonl": body, "good.geojsonl": body}), check=False)
    assert run.code in (0, 1)
    assert not list(tmp_path.parent.rglob("evil*")) and not (tmp_path.parent.parent / "evil.geojsonl").exists()


def test_archive_in_an_archive(importer, tmp_path):
    inner = archive(tmp_path / "inner.zip", {"a.geojsonl": "\n".join(all_lines())}).read_bytes()
    refused(importer("ksj-n03", archive(tmp_path / "a.zip", {"inner.zip": inner}), check=False), importer, "a.zip", "inner.zip", "unpack")


def test_archive_without_vector_file(importer, tmp_path):
    refused(importer("ksj-n03", archive(tmp_path / "a.zip", {"readme.txt": "x"}), check=False), importer, "a.zip", "holds no vector file")


def test_archive_that_is_encrypted(importer, tmp_path):
    path = archive(tmp_path / "a.zip", {"a.geojsonl": "\n".join(all_lines())}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature)
        data[at + flags] |= 1
    refused(importer("ksj-n03", put(path, bytes(data)), check=False), importer, "a.zip", "encrypted")


def test_archive_with_a_member_that_is_cut(importer, tmp_path):
    path = archive(tmp_path / "a.zip", {"a.geojsonl": "\n".join(all_lines(300))})
    data = bytearray(path.read_bytes())
    data[200:260] = b"\xa5" * 60
    run = importer("ksj-n03", put(path, bytes(data)), check=False)
    assert run.code == 1 and "a.zip" in run.stderr and importer.files() == [], (run.stderr, run.summary)


# --- what is no file ---------------------------------------------------------------------------------------------------------

def test_pipe_and_device(importer, tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    refused(importer("site-survey", tmp_path / "a.csv", check=False), importer, "a.csv", "is no ordinary file")
    refused(importer("site-survey", "/dev/zero", check=False), importer, "/dev/zero", "is no ordinary file")


def test_folder_beside_its_data(importer, tmp_path):
    (tmp_path / "f" / "empty").mkdir(parents=True)
    put(tmp_path / "f" / "a.pdf", "%PDF")
    refused(importer("site-survey", tmp_path / "f", check=False), importer, "holds no vector file")


def test_dangling_link(importer, tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone.csv")
    refused(importer("site-survey", tmp_path / "a.csv", check=False), importer, "a.csv", "does not exist")
