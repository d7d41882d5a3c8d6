"""Each declared source format: a small file as the publisher writes it, and what is stored of it."""
import pytest

from import_sources import geojson, rejects

X, Y = 138.8, 37.4


def square(i=0, size=0.005):
    x = X + i * 0.01
    return f"POLYGON(({x} {Y},{x} {Y + size},{x + size} {Y + size},{x + size} {Y},{x} {Y}))"


def shapefile(folder, name, columns, rows, epsg=6668, encoding="CP932"):
    """columns: name -> "text", "integer" or "real"; rows: (values, WKT). As downloaded: CP932 and no .cpg file."""
    ogr, osr = pytest.importorskip("osgeo.ogr"), pytest.importorskip("osgeo.osr")
    folder.mkdir(exist_ok=True)
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    dataset = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(folder / f"{name}.shp"))
    kind = ogr.CreateGeometryFromWkt(rows[0][1]).GetGeometryType()
    layer = dataset.CreateLayer(name, system, kind, [f"ENCODING={encoding}"])
    for column, of in columns.items():
        layer.CreateField(ogr.FieldDefn(column, {"text": ogr.OFTString, "integer": ogr.OFTInteger, "real": ogr.OFTReal}[of]))
    for values, wkt in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for column, value in values.items():
            feature.SetField(column, value)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(feature)
    dataset = layer = None
    (folder / f"{name}.cpg").unlink(missing_ok=True)
    return folder / f"{name}.shp"


def table(path, header, rows, encoding="utf-8-sig"):
    text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [header.split(","), *rows]) + "\r\n"
    path.write_bytes(text.encode(encoding))
    return path


def one_rejected(run, importer, accepted, field, *words):
    """All but one record are stored, and the one left out is named with its field and reason."""
    assert run.code == 3 and (run.summary["accepted"], run.summary["rejected"]) == (accepted, 1), run.stderr
    (reject,) = rejects(run, importer)
    assert reject["field"] == field, reject
    for word in words:
        assert word in reject["reason"], reject


LOOSE = ("--max-rejects", "50%")


# --- city planning ---------------------------------------------------------------------------------------------

A29 = {"A29_001": "text", "A29_002": "text", "A29_003": "text", "A29_004": "integer", "A29_005": "text", "A29_006": "integer",
       "A29_007": "integer", "A29_008": "text"}


def a29(code, name, coverage=60, ratio=200):
    return {"A29_001": "15202", "A29_002": "新潟県", "A29_003": "長岡市", "A29_004": code, "A29_005": name, "A29_006": coverage, "A29_007": ratio,
            "A29_008": "㈱架空"}


def test_ksj_a29(importer, tmp_path):
    # The industrial three are 10, 11 and 12 here, one less than PLATEAU numbers them; 21 came later.
    districts = [(8, "近隣商業地域", "neighbourhood_commercial"), (10, "準工業地域", "quasi_industrial"), (11, "工業地域", "industrial"),
                 (12, "工業専用地域", "exclusive_industrial"), (21, "田園住居地域", "countryside_residential")]
    rows = [(a29(code, name), square(i)) for i, (code, name, _) in enumerate(districts)]
    rows[1][0].update({"A29_006": 0, "A29_007": 9999})
    rows += [(a29(99, "不明"), square(6)), (a29(13, "?"), square(7))]
    run = importer("ksj-a29", shapefile(tmp_path / "s", "A29-19_15", A29, rows), options=LOOSE, check=False)
    assert run.code == 3 and (run.summary["accepted"], run.summary["rejected"]) == (5, 2), run.stderr
    unknown, wrong = rejects(run, importer)
    assert unknown["field"] == wrong["field"] == "use_district"
    assert "is required and not given" in unknown["reason"] and "none of the codes" in wrong["reason"] and wrong["value"] == "13"
    stored = importer.rows("zoning", "SELECT use_district, building_coverage_percent, floor_area_ratio_percent, municipality_code FROM zoning", "15")
    assert sorted(stored) == sorted((code, *((None, None) if code == "quasi_industrial" else (60, 200)), "15202") for _, _, code in districts)


# The editions have the same columns but other numbers: the name, as published, tells them apart.
@pytest.mark.parametrize("profile,name,promotion,control,left_out", [
    ("ksj-a09", "15202_長岡市", 1, 2, (3, 4)), ("ksj-a09", "a001150020120302", 2, 3, (1, 4)), ("ksj-a09", "A09-06_15", 2, 3, (1, 4)),
    ("ksj-a09-2011", "renamed", 2, 3, (1, 4))])
