"""Real published files: every record that is accepted, skipped or rejected is accounted for, and the figures are right."""
import re
import subprocess

import pytest


def skipped(summary):
    return summary["skipped"]


def test_both_water_sheets_of_nagaoka(importer, real):
    sheets = sorted((real / "pipes-nagaoka").glob("*water*.gml"))
    summary = importer("plateau-unf", *sheets).summary
    # 237 + 21 uro:WaterPipe; 152 + 11 uro:Handhole are nodes, not pipes.
    assert (summary["accepted"], summary["rejected"], summary["features"]) == (258, 0, 258)
    assert skipped(summary) == {"Handhole is not of this layer": 163}
    assert summary["z_dropped"] == 258
    assert summary["unknown_values"]["laid_year"] == {"0001": 1}
    years = dict(importer.rows("water_pipes", "SELECT laid_year, count(*) FROM water_pipes GROUP BY laid_year"))
    assert years == {None: 1, 1995: 141, 1997: 8, 1998: 7, 1999: 9, 2003: 34, 2004: 16, 2005: 1, 2007: 21, 2008: 9, 2009: 4,
                     2012: 6, 2013: 1}
    assert importer.rows("water_pipes", "SELECT DISTINCT \"use\", synthetic FROM water_pipes") == [("drinking", 0)]
    # The stated extent of all three sheets; two of them lie inside and touch three of its sides.
    west, south, east, north = summary["extent"]
    assert (round(west, 4), round(north, 4)) == (138.7373, 37.4312)
    assert south > 37.4061 and east < 138.7679


def test_pipes_lie_where_another_program_puts_them(importer, real):
    """Northing first, to the millimetre, against gdaltransform."""
    sheet = real / "pipes-nagaoka" / "08EE753_unf_10169_water_op.gml"
    importer("plateau-unf", sheet)
    stored = importer.geometries("water_pipes")
    members = re.findall(r'<uro:WaterPipe gml:id="(.*?)">(.*?)</uro:WaterPipe>', sheet.read_text("utf-8"), re.S)
    assert len(members) == 21
    for identity, member in members:
        numbers = re.search(r"<gml:posList>(.*?)</gml:posList>", member).group(1).split()
        points = [(numbers[i + 1], numbers[i]) for i in range(0, len(numbers), 3)]  # easting, northing
        run = subprocess.run(["gdaltransform", "-s_srs", "EPSG:6676", "-t_srs", "EPSG:6668", "-output_xy"],
                             input="\n".join(" ".join(point) for point in points), capture_output=True, text=True, check=True)
        wanted = [tuple(map(float, line.split()[:2])) for line in run.stdout.splitlines()]
        found = [tuple(map(float, pair.split())) for pair in re.search(r"\(+(.*?)\)+", stored[identity]).group(1).split(",")]
        assert len(found) == len(wanted)
        for (x, y), (u, v) in zip(found, wanted):
            assert abs(x - u) < 1e-8 and abs(y - v) < 1e-8, (identity, x, y, u, v)  # 1e-8 degrees is a millimetre


def test_all_utilities_of_nagaoka(importer, real):
    summary = importer("plateau-unf", real / "pipes-nagaoka").summary
    # 258 water, 7 gas and 90 snow-melting pipes; 163 handholes and 34 manholes.
    assert (summary["accepted"], summary["rejected"]) == (355, 0)
    assert skipped(summary) == {"Handhole is not of this layer": 163, "Manhole is not of this layer": 34}
    assert dict(importer.rows("water_pipes", 'SELECT "use", count(*) FROM water_pipes GROUP BY 1')) == {
        "drinking": 258, "gas": 7, "snow_melting": 90}
    summary = importer("plateau-unf-nodes", real / "pipes-nagaoka").summary
    assert summary["accepted"] == 163 + 34
    assert dict(importer.rows("water_facilities", "SELECT kind, count(*) FROM water_facilities GROUP BY 1")) == {
        "handhole": 163, "manhole": 34}


def test_municipalities_of_niigata(importer, real):
    summary = importer("ksj-n03", real / "admin" / "N03-21_15_s0010.geojson").summary
    assert (summary["accepted"], summary["rejected"], summary["features"], summary["partition"]) == (37, 0, 37, "15")
    rows = dict(importer.rows("municipalities", "SELECT municipality_code, name FROM municipalities", "15"))
    assert rows["15202"] == "長岡市" and rows["15101"] == "新潟市北区" and rows["15504"] == "刈羽村"
    assert importer.rows("municipalities", "SELECT county, prefecture, prefecture_code FROM municipalities WHERE municipality_code = '15405'",
                         "15") == [("三島郡", "新潟県", "15")]


