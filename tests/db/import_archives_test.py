"""Archives as the ministry ships them: several kinds of data, each in several formats and encodings; exactly one copy of one kind is read."""
import subprocess
import zipfile

import pytest

from conftest import binary
from import_profiles_test import X, Y, collection, shapefile, square
from import_sources import rejects

META = '<?xml version="1.0" encoding="UTF-8"?><gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>'


def archive(path, folder, extra=None):
    """All files below the folder, and others by name, in one zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                out.write(file, file.relative_to(folder))
        for name, text in (extra or {}).items():
            out.writestr(name, text)
    return path


def both_encodings(folder, name, columns, rows, epsg=6668):
    """Shift-JIS/ and UTF-8/ with the same table, without .cpg files, and GeoJSON in the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    shapefile(folder / "Shift-JIS", name, columns, rows, epsg=epsg)
    shapefile(folder / "UTF-8", name, columns, rows, epsg=epsg, encoding="UTF-8")
    collection(folder / "UTF-8" / f"{name}.geojson", rows)


def station(name, company="架空旅客鉄道㈱"):
    return {"N02_001": "11", "N02_002": "2", "N02_003": "信越線", "N02_004": company, "N02_005": name, "N02_005c": "000001", "N02_005g": "000001"}


def railways(folder):
    stations = [(station(name), f"LINESTRING({X + i * .01} {Y},{X + i * .01 + .002} {Y})") for i, name in enumerate(["長岡", "宮内", "表町"])]
    sections = [({key: value for key, value in station("").items() if key < "N02_005"}, f"LINESTRING({X} {Y},{X} 37.5)")]
    both_encodings(folder, "N02-22_Station", {name: "text" for name in stations[0][0]}, stations)
    both_encodings(folder, "N02-22_RailroadSection", {name: "text" for name in sections[0][0]}, sections)


@pytest.mark.parametrize("form", ["zip", "folder", "zip in a folder of its own"])
def test_railways_come_twice_in_two_encodings_with_lines_beside_the_stations(importer, tmp_path, form):
    top = tmp_path / "N02-22_GML"
    railways(top / "inner" if form.startswith("zip in") else top)
    (top / "KS-META-N02-22.xml").write_text(META, encoding="utf-8")
    (top / "N02-22.xml").write_text("<ksj:Dataset xmlns:ksj='http://nlftp.mlit.go.jp/ksj/schemas/ksj-app'/>", encoding="utf-8")
    source = top if form == "folder" else archive(tmp_path / "N02-22_GML.zip", top)
    run = importer("ksj-n02", source)
    assert (run.code, run.summary["accepted"], run.summary["rejected"]) == (0, 3, 0), run.stderr
    assert run.summary["skipped"] == {"N02-22_RailroadSection is not of this layer": 1}
    assert sorted(importer.rows("stations", "SELECT name, operator FROM stations")) == [(name, "架空旅客鉄道㈱") for name in ("宮内", "表町", "長岡")]
    notes = "\n".join(run.summary["notes"])
    assert "Shift-JIS/N02-22_Station.shp: not read, because" in notes and "N02-22_Station.geojson: not read" in notes
    # The copy in UTF-8 was taken, and found to be that although no .cpg file says so.
    assert run.summary["encoding"] == "UTF-8 (detected)" and "its texts are UTF-8, not CP932" in notes
    digest = run.summary["input_sha256"]
    assert importer("ksj-n02", source).summary["outcome"] == "unchanged" and len(digest) == 64


def test_same_names_in_folders_that_are_no_encodings_are_different_data(importer, tmp_path):
    columns = {name: "text" for name in station("")}
    for i, folder in enumerate(["15", "20"]):
        shapefile(tmp_path / folder, "stations", columns, [(station(f"駅{i}"), f"LINESTRING({X + i} {Y},{X + i} 37.41)")])
        (tmp_path / "all").mkdir(exist_ok=True)
        (tmp_path / folder).rename(tmp_path / "all" / folder)
    assert importer("ksj-n02", archive(tmp_path / "a.zip", tmp_path / "all")).summary["accepted"] == 2


