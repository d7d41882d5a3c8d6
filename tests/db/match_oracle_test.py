"""Random questions of match-sites: every answer of the server equals, site by site, what PostGIS alone makes of the same
published files. RITCHI_ORACLE_SCALE (0.05) and RITCHI_ORACLE_QUESTIONS (500) choose how much."""
import datetime
import importlib.util
import json
import math
import os
import pathlib
import random
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from conftest import binary
from match_questions import Asking
from match_targets import Stock, with_areas
from site_facts_oracle import SiteFacts
from support import matched_region
from support.postgis_oracle import Oracle
from support.server import Asker, Server

SEED = 20261121
SCALE = float(os.environ.get("RITCHI_ORACLE_SCALE", "0.05"))
QUESTIONS = int(os.environ.get("RITCHI_ORACLE_QUESTIONS", "500"))
FILTERS, PLACES = 40, 20
# A measured value may be off by 0.1 %, or by a metre (in km), or by a square metre of a small site.
RELATIVE, ABSOLUTE = 1e-3, 1e-3


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    if importlib.util.find_spec("psycopg2") is None or not any(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("PostGIS is not here: install postgresql-postgis and python3-psycopg2")
    return matched_region.make(binary(), tmp_path_factory.mktemp("oracle") / "data", SEED, SCALE)


@pytest.fixture(scope="module")
def oracle(data):
    with Oracle(data) as running:
        yield running


@pytest.fixture(scope="module")
def asking(oracle, data):
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date().isoformat()
    listed = subprocess.run([binary(), "layers", "--data", data, "--json"], capture_output=True, text=True, check=True)
    datasets = json.loads(listed.stdout)
    facts = SiteFacts(oracle, datasets, today)
    stock = Stock(oracle, datasets, today, random.Random(SEED), FILTERS, PLACES)
    return Asking(oracle, facts, with_areas(oracle, datasets, today, stock.targets), SEED)


def status_of(holds):
    return {None: "unknown", True: "pass", False: "fail"}[holds]


def is_close(ours, theirs):
    if theirs is None or (isinstance(theirs, float) and math.isinf(theirs)):
        return ours is None
    if isinstance(theirs, list):
        return sorted(ours) == sorted(theirs)
    if isinstance(theirs, (int, float)):
        return ours is not None and math.isclose(ours, theirs, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return ours == theirs


def compare(oracle, question, answer):
    oracle.run(question.tables())
    considered, *steps = oracle.ask(question.funnel())[0]
    assert answer["funnel"]["considered"] == considered, question
    for number, step in enumerate(answer["funnel"]["criteria"]):
        found = [step[name] for name in ("fail", "unknown", "alone", "in_turn", "remaining")]
        assert found == steps[number * 5:number * 5 + 5], f"{question}\ncriterion {number}"
    expected = {identity: (score, values) for identity, score, *values in oracle.ask(question.matches())}
    assert {feature["id"] for feature in answer["features"]} == set(expected), question
    assert answer["numberMatched"] == len(expected)
    for feature in answer["features"]:
        properties = feature["properties"]
        score, values = expected[feature["id"]]
        place = f"{question}\nsite {feature['id']}"
        for number, shown in enumerate(properties["criteria"]):
            assert shown["status"] == status_of(values[number * 2]), f"{place}\ncriterion {number}: {shown}"
            assert is_close(shown["value"], values[number * 2 + 1]), f"{place}\ncriterion {number}: {shown} {values[number * 2 + 1]}"
        assert abs(properties["score"] - score) <= question.score_tolerance(), place
        assert abs(sum(each["contribution"] for each in properties["criteria"]) - properties["score"]) <= 1e-12, place
    order = [(-round(feature["properties"]["score"] * 1e9), feature["id"]) for feature in answer["features"]]
    assert order == sorted(order), question


def test_every_answer_is_what_postgis_says(asking, oracle, data):
    matched = 0
    with Server(data) as server:
        asker = Asker(server.url)
        for number in range(QUESTIONS):
            question = asking.question(number)
            status, body = asker.post("match-sites", question.inputs)
            if status == 400 and "contradicts" in json.loads(body)["detail"]:
                contradicting = [each for each in question.criteria if each.required]
                both = " AND ".join(f"({each.holds})" for each in contradicting)
                joins = " ".join(dict.fromkeys(join for each in contradicting for join in each.joins))
                assert oracle.ask(f"SELECT count(*) FROM of_sites.facts f {joins} WHERE {both}") == [(0,)], question
                continue
            assert status == 200, f"{question}\n{body.decode()}"
            answer = json.loads(body)
            compare(oracle, question, answer)
            matched += len(answer["features"])
    assert matched > QUESTIONS  # the questions were not all too hard
