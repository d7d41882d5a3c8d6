"""match-sites as clients ask it: over HTTP, by permanent link and from the shell; and what is refused."""
import csv
import http.client
import io
import json
import shutil
import sqlite3
import urllib.parse

import pytest

from conftest import run

EXECUTION = "/processes/match-sites/execution"
AREA = {"fact": "area_ha", "min": 1, "ideal": 5, "weight": 2}


def post(server, body, query="", headers=None):
    connection = server.connect()
    if not isinstance(body, (str, bytes)):
        body = json.dumps(body)
    connection.request("POST", EXECUTION + query, body=body,
                       headers={"Content-Type": "application/json", "Accept-Language": "en"} | (headers or {}))
    answer = connection.getresponse()
    answer.body = answer.read()
    return answer


def match(server, **inputs):
    answer = post(server, {"inputs": inputs})
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def refused(server, inputs, status=400, **options):
    answer = post(server, {"inputs": inputs} if isinstance(inputs, dict) else inputs, **options)
    assert answer.status == status, answer.body
    problem = json.loads(answer.body)
    assert answer.getheader("Content-Type").startswith("application/problem+json")
    assert problem["detail"]
    return json.dumps(problem, ensure_ascii=False)


@pytest.fixture(scope="module")
def sites(data):
    """Every row of the sites, hidden ones too."""
    out = []
    for file in sorted((data / "factory_sites").glob("*.sqlite")):
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        out += [dict(row) for row in database.execute("SELECT * FROM factory_sites")]
    return out


@pytest.fixture(scope="module")
def public(sites):
    return {row["id"]: row for row in sites if row["disclosure"] == "public"}


def found_ids(answer):
    return [feature["id"] for feature in answer["features"]]


def test_the_processes_are_listed_and_described(server):
    listed = server.json("/processes")
    assert "match-sites" in [process["id"] for process in listed["processes"]]
    described = server.json("/processes/match-sites", {"Accept-Language": "en"})
    assert described["jobControlOptions"] == ["sync-execute"]
    assert described["title"] == "Matching sites"
    assert {"criteria", "within", "unknown", "limit", "as_of"} <= described["inputs"].keys()
    for name, each in described["inputs"].items():
        assert isinstance(each["title"], str) and each["schema"], name
    assert described["outputs"]["result"]["schema"]
    assert "適地" in server.json("/processes/match-sites", {"Accept-Language": "ja"})["title"]
    assert server.ask("/processes/nothing").status == 404
    assert server.ask("/processes/nothing/execution?inputs={}").status == 404


def test_without_criteria_every_public_site_by_id(server, public):
    answer = match(server, limit=10000)
    assert found_ids(answer) == sorted(public)
    assert answer["numberMatched"] == answer["numberReturned"] == len(public)
    assert all(feature["properties"]["score"] is None for feature in answer["features"])


def test_what_is_hidden_does_not_exist(server, sites, public):
    assert len(public) < len(sites)
    answer = match(server, criteria=[{"fact": "area_ha", "min": 0}], limit=10000)
    assert set(found_ids(answer)) == set(public)
    assert answer["funnel"]["total"] == answer["funnel"]["considered"] == len(public)