def test_airports_with_points_terminals_and_surveys(importer, tmp_path):
    airport = {"C28_000": "a", "C28_001": "15202", "C28_003": "2", "C28_004": "1", "C28_005": "架空空港", "C28_006": "1", "C28_007": "1", "C28_011": "1"}
    top = tmp_path / "s"
    both_encodings(top, "C28-21_Airport", {name: "text" for name in airport}, [(airport, square())])
    for name in ("AirportReferencePoint", "TerminalBuilding", "SurveyContent", "Runway"):
        both_encodings(top, f"C28-21_{name}", {"C28_000": "text"}, [({"C28_000": "点"}, f"POINT({X} {Y})")])
    run = importer("ksj-c28", archive(tmp_path / "C28-21_GML.zip", top))
    assert (run.summary["accepted"], run.summary["rejected"], sum(run.summary["skipped"].values())) == (1, 0, 4)


def test_ports_with_the_boundaries_of_their_districts(importer, tmp_path):
    port = {"C02_002": 14, "C02_003": "15202", "C02_004": "01", "C02_005": "寺泊港", "C02_006": 1, "C02_007": "新潟県"}
    columns = {name: "integer" if isinstance(value, int) else "text" for name, value in port.items()}
    top = tmp_path / "C02-14_GML"
    shapefile(top, "C02-14-g_PortAndHarbor", columns, [(port, "POINT(138.8 37.6)")], epsg=4612)
    for name in ("HarborDistrictBoundary", "PortDistrictBoundary"):
        shapefile(top, f"C02-14-g_{name}", {"C02_014": "text"}, [({"C02_014": "15"}, "LINESTRING(138.8 37.6,138.9 37.6)")], epsg=4612)
    run = importer("ksj-c02", archive(tmp_path / "C02-14_GML.zip", tmp_path / "C02-14_GML", {"KS-META-C02-14.xml": META}))
    assert (run.summary["accepted"], run.summary["features"]) == (1, 1)


def test_floods_by_river_of_two_scales_with_durations_and_collapses(importer, tmp_path):
    top = tmp_path / "s"
    for folder, name, prefix, river in (("10_計画規模", "A31a-10-24_81_8101010001_10", "A31a_1", "天塩川"), ("20_想定最大規模", "A31a-20-24_81_8101010001_10", "A31a_2", "天塩川"),
                                        ("20_想定最大規模", "A31a-20-24_81_8101010027_10", "A31a_2", "雄信内川"), ("30_浸水継続時間", "A31a-30-24_81_8101010001_10", "A31a_3", "天塩川"),
                                        ("41_家屋倒壊等氾濫想定区域_氾濫流", "A31a-41-24_81_8101010001_10", "A31a_4", "天塩川")):
        (top / folder).mkdir(parents=True, exist_ok=True)
        row = {f"{prefix}01": name[13:23], f"{prefix}02": river, f"{prefix}03": "81", f"{prefix}04": "国", f"{prefix}05": 4}
        shapefile(top / folder, name, {key: "integer" if value == 4 else "text" for key, value in row.items()}, [(row, square())])
    run = importer("ksj-a31", archive(tmp_path / "A31a-24_81_10_SHP.zip", top))
    assert (run.summary["accepted"], run.summary["rejected"], sum(run.summary["skipped"].values())) == (3, 0, 2), run.stderr
    stored = importer.rows("flood_depth", "SELECT scenario, depth_min_m, depth_max_m, river FROM flood_depth ORDER BY scenario, river")
    # One place is flooded by two rivers and on two scales: these are different features.
    assert stored == [("maximum", 5, 10, "天塩川"), ("maximum", 5, 10, "雄信内川"), ("planned", 5, 10, "天塩川")]


