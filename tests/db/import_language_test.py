"""What profiles can say of a column: units, codes for numbers, years of two digits, figures that follow from others; and what the report tells of it."""
import json
import os
import subprocess

import pytest

from conftest import ROOT, binary
from import_profiles_test import LOOSE, one_rejected, square, table
from import_sources import rejects


def point(i):
    return f"POINT({138.8 + i * .01} 37.4)"


@pytest.fixture
def speak(importer, tmp_path):
    """Imports a table by a profile made up here: speak(layer, fields, header, rows)."""

    def run(layer, fields, header, rows, options=LOOSE, place=square, **more):
        share = tmp_path / "share"
        (share / "profiles").mkdir(parents=True, exist_ok=True)
        if not (share / "styles").exists():
            (share / "styles").symlink_to(ROOT / "styles")
        profile = {"id": "made-up", "title": {"ja": "試験", "en": "Test"}, "layer": layer, "source": {"name": "n", "licence": "l", "attribution": "a"},
                   "crs": {"default": "EPSG:6668"}, "identity": {"columns": ["番号"]}, "geometry": {"from": "wkt", "wkt": "WKT"}, "fields": fields, **more}
        (share / "profiles" / "made-up.json").write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
        source = table(tmp_path / "a.csv", f"番号,{header},WKT", [[str(i), *row, place(i)] for i, row in enumerate(rows)])
        return importer("made-up", source, options=options, check=False, environment={"RITCHI_SHARE": str(share)})

    return run


NAMED = [{"to": "name", "from": "名"}, {"to": "fiscal_year", "from": "年度", "parse": "fiscal_year"}]


def stored(importer, layer, *columns):
    return importer.rows(layer, f"SELECT {', '.join(columns)} FROM {layer} ORDER BY source_id")


def test_numbers_by_code(importer, speak):
    fields = [{"to": "depth_rank", "parse": "code", "const": "0_to_0.5"}, {"to": "depth_min_m", "from": "深さ", "parse": "number", "mapping": {"1": 0, "2": 0.5, "6": 20, "9": None}},
              {"to": "depth_max_m", "from": "深さ", "parse": "number", "mapping": [["1", 0.5], ["2", 3], ["6", None], ["9", None]]}]
    run = speak("flood_depth", fields, "深さ", [["1"], ["２"], ["6"], ["9"], ["7"]])
    assert (run.summary["accepted"], run.summary["rejected"]) == (4, 1) and {reject["field"] for reject in rejects(run, importer)} == {"depth_min_m", "depth_max_m"}
    assert stored(importer, "flood_depth", "depth_min_m", "depth_max_m") == [(0, 0.5), (0.5, 3), (20, None), (None, None)]
    assert run.summary["unknown_values"] == {"depth_min_m": {"9": 1}, "depth_max_m": {"6": 1, "9": 1}}


def test_units_of_columns_and_of_texts(importer, speak):
    fields = [*NAMED, {"to": "capacity_m3_per_day", "from": "能力", "parse": "number", "unit": "千m3/日"}, {"to": "supplied_m3_per_day", "from": "給水", "parse": "number", "unit": "m3/年"},
              {"to": "basic_tariff_jpy_per_m3", "from": "料金", "parse": "number"}, {"to": "utilisation_percent", "from": "率", "parse": "number"},
              {"to": "revenue_jpy", "from": "収益", "parse": "money_jpy", "unit": "百万円"}, {"to": "profit_jpy", "from": "損益", "parse": "money_jpy", "unit": "千円"}]
    rows = [["甲", "2023", "116.5", "3,650,000", "45.5円/㎥", "800%", "1.2", "▲3"], ["乙", "2023", "１１６，５００ｍ３／日", "10千m3/日", "２３", "64.5", "1.2億円", "△3,500万円"],
            ["丙", "2023", "5kg", "", "", "", "", ""]]
    run = speak("waterworks", fields, "名,年度,能力,給水,料金,率,収益,損益", rows)
    one_rejected(run, importer, 2, "capacity_m3_per_day", "'kg' is not known")
    assert stored(importer, "waterworks", "capacity_m3_per_day", "supplied_m3_per_day", "basic_tariff_jpy_per_m3", "utilisation_percent", "revenue_jpy", "profit_jpy") == [
        (116500, 10000, 45.5, 800, 1_200_000, -3000), (116500, 10000, 23, 64.5, 120_000_000, -35_000_000)]
    assert run.summary["normalised"] == {"capacity_m3_per_day": {"unit": 1, "width": 1}, "supplied_m3_per_day": {"unit": 2}, "basic_tariff_jpy_per_m3": {"width": 2},
                                         "revenue_jpy": {"scale": 1, "unit": 1}, "profit_jpy": {"scale": 1, "unit": 1}}