def test_values_statuses_and_scores_are_those_of_the_rows(server, public):
    price = {"fact": "price_jpy_per_m2", "max": 20000, "ideal": 5000, "required": False}
    water = {"fact": "industrial_water", "in": ["yes", "planned"], "required": False, "weight": 0.5}
    answer = match(server, criteria=[AREA, price, water], limit=10000)
    expected = {}
    for identity, row in public.items():
        area = row["area_ha"] if row["area_ha"] is not None else row["geodesic_area_ha"]
        if area is not None and area < 1:
            continue
        score = 0 if area is None else min(1, (area - 1) / 4) * 2 / 3.5
        cost = row["price_jpy_per_m2"]
        if cost is not None and cost <= 20000:
            score += min(1, (20000 - cost) / 15000) / 3.5
        score += 0.5 / 3.5 if row["industrial_water"] in ("yes", "planned") else 0
        expected[identity] = score
    assert found_ids(answer) == sorted(expected, key=lambda each: (-round(expected[each], 9), each))
    for rank, feature in enumerate(answer["features"], 1):
        properties = feature["properties"]
        assert properties["rank"] == rank
        assert properties["score"] == pytest.approx(expected[feature["id"]], abs=1e-12)
        assert sum(each["contribution"] for each in properties["criteria"]) == pytest.approx(properties["score"], abs=1e-12)
        row = public[feature["id"]]
        assert properties["name"] == row["name"] and properties["criteria"][1]["value"] == row["price_jpy_per_m2"]
        known = {None: "unknown", "yes": "pass", "planned": "pass"}
        assert properties["criteria"][2]["status"] == known.get(row["industrial_water"], "fail")
        assert row["price_jpy_per_m2"] is None or properties["criteria"][1]["source"]["layer"] == "factory_sites"


def test_the_funnel_tells_what_each_criterion_costs(server, public):
    criteria = [AREA, {"fact": "price_jpy_per_m2", "max": 15000}, {"fact": "geology", "in": ["1", "2"], "required": False}]
    answer = match(server, criteria=criteria, unknown="drop", limit=1)
    left = set(public)
    for number, (step, keeps) in enumerate(zip(answer["funnel"]["criteria"], (
            lambda row: (row["area_ha"] or row["geodesic_area_ha"] or 0) >= 1,
            lambda row: row["price_jpy_per_m2"] is not None and row["price_jpy_per_m2"] <= 15000,
            lambda row: True))):
        removed = {identity for identity, row in public.items() if not keeps(row)}
        assert step["alone"] == len(removed), number
        assert step["in_turn"] == len(left & removed)
        left -= removed
        assert step["remaining"] == len(left)
    assert answer["funnel"]["criteria"][2]["fail"] > 0
    assert answer["numberMatched"] == answer["funnel"]["matched"] == len(left)
    assert answer["numberReturned"] == min(1, len(left))


def test_unknown_is_kept_or_dropped(server, public):
    asked = [{"fact": "price_jpy_per_m2", "max": 1e9}]
    unknown = {identity for identity, row in public.items() if row["price_jpy_per_m2"] is None}
    assert unknown
    kept = match(server, criteria=asked, limit=10000)
    assert set(found_ids(kept)) == set(public)
    for feature in kept["features"]:
        status = feature["properties"]["criteria"][0]["status"]
        assert (status == "unknown") == (feature["id"] in unknown)
    assert set(found_ids(match(server, criteria=asked, unknown="drop", limit=10000))) == set(public) - unknown


def test_near_a_layer_with_a_filter_and_away_from_a_feature(server):
    near = {"near": {"layer": "water_pipes", "filter": "use = 'industrial'", "max_km": 30}, "ideal_km": 0}
    answer = match(server, criteria=[near], limit=10000)
    assert answer["features"]
    for feature in answer["features"]:
        shown = feature["properties"]["criteria"][0]
        if shown["status"] != "pass":
            continue
        assert 0 <= shown["value"] <= 30
        assert shown["contribution"] == pytest.approx(1 - shown["value"] / 30, abs=1e-12)
        assert shown["source"]["layer"] == "water_pipes" and shown["source"]["feature"] > 0
    assert "water_pipes" in [each["layer"] for each in answer["datasets"]]
    first = answer["features"][0]["id"]
    around = {"layer": "factory_sites", "id": first}
    close = match(server, criteria=[{"near": around | {"max_km": 10}}], limit=10000, unknown="drop")
    far = match(server, criteria=[{"away_from": around, "min_km": 10}], limit=10000, unknown="drop")
    assert first in found_ids(close) and first not in found_ids(far)
    assert not set(found_ids(close)) & set(found_ids(far))
    for feature in close["features"]:
        assert feature["properties"]["criteria"][0]["value"] <= 10
    for feature in far["features"]:
        assert feature["properties"]["criteria"][0]["value"] >= 10


