"""Ledgers as cities keep them: the same content in any form of file gives the same dataset, pipes between nodes, sheets of workbooks."""
import pytest

from import_sources import rejects
from ledger_files import FORMS, csv_file, in_form, vector, whole, workbook

# Short enough for the column names of a shapefile: ten bytes are five characters there.
PIPES = ["管理番号", "管径(mm)", "管種", "布設年度", "継手形式", "耐震区分", "延長", "状態"]
PIPE_ROWS = [["K1", 300, "ダクタイル鋳鉄管", "昭和48年度", "Ａ形", "非耐震", 120.5, "使用中"], ["K2", 150, "石綿管", "S41", "", "不明", "", "休止"],
             ["K3", 500, "DCIP", "平成１２", "NS形", "耐震", 80, "供用"], ["K4", 1000, "鋼管", "0001", "溶接継手", "耐震適合", 60, "廃止"],
             ["K5", 200, "ヒューム管", "2001", "", "", 10, "計画"]]
PIPE_SHAPES = [f"LINESTRING(138.8 {37.4 + i / 100:.2f},138.81 {37.4 + i / 100:.2f})" for i in range(len(PIPE_ROWS))]


@pytest.mark.parametrize("form", FORMS)
def test_a_pipe_ledger_in_any_form(new_importer, tmp_path, form):
    wanted = new_importer("csv")
    shape_columns = (["形状"], [[shape] for shape in PIPE_SHAPES])
    wanted("pipe-ledger", in_form("csv", tmp_path / "f1", PIPES, PIPE_ROWS, PIPE_SHAPES, shape_columns))
    importer = new_importer(form + "2")
    run = importer("pipe-ledger", in_form(form, tmp_path / "f2", PIPES, PIPE_ROWS, PIPE_SHAPES, shape_columns))
    assert run.code == 0 and run.summary["accepted"] == 5, run.stderr
    assert whole(importer, "water_pipes") == whole(wanted, "water_pipes")
    if form == "csv":
        stored = importer.rows("water_pipes", "SELECT source_id, diameter_mm, material, laid_year, joint, seismic, status FROM water_pipes ORDER BY 1")
        assert stored == [("K1", 300, "DIP", 1973, "A", "no", "in_use"), ("K2", 150, "ACP", 1966, None, "unknown", "suspended"),
                          ("K3", 500, "DIP", 2000, "NS", "yes", "in_use"), ("K4", 1000, "SP", None, "welded", "conformant", "abandoned"),
                          ("K5", 200, "HP", 2001, None, None, "planned")]
    if form == "xlsx":
        assert sum(run.summary["skipped"].values()) == 1  # the legend's row


def one_pipe(importer):
    return importer.geometries("water_pipes")["K1"]


def test_pipes_between_two_ends(new_importer, tmp_path):
    degrees = csv_file(tmp_path / "a.csv", ["管番号", "始点経度", "始点緯度", "終点経度", "終点緯度"], [["K1", 138.8, 37.4, 138.81, 37.41], ["K2", 138.8, "", 138.9, 37.5],
                                                                                  *[[f"L{i}", 138.8, 37.4, 138.82, 37.4] for i in range(20)]])
    importer = new_importer("degrees")
    run = importer("pipe-ledger", degrees)
    assert "138.8 37.4,138.81 37.41" in one_pipe(importer)
    assert [(r["field"], "start" in r["reason"] and "not both" in r["reason"]) for r in rejects(run, importer)] == [("geometry", True)]


def test_pipes_in_a_plane_have_the_northing_first(new_importer, tmp_path):
    # Plane VIII has its origin at 138.5, 36: X is 155,400 m north of it.
    source = csv_file(tmp_path / "a.csv", ["管番号", "始点X", "始点Y", "終点X", "終点Y"], [["K1", "155,400.00", "26500", "155500", "26600"]])
    refused = new_importer("a")("pipe-ledger", source, check=False)
    assert refused.code == 1 and "--source-crs" in refused.stderr and "plane" in refused.stderr
    importer = new_importer("b")
    importer("pipe-ledger", source, options=["--source-crs", "EPSG:6676"])
    ((west, south),) = importer.rows("water_pipes", "SELECT MbrMinX, MbrMinY FROM (SELECT min(xmin) MbrMinX, min(ymin) MbrMinY FROM idx_water_pipes_geom)")
    assert abs(west - 138.8) < 0.01 and abs(south - 37.4) < 0.01
    swapped = csv_file(tmp_path / "b.csv", ["管番号", "始点X", "始点Y", "終点X", "終点Y"], [["K1", "37.4", "138.8", "37.5", "138.9"]])
    run = new_importer("c")("pipe-ledger", swapped, options=["--source-crs", "EPSG:6676"], check=False)
    assert run.code == 1 and run.summary["rejected"] == 1