def test_prices_by_tsubo(importer, speak):
    fields = [{"to": "price_jpy_per_m2", "from": "単価", "parse": "number", "unit": "円/坪"}, {"to": "area_m2", "from": "地積", "parse": "number"}]
    run = speak("land_prices", fields, "単価,地積", [["400,000", "121坪"], ["40万円/坪", "0.04ha"], ["121,000円／㎡", "400(㎡)"]], place=point)
    assert run.summary["rejected"] == 0, run.stderr
    assert stored(importer, "land_prices", "price_jpy_per_m2", "area_m2") == 3 * [(121000, 400)]


@pytest.mark.parametrize("rule,years", [("showa", [1973, 1926, 1995, None]), ({"pivot": 30}, [1948, 2001, 1995, 1970]), (None, [None, None, 1995, None])])
def test_years_of_two_digits(importer, speak, rule, years):
    field = {"to": "built_year", "from": "年", "parse": "fiscal_year", **({"two_digit_years": rule} if rule else {})}
    fields = [{"to": "name", "from": "名"}, {"to": "kind", "parse": "code", "const": "other"}, field]
    run = speak("water_facilities", fields, "名,年", [["甲", "48"], ["乙", "01"], ["丙", "平成7年度"], ["丁", "70"]], place=point, options=("--max-rejects", "75%"))
    kept = dict(importer.rows("water_facilities", "SELECT source_id, built_year FROM water_facilities"))
    refused = {reject["record"]: reject["reason"] for reject in rejects(run, importer)} if run.summary["rejected"] else {}
    for i, year in enumerate(years):
        if f"line {i + 2}" not in refused:
            assert kept[str(i)] == year
    if rule is None:  # never guessed, and told how to say it; 01 alone is how registers write "unknown"
        assert list(refused) == ["line 2", "line 5"] and all("two_digit_years" in reason for reason in refused.values())
        assert run.summary["unknown_values"] == {"built_year": {"01": 1}}
    else:
        assert list(refused) == (["line 5"] if rule == "showa" else []) and run.summary["normalised"]["built_year"]["two_digit_year"] == (2 if rule == "showa" else 3)


def test_dates_of_spreadsheets_are_declared(importer, speak):
    fields = [{"to": "name", "from": "番号"}, {"to": "kind", "parse": "code", "const": "priority"}, {"to": "valid_from", "from": "開始", "parse": "date", "excel_serial": True}, {"to": "valid_to", "from": "終了", "parse": "date"}]
    run = speak("promotion_zones", fields, "開始,終了", [["45383", "H31.4.1"], ["2024/4/1", "令和6年1月1日"], ["令和6年4月1日", "45383"]])
    one_rejected(run, importer, 2, "valid_to", "not a")
    assert stored(importer, "promotion_zones", "valid_from", "valid_to") == [("2024-04-01", "2019-04-01"), ("2024-04-01", "2024-01-01")]
    assert run.summary["normalised"] == {"valid_from": {"serial_date": 1}, "valid_to": {"era": 2}}