def test_a_distance_is_the_same_however_it_is_found(server):
    """With an ideal all are measured; without one only those that the boxes do not decide."""
    point = {"point": [138.85, 37.45], "max_km": 25}
    measured = match(server, criteria=[{"near": point, "ideal_km": 0}], limit=10000, unknown="drop")
    told = match(server, criteria=[{"near": point}], limit=10000, unknown="drop")
    by_id = [{feature["id"]: feature["properties"]["criteria"][0]["value"] for feature in each["features"]}
             for each in (measured, told)]
    assert by_id[0] and by_id[0] == by_id[1]


def rectangle(west, south, east, north):
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def bounds(feature):
    def points(nested):
        return [nested] if isinstance(nested[0], (int, float)) else [point for each in nested for point in points(each)]
    found = points(feature["geometry"]["coordinates"])
    return min(x for x, _ in found), min(y for _, y in found), max(x for x, _ in found), max(y for _, y in found)


def test_within_takes_whole_sites(server):
    everything = match(server, limit=10000)["features"]
    boxes = {feature["id"]: bounds(feature) for feature in everything if feature["geometry"]}
    west, south, east, north = 138.6, 37.2, 139.0, 37.7
    inside = {identity for identity, box in boxes.items()
              if box[0] >= west and box[1] >= south and box[2] <= east and box[3] <= north}
    assert 0 < len(inside) < len(boxes)
    answer = match(server, within=rectangle(west, south, east, north), limit=10000)
    assert set(found_ids(answer)) == inside
    assert answer["funnel"]["within"]["outside"] + answer["funnel"]["within"]["unknown"] == len(everything) - len(inside)
    one = boxes[min(inside)]
    assert min(inside) in found_ids(match(server, within=rectangle(*one), limit=10000))
    abroad = match(server, within=rectangle(0, 0, 1, 1))
    assert abroad["features"] == [] and any("Japan" in warning for warning in abroad["warnings"])


def test_within_takes_codes(server, public):
    code = sorted(row["municipality_code"] for row in public.values() if row["municipality_code"])[0]
    wanted = {identity for identity, row in public.items() if row["municipality_code"] == code}
    assert set(found_ids(match(server, within=[code], limit=10000))) == wanted
    assert set(found_ids(match(server, within=["15"], limit=10000))) == {
        identity for identity, row in public.items() if (row["municipality_code"] or "").startswith("15")}


def test_the_link_holds_the_whole_question(server):
    asked = {"criteria": [AREA, {"near": {"layer": "stations", "max_km": 500}, "required": False}], "limit": 7,
             "within": rectangle(137, 36, 140, 39), "unknown": "drop"}
    answer = match(server, **asked)
    links = {link["rel"] + " " + link["type"]: link["href"] for link in answer["links"]}
    assert len(links) == 3
    target = links["self application/geo+json"].removeprefix(server.url)
    assert target.startswith(EXECUTION + "?inputs=%7B%22")
    connection = server.connect()
    connection.request("GET", target, headers={"Accept-Language": "en"})
    again = connection.getresponse()
    body = again.read()
    assert json.loads(body) == answer
    connection.request("GET", target, headers={"Accept-Language": "en", "If-None-Match": again.getheader("ETag")})
    unchanged = connection.getresponse()
    assert unchanged.status == 304 and unchanged.read() == b""
    reordered = dict(reversed(list(asked.items()))) | {"criteria": [dict(reversed(list(AREA.items()))), asked["criteria"][1]]}
    assert match(server, **reordered)["links"] == answer["links"]
    table = links["alternate text/csv; charset=utf-8"].removeprefix(server.url)
    connection.request("GET", table)
    rows = connection.getresponse()
    assert rows.getheader("Content-Type") == "text/csv; charset=utf-8"
    assert len(list(csv.reader(io.StringIO(rows.read().decode("utf-8-sig"))))) == 1 + answer["numberReturned"]