def test_only_open_joints(importer, real):
    summary = importer("ksj-n06", real / "roads" / "N06_Joint_fixed.geojson").summary
    # 2,452 rows, of which 92 have ended. Nine relation ids are shared by 20 open rows that are different joints.
    assert (summary["read"], summary["accepted"], summary["rejected"]) == (2452, 2360, 0)
    assert list(skipped(summary).values()) == [92]
    assert dict(importer.rows("interchanges", "SELECT kind, count(*) FROM interchanges GROUP BY 1")) == {
        "interchange": 1924, "smart": 157, "junction": 248, "other": 31}
    assert importer.rows("interchanges", "SELECT count(*), count(DISTINCT id) FROM interchanges WHERE source_id LIKE 'EA03_637001%'") == [(4, 4)]
    twice = importer.rows("interchanges", "SELECT source_id FROM interchanges WHERE name = '大井JCT' ORDER BY 1")
    assert len(twice) == 2 and all(row[0].startswith("EA03_686037/大井JCT@") for row in twice)
    assert importer.rows("interchanges", "SELECT count(*) FROM interchanges WHERE source_id LIKE '%@%'") == [(4,)]


def test_isolated_plants_of_tokyo(importer, real):
    summary = importer("ksj-l05", real / "sites-l05-tokyo").summary
    assert (summary["accepted"], summary["features"], summary["partition"]) == (22, 22, "13")
    rows = importer.rows("industrial_parks", "SELECT name, kind, coast, municipality_code, industry, total_ha FROM industrial_parks WHERE source_id = '1320100'", "13")
    assert rows == [("㈱東芝日野工場", "isolated", "inland", "13212", "電子部品・デバイス・電子回路製造業", None)]


def test_farmland_among_the_land_use_of_tamana(importer, real):
    summary = importer("plateau-luse", real / "landuse-tamana").summary
    # 57 paddies and 47 fields of 363 parcels.
    assert (summary["accepted"], summary["rejected"], summary["read"]) == (104, 0, 363)
    assert skipped(summary) == {"other land use than farmland": 259}
    assert dict(importer.rows("farmland_parcels", "SELECT land_use, count(*) FROM farmland_parcels GROUP BY 1", "43")) == {"paddy": 57, "field": 47}
    # The publisher's own areas are planar, ours geodesic: they agree to a fraction of a per cent.
    for stated, computed in importer.rows("farmland_parcels", "SELECT stated_area_m2, area_m2 FROM farmland_parcels", "43"):
        assert computed == pytest.approx(stated, rel=2e-3, abs=0.05)


def test_zoning_division_and_port_of_kawasaki(importer, real):
    run = importer("plateau-urf", real / "zoning-kawasaki")
    assert run.code == 0
    assert {layer["layer"]: layer["accepted"] for layer in run.summary["layers"]} == {"zoning": 4, "city_planning": 2, "port_districts": 2}
    rows = importer.rows("zoning", "SELECT use_district, floor_area_ratio_percent, building_coverage_percent, valid_from, area_division FROM zoning ORDER BY 1, 3", "14")
    # 11 is 準工業 and 13 工業専用 in this publisher's list.
    assert rows == [("exclusive_industrial", 200.0, 40.0, "2009-11-11", "urbanisation_promotion"),
                    ("exclusive_industrial", 200.0, 40.0, "2009-11-11", "urbanisation_promotion"),
                    ("exclusive_industrial", 200.0, 60.0, "2009-11-11", "urbanisation_promotion"),
                    ("quasi_industrial", 200.0, 60.0, "2009-11-11", "urbanisation_promotion")]
    assert importer.rows("city_planning", "SELECT area_division, authority, notification FROM city_planning", "14") == 2 * [
        ("urbanisation_promotion", "神奈川県", "神奈川県告示第436号")]
    assert importer.rows("port_districts", "SELECT DISTINCT district, municipality_code FROM port_districts", "14") == [("川崎港臨港地区", "14130")]
    west, south, east, north = run.summary["layers"][0]["extent"]
    assert 139.70 < west < east < 139.76 and 35.46 < south < north < 35.51  # latitude came first in the file


def test_one_part_of_the_plan_alone(importer, real):
    run = importer("plateau-urf", next((real / "zoning-kawasaki").glob("*yoto*")))
    assert [layer["layer"] for layer in run.summary["layers"]] == ["zoning"]


def test_a_farmland_parcel_with_every_attribute(importer, real):
    """The published file has a comma behind its last feature, which JSON does not allow."""
    summary = importer("fude", real / "parcels" / "fude_tsukuba_1.json").summary
    assert summary["accepted"] == 1 and summary["partition"] == "08"
    assert any("commas" in note for note in summary["notes"])
    (row,) = importer.rows("farmland_parcels", "SELECT source_id, land_use, municipality_code, issue_year, edit_year, last_source_id, history FROM farmland_parcels", "08")
    assert row[:6] == ("942c066b-47a3-4dee-acfb-1e1159398259", "field", "08220", 2022, 2020, "4fc7916a-6834-459f-95cd-4f87d33d080d")
    assert '"前年同一"' in row[6]


