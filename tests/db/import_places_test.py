"""Codes, names and places of records against each other; reference systems; what a shape may lose."""
import json

import pytest

from import_sources import geojson, good, many, rejects, shapefile, sites

HEADER = "適地番号,名称,市区町村コード,市区町村名,開示区分,面積ha,形状\n"


def box(x, y, size=0.01):
    return f"POLYGON(({x} {y},{x + size} {y},{x + size} {y + size},{x} {y + size},{x} {y}))"


NAGAOKA, SAGAMIHARA, TOKYO = box(138.80, 37.40), box(139.35, 35.57), box(139.75, 35.68)


def table(path, rows):
    """Rows of code, name of the municipality, shape and (perhaps) area."""
    lines = []
    for number, (code, name, shape, *area) in enumerate(rows, 1):
        lines.append(f'S{number},架空工場適地,{code},{name},公開,{area[0] if area else ""},"{shape}"\n')
    path.write_text(HEADER + "".join(lines), encoding="utf-8-sig")
    return path


def imported(importer, tmp_path, *rows, options=()):
    run = importer("site-survey", table(tmp_path / "sites.csv", rows), options=["--partition", "x", "--max-rejects", "100%", *options], check=False)
    run.rejected = {row["record"]: row for row in rejects(run, importer)} if run.summary and run.summary.get("rejects_file") else {}
    return run


def stored(importer):
    return dict(importer.rows("factory_sites", "SELECT source_id, municipality_code FROM factory_sites", "x"))


def notes(run):
    return run.summary["checks"]["notes"]


# --- codes and names -----------------------------------------------------------------------------------------------

def test_an_abolished_code_becomes_its_successor(importer, tmp_path):
    run = imported(importer, tmp_path, ("14209", "相模原市", SAGAMIHARA), ("14421", "津久井郡城山町", SAGAMIHARA),
                   ("15341", "岩室村", NAGAOKA), ("15202", "長岡市", NAGAOKA))
    assert stored(importer) == {"S1": "14150", "S2": "14150", "S3": "15100", "S4": "15202"}
    assert notes(run) == {"code_replaced": 3} and run.summary["rejected"] == 0


def test_a_divided_code_is_not_guessed(importer, tmp_path):
    run = imported(importer, tmp_path, ("22135", "", box(137.7, 34.8)), ("22131", "", box(137.7, 34.7)))
    assert stored(importer) == {"S1": None, "S2": "22138"}
    assert notes(run) == {"code_divided": 1, "code_replaced": 1}


def test_a_successor_that_is_only_likely_needs_the_place_to_say_so(importer, tmp_path):
    row = ("01305", "厚田村", box(141.4, 43.4))
    run = imported(importer, tmp_path, row)
    assert stored(importer) == {"S1": None} and notes(run) == {"code_unsettled": 1}
    boundaries(importer, tmp_path, ("01235", "石狩市", 141.3, 43.3), prefecture="北海道")
    run = imported(importer, tmp_path, row)
    assert stored(importer) == {"S1": "01235"} and notes(run) == {"code_replaced": 1}


def test_boundaries_tell_which_successor_it_is(importer, tmp_path):
    boundaries(importer, tmp_path, ("22138", "浜松市中央区", 137.6, 34.7), ("22139", "浜松市浜名区", 137.8, 34.7), prefecture="静岡県")
    run = imported(importer, tmp_path, ("22135", "", box(137.7, 34.8)), ("22135", "", box(137.9, 34.8)), ("22135", "", box(137.5, 34.65)))
    assert stored(importer) == {"S1": "22138", "S2": "22139", "S3": None}
    assert notes(run) == {"code_divided": 1, "code_replaced": 2}


def test_a_code_that_never_was_is_rejected(importer, tmp_path):
    run = imported(importer, tmp_path, ("15299", "", NAGAOKA), ("15202", "", NAGAOKA))
    assert list(run.rejected) == ["line 2"]
    assert "15299 is neither a present nor an abolished municipality code known here (table of 2024-01-01)" in run.rejected["line 2"]["reason"]