def test_a_question_too_long_for_a_link_says_so(server):
    ring = [[138 + i / 1000, 37] for i in range(1000)] + [[139, 38], [138, 37]]
    answer = match(server, within={"type": "Polygon", "coordinates": [ring]})
    assert answer["links"] == [] and any("link" in warning for warning in answer["warnings"])


def test_forms(server):
    body = {"inputs": {"criteria": [AREA], "limit": 3}}
    assert post(server, body).getheader("Content-Type") == "application/geo+json"
    assert post(server, body, "?f=json").getheader("Content-Type") == "application/json"
    assert post(server, body, headers={"Accept": "text/csv"}).getheader("Content-Type").startswith("text/csv")
    document = json.loads(post(server, body | {"response": "document"}, "?f=json").body)
    assert document["result"]["type"] == "FeatureCollection"
    text = post(server, body | {"outputs": {"result": {"format": {"mediaType": "text/csv"}}}})
    rows = list(csv.DictReader(io.StringIO(text.body.decode("utf-8-sig"))))
    shaped = json.loads(post(server, body).body)["features"]
    assert [int(row["id"]) for row in rows] == [feature["id"] for feature in shaped]
    for row, feature in zip(rows, shaped):
        assert float(row["score"]) == feature["properties"]["score"]
        assert float(row["c0_area_ha_value"]) == feature["properties"]["criteria"][0]["value"]
        assert row["c0_area_ha_status"] == "pass" and "factory_sites" in row["sources"]
    assert json.loads(post(server, {"criteria": [AREA], "limit": 3}).body)["features"] == shaped
    assert "f" in refused(server, {}, query="?f=html")


def test_the_shell_answers_as_the_server(server, data, tmp_path):
    asked = {"inputs": {"criteria": [AREA], "limit": 5, "as_of": "2026-04-01"}}
    file = tmp_path / "question.json"
    file.write_text(json.dumps(asked))
    done = run("analyse", "match-sites", file, "--data", data, "--lang", "en")
    assert done.returncode == 0, done.stderr
    served = json.loads(post(server, asked).body)
    assert json.loads(done.stdout) == served | {"links": []}
    table = run("analyse", "match-sites", "-", "--data", data, "--format", "csv", "--lang", "en", input=json.dumps(asked))
    assert table.stdout.count("\n") == 6
    wrong = run("analyse", "match-sites", "-", "--data", data, input='{"criteria": 5}')
    assert wrong.returncode == 1 and "inputs/criteria" in wrong.stderr
    assert run("analyse", "nothing", file, "--data", data).returncode == 1


def test_people_count_criteria_from_1_and_know_facts_by_title(own_data, start):
    shutil.rmtree(own_data / "flood_depth")
    server = start(own_data)
    near = {"near": {"point": [138.8, 37.4], "max_km": 5}}
    for language, again, contradicted, unknown, cause in (
            ("en", "this is criterion 2 (Distance to the point) again", "this contradicts criterion 1 (Area)",
             "criterion 2 (Flood depth) is unknown for every site", "'Flood depth' is unknown: "),
            ("ja", "条件 2（指定地点までの距離）と重複", "条件 1（面積）と矛盾", "条件 2（洪水浸水深）はすべての適地で不明", "「洪水浸水深」は、")):
        for criteria, said in (([AREA, near, near], again), ([AREA, {"fact": "area_ha", "max": 0.5}], contradicted)):
            refusal = post(server, {"criteria": criteria}, headers={"Accept-Language": language})
            assert refusal.status == 400 and said in json.loads(refusal.body)["detail"]
            assert f"inputs/criteria/{len(criteria) - 1}" in refusal.body.decode()
        answer = post(server, {"criteria": [AREA, {"fact": "flood_depth_m", "max": 1}]}, headers={"Accept-Language": language})
        found = json.loads(answer.body)
        assert any(unknown in warning for warning in found["warnings"]) and any(cause in warning for warning in found["warnings"])
        assert [step["criterion"] for step in found["funnel"]["criteria"]] == [0, 1]