@pytest.mark.parametrize("profile,layer,names,row", [
    ("ksj-a12", "farmland_zones", ("a001150020160205", "a001150020160206"), {"OBJ_NAME": "農業地域"}),
    ("ksj-a09", "city_planning", ("a001150020120302", "a001150020120303"), {})])
def test_themes_of_land_use_in_one_archive(importer, tmp_path, profile, layer, names, row):
    top = tmp_path / "s"
    for i, name in enumerate(names):
        values = {"PREFEC_CD": "15", "AREA_CD": "00", "CTV_NAME": "長岡市", "FIS_YEAR": 2015, "LAYER_NO": name[-2:], "AREA_SIZE": 0, **row}
        columns = {key: "integer" if isinstance(value, int) else "text" for key, value in values.items()}
        shapefile(top, name, columns, [(values, square(i))], epsg=4612)
    run = importer(profile, archive(tmp_path / "A12-15_15_GML.zip", top, {"KS-META-A12-15_15.xml": META, "A12-15_15.xml": META}))
    assert (run.code, run.summary["accepted"], len(importer.rows(layer, f"SELECT id FROM {layer}", run.summary["partition"]))) == (0, 2, 2)


def test_floods_of_2012_with_gml_and_geojson_beside(importer, tmp_path):
    top = tmp_path / "A31-12_15_GML"
    rows = [({"A31_001": 13}, square()), ({"A31_001": 27}, square(1))]
    shapefile(top, "A31-12_15", {"A31_001": "integer"}, rows, epsg=4612)
    collection(top / "A31-12_15.geojson", rows)
    run = importer("ksj-a31", archive(tmp_path / "A31-12_15_GML.zip", tmp_path / "A31-12_15_GML", {"A31-12_15.xml": META, "A31-12_15.gml": META}))
    assert run.summary["accepted"] == 2
    assert importer.rows("flood_depth", "SELECT depth_min_m, depth_max_m FROM flood_depth ORDER BY 1") == [(1, 2), (5, None)]


def test_parks_and_plants_in_one_archive(importer, tmp_path):
    park = {"L05_001": "1520100", "L05_002": "架空工業団地", "L05_003": "15202", "L05_005": "2", "L05_010": 12.5}
    plant = {"L05_001": "1520200", "L05_002": "㈱架空工場", "L05_003": "15202", "L05_005": "2", "L05_016": "化学工業"}
    top = tmp_path / "s"
    for i, (name, row) in enumerate((("L05-1-18_15", park), ("L05-2-18_15", plant))):
        columns = {key: "real" if isinstance(value, float) else "text" for key, value in row.items()}
        shapefile(top, name, columns, [(row, square(i))], epsg=4612)
        collection(top / f"{name}.geojson", [(row, square(i))])
    run = importer("ksj-l05", archive(tmp_path / "L05-18_15_GML.zip", top))
    assert importer.rows("industrial_parks", "SELECT kind, name, total_ha FROM industrial_parks ORDER BY 1", "15") == [
        ("isolated", "㈱架空工場", None), ("park", "架空工業団地", 12.5)], run.summary


# --- encodings that are declared wrongly -----------------------------------------------------------------------

FOREST = {"PREFEC_CD": "15", "AREA_CD": "00", "CTV_NAME": "長岡市", "FIS_YEAR": 2015, "LAYER_NO": "07", "AREA_SIZE": 0, "OBJ_NAME": "東頸城㈱区域"}