@pytest.mark.parametrize("code,name", [
    ("15202", "長岡市"), ("15202", "新潟県長岡市"), ("15361", "南蒲原郡田上町"), ("15361", "田上町"), ("15103", "新潟市中央区"), ("15103", "中央区"),
    ("15103", "新潟市"), ("15100", "新潟市中央区"), ("12224", "鎌ヶ谷市"), ("12224", "鎌ケ谷市"), ("22138", "浜松市中区"), ("40231", "那珂川町"),
    ("15202", "長岡市ほか"), ("15202", "長岡市・小千谷市"), ("15202", ""), ("15202", "三　条")])
def test_names_that_fit(importer, tmp_path, code, name):
    middles = {"15": NAGAOKA, "12": box(140.0, 35.7), "22": box(137.7, 34.7), "40": box(130.4, 33.5)}
    run = imported(importer, tmp_path, (code, name, middles[code[:2]]))
    assert run.summary["accepted"] == 1, run.rejected


@pytest.mark.parametrize("code,name", [("15202", "新潟市"), ("15202", "長岡町"), ("40231", "那珂川村"), ("14209", "横浜市"), ("15361", "南蒲原郡栄町")])
def test_names_that_do_not_fit(importer, tmp_path, code, name):
    places = {"15": NAGAOKA, "14": SAGAMIHARA, "40": box(130.4, 33.5)}
    run = imported(importer, tmp_path, (code, name, places[code[:2]]))
    (reject,) = run.rejected.values()
    assert reject["field"] == "municipality" and reject["reason"].startswith(f"code {code} is ") and reject["reason"].endswith(f"the record says {name}")


def test_two_codes_that_contradict_each_other(importer, tmp_path):
    run = importer("ksj-a12", shapefile(tmp_path / "s", values={0: {"PREFEC_CD": "13"}}), options=["--max-rejects", "100%"])
    (reject,) = rejects(run, importer)
    assert "東京都" in reject["reason"] and "新潟県" in reject["reason"]


# --- places --------------------------------------------------------------------------------------------------------

