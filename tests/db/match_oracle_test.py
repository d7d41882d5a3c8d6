"""Matching against an oracle: every fact of every site, and random questions, computed by PostGIS from the published files.

RITCHI_ORACLE_SCALE (1: 10,000 sites), RITCHI_ORACLE_SEED, RITCHI_ORACLE_QUESTIONS (500) and, to save time while developing,
RITCHI_ORACLE_DATA: a folder that tests/support/matched_region.py made before."""
import csv
import datetime
import io
import json
import math
import os
import pathlib
import random
import subprocess

import pytest

import match_targets
from match_questions import Asking
from site_facts_oracle import SITES, SiteFacts
from support import matched_region
from support.postgis_oracle import Oracle
from support.server import RITCHI, Asker, Server

SCALE = float(os.environ.get("RITCHI_ORACLE_SCALE", "1"))
SEED = int(os.environ.get("RITCHI_ORACLE_SEED", "3"))
QUESTIONS = int(os.environ.get("RITCHI_ORACLE_QUESTIONS", "500"))
FILTERS, PLACES = 24, 14
TODAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=9)).date().isoformat()
PROCESS = "match-sites"
MOST_CRITERIA = 50
STATUS = {True: "pass", False: "fail", None: "unknown"}
# Two right answers may differ by so much.
RELATIVE, KM, SHARE_M2, HA = 1e-3, 1e-3, 1.0, 1e-4
SAME = 1e-12  # of what is copied: it may have come over with fewer digits
# The limit of what an answer may differ where it is the border of a region drawn with a pen of arcs.
EXTENDABLE = 3e-3
# A share above this is all of the site to one, which is exact, and the least there is to the other.
ALL_BUT_A_HAIR = 1 - 1e-6
POLYGONS, REPORTED_SITES, REPORT_AS_OF = 100, 50, "2022-06-01"
SHOWN = 20  # of all that differs


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    given = os.environ.get("RITCHI_ORACLE_DATA")
    return pathlib.Path(given) if given else matched_region.make(RITCHI, tmp_path_factory.mktemp("oracle") / "data", SEED, SCALE)


