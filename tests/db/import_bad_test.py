"""Bad sources: each kind has its own clear message and exit code, nothing is published by halves, nothing is left lying about."""
import json
import os
import pathlib
import subprocess
import zipfile

import pytest

from import_sources import WHOLE, geojson, good, municipality, refused, rejects, shapefile, sites


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
    assert "look like metres: 21004 156543" in reject["reason"] and "--source-crs" in reject["remedy"] and "plane" in reject["remedy"]
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