def boundaries(importer, tmp_path, *areas, prefecture="新潟県", synthetic=0):
    features = []
    for code, name, x, y in areas:
        ring = [[x, y], [x + 0.2, y], [x + 0.2, y + 0.2], [x, y + 0.2], [x, y]]
        features.append({"type": "Feature", "properties": {"N03_001": prefecture, "N03_004": name, "N03_007": code, "synthetic": synthetic},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return importer("ksj-n03", geojson(tmp_path / "areas.geojson", features), options=["--partition", "test"]).summary["revision"]


BESIDE = (("15202", "長岡市", 138.7, 37.3), ("15204", "三条市", 138.9, 37.3), ("20602", "栄村", 138.5, 37.3))


def test_coarse_comparison_names_both_prefectures(importer, tmp_path):
    run = imported(importer, tmp_path, ("15202", "", NAGAOKA), ("15202", "", TOKYO), ("13101", "", TOKYO), ("", "", TOKYO))
    assert run.summary["accepted"] == 3 and run.summary["checks"]["places_coarse"] == 3 and run.summary["checks"]["places_exact"] == 0
    reason = run.rejected["line 3"]["reason"]
    assert "15202 長岡市 (新潟県)" in reason and "東京都" in reason


@pytest.mark.parametrize("code,x,y,good", [
    ("13421", 153.97, 24.28, True), ("13421", 142.19, 27.09, True), ("46222", 129.49, 28.37, True), ("32528", 133.25, 36.2, True), ("47382", 122.99, 24.45, True),
    ("15222", 137.58, 37.0, True), ("15222", 137.4, 37.0, False), ("46222", 127.9, 26.5, False), ("01202", 140.7, 40.8, False)])
def test_extents_hold_the_islands(importer, tmp_path, code, x, y, good):
    run = imported(importer, tmp_path, (code, "", box(x, y, 0.001)))
    assert run.summary["accepted"] == (1 if good else 0), run.rejected


def test_exact_comparison(importer, tmp_path):
    revision = boundaries(importer, tmp_path, *BESIDE)
    run = imported(importer, tmp_path,
                   ("15202", "", box(138.8, 37.4)),       # where it says
                   ("15202", "", box(139.0, 37.4)),       # in the next city of the prefecture
                   ("15202", "", box(138.6, 37.4)),       # in the next prefecture
                   ("15202", "", box(138.69, 37.4, 0.008)),  # across the border by less than a kilometre
                   ("15202", "", box(138.8, 37.8)))       # where the boundaries say nothing
    assert set(stored(importer)) == {"S1", "S2", "S4", "S5"}
    assert notes(run) == {"municipality_differs": 1}
    reason = run.rejected["line 4"]["reason"]
    assert "15202 長岡市 (新潟県)" in reason and "20602 栄村 (長野県)" in reason
    checks = run.summary["checks"]
    assert (checks["places_exact"], checks["places_coarse"]) == (4, 1) and checks["municipalities"] == [f"test (revision {revision})"]


def test_the_boundaries_are_part_of_the_result(importer, tmp_path):
    rows = (("15202", "", box(138.8, 37.4)),)
    coarse = imported(importer, tmp_path, *rows).summary["revision"]
    boundaries(importer, tmp_path, *BESIDE)
    exact = imported(importer, tmp_path, *rows).summary
    assert exact["revision"] != coarse
    again = imported(importer, tmp_path, *rows).summary
    assert again["outcome"] == "unchanged" and again["revision"] == exact["revision"]
    # Boundaries of elsewhere do not take part.
    other = imported(importer, tmp_path, ("13101", "", TOKYO)).summary
    assert other["checks"]["municipalities"] == [] and other["checks"]["places_coarse"] == 1


def test_invented_boundaries_judge_nothing(importer, tmp_path):
    boundaries(importer, tmp_path, ("20602", "栄村", 138.7, 37.3), synthetic=1)
    run = imported(importer, tmp_path, ("15202", "", NAGAOKA))
    assert run.summary["accepted"] == 1 and run.summary["checks"]["places_exact"] == 0


def test_real_boundaries(importer, real, tmp_path):
    importer("ksj-n03", real / "admin" / "N03-21_15_s0010.geojson")
    run = imported(importer, tmp_path, ("15202", "長岡市", box(138.84, 37.44)), ("15204", "三条市", box(138.84, 37.44)), ("15201", "新潟市", box(139.04, 37.9)))
    assert run.summary["accepted"] == 3 and run.summary["checks"]["places_exact"] == 3
    assert notes(run) == {"municipality_differs": 1, "code_replaced": 1}
    assert stored(importer)["S3"] == "15100"


def test_boundaries_themselves_are_not_judged(importer, tmp_path):
    boundaries(importer, tmp_path, ("15201", "新潟市", 135.0, 34.0), ("15299", "新しい市", 135.3, 34.0))
    rows = importer.rows("municipalities", "SELECT municipality_code FROM municipalities ORDER BY 1", "test")
    assert rows == [("15201",), ("15299",)]


# --- reference systems ---------------------------------------------------------------------------------------------

def placed(importer, tmp_path, shape, crs):
    return imported(importer, tmp_path, ("15202", "", shape), options=["--source-crs", crs])


def test_jgd2000_is_named_with_its_accuracy(importer, tmp_path):
    run = placed(importer, tmp_path, NAGAOKA, "EPSG:4612")
    assert run.summary["reference_systems"] == {"EPSG:4612": "JGD2000 to JGD2011 (2) (accuracy 1 m)"}
    assert any("EPSG:4612 are good to 1 m only" in note and "touhokutaiheiyouoki2011.gsb" in note for note in run.summary["notes"])


@pytest.mark.parametrize("crs,shape", [("EPSG:4301", box(138.80, 37.40)), ("EPSG:30168", box(26558, 155480, 100))])
def test_tokyo_datum_moves_by_its_450_metres(importer, tmp_path, crs, shape):
    run = placed(importer, tmp_path, shape, crs)
    (said,) = run.summary["reference_systems"].values()
    assert "Tokyo to JGD2000 (1)" in said and "accuracy" in said and "not known" not in said
    assert any("tky2jgd.gsb" in note for note in run.summary["notes"])
    west, south, *_ = run.summary["extent"]
    # TKY2JGD at 37.4 N 138.8 E: about +10.5" and -11.3".
    start = (138.80, 37.40)
    if crs == "EPSG:4301":
        east_m, north_m = (west - start[0]) * 88_500, (south - start[1]) * 111_000
        assert -292 < east_m < -266 and 310 < north_m < 345
    assert 138.7 < west < 138.9 and 37.3 < south < 37.5


def test_without_prj_only_a_profile_may_assume(importer, tmp_path):
    source = shapefile(tmp_path / "s")
    source.with_suffix(".prj").unlink()
    run = importer("ksj-a12", source)
    assert "assumed by the profile" in run.summary["reference_systems"]["EPSG:4612"]
    named = importer("ksj-a12", source, options=["--source-crs", "EPSG:6668"])
    assert named.summary["reference_systems"] == {"EPSG:6668": "none needed"}
    refused = importer("auto", source, check=False)
    assert refused.code == 1 and "does not say its reference system" in refused.stderr and "--source-crs" in refused.stderr


def test_units_that_are_not_the_systems(importer, tmp_path):
    run = placed(importer, tmp_path, NAGAOKA, "EPSG:6676")
    (reject,) = run.rejected.values()
    assert "EPSG:6676 is a plane with metres, the coordinates are degrees: 138.8 37.4" in reject["reason"] and "EPSG:6668" in reject["remedy"]
    run = placed(importer, tmp_path, box(26558, 155480, 100), "EPSG:4612")
    (reject,) = run.rejected.values()
    assert "EPSG:4612 has degrees, the coordinates look like metres" in reject["reason"] and "plane" in reject["remedy"]


def test_exchanged_axes_are_one_error(importer, tmp_path):
    turned = [("15202", "", box(37.4, 138.8)) for _ in range(30)]
    run = imported(importer, tmp_path, *turned)
    assert run.code == 1 and run.summary is None or "error" in run.summary
    assert "longitude and latitude are exchanged in 20 of the first 20 features" in run.stderr and "--source-crs" in run.stderr
    assert importer.files() == []
    few = imported(importer, tmp_path, *[("15202", "", NAGAOKA)] * 20, *turned[:9])
    assert (few.summary["accepted"], few.summary["rejected"]) == (20, 9)


# --- shapes --------------------------------------------------------------------------------------------------------

CROOKED = "POLYGON((138.80 37.40,138.81 37.40,138.81 37.41,138.8049 37.41,138.805 37.4101,138.8051 37.41,138.8048 37.41,138.80 37.41,138.80 37.40))"


def test_a_repair_is_noted_and_has_a_limit(importer, tmp_path):
    run = imported(importer, tmp_path, ("15202", "", CROOKED))
    assert run.summary["repaired"] == 1 and notes(run) == {"shape_repaired": 1}
    run = imported(importer, tmp_path, ("15202", "", CROOKED), options=["--max-repair", "0"])
    (reject,) = run.rejected.values()
    assert "would change its area" in reject["reason"] and "at most 0 %" in reject["remedy"]
    assert importer("site-survey", tmp_path / "sites.csv", options=["--max-repair", "101"], check=False).code == 2


def test_area_that_is_not_the_shapes(importer, tmp_path):
    # The square has 98.2 ha.
    run = imported(importer, tmp_path, ("15202", "", NAGAOKA, "98"), ("15202", "", NAGAOKA, "90"), ("15202", "", NAGAOKA, "80"), ("15202", "", NAGAOKA, "9.8"))
    assert run.summary["accepted"] == 4 and notes(run) == {"area_differs": 2}


def multi(*boxes):
    return "MULTIPOLYGON(" + ",".join(box.removeprefix("POLYGON") for box in boxes) + ")"


def test_slivers_go(importer, tmp_path):
    hair = "POLYGON((138.80 37.42,138.81 37.42,138.81 37.4200000001,138.80 37.42))"
    crumb = box(138.82, 37.42, 0.0000005)
    run = imported(importer, tmp_path, ("15202", "", multi(NAGAOKA, hair, crumb)), ("15202", "", crumb), ("15202", "", box(138.83, 37.43, 0.00001)))
    assert notes(run) == {"slivers_dropped": 1} and run.summary["accepted"] == 2
    assert "nothing but a sliver" in run.rejected["line 3"]["reason"]
    assert importer.geometries("factory_sites", "x")["S1"].count("((") == 1


def test_repeated_points_go(importer, tmp_path):
    twice = "POLYGON((138.80 37.40,138.81 37.40,138.81 37.40,138.81 37.41,138.80 37.41,138.80 37.40,138.80 37.40))"
    run = imported(importer, tmp_path, ("15202", "", twice), ("15202", "", box(138.9, 37.4)))
    assert run.summary["checks"]["normalised"] == 1 and run.summary["repaired"] == 0
    assert importer.geometries("factory_sites", "x")["S1"].count(",") == 4


def test_the_same_shape_under_two_keys_is_told(importer, tmp_path):
    run = imported(importer, tmp_path, ("15202", "", NAGAOKA), ("15202", "", box(138.9, 37.4)), ("15202", "", NAGAOKA))
    checks = run.summary["checks"]
    assert checks["same_shape"] == 1 and checks["same_shape_examples"] == ["S1 and S3"] and run.summary["accepted"] == 3


def test_collections_are_taken_apart(importer, tmp_path):
    # Polygons alone; with a corner point and an empty line, as cutting leaves them; with a true line.
    run = imported(importer, tmp_path, ("15202", "", f"GEOMETRYCOLLECTION({NAGAOKA},{box(138.82, 37.4)})"),
                   ("15202", "", f"GEOMETRYCOLLECTION({box(138.9, 37.4)},POINT(138.9 37.4),LINESTRING EMPTY)"),
                   ("15202", "", f"GEOMETRYCOLLECTION({NAGAOKA},LINESTRING(138.7 37.4,138.8 37.4))"))
    assert run.summary["accepted"] == 2
    assert "is a collection of polygons and lines" in run.rejected["line 4"]["reason"]
    shapes = importer.geometries("factory_sites", "x")
    assert shapes["S1"].startswith("MULTIPOLYGON") and shapes["S1"].count("((") == 2


def test_collections_of_geojson_lines(importer, tmp_path):
    square = [[[140.1, 36.1], [140.101, 36.1], [140.101, 36.101], [140.1, 36.1]]]
    whole = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": square}, {"type": "Point", "coordinates": [140.1, 36.1]}]}
    mixed = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": square}, {"type": "LineString", "coordinates": [[140, 36], [141, 36]]}]}
    source = tmp_path / "fude.geojsonl"
    source.write_text("".join(json.dumps({"type": "Feature", "properties": {"polygon_uuid": key, "local_government_cd": "082201", "land_type": 100}, "geometry": shape}) + "\n"
                              for key, shape in (("a", whole), ("b", mixed))), encoding="utf-8")
    run = importer("fude", source, options=["--max-rejects", "100%"])
    (reject,) = rejects(run, importer)
    assert run.summary["accepted"] == 1 and "is a collection of polygons and lines" in reject["reason"]