@pytest.fixture(scope="module")
def datasets(data):
    run = subprocess.run([RITCHI, "layers", "--data", str(data), "--json"], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def oracle(data):
    with Oracle(data) as running:
        yield running


@pytest.fixture(scope="module")
def facts(oracle, datasets):
    return SiteFacts(oracle, datasets, TODAY)


@pytest.fixture(scope="module")
def asker(data):
    with Server(data) as server:
        yield Asker(server.url)


def as_table(asker, inputs):
    """The answer as CSV: a dictionary for each site, and the names of the columns of each criterion."""
    status, body = asker.post(PROCESS, inputs, "csv")
    assert status == 200, f"{body.decode()}\n{json.dumps(inputs, ensure_ascii=False)}"
    rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    header = next(rows)
    column = {name: number for number, name in enumerate(header)}
    parts = [[column[name] for name in header if name.startswith(f"c{number}_")] for number in range(len(inputs["criteria"]))]
    return [(int(row[column["id"]]), float(row[column["score"]]), [[row[at] for at in part] for part in parts]) for row in rows]


def differs(name, ours, theirs, area_m2, measured=True):
    """Ours as text of a table against a value of PostGIS; None where they agree."""
    if isinstance(theirs, list):
        return None if ours == "; ".join(sorted(theirs)) else f"{name}: {ours!r}, PostGIS {theirs}"
    if theirs is None or isinstance(theirs, str):
        return None if ours == (theirs or "") else f"{name}: {ours!r}, PostGIS {theirs!r}"
    if ours == "":
        return f"{name}: unknown, PostGIS {theirs}"
    allowed = RELATIVE * abs(theirs) if measured else SAME * abs(theirs)
    if measured and name.endswith("_km"):
        allowed = max(allowed, KM)
    elif measured and name.endswith("_ha"):
        allowed = max(EXTENDABLE * abs(theirs), HA)
    elif measured and area_m2:
        allowed = max(allowed, SHARE_M2 / area_m2)
    return None if abs(float(ours) - theirs) <= allowed else f"{name}: {ours}, PostGIS {theirs}"


def complain(wrong, of):
    if wrong:
        pytest.fail(f"{len(wrong)} differences in {of}:\n" + "\n".join(wrong[:SHOWN]), pytrace=False)


def showing(oracle, facts, name):
    """A criterion that makes the answer show a fact of every site; none where a word is needed and none is known."""
    if facts.forms[name] == "number":
        return {"fact": name, "min": -1e14, "required": False}
    known = oracle.ask(f"SELECT {f'unnest({name})' if facts.forms[name] == 'set' else name} AS word FROM of_sites.facts"
                       f" WHERE {name} IS NOT NULL ORDER BY word LIMIT 1")
    return {"fact": name, "in": [known[0][0]], "required": False} if known else None


def is_either(name, shown, choices):
    """Where the words of a fact leave a choice: one of several features, or any area between two."""
    if choices is None:
        return False
    if isinstance(choices, list):
        return any(differs(name, shown, each, None, False) is None for each in choices)
    low, high = float(choices.lower), float(choices.upper)
    return shown != "" and low * (1 - EXTENDABLE) - HA <= float(shown) <= high * (1 + EXTENDABLE) + HA


@pytest.fixture(scope="module")
def settled(oracle, facts, asker):
    """All that differs between the server's facts and those of PostGIS, as lines, and how many were compared. Where two
    values are right, the facts of the oracle are then what the server says, so that questions about them have one answer."""
    wrong, compared, choices, marks = [], 0, 0, 0
    criteria = [each for each in (showing(oracle, facts, name) for name in facts.forms) if each]
    shares = {each["name"] for each in facts.facts if "share" in each}
    areas = dict(oracle.ask("SELECT id, area_m2 FROM of_sites.sites"))
    either = {name: dict(oracle.ask(sql)) for name, sql in facts.either.items()}
    for first in range(0, len(criteria), MOST_CRITERIA):
        some = criteria[first:first + MOST_CRITERIA]
        names = [each["fact"] for each in some]
        partial = [f"least_{name}" if name in facts.partial else "FALSE" for name in names]
        theirs = {row[0]: list(zip(row[1::2], row[2::2])) for row in oracle.ask(
            f"SELECT id, {', '.join(', '.join(pair) for pair in zip(names, partial))} FROM of_sites.facts")}
        ours = {identity: values for identity, _, values in as_table(asker, {"criteria": some, "limit": 10_000})}
        assert ours.keys() == theirs.keys(), "other sites than the public ones"
        for identity, values in theirs.items():
            for name, (value, at_least), (shown, status, _, marked) in zip(names, values, ours[identity]):
                compared += 1
                marks += at_least
                off = differs(name, shown, value, areas[identity], name in facts.measured)
                if off and is_either(name, shown, either.get(name, {}).get(identity)):
                    choices += 1
                    oracle.run(f"UPDATE of_sites.facts SET {name} = %s WHERE id = %s", shown or None, identity)
                elif not off and (value is None) != (shown == "" and status == "unknown"):
                    off = f"{name}: {status}, PostGIS {value}"
                    wrong.append(f"site {identity}, {off}")
                elif off:
                    wrong.append(f"site {identity}, {off}")
                if marked != ("true" if at_least else "") and not (name in shares and value > ALL_BUT_A_HAIR):
                    wrong.append(f"site {identity}, {name}: at least {marked or 'false'}, PostGIS {at_least} ({value})")
    return wrong, f"{compared} facts of {len(areas)} sites compared; in {choices} of them two values are right; {marks} are least values"


def test_every_fact_of_every_site_is_what_postgis_computes(settled):
    wrong, said = settled
    print(said)
    complain(wrong, "the facts")


def compare(oracle, asker, question):
    """Differences between the answer to one question and what it must be; and how many sites were compared."""
    oracle.run(question.tables())
    (funnel,), theirs = oracle.ask(question.funnel()), oracle.ask(question.matches())
    wrong = []
    answer = asker.ask(PROCESS, question.inputs | {"limit": 1})
    ours = answer["funnel"]
    counts = [ours["considered"]] + [step[name] for step in ours["criteria"]
                                     for name in ("fail", "unknown", "alone", "in_turn", "remaining")]
    if counts != list(funnel):
        wrong.append(f"funnel {counts}, PostGIS {list(funnel)}")
    if answer["numberMatched"] != len(theirs):
        wrong.append(f"{answer['numberMatched']} sites match, PostGIS {len(theirs)}")
    rows = as_table(asker, question.inputs)
    expected = {identity: (score, rest) for identity, score, *rest in theirs}
    for identity in sorted(expected.keys() ^ {row[0] for row in rows})[:SHOWN]:
        wrong.append(f"site {identity} is {'missing' if identity in expected else 'too much'}: {expected.get(identity)}")
    if [row[0] for row in rows] != [row[0] for row in sorted(rows, key=lambda row: (-round(row[1], 9), row[0]))]:
        wrong.append("the sites are not in the order of their scores and ids")
    allowed = question.score_tolerance()
    for identity, score, criteria in rows:
        if identity not in expected:
            continue
        right, rest = expected[identity]
        if abs(score - right) > allowed:
            wrong.append(f"site {identity}: score {score}, PostGIS {right} (may differ by {allowed:.2g})")
        if abs(sum(float(each[2]) for each in criteria) - score) > 1e-9:
            wrong.append(f"site {identity}: the contributions do not add up to the score {score}")
        for number, (shown, status, *_) in enumerate(criteria):
            holds, value = rest[2 * number], rest[2 * number + 1]
            if status != STATUS[holds]:
                wrong.append(f"site {identity}, criterion {number}: {status} ({shown}), PostGIS {STATUS[holds]} ({value})")
    return wrong, len(rows)


def test_random_questions_have_the_answers_of_postgis(oracle, datasets, facts, asker, settled):
    dice = random.Random(SEED)
    stock = match_targets.Stock(oracle, datasets, TODAY, dice, FILTERS, PLACES)
    asking = Asking(oracle, facts, match_targets.with_areas(oracle, datasets, TODAY, stock.targets), SEED)
    wrong, sites = [], 0
    for number in range(QUESTIONS):
        question = asking.question(number)
        differences, compared = compare(oracle, asker, question)
        sites += compared
        if differences:
            wrong.append(f"{question}\n    " + "\n    ".join(differences[:SHOWN]))
    print(f"{QUESTIONS} questions, {sites} sites in their answers compared")
    complain(wrong, f"{QUESTIONS} questions")


PARTS = """SELECT f.id, ST_Area(ST_Intersection(f.geom, land.geom)::geography) FROM {layer} f, land
    WHERE ST_Intersects(f.geom, land.geom) AND ST_Dimension(f.geom) = 2"""
UNITED = """SELECT coalesce(ST_Area(ST_Intersection(ST_Union(f.geom), land.geom)::geography), 0) FROM {layer} f, land
    WHERE ST_Intersects(f.geom, land.geom) AND {in_force} GROUP BY land.geom"""
AREA_M2 = 1.0


def apart(ours, theirs):
    return abs(ours - theirs) > max(AREA_M2, RELATIVE * theirs)


def land_to_report(oracle, asking):
    """Random polygons of all sizes up to some square kilometres, then sites: inputs, and the shape as SQL."""
    for _ in range(POLYGONS):
        area = asking.area(math.exp(asking.dice.uniform(math.log(0.0005), math.log(0.02))))
        yield {"polygon": area}, f"ST_SetSRID(ST_GeomFromGeoJSON('{json.dumps(area)}'), 6668)"
    for identity, in oracle.ask("SELECT id FROM of_sites.sites WHERE area_m2 > 0 ORDER BY md5(id::text) LIMIT %s", REPORTED_SITES):
        yield {"site": identity}, f"(SELECT geom FROM {SITES} WHERE id = {identity})"


def test_areas_of_reports_are_those_of_postgis(oracle, facts, asker):
    asking = Asking(oracle, facts, [], SEED)
    wrong, compared = [], {}
    for asked, shape in land_to_report(oracle, asking):
        report = asker.ask("constraint-report", asked | {"as_of": REPORT_AS_OF})
        oracle.run(f"DROP TABLE IF EXISTS land; CREATE TEMPORARY TABLE land AS SELECT {shape} AS geom")
        (whole,), = oracle.ask("SELECT ST_Area(geom::geography) FROM land")
        if apart(report["area_m2"], whole):
            wrong.append(f"{asked}: {report['area_m2']} m², PostGIS {whole}")
        for found in report["layers"]:
            layer = found["layer"]
            if layer not in oracle.layers:
                continue
            theirs = dict(oracle.ask(PARTS.format(layer=layer)))
            ours = {part["id"]: part["area_m2"] for part in found["overlaps"]}
            if "overlaps_left_out" not in found:
                for feature in ours.keys() | theirs.keys():
                    compared[layer] = compared.get(layer, 0) + 1
                    if apart(ours.get(feature, 0), theirs.get(feature, 0)):
                        wrong.append(f"{asked}, {layer} {feature}: {ours.get(feature)} m², PostGIS {theirs.get(feature)}")
            for part in found["overlaps"]:
                if abs(part["share"] - part["area_m2"] / whole) > RELATIVE:
                    wrong.append(f"{asked}, {layer} {part['id']}: share {part['share']} of {whole} m²")
            in_force = facts.in_force_on_day(layer, REPORT_AS_OF)
            united = oracle.ask(UNITED.format(layer=layer, in_force=in_force))
            if apart(found["area_m2"], united[0][0] if united else 0):
                wrong.append(f"{asked}, {layer}: {found['area_m2']} m² together, PostGIS {united}")
    print(f"overlaps compared: {compared}")
    assert len(compared) >= 8, "too few layers to say anything"
    complain(wrong, "the areas of reports")