def test_what_follows_from_other_figures(importer, speak):
    fields = [*NAMED, {"to": "capacity_m3_per_day", "from": "能力", "parse": "number"}, {"to": "contracted_m3_per_day", "from": "契約", "parse": "number"},
              {"to": "supplied_m3_per_day", "from": "給水", "parse": "number"}, {"to": "spare_m3_per_day", "from": "余力", "parse": "number", "difference": ["capacity_m3_per_day", "contracted_m3_per_day"]},
              {"to": "utilisation_percent", "ratio": ["supplied_m3_per_day", "capacity_m3_per_day"]}]
    rows = [["甲", "2023", "1000", "900", "800", ""], ["乙", "2023", "1000", "900", "不明", "70"], ["丙", "2023", "1000", "", "0", ""], ["丁", "2023", "0", "0", "0", "-"], ["戊", "2023", "100", "120", "", ""]]
    speak("waterworks", fields, "名,年度,能力,契約,給水,余力", rows)
    # What the source says stays; unknown operands leave it unknown; a share of nothing is none; contracts beyond the capacity are a shortage.
    assert stored(importer, "waterworks", "spare_m3_per_day", "utilisation_percent") == [(100, 80), (70, None), (None, 0), (0, None), (-20, None)]


def test_variants_by_lacking_columns_and_other_keys(importer, speak):
    fields = [{"to": "name", "from": "名"}, {"to": "kind", "from": "種", "parse": "code"}, {"to": "built_year", "from": "年", "parse": "fiscal_year"}]
    variants = [{"has_columns": ["旧番号"], "lacks_columns": ["年度"], "columns": {"name": "旧名"}, "identity": {"columns": ["旧番号"]},
                 "where": [{"column": "旧名", "in": ["甲"], "otherwise": "not of old"}], "fields": [{"to": "built_year", "unset": True}]}]
    rows = [["甲", "浄水場", "1975", "X1"], ["乙", "浄水場", "1975", "X2"]]
    run = speak("water_facilities", fields, "旧名,種,年,旧番号", rows, variants=variants, place=point)
    assert run.summary["skipped"] == {"not of old": 1}
    assert stored(importer, "water_facilities", "source_id", "name", "built_year") == [("X1", "甲", None)]


def test_spare_water_of_the_shipped_profile(importer, tmp_path):
    header = "事業番号,事業名,年度,給水能力,契約水量,余力,給水区域"
    rows = [["1", "架空工業用水道", "2023", "116,500", "100,000", "", square()], ["2", "第二", "2023", "1000", "900", "250", square(1)], ["3", "第三", "2023", "1000", "", "", square(2)]]
    run = importer("waterworks", table(tmp_path / "a.csv", header, rows))
    assert stored(importer, "waterworks", "spare_m3_per_day") == [(16500,), (250,), (None,)] and "spare_m3_per_day" not in run.summary["unfed_attributes"]


def test_the_text_of_the_report_names_both(importer, tmp_path):
    rows = [["1", "架空工業用水道", "令和5年度", "116,500", "不明", square()], ["2", "第二", "２０２３", "-", "-", square(1)]]
    source = table(tmp_path / "a.csv", "事業番号,事業名,年度,給水能力,契約水量,給水区域", rows)
    run = subprocess.run([str(binary()), "import", "waterworks", str(source), "--data", str(tmp_path / "d"), "--progress", "none"], capture_output=True, text=True, check=True, env=os.environ)
    for line in ("contracted_m3_per_day: 不明 means unknown: 1", "capacity_m3_per_day: - means unknown: 1", "fiscal_year: era normalised: 1", "fiscal_year: width normalised: 1"):
        assert line in run.stdout, run.stdout


@pytest.mark.parametrize("spoil,words", [
    ({"two_digit_years": "edo"}, "none of meiji, taisho"), ({"unset": True}, "leave the field out"), ({"sum": ["a"]}, "needs two attributes or more"),
    ({"unit": "kW"}, "is for numbers and money"), ({"wildcard": 1}, "unknown key")])
def test_profiles_that_say_it_wrongly_are_refused_with_file_and_key(importer, speak, spoil, words):
    run = speak("water_facilities", [{"to": "name", "from": "名"}, {"to": "built_year", "from": "年", "parse": "fiscal_year", **spoil}], "名,年", [["甲", "48"]])
    assert run.code != 0 and "made-up.json/fields/1" in run.stderr and words in run.stderr
