"""What imports make of their sources beyond the plain case: merging, precision of places, units, partitions, other people's formats."""
import json

from import_sources import SQUARE, geojson, good, many, municipality, polygon, rejects, shapefile, sites


def park(number, geometry, **values):
    properties = {"L05_001": number, "L05_002": "架空工業団地", "L05_003": "15202", "L05_005": "2", "L05_010": 12.5, "L05_011": 0, "L05_013": "1,3",
                  "L05_014": 999} | values
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def box(x, y, size=0.01):
    return polygon((x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y))


def test_rows_of_one_park_are_one_feature(importer, tmp_path):
    features = [park("A", box(138.80, 37.40)), park("A", box(138.81, 37.40)), park("A", box(138.90, 37.40)), park("B", box(139.0, 37.4))]
    summary = importer("ksj-l05", geojson(tmp_path / "a.geojson", features)).summary
    assert (summary["accepted"], summary["features"], summary["merged_away"], summary["rejected"]) == (4, 2, 2, 0)
    rows = importer.rows("industrial_parks", "SELECT source_id, kind, total_ha, industrial_ha, companies, use_districts FROM industrial_parks ORDER BY 1", "15")
    assert rows == [("A", "park", 12.5, None, None, "exclusive_industrial,quasi_industrial"), ("B", "park", 12.5, None, None, "exclusive_industrial,quasi_industrial")]
    areas = dict(importer.rows("industrial_parks", "SELECT source_id, geodesic_area_ha FROM industrial_parks", "15"))
    assert abs(areas["A"] / areas["B"] - 3) < 1e-3
    # The two that touch have become one polygon.
    assert importer.geometries("industrial_parks", "15")["A"].count("((") == 2


def test_rows_of_one_park_that_disagree_are_rejected_together(importer, tmp_path):
    features = [park(str(i), box(138.0 + i * 0.02, 37.4)) for i in range(30)] + [park("A", box(138.80, 37.60)), park("A", box(138.81, 37.60), L05_010=13)]
    run = importer("ksj-l05", geojson(tmp_path / "a.geojson", features))
    assert run.code == 3 and (run.summary["accepted"], run.summary["rejected"]) == (30, 2)
    found = rejects(run, importer)
    assert {reject["field"] for reject in found} == {"total_ha"} and "'12.5'" in found[0]["reason"] and "'13'" in found[0]["reason"]


def test_a_park_with_one_bad_row_is_no_smaller_park(importer, tmp_path):
    bow_tie = polygon((138.80, 37.60), (138.81, 37.61), (138.81, 37.60), (138.80, 37.61), (138.80, 37.60))
    features = [park(str(i), box(138.0 + i * 0.02, 37.4)) for i in range(30)] + [park("A", box(138.9, 37.60)), park("A", bow_tie)]
    run = importer("ksj-l05", geojson(tmp_path / "a.geojson", features))
    assert run.summary["rejected"] == 2 and run.summary["features"] == 30


INVESTMENTS = "事業番号,事業名,計画区分,都道府県コード,市区町村コード,位置精度,経度,緯度,総事業費,公費,融資額,雇用数,決定日\n"


