"""The constraint report over HTTP: formats, languages, errors, and what the answer says of itself."""
import html.parser
import json
import re

import pytest

EXECUTION = "/processes/constraint-report/execution"


@pytest.fixture(scope="module")
def land(server):
    """A square of about 20 ha round a parcel."""
    bounds = server.json("/xyz/farmland_parcels.json")["bounds"]
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    return {"type": "Polygon", "coordinates": [[[x, y], [x + 0.0052, y], [x + 0.0052, y + 0.0041], [x, y + 0.0041], [x, y]]]}


def post(server, inputs, query="", **headers):
    connection = server.connect()
    body = inputs if isinstance(inputs, str) else json.dumps({"inputs": inputs})
    connection.request("POST", EXECUTION + query, body=body, headers={"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    answer.body = answer.read()
    return answer


def test_the_process_is_offered_with_its_inputs(server):
    assert "constraint-report" in [each["id"] for each in server.json("/processes")["processes"]]
    described = server.json("/processes/constraint-report")
    assert set(described["inputs"]) == {"site", "polygon", "as_of"}


def test_a_report_says_what_contract_asks_for(server, land):
    answer = post(server, {"polygon": land, "as_of": "2026-04-01"})
    assert answer.status == 200, answer.body
    report = json.loads(answer.body)
    assert report["as_of"] == "2026-04-01"
    assert 190_000 < report["area_m2"] < 220_000
    verdicts = {each["topic"]: each["verdict"] for each in report["verdicts"]}
    assert set(verdicts.values()) <= {"clear", "procedure", "blocked", "unknown"}
    assert "unknown" not in verdicts.values(), "the generator's layers are complete for the region"
    for layer in report["layers"]:
        assert layer["coverage"] in {"covered", "partly", "no_data"}
        assert 0 <= layer["share"] <= 1
        assert sum(part["area_m2"] for part in layer["overlaps"]) >= layer["area_m2"] * 0.999 - 1 or "overlaps_left_out" in layer
    by_layer = {layer["layer"]: layer["coverage"] for layer in report["layers"]}
    assert set(by_layer.values()) == {"covered"}
    for rule in report["rules"] + report["incentives"]:
        assert rule["legal_basis"] and rule["authority"] and rule["procedure"] and rule["source"]["date"]
    assert {each["kind"] for each in report["nearest"]} >= {"interchange", "port", "airport", "station", "substation", "water_pipe", "waterworks"}
    assert report["datasets"] and all(each["licence"] for each in report["datasets"])
    assert any("合成" in warning for warning in report["warnings"])


def test_where_no_data_are_nothing_is_known(server, land):
    elsewhere = {**land, "coordinates": [[[x - 3, y - 2] for x, y in land["coordinates"][0]]]}
    report = json.loads(post(server, {"polygon": elsewhere, "as_of": "2026-04-01"}).body)
    verdicts = {each["topic"]: each["verdict"] for each in report["verdicts"]}
    assert {verdicts[topic] for topic in ("farmland", "flood", "soil", "protected", "city_planning")} == {"unknown"}
    assert {layer["coverage"] for layer in report["layers"]} == {"no_data"}


def test_equal_questions_get_equal_bytes(server, land):
    question = {"polygon": land, "as_of": "2026-04-01"}
    assert post(server, question).body == post(server, question).body


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        assert "style" not in dict(attributes) and not any(name.startswith("on") for name, _ in attributes)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_is_whole_and_loads_nothing(server, land, language):
    answer = post(server, {"polygon": land}, "?f=html", **{"Accept-Language": language})
    assert answer.status == 200, answer.body
    assert answer.getheader("Content-Type").startswith("text/html")
    page = answer.body.decode()
    assert f'<html lang="{language}">' in page
    seen = Tags(page).seen
    assert not seen & {"script", "link", "img", "iframe", "object", "form"}
    assert not re.search(r"url\(|@import", page)


def test_geojson_holds_the_land_and_the_parts(server, land):
    answer = post(server, {"polygon": land}, "?f=geojson")
    assert answer.status == 200, answer.body
    collection = json.loads(answer.body)
    roles = [feature["properties"]["role"] for feature in collection["features"]]
    assert roles[0] == "land" and set(roles[1:]) == {"overlap"}


def test_a_site_is_reported_by_its_id(server):
    answer = server.ask(EXECUTION + '?inputs={"site":99999999999}')
    assert answer.status == 404, answer.body


@pytest.mark.parametrize("inputs, place", [
    ({}, "inputs"),
    ({"polygon": {"type": "Point", "coordinates": [138, 37]}}, "inputs/polygon"),
    ({"polygon": {"type": "Polygon", "coordinates": [[[138.8, 37.4], [138.81, 37.41], [138.81, 37.4], [138.8, 37.41], [138.8, 37.4]]]}}, "inputs/polygon"),
    ({"site": 1, "as_of": "yesterday"}, "inputs/as_of"),
])
def test_bad_questions_are_told_where(server, inputs, place):
    answer = post(server, inputs, **{"Accept-Language": "en"})
    assert answer.status == 400, answer.body
    assert "problem+json" in answer.getheader("Content-Type")
    assert place in answer.body.decode()


def test_not_json_at_all(server):
    assert post(server, '{"inputs": {"polygon": {"type": "Polygon", "coordinates": [[[NaN, 1]]]}}}').status == 400