def test_any_other_source_as_it_is(importer, real):
    source = real.parent / "accept" / "ne110m4cql2.gpkg"
    if not source.exists():
        pytest.skip(f"{source} is not there")
    ogr = pytest.importorskip("osgeo.ogr")
    run = importer("auto", source)
    assert {layer["layer"]: layer["features"] for layer in run.summary["layers"]} == {
        "ne_110m_admin_0_countries": 177, "ne_110m_populated_places_simple": 243, "ne_110m_rivers_lake_centerlines": 13}
    dataset = ogr.Open(str(source))
    for layer in dataset:
        names = [layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(layer.GetLayerDefn().GetFieldCount())]
        quoted = ", ".join(f'"{name}"' for name in names)
        stored = {row[0]: row[1:] for row in importer.rows(layer.GetName(), f"SELECT id, {quoted} FROM {layer.GetName()}")}
        shapes = importer.geometries(layer.GetName())
        for feature in layer:
            values = []
            for i, name in enumerate(names):
                value = feature.GetField(i) if feature.IsFieldSetAndNotNull(i) else None
                kind = layer.GetLayerDefn().GetFieldDefn(i).GetType()
                if value is not None and kind == ogr.OFTDate:
                    value = value.replace("/", "-")
                if value is not None and kind == ogr.OFTDateTime:
                    value = value.replace("/", "-").replace(" ", "T").removesuffix("+00") + "Z"
                values.append(value)
            assert stored[feature.GetFID()] == tuple(values)
            mine = ogr.CreateGeometryFromWkt(shapes[str(feature.GetFID())])
            theirs = feature.GetGeometryRef()
            if theirs.IsValid():
                assert mine.Equals(theirs) or mine.SymDifference(theirs).Area() < 1e-9


def test_again_is_unchanged_and_other_folders_get_the_same_bytes(new_importer, real):
    first, second = new_importer("a"), new_importer("b")
    sources = {"plateau-unf": sorted((real / "pipes-nagaoka").glob("*.gml")), "ksj-n03": [real / "admin" / "N03-21_15_s0010.geojson"],
               "ksj-n06": [real / "roads" / "N06_Joint_fixed.geojson"], "ksj-l05": [real / "sites-l05-tokyo"], "plateau-urf": [real / "zoning-kawasaki"]}
    for profile, files in sources.items():
        published = first(profile, *files).summary
        before = {name: (first.data / name).stat() for name in first.files()}
        again = first(profile, *files)
        assert again.code == 0
        assert all(layer["outcome"] == "unchanged" for layer in again.summary["layers"])
        assert [layer["revision"] for layer in again.summary["layers"]] == [layer["revision"] for layer in published["layers"]]
        assert {name: (first.data / name).stat().st_mtime_ns for name in first.files() if name.endswith(".sqlite")} == {
            name: stat.st_mtime_ns for name, stat in before.items() if name.endswith(".sqlite")}
        second(profile, *files)
    assert first.files() == second.files()
    for name in first.files():
        if (first.data / name).is_file():
            assert (first.data / name).read_bytes() == (second.data / name).read_bytes(), name


def test_every_published_municipality_code_is_accepted(importer, real, tmp_path):
    """All codes of the ministry's table with their check digits."""
    import csv
    with (real / "codes" / "lg_code_table.csv").open(encoding="utf-8") as table:
        # The table names some municipalities twice.
        codes = sorted({row["lg_code"] for row in csv.DictReader(table) if row["city_kanji"] != "NA"})
    assert len(codes) > 1900
    source = tmp_path / "all.csv"
    source.write_text("適地番号,市区町村コード,開示区分,形状\n" + "".join(
        f'{code},{code},公開,"POLYGON((139 36,139.01 36,139.01 36.01,139 36))"\n' for code in codes), encoding="utf-8")
    summary = importer("site-survey", source, options=["--max-rejects", "0"]).summary
    assert (summary["accepted"], summary["rejected"]) == (len(codes), 0)
    assert importer.rows("factory_sites", "SELECT count(*) FROM factory_sites WHERE municipality_code <> substr(source_id, 1, 5)") == [(0,)]


def test_reading_leaves_nothing_beside_the_source(importer, real):
    for folder in ("pipes-nagaoka", "zoning-kawasaki", "landuse-tamana", "parcels", "roads", "admin", "sites-l05-tokyo"):
        assert not [path.name for path in (real / folder).iterdir() if path.suffix in (".gfs", ".xsd", ".qix", ".xml", ".tmp")]