def investments(path, *rows):
    path.write_text("\ufeff" + INVESTMENTS + "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows), encoding="utf-8")
    return path


def test_a_place_that_is_not_exact_is_not_drawn(importer, tmp_path):
    source = investments(tmp_path / "a.csv", ["1", "甲", "戦略産業クラスター計画", "15", "15202", "地点", "138.85", "37.45", "1億2,000万円", "14,502千円", "", "10", "令和6年4月1日"],
                         ["2", "乙", "地場産業成長プラン", "15", "15202", "市区町村", "138.85", "37.45", "５００円", "0", "", "", ""],
                         ["3", "丙", "", "15", "", "都道府県", "", "", "▲1,000円", "", "", "", ""], ["4", "丁", "", "", "", "不明", "", "", "", "", "", "", ""])
    run = importer("investments", source, options=["--max-rejects", "50%"])
    # A negative total is refused by the layer's range.
    assert (run.summary["accepted"], run.summary["rejected"], run.summary["place_withheld"], run.summary["without_place"]) == (3, 1, 1, 2)
    assert run.summary["partition"] == "all"  # one record names no prefecture
    rows = importer.rows("investments", "SELECT source_id, plan_kind, amount_jpy, public_jpy, loan_jpy, location_precision, geom IS NULL FROM investments ORDER BY 1")
    assert rows == [("1", "strategic", 120000000, 14502000, None, "point", 0), ("2", "local", 500, 0, None, "municipality", 1),
                    ("4", None, None, None, None, "none", 1)]


def test_a_point_without_coordinates_is_rejected(importer, tmp_path):
    rows = [[str(i), "甲", "", "15", "15202", "地点", "138.85", "37.45", "1", "", "", "", ""] for i in range(20)]
    rows[4][6] = ""
    rows[5][6:8] = ["", ""]
    run = importer("investments", investments(tmp_path / "a.csv", *rows))
    assert run.summary["rejected"] == 2
    assert {reject["reason"] for reject in rejects(run, importer)} == {"has a longitude or a latitude, not both", "is empty: the record has no place"}


def test_units_and_marks_in_a_survey(importer, tmp_path):
    rows = many(4)
    rows[0][4], rows[1][4], rows[2][4], rows[3][4] = "9,827(㎡)", "１．５", "不明", "2.5ha"
    importer("site-survey", sites(tmp_path / "a.csv", rows))
    assert importer.rows("factory_sites", "SELECT area_ha FROM factory_sites ORDER BY source_id", "15") == [(0.9827,), (1.5,), (None,), (2.5,)]
    assert importer.rows("factory_sites", "SELECT DISTINCT surveyed_on, disclosure FROM factory_sites", "15") == [("2024-04-01", "public")]


def test_partition_is_the_prefecture_where_all_agree(new_importer, tmp_path):
    rows = many(2)
    assert new_importer("a")("site-survey", sites(tmp_path / "a.csv", rows)).summary["partition"] == "15"
    rows[1][2] = "131016"
    rows[1][-1] = "POLYGON((139.75 35.68,139.76 35.68,139.76 35.69,139.75 35.68))"
    assert new_importer("b")("site-survey", sites(tmp_path / "b.csv", rows)).summary["partition"] == "all"
    assert new_importer("c")("site-survey", tmp_path / "b.csv", options=["--partition", "east-1"]).summary["partition"] == "east-1"


def test_municipalities_of_several_islands_are_one(importer, tmp_path):
    parts = [municipality(box(138.2, 38.0)), municipality(box(138.4, 38.0)), municipality(box(138.9, 37.4), "15203")]
    parts[2]["properties"]["N03_004"] = "架空市"
    summary = importer("ksj-n03", geojson(tmp_path / "a.geojson", parts)).summary
    assert (summary["accepted"], summary["features"]) == (3, 2)


def test_themes_of_other_layers_are_skipped(importer, tmp_path):
    summary = importer("ksj-a12", shapefile(tmp_path / "s", count=6, values={0: {"LAYER_NO": "05"}, 1: {"LAYER_NO": "07"}})).summary
    assert summary["accepted"] == 5 and sum(summary["skipped"].values()) == 1
    assert dict(importer.rows("farmland_zones", "SELECT zone, count(*) FROM farmland_zones GROUP BY 1", "15")) == {"agricultural": 1, "blue": 4}


def test_a_fraction_in_a_column_of_whole_numbers_is_kept(importer, tmp_path):
    """DBF columns declared without decimals do hold them now and then; the usual reader cuts them off."""
    shp = shapefile(tmp_path / "s", count=3)
    dbf = shp.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    header = int.from_bytes(content[8:10], "little")
    for at in range(32, header - 1, 32):
        if content[at:at + 9] == b"AREA_SIZE":
            content[at + 17] = 0  # no decimals
    content[:] = content.replace(b"3.500000000000000", b"348.6000000000000"[:17])
    dbf.write_bytes(content)
    importer("ksj-a12", shp)
    values = {row[0] for row in importer.rows("farmland_zones", "SELECT stated_area FROM farmland_zones", "15")}
    assert values == {348.6}, values


def test_folder_with_the_same_data_twice_is_read_once(importer, tmp_path):
    shapefile(tmp_path / "s")
    geojson(tmp_path / "s" / "same.geojson", [municipality(box(138.2, 38.0))])
    summary = importer("ksj-a12", tmp_path / "s").summary
    assert summary["accepted"] == 4 and any("same.geojson: not read" in note for note in summary["notes"])


def test_heights_are_left_out_and_counted(importer, tmp_path):
    features = [municipality({"type": "Polygon", "coordinates": [[[138.8, 37.4, 5], [138.9, 37.4, 5], [138.9, 37.5, 5], [138.8, 37.4, 5]]]})]
    assert importer("ksj-n03", geojson(tmp_path / "a.geojson", features)).summary["z_dropped"] == 1


def test_auto_keeps_ids_types_and_missing_places(importer, tmp_path):
    features = [{"type": "Feature", "id": 70 + i, "properties": {"n": i, "r": i / 2, "t": "字" * i or None, "d": "2024-04-01", "dt": "2024-04-01T09:00:00+09:00"},
                 "geometry": None if i == 2 else {"type": "Point", "coordinates": [170.5 - i, -40.5]}} for i in range(3)]
    summary = importer("auto", geojson(tmp_path / "My Places.geojson", features), options=["--layer", "places"]).summary
    assert (summary["features"], summary["without_place"], summary["rejected"]) == (3, 1, 0)
    assert importer.rows("places", "SELECT id, n, r, t, d, dt, geom IS NULL FROM places ORDER BY id") == [
        (70, 0, 0.0, None, "2024-04-01", "2024-04-01T00:00:00Z", 0), (71, 1, 0.5, "字", "2024-04-01", "2024-04-01T00:00:00Z", 0),
        (72, 2, 1.0, "字字", "2024-04-01", "2024-04-01T00:00:00Z", 1)]


def test_auto_reads_citygml_and_leaves_nothing_beside_it(importer, real, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "gas.gml").write_bytes(next((real / "pipes-nagaoka").glob("*gas*")).read_bytes())
    run = importer("auto", source / "gas.gml")
    assert [(layer["layer"], layer["features"]) for layer in run.summary["layers"]] == [("oilgaschemicalspipe", 7)]
    assert importer.rows("oilgaschemicalspipe", "SELECT DISTINCT dmCode, year FROM oilgaschemicalspipe") == [("0001", "2008")]
    assert [path.name for path in source.iterdir()] == ["gas.gml"]


def test_provenance_is_stored(importer, tmp_path):
    source = geojson(tmp_path / "a.geojson", [municipality(box(138.2, 38.0))])
    importer("ksj-n03", source, options=["--as-of", "令和3年1月1日"])
    import hashlib
    text = json.dumps(importer.rows("municipalities", "SELECT * FROM ritchi_meta", "15") if "ritchi_meta" in
                      {row[0] for row in importer.rows("municipalities", "SELECT name FROM sqlite_master", "15")} else
                      [importer.rows("municipalities", f'SELECT * FROM "{row[0]}"', "15") for row in
                       importer.rows("municipalities", "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%ritchi%'", "15")], ensure_ascii=False)
    assert "2021-01-01" in text and "ksj-n03" in text and "国土数値情報" in text
    assert hashlib.sha256(source.read_bytes()).hexdigest() in text
    assert str(tmp_path) not in text


def test_synthetic_records_are_flagged(importer, tmp_path):
    source = tmp_path / "a.csv"
    row = ",".join(f'"{cell}"' for cell in good(1))
    other = ",".join(f'"{cell}"' for cell in good(2, SQUARE))
    source.write_text("適地番号,名称,市区町村コード,開示区分,面積ha,調査年月日,形状,合成\n" + row + ",1\n" + other + ",\n", encoding="utf-8")
    assert importer("site-survey", source).summary["synthetic"] == 1
    assert importer.rows("factory_sites", "SELECT source_id, synthetic FROM factory_sites ORDER BY 1", "15") == [("S1", 1), ("S2", 0)]