POINT = {"point": [138.8, 37.4]}
BAD = [
    ({"criteria": [{"fact": "area_ha", "min": 5, "max": 3}]}, "inputs/criteria/0/min"),
    ({"criteria": [AREA, {"fact": "area_ha", "max": 0.5}]}, "inputs/criteria/1"),
    ({"criteria": [AREA, AREA | {"weight": 7}]}, "inputs/criteria/1"),
    ({"criteria": [{"fact": "area_ha", "min": 1, "max": 3, "ideal": 4}]}, "inputs/criteria/0/ideal"),
    ({"criteria": [{"fact": "aera_ha", "min": 1}]}, "did you mean: area_ha"),
    ({"criteria": [{"fact": "area_ha"}]}, "inputs/criteria/0"),
    ({"criteria": [{"fact": "area_ha", "in": ["x"]}]}, "inputs/criteria/0/in"),
    ({"criteria": [{"fact": "geology", "min": 1}]}, "inputs/criteria/0/min"),
    ({"criteria": [{"fact": "geology", "in": ["1", "9Z"]}]}, "inputs/criteria/0/in/1"),
    ({"criteria": [{"fact": "geology", "in": ["1", "1"]}]}, "inputs/criteria/0/in/1"),
    ({"criteria": [{"fact": "geology", "in": []}]}, "inputs/criteria/0/in"),
    ({"criteria": [{"fact": "area_ha", "min": 1, "weight": -1}]}, "inputs/criteria/0/weight"),
    ({"criteria": [{"fact": "area_ha", "min": 1, "weight": 0}]}, "inputs/criteria"),
    ({"criteria": [{"fact": "area_ha", "min": "1"}]}, "inputs/criteria/0/min"),
    ({"criteria": [{"fact": "area_ha", "minimum": 1}]}, "inputs/criteria/0/minimum"),
    ({"criteria": [{"fact": 5, "min": 1}]}, "inputs/criteria/0/fact"),
    ({"criteria": [{}]}, "inputs/criteria/0"),
    ({"criteria": [5]}, "inputs/criteria/0"),
    ({"criteria": {}}, "inputs/criteria"),
    ({"criteria": [{"constraint": "nothing", "max_share": 0}]}, "inputs/criteria/0/constraint"),
    ({"criteria": [{"near": {"layer": "stations"}}]}, "inputs/criteria/0/near"),
    ({"criteria": [{"near": {"max_km": 5}}]}, "inputs/criteria/0/near"),
    ({"criteria": [{"near": {"layer": "stations", "max_km": -1}}]}, "inputs/criteria/0/near/max_km"),
    ({"criteria": [{"near": {"layer": "nothing", "max_km": 1}}]}, "inputs/criteria/0/near/layer"),
    ({"criteria": [{"near": {"layer": "water_pipes", "filter": "colour = 'red'", "max_km": 1}}]}, "inputs/criteria/0/near/filter"),
    ({"criteria": [{"near": {"layer": "water_pipes", "filter": "use = ", "max_km": 1}}]}, "inputs/criteria/0/near/filter"),
    ({"criteria": [{"near": POINT | {"max_km": 1, "id": 3}}]}, "inputs/criteria/0/near"),
    ({"criteria": [{"near": {"point": [400, 37], "max_km": 1}}]}, "inputs/criteria/0/near/point"),
    ({"criteria": [{"near": POINT | {"max_km": 1}, "ideal_km": 2}]}, "inputs/criteria/0/ideal_km"),
    ({"criteria": [{"away_from": POINT}]}, "min_km"),
    ({"criteria": [{"away_from": POINT, "min_km": 1, "outside_same": ["area_ha"]}]}, "inputs/criteria/0/outside_same"),
    ({"within": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "0.5 0.5"),
    ({"within": {"type": "Point", "coordinates": [0, 0]}}, "inputs/within/type"),
    ({"within": ["152"]}, "inputs/within/0"),
    ({"within": []}, "inputs/within"),
    ({"unknown": "maybe"}, "inputs/unknown"),
    ({"limit": 0}, "inputs/limit"),
    ({"limit": 10001}, "inputs/limit"),
    ({"limit": 1.5}, "inputs/limit"),
    ({"as_of": "2026-02-30"}, "inputs/as_of"),
    ({"layer": "factory_site"}, "did you mean: factory_sites"),
    ({"criterias": []}, "inputs/criterias"),
    ('{"inputs": {"criteria": [{"fact": "area_ha", "max": NaN}]}}', "inputs/criteria/0/max"),
    ('{"inputs": {"criteria": [{"fact": "area_ha", "max": 1e999}]}}', "inputs/criteria/0/max"),
    ('{"inputs": {"criteria": [{"fact": "area_ha", "max": 1e308}]}}', "inputs/criteria/0/max"),
    ('{"inputs": {"limit": 1, "limit": 2}}', "inputs/limit"),
    (b'{"inputs": {"unknown": "\xff"}}', "inputs/unknown"),
    ("", "JSON"),
    ("[]", "object"),
]


@pytest.mark.parametrize("inputs, named", BAD, ids=range(len(BAD)))
def test_bad_questions_are_told_where_they_are_wrong(server, inputs, named):
    assert named in refused(server, inputs)


def test_limits(server):
    assert "50" in refused(server, {"criteria": [{"fact": "area_ha", "min": i / 100} for i in range(51)]}, 413)
    assert "1000" in refused(server, {"criteria": [{"fact": "municipality_code", "in": [str(i) for i in range(1001)]}]}, 413)
    ring = [[138 + i / 200000, 37] for i in range(100001)] + [[138, 37]]
    assert "100000" in refused(server, {"within": {"type": "Polygon", "coordinates": [ring]}}, 413)
    assert "deep" in refused(server, "[" * 100, 413)
    assert server.ask(EXECUTION).status == 400


def test_errors_are_in_the_callers_language(server):
    answer = post(server, {"inputs": {"limit": 0}}, headers={"Accept-Language": "ja"})
    assert "整数" in json.loads(answer.body)["detail"]


def described(server, language):
    connection = server.connect()
    connection.request("GET", "/processes/match-sites", headers={"Accept-Language": language})
    criteria = json.loads(connection.getresponse().read())["inputs"]["criteria"]["schema"]["items"]["oneOf"]

    def choices(member):
        kind = next(kind for kind in criteria if member in kind["properties"])
        return {choice["const"]: choice for choice in kind["properties"][member]["anyOf"] if "const" in choice}
    return choices("fact"), choices("constraint")


def test_every_fact_and_constraint_that_is_described_can_be_asked_for(server):
    facts, constraints = described(server, "en")
    assert facts["area_ha"]["x-unit"] == "ha" and facts["area_ha"]["title"] == "Area"
    assert described(server, "ja")[0]["area_ha"]["title"] == "面積"
    assert len(facts) > 20 and "farmland_blue" in constraints
    for name, fact in facts.items():
        codes = [code["code"] for code in fact.get("x-codes", [])]
        asked = {"min": 0} if fact["x-form"] == "number" else {"in": codes[:1] or ["x"]}
        match(server, criteria=[{"fact": name, **asked}], limit=1)
    for name in constraints:
        match(server, criteria=[{"constraint": name, "max_share": 0.5}], limit=1)