@pytest.mark.parametrize("really,said,found", [("CP932", "UTF-8", "CP932"), ("UTF-8", "Shift_JIS", "UTF-8"), ("CP932", "SJIS", None), ("UTF-8", "UTF-8", None)])
def test_a_cpg_file_that_lies_is_found_out(importer, tmp_path, really, said, found):
    columns = {key: "integer" if isinstance(value, int) else "text" for key, value in FOREST.items()}
    source = shapefile(tmp_path / "s", "a001150020160207", columns, [({**FOREST, "OBJ_NAME": f"東頸城㈱区域{i}"}, square(i)) for i in range(3)], encoding=really)
    source.with_suffix(".cpg").write_text(said)
    run = importer("ksj-a13", source)
    assert (run.code, run.summary["accepted"]) == (0, 3), run.stderr
    assert sorted(importer.rows("forest_areas", "SELECT name, municipality FROM forest_areas", "15")) == [(f"東頸城㈱区域{i}", "長岡市") for i in range(3)]
    lied = [note for note in run.summary["notes"] if "as the .cpg file says" in note]
    assert len(lied) == (1 if found else 0) and run.summary["encoding"].startswith(really)


def test_one_broken_text_is_one_reject_not_another_encoding(importer, tmp_path):
    columns = {key: "integer" if isinstance(value, int) else "text" for key, value in FOREST.items()}
    rows = [({**FOREST, "OBJ_NAME": f"森林地域{i}"}, square(i)) for i in range(4)]
    source = shapefile(tmp_path / "s", "a001150020160207", columns, rows, encoding="UTF-8")
    source.with_suffix(".cpg").write_text("UTF-8")
    table = source.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("森林地域2".encode(), b"\xff\xfe\xfd" + "林地域2".encode()))
    run = importer("ksj-a13", source, options=("--max-rejects", "50%"), check=False)
    (reject,) = rejects(run, importer)
    assert run.summary["accepted"] == 3 and reject["field"] == "OBJ_NAME" and "is not text in UTF-8" in reject["reason"]


def test_archive_names_in_cp932_are_shown_as_they_are(importer, tmp_path):
    columns = {key: "integer" if isinstance(value, int) else "text" for key, value in FOREST.items()}
    rows = [({**FOREST, "OBJ_NAME": str(i), "PREFEC_CD": "48" if i == 0 else "15"}, square(i)) for i in range(4)]
    shapefile(tmp_path / "s", "zones", columns, rows)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        for file in sorted((tmp_path / "s").iterdir()):
            info = zipfile.ZipInfo("X" * len("10_計画規模".encode("CP932")) + "/" + file.name)
            out.writestr(info, file.read_bytes())
    name = "10_計画規模".encode("CP932")
    path.write_bytes(path.read_bytes().replace(b"X" * len(name) + b"/", name + b"/"))
    run = importer("ksj-a13", path, options=("--max-rejects", "50%"), check=False)
    assert run.summary["accepted"] == 3, run.stderr
    assert rejects(run, importer)[0]["source"].endswith("a.zip/10_計画規模/zones.shp")


def test_more_files_than_may_be_open_at_once(importer, tmp_path):
    top = tmp_path / "s"
    for i in range(60):
        row = {"A31a_201": f"{i:010}", "A31a_202": "架空川", "A31a_205": 1 + i % 6}
        shapefile(top, f"A31a-20-24_81_{i:010}_10", {key: "text" if isinstance(value, str) else "integer" for key, value in row.items()}, [(row, square(i))])
    source = archive(tmp_path / "a.zip", top)
    command = ["bash", "-c", 'ulimit -n 100; exec "$@"', "-", str(binary()), "import", "ksj-a31", str(source), "--data", str(importer.data), "--progress", "none"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert importer.rows("flood_depth", "SELECT count(*), count(DISTINCT river_code) FROM flood_depth") == [(60, 60)]


def test_an_archive_of_xml_alone_says_what_to_fetch(importer, tmp_path):
    (tmp_path / "s").mkdir()
    run = importer("ksj-a31", archive(tmp_path / "A31a-24_81_10_GML.zip", tmp_path / "s", {"A31a-20-24_81_10.xml": META}), check=False)
    assert run.code == 1 and "fetch the data as shapefile or GeoJSON" in run.stderr and importer.files() == []