NODES = ["節点番号", "経度", "緯度"]
NODE_ROWS = [["N1", 138.8, 37.4], ["N2", 138.81, 37.41], ["N3", 138.82, 37.4], ["N4", 138.83, 37.4], ["N4", 138.84, 37.4]]
LEDGER = ["管理番号", "口径", "始点節点番号", "終点節点番号"]
LEDGER_ROWS = [["K1", 300, "N1", "Ｎ２"], ["K2", 300, "N2", "N3"], ["K3", 300, "N2", "N9"], ["K4", 300, "N3", ""], ["K5", 300, "N3", "N4"]]


@pytest.mark.parametrize("form", ["csv", "xlsx", "gpkg"])
def test_pipes_between_nodes(importer, tmp_path, form):
    if form == "csv":
        sources = [csv_file(tmp_path / "pipes.csv", LEDGER, LEDGER_ROWS), csv_file(tmp_path / "nodes.csv", NODES, NODE_ROWS)]
    elif form == "xlsx":
        sources = [workbook(tmp_path / "a.xlsx", {"管路": (LEDGER, LEDGER_ROWS), "節点": (NODES, NODE_ROWS)})]
    else:
        sources = [csv_file(tmp_path / "pipes.csv", LEDGER, LEDGER_ROWS),
                   vector(tmp_path / "n.gpkg", "GPKG", "nodes", ["節点番号"], [row[:1] for row in NODE_ROWS], [f"POINT({x} {y})" for _, x, y in NODE_ROWS])]
    run = importer("pipe-ledger", *sources, options=["--max-rejects", "90%"], check=False)
    assert run.code == 3 and (run.summary["accepted"], run.summary["rejected"], sum(run.summary["skipped"].values())) == (2, 3, 5), run.stderr
    assert "138.8 37.4,138.81 37.41" in one_pipe(importer)
    reasons = [reject["reason"] for reject in rejects(run, importer)]
    assert "'N9' is not in the table" in reasons[0] and "end node is not named" in reasons[1] and "'N4' is at two places" in reasons[2]
    assert "node" in rejects(run, importer)[0]["remedy"]


def test_pipes_between_nodes_of_a_plane_and_without_any(new_importer, tmp_path):
    pipes = csv_file(tmp_path / "pipes.csv", LEDGER, LEDGER_ROWS[:1])
    nodes = csv_file(tmp_path / "nodes.csv", ["節点番号", "X座標", "Y座標"], [["N1", 155400, 26500], ["N2", 155500, 26600]])
    for sources, word in (([pipes], "節点番号"), ([pipes, nodes], "--source-crs")):
        run = new_importer("a")("pipe-ledger", *sources, check=False)
        assert run.code == 1 and word in run.stderr, run.stderr
    importer = new_importer("b")
    assert importer("pipe-ledger", nodes, pipes, options=["--source-crs", "EPSG:6676"]).summary["accepted"] == 1


def test_units_in_the_header(importer, tmp_path):
    importer("pipe-ledger", csv_file(tmp_path / "a.csv", ["管番号", "管径（ｃｍ）", "延長(km)", "土被り［ｍ］", "形状"], [["K1", "30", "0.12", "1.2", PIPE_SHAPES[0]]]))
    assert importer.rows("water_pipes", "SELECT diameter_mm, stated_length_m, cover_m FROM water_pipes") == [(300, 120, 1.2)]


SITES = ["適地番号", "名称", "開示区分", "面積", "用途地域", "地質", "同意日", "同意期限"]
SITE_ROWS = [["1", "甲適地", "公開", "1.5", "工業地域", "1種", "令和6年4月1日", "2027-03-31"], ["2", "乙適地", "", "2", "準工業", "", "", ""],
             ["3", "丙適地", "不明", "2", "", "4種A", "", ""], ["4", "丁適地", "検討中", "9,827(㎡)", "", "", "", ""], ["5", "戊適地", "同意", "", "", "", "2025/4/1", ""]]
SQUARES = [f"POLYGON((138.8 {37.4 + i / 50:.2f},138.81 {37.41 + i / 50:.2f},138.81 {37.4 + i / 50:.2f},138.8 {37.4 + i / 50:.2f}))" for i in range(5)]


@pytest.mark.parametrize("form", FORMS)
def test_a_site_survey_in_any_form(new_importer, tmp_path, form):
    shape_columns = (["形状"], [[shape] for shape in SQUARES])
    wanted = new_importer("csv")
    wanted("site-survey", in_form("csv", tmp_path / "f1", SITES, SITE_ROWS, SQUARES, shape_columns))
    importer = new_importer(form + "2")
    run = importer("site-survey", in_form(form, tmp_path / "f2", SITES, SITE_ROWS, SQUARES, shape_columns))
    assert run.code == 0, run.stderr
    assert whole(importer, "factory_sites") == whole(wanted, "factory_sites")
    # What nobody opened stays closed.
    assert importer.rows("factory_sites", "SELECT disclosure, consent_on, consent_until FROM factory_sites ORDER BY source_id") == [
        ("public", "2024-04-01", "2027-03-31"), ("internal", None, None), ("internal", None, None), ("internal", None, None), ("consented", "2025-04-01", None)]


