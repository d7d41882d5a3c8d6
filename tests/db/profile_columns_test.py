"""Columns of the ministry's data that profiles name exist in its published table of attributes, or the profile's comment says why not."""
import csv
import json
import re

import pytest

from conftest import ROOT

PROFILES = sorted((ROOT / "importers" / "profiles").glob("ksj-*.json"))
COLUMN = re.compile(r"[A-Z]\d{2}[a-z]?_\d{3}[a-z]?")


def names(value, inside=False):
    """Every column that a profile names, wherever it may."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "columns" and isinstance(item, dict):
                yield from names(list(item.values()), True)
            else:
                yield from names(item, key in ("from", "column", "columns", "has_columns", "lacks_columns"))
    elif isinstance(value, list):
        for item in value:
            yield from names(item, inside)
    elif inside and isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def published(real):
    table = {}
    with open(real / "codes" / "ksj_col_info.csv", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            table.setdefault(row["id"], []).append(row)
    return table


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_columns_are_published(path, published):
    profile = json.loads(path.read_text("utf-8"))
    dataset = path.stem.split("-")[1].upper()
    assert dataset in published, "the table of attributes has no such data"
    codes = {row["code"] for row in published[dataset]}
    if codes == {"NA"}:  # attributes without codes: numbered in the table's order
        codes = {f"{dataset}_{number + 1:03}" for number in range(len(published[dataset]))}
    excused = set(COLUMN.findall(profile.get("comment", "")))
    families = [word for word in ("A31a_",) if f"all {word}" in profile.get("comment", "")]
    found = set(names({key: value for key, value in profile.items() if key != "synthetic"}))
    assert len(found) >= 3 or path.stem == "ksj-n03", found
    strange = {name for name in found if name not in codes and name.upper() not in codes and name.lower() not in codes and name not in excused
               and not any(name.startswith(family) for family in families)}
    if dataset == "L01":  # the table is of 2018; later editions have more columns, which their variants name
        strange = {name for name in strange if not re.fullmatch(r"L01_\d{3}", name)}
    assert not strange, f"{sorted(strange)} of {path.name} are not in the table of attributes of {dataset}"


# What a column means, by the table itself: attribute of the layer -> words of its published name.
MEANINGS = {
    "ksj-a29": {"use_district": "用途地域コード", "building_coverage_percent": "建蔽率", "floor_area_ratio_percent": "容積率", "municipality_code": "行政区域コード"},
    "ksj-c02": {"name": "港湾名", "kind": "種別（２）", "port_code": "港湾コード", "municipality_code": "行政区域コード", "administrator_kind": "管理者区分", "administrator": "管理者名"},
    "ksj-c28": {"name": "名称", "kind": "種別", "status": "供用中・建設中の区別", "municipality_code": "行政区域コード", "established_by": "設置者", "administrator": "管理者",
                "scheduled_flights": "定期便の有無", "runway_length": "滑走路延長", "survey_year": "調査年", "landings_per_day": "着陸回数", "passengers_per_day": "乗降客数"},
    "ksj-a09": {"area_division": "レイヤ番号"},
    "ksj-a12": {"name": "名称", "zone": "レイヤ番号", "prefecture_code": "都道府県コード", "municipality": "市町村名", "fiscal_year": "年度", "stated_area": "ポリゴン面積", "remarks": "備考"},
    "ksj-a13": {"name": "名称", "kind": "レイヤ番号", "prefecture_code": "都道府県コード", "municipality": "市町村名", "fiscal_year": "年度", "stated_area": "ポリゴン面積", "remarks": "備考"},
    "ksj-n02": {"name": "駅名", "line": "路線名", "operator": "運営会社", "railway_kind": "鉄道区分", "operator_kind": "事業者種別"},
    "ksj-n03": {"name": "市区町村名", "municipality_code": "行政区域コード", "prefecture": "都道府県名", "county": "郡・政令都市名"},
    "ksj-n06": {"name": "地点名", "kind": "接合部種別", "opened_year": "供用開始年", "service_from_year": "設置期間（開始年）"}}


@pytest.mark.parametrize("profile", MEANINGS)
def test_columns_mean_what_they_feed(profile, published):
    fields = {field["to"]: field for field in json.loads((ROOT / "importers" / "profiles" / f"{profile}.json").read_text("utf-8"))["fields"]}
    meaning = {row["code"]: row["name"] for row in published[profile.split("-")[1].upper()]}
    for attribute, words in MEANINGS[profile].items():
        columns = fields[attribute]["from"]
        for column in [columns] if isinstance(columns, str) else columns:
            if column in meaning:
                assert words in meaning[column], (attribute, column, meaning[column])


# The ministry's own code lists: every code that a profile maps is one of the list, and none is missing.
LISTS = {("ksj-a29", "use_district"): "UseDistrictCd", ("ksj-c02", "kind"): "ClassHarbor2Cd", ("ksj-c02", "administrator_kind"): "AdminHarborCd",
         ("ksj-c28", "kind"): "InstallAirPortCd-v2_3", ("ksj-c28", "established_by"): "InstallAdminCd-v2_3", ("ksj-c28", "administrator"): "InstallAdminCd-v2_3",
         ("ksj-c28", "scheduled_flights"): "RegularFlightCd", ("ksj-n02", "railway_kind"): "RailwayClassCd", ("ksj-n02", "operator_kind"): "InstitutionTypeCd",
         ("ksj-n06", "kind"): "HighwayConCd", ("ksj-a31", "depth_rank"): "water_depth_code", ("ksj-l01", "price_class"): "IndexNumL01-v1_1", ("ksj-l05", "use_districts"): "useDistrict"}


@pytest.mark.parametrize("profile,attribute", LISTS)
def test_every_published_code_is_mapped(profile, attribute, real):
    text = (real / "codes" / "ksj_codelists.txt").read_text("utf-8")
    (section,) = re.findall(rf"^## {re.escape(LISTS[profile, attribute])} *\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    codes = {line.split()[0] for line in section.splitlines()[1:] if line.strip()}
    (field,) = [field for field in json.loads((ROOT / "importers" / "profiles" / f"{profile}.json").read_text("utf-8"))["fields"] if field["to"] == attribute]
    assert set(field["mapping"]) == codes
