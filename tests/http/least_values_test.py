"""Values of sites of which the data cover a part only: told as the least there is, and no bound is passed by them wrongly."""
import csv
import io
import json
import sqlite3

import pytest

from conftest import Server, run

KNOWN, UNSURVEYED = "15202", "15211"
BORDER = 138.101  # between the two municipalities


def box(west, south, east, north):
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def ring(west):
    """A site of 0.002 by 0.002 degrees."""
    east = west + 0.002
    return f"POLYGON(({west} 37.1,{east} 37.1,{east} 37.102,{west} 37.102,{west} 37.1))"


# Half of the one lies beyond the border, the other does not.
SITES = {"half": 138.100, "whole": 138.090}
# One twentieth of `half`, and of `whole` too, is flooded.
FLOODS = [(box(138.095, 37.09, 138.1001, 37.11), "信濃川"), (box(138.0919, 37.09, 138.094, 37.11), "渋海川")]


def publish(profile, file, data, *options):
    done = run("import", profile, file, "--data", data, "--partition", "15", "--progress", "none", *options)
    assert done.returncode == 0, done.stderr


def write(file, features):
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": shape, "properties": values} for shape, values in features]}, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def half_known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("half")
    data = folder / "data"
    places = [(box(138, 37, BORDER, 38), {"N03_004": "長岡市", "N03_007": KNOWN}),
              (box(BORDER, 37, 139, 38), {"N03_004": "見附市", "N03_007": UNSURVEYED})]
    publish("ksj-n03", write(folder / "places.geojson", places), data)
    rows = [["適地番号", "名称", "市区町村コード", "開示区分", "面積ha", "形状"],
            *([name, name, KNOWN, "公開", "4", ring(west)] for name, west in SITES.items())]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / "sites.csv").write_text(text.getvalue(), encoding="CP932")
    publish("site-survey", folder / "sites.csv", data)
    floods = [(shape, {"番号": str(number), "浸水深ランク": "2", "河川名": river}) for number, (shape, river) in enumerate(FLOODS)]
    publish("flood-depth", write(folder / "floods.geojson", floods), data, "--covers", KNOWN)
    return data


@pytest.fixture(scope="module")
def served(half_known):
    running = Server(half_known)
    yield running
    assert running.stop()[0] == 0


def ask(server, process, inputs, form="json"):
    connection = server.connect()
    connection.request("POST", f"/processes/{process}/execution?f={form}", body=json.dumps({"inputs": inputs}),
                       headers={"Content-Type": "application/json", "Accept-Language": "en"})
    answer = connection.getresponse()
    body = answer.read().decode("utf-8-sig")
    assert answer.status == 200, body
    return body


def judged(server, criterion):
    """Of each site what is said of it by one criterion that removes nothing."""
    answer = json.loads(ask(server, "match-sites", {"criteria": [criterion | {"required": False}]}))
    found = {feature["properties"]["name"]: feature["properties"]["criteria"][0] for feature in answer["features"]}
    assert found.keys() == SITES.keys()
    return found


def statuses(server, criterion):
    return {name: each["status"] for name, each in judged(server, criterion).items()}


def test_a_share_found_in_half_of_a_site_does_not_pass_a_greatest_share(served):
    found = judged(served, {"constraint": "flood", "max_share": 0.1})
    assert found["half"]["value"] == pytest.approx(0.05, abs=1e-4) == found["whole"]["value"]
    assert found["whole"]["status"] == "pass" and "at_least" not in found["whole"]
    assert found["half"]["status"] == "unknown" and found["half"]["at_least"] is True
    assert found["half"]["contribution"] == 0
    required = {"criteria": [{"constraint": "flood", "max_share": 0.1}], "unknown": "drop"}
    answer = json.loads(ask(served, "match-sites", required))
    assert [each["properties"]["name"] for each in answer["features"]] == ["whole"]
    assert (answer["funnel"]["criteria"][0]["unknown"], answer["funnel"]["criteria"][0]["fail"]) == (1, 0)


def test_what_is_certain_all_the_same_is_told(served):
    assert statuses(served, {"constraint": "flood", "max_share": 0.01}) == {"half": "fail", "whole": "fail"}
    assert statuses(served, {"constraint": "flood", "min_share": 0.01}) == {"half": "pass", "whole": "pass"}
    assert statuses(served, {"constraint": "flood", "min_share": 0.2}) == {"half": "unknown", "whole": "fail"}
    assert statuses(served, {"constraint": "flood", "max_share": 1}) == {"half": "pass", "whole": "pass"}
    assert statuses(served, {"fact": "flood_depth_m", "max": 3}) == {"half": "unknown", "whole": "pass"}
    assert statuses(served, {"fact": "flood_depth_m", "max": 2}) == {"half": "fail", "whole": "fail"}
    # Nothing found where not all is known stays unknown.
    assert statuses(served, {"constraint": "flood_over_3m", "max_share": 0.1}) == {"half": "unknown", "whole": "pass"}


def test_a_set_may_have_more_words(served):
    rivers = judged(served, {"fact": "flood_rivers", "in": ["渋海川"]})
    assert rivers["half"] | {"value": ["信濃川"], "status": "unknown", "at_least": True} == rivers["half"]
    assert rivers["whole"]["value"] == ["渋海川"] and rivers["whole"]["status"] == "pass"
    assert statuses(served, {"fact": "flood_rivers", "in": ["信濃川"]}) == {"half": "pass", "whole": "fail"}


def test_to_lie_in_other_flood_areas_than_a_plant_must_be_certain(served):
    def away(lon):
        return statuses(served, {"away_from": {"point": [lon, 37.1]}, "min_km": 0, "outside_same": ["flood_rivers"]})

    assert away(138.0995) == {"half": "fail", "whole": "pass"}  # the plant in 信濃川's area
    assert away(138.0930) == {"half": "unknown", "whole": "fail"}  # in 渋海川's
    assert away(138.2) == {"half": "unknown", "whole": "unknown"}  # where nothing is known


def test_a_table_says_it_in_a_column_of_its_own(served):
    asked = {"criteria": [{"constraint": "flood", "max_share": 0.1}, {"fact": "area_ha", "min": 1}]}
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(ask(served, "match-sites", asked, "csv")))}
    assert {name: row["c0_flood_at_least"] for name, row in rows.items()} == {"half": "true", "whole": ""}
    assert {row["c1_area_ha_at_least"] for row in rows.values()} == {""}
    assert float(rows["half"]["c0_flood_value"]) == pytest.approx(0.05, abs=1e-4) and rows["half"]["c0_flood_status"] == "unknown"


def test_a_report_says_it_of_its_areas(served, half_known):
    database = sqlite3.connect(f"file:{half_known / 'factory_sites' / '15.sqlite'}?mode=ro", uri=True)
    ids = dict(database.execute("SELECT name, id FROM factory_sites"))
    for name, at_least in (("half", True), ("whole", None)):
        report = json.loads(ask(served, "constraint-report", {"site": ids[name]}))
        (flood,) = [each for each in report["layers"] if each["layer"] == "flood_depth"]
        assert flood["share"] == pytest.approx(0.05, abs=1e-4) and flood.get("at_least") is at_least
        rules = [each for each in report["rules"] if each["layer"] == "flood_depth"]
        assert rules and all(each.get("at_least") is at_least for each in rules)
    page = ask(served, "constraint-report", {"site": ids["half"]}, "html")
    assert "≥ 5.0 %" in page and "≥" not in ask(served, "constraint-report", {"site": ids["whole"]}, "html")