def test_a_survey_without_a_column_of_disclosure_is_internal(importer, tmp_path):
    importer("site-survey", csv_file(tmp_path / "a.csv", ["適地番号", "経度", "緯度"], [["1", "138.8", "37.4"]]))
    assert importer.rows("factory_sites", "SELECT disclosure FROM factory_sites") == [("internal",)]
    assert importer.geometries("factory_sites")["1"].startswith("POINT(138.8 37.4")


def test_a_workbook_with_a_sheet_for_each_municipality(importer, tmp_path):
    header = ["適地番号", "名称", "市区町村コード", "開示区分", "形状"]
    sheets = {name: (header, [[f"{name}-1", "適地", code, "公開", SQUARES[i]]]) for i, (name, code) in enumerate([("長岡市", "15202"), ("三条市", "15204")])}
    sheets["凡例"] = (["適地番号", "意味"], [["番号", "市区町村ごと"]])
    sheets["集計"] = (["合計", "件"], [["2", "件"]])
    run = importer("site-survey", workbook(tmp_path / "a.xlsx", sheets))
    assert run.code == 0 and run.summary["accepted"] == 2 and sum(run.summary["skipped"].values()) == 2, run.stderr
    assert importer.rows("factory_sites", "SELECT source_id, municipality_code FROM factory_sites ORDER BY 2", "15") == [("長岡市-1", "15202"), ("三条市-1", "15204")]


INVESTMENTS = ["事業番号", "事業名", "制度", "所在地", "総事業費", "融資額", "決定日", "開示区分"]
INVESTMENT_ROWS = [["1", "紀の川", "ローカル10,000プロジェクト", "紀の川市1番", "29,002千円", "14,500千円", "R6.4.1", "公開"], ["2", "甲", "大規模成長投資補助金（1次）", "和歌山県", "50億円", "", "", "公開"],
                   ["3", "乙", "地域未来投資促進税制", "", "", "", "", "内部"]]
POINTS = ["POINT(135.4 34.2)", "", ""]


@pytest.mark.parametrize("form", FORMS)
def test_investments_in_any_form(new_importer, tmp_path, form):
    shape_columns = (["経度", "緯度"], [["135.4", "34.2"], ["", ""], ["", ""]])
    wanted = new_importer("csv")
    wanted("investments", in_form("csv", tmp_path / "f1", INVESTMENTS, INVESTMENT_ROWS, POINTS, shape_columns))
    importer = new_importer(form + "2")
    run = importer("investments", in_form(form, tmp_path / "f2", INVESTMENTS, INVESTMENT_ROWS, POINTS, shape_columns))
    assert run.code == 0 and run.summary["without_place"] == 2, run.stderr
    assert whole(importer, "investments") == whole(wanted, "investments")
    assert importer.rows("investments", "SELECT location_precision, programme, amount_jpy, geom IS NULL FROM investments ORDER BY source_id") == [
        ("point", "local_10000", 29_002_000, 0), ("none", "large_growth_investment", 5_000_000_000, 1), ("none", "regional_future_tax", None, 1)]


OTHERS = {
    "promotion-zones": ("promotion_zones", ["区域番号", "区域名", "区分"], [["1", "甲", "重点促進区域"], ["2", "乙", "促進区域"]], SQUARES[:2]),
    "soil-contamination": ("soil_contamination", ["指定番号", "区域区分", "所在地"], [["1", "要措置区域", "長岡市"], ["2", "形質変更時要届出区域", ""]], SQUARES[:2]),
    "protected-areas": ("protected_areas", ["区域番号", "名称", "区分"], [["1", "甲", "国立公園"], ["2", "乙", "鳥獣保護区"]], SQUARES[:2]),
    "clusters": ("clusters", ["計画番号", "計画名", "計画区分"], [["1", "甲", "A"], ["2", "乙", "C"]], SQUARES[:2]),
    "waterworks": ("waterworks", ["事業番号", "事業名", "年度", "給水能力"], [["1", "甲", "令和5年度", "100"], ["2", "乙", "2023", "1,000"]], SQUARES[:2]),
    "substations": ("substations", ["番号", "名称", "電圧"], [["1", "甲", "154"], ["2", "乙", "66kV"]], ["POINT(138.8 37.4)", "POINT(138.9 37.4)"]),
    "water-facilities": ("water_facilities", ["施設番号", "施設名", "種別"], [["1", "甲", "浄水場"], ["2", "乙", "取水場"]], ["POINT(138.8 37.4)", "POINT(138.9 37.4)"]),
}


@pytest.mark.parametrize("profile", OTHERS)
def test_other_ledgers_in_any_form(new_importer, tmp_path, profile):
    layer, header, rows, shapes = OTHERS[profile]
    found = {}
    for form in FORMS:
        importer = new_importer(form)
        run = importer(profile, in_form(form, tmp_path / ("f" + form), header, rows, shapes, (["WKT"], [[shape] for shape in shapes])))
        assert run.code == 0 and run.summary["accepted"] == 2, form + run.stderr
        found[form] = whole(importer, layer)
    assert all(found[form] == found["csv"] for form in FORMS), found