def test_ksj_a09(importer, tmp_path, profile, name, promotion, control, left_out):
    columns = {"prefec_cd": "text", "area_cd": "text", "layer_no": "integer"}
    numbers = [promotion, control, *left_out]
    rows = [({"prefec_cd": "15", "area_cd": "15202", "layer_no": number}, square(i)) for i, number in enumerate(numbers)]
    # A ring that crosses itself so that no small repair mends it.
    rows.append((dict(rows[0][0]), f"POLYGON(({X} {Y},{X + .01} {Y + .01},{X + .01} {Y},{X} {Y + .01},{X} {Y}))"))
    source = shapefile(tmp_path / "s", name, columns, rows)
    source.with_suffix(".prj").unlink()
    run = importer(profile, source, options=LOOSE, check=False)
    one_rejected(run, importer, 2, "geometry", "Self-intersection")
    assert list(run.summary["reference_systems"]) == ["EPSG:6668" if promotion == 1 else "EPSG:4612"]
    assert sorted(importer.rows("city_planning", "SELECT area_division FROM city_planning")) == [("urbanisation_control",), ("urbanisation_promotion",)]


# --- transport -------------------------------------------------------------------------------------------------

def test_ksj_n02(importer, tmp_path):
    def station(name, line="信越線", code="000001", kind="11", operator="2"):
        return {"N02_001": kind, "N02_002": operator, "N02_003": line, "N02_004": "架空旅客鉄道", "N02_005": name, "N02_005c": code, "N02_005g": "000001"}

    def platform(i):
        return f"LINESTRING({X + i * .01} {Y},{X + i * .01 + .002} {Y})"

    columns = {name: "text" for name in station("")}
    # The same station of the same line twice: two platforms, which both stay.
    rows = [(station("長岡"), platform(0)), (station("長岡", "上越新幹線", operator="1"), platform(1)), (station("宮内"), platform(2)),
            (station("宮内"), platform(3)), (station("新町", kind="24", operator="5"), platform(4)), (station("架空", kind="18"), platform(5))]
    run = importer("ksj-n02", shapefile(tmp_path / "s", "N02-22_Station", columns, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 5, "railway_kind", "none of the codes")
    stored = importer.rows("stations", "SELECT name, line, railway_kind, operator_kind, station_code FROM stations")
    assert ("長岡", "上越新幹線", "jr", "shinkansen", "000001") in stored
    assert ("新町", "信越線", "guided_tramway", "third_sector", "000001") in stored
    assert len(stored) == 5 and sum(row[0] == "宮内" for row in stored) == 2


def test_ksj_n02_sections_are_no_stations(importer, tmp_path):
    section = {"N02_001": "11", "N02_002": "2", "N02_003": "信越線", "N02_004": "架空旅客鉄道"}
    source = shapefile(tmp_path / "s", "N02-22_RailroadSection", {name: "text" for name in section}, [(section, f"LINESTRING({X} {Y},{X} 37.5)")])
    run = importer("ksj-n02", source, check=False)
    assert run.code == 1 and "nothing that this profile reads" in run.summary["refusal"] and not importer.file("stations").exists()


def test_ksj_c02(importer, tmp_path):
    def port(number, name, kind=14, manager=1):
        return {"C02_001": 1, "C02_002": kind, "C02_003": "15202", "C02_004": number, "C02_005": name, "C02_006": manager, "C02_007": "新潟県"}

    columns = {"C02_001": "integer", "C02_002": "integer", "C02_003": "text", "C02_004": "text", "C02_005": "text", "C02_006": "integer", "C02_007": "text"}
    rows = [(port("01", "架空港", 12), "POINT(138.8 37.4)"), (port("02", "寺泊港", 14, 5), "POINT(138.7 37.6)"), (port("03", "丸港", 16), "POINT(138.6 37.6)")]
    run = importer("ksj-c02", shapefile(tmp_path / "s", "C02-14_PortAndHarbor", columns, rows, epsg=4612), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "kind", "none of the codes")
    stored = importer.rows("ports", "SELECT name, kind, port_code, municipality_code, administrator_kind, administrator FROM ports ORDER BY port_code", "15")
    assert stored == [("架空港", "hub", "01", "15202", "prefecture", "新潟県"), ("寺泊港", "local", "02", "15202", "none", "新潟県")]


def test_ksj_c28(importer, tmp_path):
    airport = {"C28_001": "15202", "C28_003": "2", "C28_004": 1, "C28_005": "架空空港", "C28_006": "1", "C28_007": "1", "C28_011": "1", "C28_012": "2500,1314",
               "C28_014": "2013", "C28_015": 0, "C28_016": 2600}
    columns = {name: "integer" if isinstance(value, int) else "text" for name, value in airport.items()}
    built = {**airport, "C28_005": "建設空港", "C28_004": 2, "C28_011": "3", "C28_014": "9999"}
    wrong = {**airport, "C28_005": "不思議空港", "C28_003": "7"}
    rows = [(airport, square()), (airport, square(1)), (built, square(2)), (wrong, square(3))]
    run = importer("ksj-c28", shapefile(tmp_path / "s", "C28-21_Airport", columns, rows), options=LOOSE, check=False)
    assert run.summary["rejected"] == 1 and rejects(run, importer)[0]["field"] == "kind"
    stored = importer.rows("airports", "SELECT name, kind, status, established_by, scheduled_flights, runway_length, survey_year, landings_per_day, passengers_per_day "
                           "FROM airports ORDER BY name", "15")
    # One airport in two shapes is one feature; no landings is a figure, not an unknown.
    assert stored == [("建設空港", "base_national", "under_construction", "minister_transport", "none", "2500,1314", None, 0, 2600),
                      ("架空空港", "base_national", "in_service", "minister_transport", "jet", "2500,1314", 2013, 0, 2600)]


# --- floods, forests, parks, land prices -----------------------------------------------------------------------

def collection(path, rows):
    import json
    ogr = pytest.importorskip("osgeo.ogr")
    return geojson(path, [{"type": "Feature", "properties": values, "geometry": json.loads(ogr.CreateGeometryFromWkt(wkt).ExportToJson())}
                          for values, wkt in rows])


RANKS = {"0_to_0.5": (0, 0.5), "0.5_to_3": (0.5, 3), "3_to_5": (3, 5), "5_to_10": (5, 10), "10_to_20": (10, 20), "from_20": (20, None)}


@pytest.mark.parametrize("prefix,scenario", [("A31a_1", "planned"), ("A31a_2", "maximum"), ("A31_2", "maximum")])
def test_ksj_a31_by_river(importer, tmp_path, prefix, scenario):
    rows = [({f"{prefix}01": "8404010001", f"{prefix}02": "信濃川", f"{prefix}03": "84", f"{prefix}04": "国", f"{prefix}05": rank}, square(rank)) for rank in range(1, 8)]
    run = importer("ksj-a31", collection(tmp_path / "a.geojson", rows), options=LOOSE, check=False)
    one_rejected(run, importer, 6, "depth_rank", "none of the codes")
    stored = importer.rows("flood_depth", "SELECT depth_rank, depth_min_m, depth_max_m, scenario, river, river_code, valid_from, notification, rainfall FROM flood_depth")
    # Columns that held dates and notifications in other editions hold none here; the deepest rank has no greatest depth.
    assert sorted(stored) == sorted((rank, *depths, scenario, "信濃川", "8404010001", None, None, None) for rank, depths in RANKS.items())


def test_ksj_a31_by_prefecture(importer, tmp_path):
    row = {"A31_201": 4, "A31_202": "平成29年7月20日", "A31_203": "告示第1号", "A31_204": "2日間の総雨量500mm"}
    columns = {name: "integer" if name == "A31_201" else "text" for name in row}
    rows = [(row, square()), ({**row, "A31_202": ""}, square(1)), ({**row, "A31_202": "平成29年"}, square(2))]
    run = importer("ksj-a31", shapefile(tmp_path / "s", "A31-20-19_15", columns, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "valid_from")
    stored = importer.rows("flood_depth", "SELECT depth_rank, depth_min_m, depth_max_m, scenario, valid_from, notification, rainfall, river FROM flood_depth")
    assert run.summary["normalised"] == {"valid_from": {"era": 1}}
    assert sorted(stored, key=str) == [("5_to_10", 5, 10, "maximum", day, "告示第1号", "2日間の総雨量500mm", None) for day in ("2017-07-20", None)]


def test_ksj_a31_of_2012(importer, tmp_path):
    # Two older scales: five ranks (11 to 15) and seven (21 to 27).
    ranks = {11: ("0_to_0.5", 0, 0.5), 12: ("0.5_to_1", 0.5, 1), 13: ("1_to_2", 1, 2), 14: ("2_to_5", 2, 5), 15: ("from_5", 5, None),
             21: ("0_to_0.5", 0, 0.5), 22: ("0.5_to_1", 0.5, 1), 23: ("1_to_2", 1, 2), 24: ("2_to_3", 2, 3), 25: ("3_to_4", 3, 4),
             26: ("4_to_5", 4, 5), 27: ("from_5", 5, None)}
    rows = [({"A31_001": rank}, square(i)) for i, rank in enumerate([*ranks, 3])]
    run = importer("ksj-a31", shapefile(tmp_path / "s", "A31-12_15", {"A31_001": "integer"}, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 12, "depth_rank")
    stored = importer.rows("flood_depth", "SELECT depth_rank, depth_min_m, depth_max_m, scenario FROM flood_depth")
    assert sorted(stored, key=str) == sorted(((*rank, None) for rank in ranks.values()), key=str)


def test_ksj_a31_durations_are_no_depths(importer, tmp_path):
    run = importer("ksj-a31", collection(tmp_path / "a.geojson", [({"A31a_301": "8404010001", "A31a_305": 3}, square())]), check=False)
    assert run.code == 1 and "depth_rank" in run.stderr and importer.files() == []


@pytest.mark.parametrize("profile,layer,kinds", [
    ("ksj-a13", "forest_areas", {"07": "forest_area", "08": "national_forest", "09": "planned_private_forest", "10": "protection_forest"}),
    ("ksj-a10", "protected_areas", {"11": "natural_park", "12": "special_area", "13": "special_protection_area"}),
    ("ksj-a11", "protected_areas", {"14": "nature_conservation", "15": "wilderness", "16": "special_district"})])
def test_ksj_themes(importer, tmp_path, profile, layer, kinds):
    def row(number, i, **other):
        return {"PREFEC_CD": "15", "AREA_CD": "00", "CTV_NAME": "長岡市", "FIS_YEAR": 2015, "THEMA_NO": "13", "LAYER_NO": number, "AREA_SIZE": 0, "IOSIDE_DIV": "1",
                "OBJ_NAME": f"区域{i}", "REMARK_STR": "", **other}

    rows = [(row(number, i), square(i)) for i, number in enumerate(kinds)]
    rows += [(row("06", 7), square(7)), (row(next(iter(kinds)), 8, PREFEC_CD="48"), square(8))]
    columns = {name: "text" if isinstance(value, str) else "integer" for name, value in rows[0][0].items()}
    run = importer(profile, shapefile(tmp_path / "s", "a001", columns, rows, epsg=4612), options=LOOSE, check=False)
    one_rejected(run, importer, len(kinds), "prefecture_code")
    stored = importer.rows(layer, f"SELECT kind, name, prefecture_code, municipality, fiscal_year, stated_area, remarks FROM {layer} ORDER BY name", "15")
    assert stored == [(kind, f"区域{i}", "15", "長岡市", 2015, None, None) for i, kind in enumerate(kinds.values())]


# Class, serial, municipality, price, address, area, use, station, district: where each edition has them, and its last column.
L01 = {"2021": ("001", "002", "021", "006", "023", "024", "025", "045", "047", "132"), "2018": ("001", "002", "021", "006", "023", "024", "025", "045", "047", "126"),
       "2022": ("001", "002", "022", "006", "024", "026", "027", "048", "050", "139"), "2023": ("001", "002", "022", "006", "024", "026", "027", "048", "050", "141"),
       "2024": ("002", "003", "001", "008", "025", "027", "028", "048", "051", "144"), "2025": ("002", "003", "001", "008", "025", "027", "028", "048", "051", "146")}


def l01(edition, *values):
    """A record with all of an edition's columns, as it is published; the others hold what would be wrong anywhere else."""
    columns = {f"L01_{number:03}": "false" for number in range(1, int(L01[edition][-1]) + 1)}
    return {**columns, **{f"L01_{column}": value for column, value in zip(L01[edition], values)}}


@pytest.mark.parametrize("edition", L01)
def test_ksj_l01(importer, tmp_path, edition):
    rows = [(l01(edition, "009", "001", "15202", 18500, "新潟県長岡市架空1番", 9827, "工場", "長岡", "工専"), "POINT(138.8 37.4)"),
            (l01(edition, "010", "002", "15202", 18500, "新潟県長岡市架空1番", 0, "工場", "_", "_"), "POINT(138.81 37.4)"),
            (l01(edition, "009", "003", "15202", 0, "", 1, "工場", "_", "_"), "POINT(138.82 37.4)")]
    columns = {name: "integer" if isinstance(value, int) else "text" for name, value in rows[0][0].items()}
    run = importer("ksj-l01", shapefile(tmp_path / "s", f"L01-{edition[2:]}_15", columns, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "price_jpy_per_m2", "is required")
    stored = importer.rows("land_prices", "SELECT source_id, price_class, serial, price_jpy_per_m2, area_m2, current_use, station, use_district, address FROM land_prices ORDER BY serial", "15")
    key = "15202/{}/{}"
    assert stored == [(key.format("009", "001"), "industrial", "001", 18500, 9827, "工場", "長岡", "exclusive_industrial", "新潟県長岡市架空1番"),
                      (key.format("010", "002"), "control_area_building", "002", 18500, None, "工場", None, None, "新潟県長岡市架空1番")]
    assert run.summary["unknown_values"] == {"area_m2": {"0": 1}, "station": {"_": 1}, "use_district": {"_": 1}}


def test_ksj_l01_of_few_columns_is_not_read_in_another_order(importer, tmp_path):
    # Until 2023 the class of land came first: cut down to these columns, nothing tells the edition, and no municipality is one.
    site = {"L01_001": "009", "L01_002": "001", "L01_003": "009", "L01_006": 18500, "L01_008": "true"}
    columns = {name: "integer" if isinstance(value, int) else "text" for name, value in site.items()}
    run = importer("ksj-l01", shapefile(tmp_path / "s", "L01-21_15", columns, [(site, "POINT(138.8 37.4)")]), check=False)
    assert run.code == 1 and run.summary["accepted"] == 0 and not importer.file("land_prices", "15").exists()


# --- registers of one's own: headers in Japanese ---------------------------------------------------------------

def test_flood_depth_with_stated_depths(importer, tmp_path):
    header = "区域番号,浸水深ランク,最小浸水深,最大浸水深,想定規模,河川名,指定年月日,WKT"
    rows = [["1", "2", "0.5", "300cm", "想定最大規模", "信濃川", "令和元年5月1日", square()], ["2", "20.0m以上", "20", "", "計画規模", "信濃川", "", square(1)],
            ["3", "9", "", "", "", "", "", square(2)]]
    run = importer("flood-depth", table(tmp_path / "a.csv", header, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "depth_rank")
    stored = importer.rows("flood_depth", "SELECT depth_rank, depth_min_m, depth_max_m, scenario, valid_from FROM flood_depth ORDER BY depth_min_m")
    assert stored == [("0.5_to_3", 0.5, 3, "maximum", "2019-05-01"), ("from_20", 20, None, "planned", None)]


def test_flood_depth_that_is_not_stated_follows_from_the_rank(importer, tmp_path):
    rows = [["1", "4", "", "", "", "", "", square()], ["2", "3", "2", "5", "", "", "", square(1)]]
    # What the source states stays, also where the rank says otherwise.
    importer("flood-depth", table(tmp_path / "a.csv", "区域番号,浸水深ランク,最小浸水深,最大浸水深,想定規模,河川名,指定年月日,WKT", rows))
    assert importer.rows("flood_depth", "SELECT depth_min_m, depth_max_m FROM flood_depth ORDER BY depth_max_m DESC") == [(5, 10), (2, 5)]


ZONE = {"区域番号": "Z1", "区域名": "架空重点促進区域", "区分": "重点促進区域", "基本計画名": "架空基本計画", "市区町村コード": "152021", "市区町村名": "長岡市", "対象事業": "",
        "有効開始日": "令和6年4月1日", "有効終了日": "2029-03-31"}


@pytest.mark.parametrize("form", ["geojson", "csv", "cp932"])
def test_promotion_zones(importer, tmp_path, form):
    rows = [(ZONE, square()), ({**ZONE, "区域番号": "Z2", "対象事業": "P-1", "有効終了日": "未定"}, square(1)), ({**ZONE, "区域番号": "Z3", "区分": "特区"}, square(2))]
    if form == "geojson":
        source = collection(tmp_path / "a.geojson", rows)
    else:
        source = table(tmp_path / "a.csv", ",".join([*ZONE, "WKT"]), [[*values.values(), wkt] for values, wkt in rows], "CP932" if form == "cp932" else "utf-8-sig")
    run = importer("promotion-zones", source, options=LOOSE, check=False)
    one_rejected(run, importer, 2, "kind", "none of the codes")
    stored = importer.rows("promotion_zones", "SELECT kind, plan_name, municipality_code, project_reference, valid_from, valid_to FROM promotion_zones ORDER BY source_id", "15")
    # A zone may be set with no project decided.
    assert stored == [("priority", "架空基本計画", "15202", None, "2024-04-01", "2029-03-31"), ("priority", "架空基本計画", "15202", "P-1", "2024-04-01", None)]


def test_soil_contamination(importer, tmp_path):
    header = "整理番号,区域の種類,区域の所在地,市区町村コード,特定有害物質の種類,面積,指定年月日,解除年月日,WKT"
    rows = [["整-1", "要措置区域", "長岡市架空1番", "15202", "トリクロロエチレン、鉛及びその化合物", "9,827(㎡)", "H25.3.1", "", square()],
            ["整-2", "形質変更時要届出区域", "長岡市架空2番", "15202", "砒素及びその化合物", "0", "平成30年4月1日", "令和5年3月31日", square(1)],
            ["整-3", "要調査区域", "長岡市架空3番", "15202", "", "1ha", "", "", square(2)]]
    run = importer("soil-contamination", table(tmp_path / "a.csv", header, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "kind")
    stored = importer.rows("soil_contamination", "SELECT number, kind, substances, stated_area_m2, valid_from, valid_to FROM soil_contamination ORDER BY number", "15")
    assert stored == [("整-1", "action_required", "トリクロロエチレン、鉛及びその化合物", 9827, "2013-03-01", None),
                      ("整-2", "notification_required", "砒素及びその化合物", None, "2018-04-01", "2023-03-31")]


def test_substations(importer, tmp_path):
    header = "変電所番号,変電所名,事業者,電圧kV,空き容量MW,時点,市区町村コード,経度,緯度"
    rows = [["1", "架空変電所", "架空電力ネットワーク", "154", "12.5", "2025-04-01", "15202", "138.8", "37.4"],
            ["2", "満杯変電所", "架空電力ネットワーク", "66000V", "0", "令和7年4月1日", "15202", "138.81", "37.4"],
            ["3", "不明変電所", "架空電力ネットワーク", "", "不明", "", "15202", "138.82", "37.4"],
            ["4", "外れ変電所", "架空電力ネットワーク", "66", "1", "", "15202", "37.4", "138.8"]]
    run = importer("substations", table(tmp_path / "a.csv", header, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 3, "geometry", "outside Japan")
    stored = importer.rows("substations", "SELECT voltage_kv, spare_capacity_mw, surveyed_on FROM substations ORDER BY source_id", "15")
    # No spare capacity is a figure; a capacity that nobody stated is none.
    assert stored == [(154, 12.5, "2025-04-01"), (66, 0, "2025-04-01"), (None, None, None)]


def test_substations_in_kilowatts(importer, tmp_path):
    rows = [["1", "架空変電所", "154kV", "12,500", "138.8", "37.4"], ["2", "単位違い", "66", "3MVA", "138.81", "37.4"]]
    run = importer("substations", table(tmp_path / "a.csv", "変電所番号,変電所名,電圧,空き容量kW,経度,緯度", rows), options=LOOSE, check=False)
    one_rejected(run, importer, 1, "spare_capacity_mw", "MVA")
    assert importer.rows("substations", "SELECT voltage_kv, spare_capacity_mw FROM substations") == [(154, 12.5)]


def test_protected_areas(importer, tmp_path):
    rows = [({"区域番号": f"P{i}", "区域名": f"架空{kind}", "区分": kind, "指定年月日": "昭和25年9月7日", "根拠法令": "自然公園法", "市区町村コード": "15202"}, square(i))
            for i, kind in enumerate(["国定公園", "鳥獣保護区", "禁猟区"])]
    run = importer("protected-areas", collection(tmp_path / "a.geojson", rows), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "kind")
    stored = importer.rows("protected_areas", "SELECT kind, valid_from, legal_basis FROM protected_areas ORDER BY source_id", "15")
    assert stored == [(kind, "1950-09-07", "自然公園法") for kind in ("natural_park", "wildlife_protection")]


def test_water_facilities(importer, tmp_path):
    header = "施設番号,施設名,施設種別,事業者,設置年度,市区町村コード,経度,緯度"
    rows = [["1", "架空浄水場", "浄水場", "架空企業局", "S48", "15202", "138.8", "37.4"], ["2", "架空取水場", "取水場", "架空企業局", "9999", "15202", "138.81", "37.4"],
            ["3", "架空事務所", "管理棟", "架空企業局", "令和元年度", "15202", "138.82", "37.4"], ["4", "無位置", "配水池", "架空企業局", "H3", "15202", "", ""]]
    run = importer("water-facilities", table(tmp_path / "a.csv", header, rows, "CP932"), options=LOOSE, check=False)
    one_rejected(run, importer, 3, "geometry", "no place")
    stored = importer.rows("water_facilities", "SELECT kind, built_year, undertaking FROM water_facilities ORDER BY source_id", "15")
    assert stored == [("purification_plant", 1973, "架空企業局"), ("intake", None, "架空企業局"), ("other", 2019, "架空企業局")]


def test_waterworks(importer, tmp_path):
    header = "事業番号,事業名,事業者,都道府県コード,年度,給水能力,契約水量,日平均給水量,余力,施設利用率,管路耐震化適合率,料金回収率,営業収益,純損益,給水区域"
    rows = [["1", "架空工業用水道", "新潟県", "15", "令和4年度", "116,500 m3/日", "0", "0", "116,500", "64.5%", "50", "101.2", "1億2,000万円", "▲3,500万円", square()],
            ["3", "架空第三工業用水道", "新潟県", "15", "令和5年度", "116,500", "", "-", "", "", "", "", "", "", square()],
            ["2", "架空第二工業用水道", "新潟県", "15", "2023", "1000", "900", "800", "100", "80", "150", "99", "", "", square(1)]]
    run = importer("waterworks", table(tmp_path / "a.csv", header, rows), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "pipe_seismic_percent", "above 100")
    stored = importer.rows("waterworks", "SELECT source_id, fiscal_year, capacity_m3_per_day, contracted_m3_per_day, supplied_m3_per_day, spare_m3_per_day, utilisation_percent, "
                           "pipe_seismic_percent, cost_recovery_percent, revenue_jpy, profit_jpy FROM waterworks ORDER BY fiscal_year", "15")
    # Contracts that fell to nothing are 0; a figure that is not given stays unknown.
    assert stored == [("1", 2022, 116500, 0, 0, 116500, 64.5, 50, 101.2, 120_000_000, -35_000_000),
                      ("3", 2023, 116500, *[None] * 8)]


def test_clusters(importer, tmp_path):
    header = "計画番号,計画名,計画区分,分野,策定主体,都道府県,所管省庁,中核企業,総事業費,KGI投資額,KGI育成人数,KGI付加価値額,決定日,計画開始日,計画終了日,区域"
    # An exclave belongs to the plan's area.
    both = f"MULTIPOLYGON({square()[7:]},{square(3)[7:]})"
    rows = [["A-1", "架空半導体クラスター計画", "A", "半導体", "経済産業省", "新潟県、富山県", "経済産業省", "㈱架空", "1兆2,000億円", "8,000億円", "1,200人", "", "2026-04-01", "令和8年4月1日", "", both],
            ["C-1", "架空地場産業成長プラン", "地場産業成長プラン", "洋食器", "燕市", "新潟県", "", "", "", "", "", "50億円", "", "", "", square(1)],
            ["D-1", "架空計画", "D", "", "", "", "", "", "", "", "", "", "", "", "", square(2)]]
    run = importer("clusters", table(tmp_path / "a.csv", header, rows, "CP932"), options=LOOSE, check=False)
    one_rejected(run, importer, 2, "plan_kind")
    stored = importer.rows("clusters", "SELECT plan_kind, prefectures, company, amount_jpy, kgi_investment_jpy, kgi_people, kgi_value_added_jpy, decided_on, valid_from "
                           "FROM clusters ORDER BY source_id")
    assert stored == [("strategic", "新潟県、富山県", "㈱架空", 1_200_000_000_000, 800_000_000_000, 1200, None, "2026-04-01", "2026-04-01"),
                      ("local", "新潟県", None, None, None, None, 5_000_000_000, None, None)]
    assert importer.geometries("clusters")["A-1"].count("((") >= 1 and "138.83" in importer.geometries("clusters")["A-1"]
