"""Matching and the constraint report: beside PostGIS, by criteria, by number of sites: REGION MILLION.

REGION: data of tests/support/matched_region.py at scale 1; MILLION: the same with the sites of a hundred seeds. All times are
those of a client on one connection that stays open, answer read to its end."""
import json
import math
import random
import sys

import common
import crowded_places
from site_search_peer import AROUND_M, LEAST_HA, PIPE_WITHIN_M, SiteSearch
from support import matched_region
from support.server import Asker

POINTS, GEODESIC_POINTS = 100, 30
QUESTIONS = 300
WARMING = 80  # until every filter was asked for at every order of distance
REPORT_PLACES, REPORT_HA, REPORT_LAYERS = 200, 20, 14
MATCH, REPORT = "match-sites", "constraint-report"
CODES = {"geology": ["1", "2", "3"], "area_division": ["urbanisation_promotion", "undivided"], "drainage": ["A", "B", "C"]}


class Times:
    def __init__(self):
        self.ms = []

    def add(self, ms):
        self.ms.append(ms)

    @property
    def p50(self):
        return common.percentile(self.ms, 0.5)

    @property
    def p99(self):
        return common.percentile(self.ms, 0.99)

    def cells(self):
        return [len(self.ms), f"{self.p50:.2f}", f"{self.p99:.2f}"]


def asked(asker, process, questions, form="json"):
    """Times of questions, and their answers as bytes."""
    times, answers = Times(), []
    for inputs in questions:
        took, (status, body) = common.timed_ms(lambda: asker.post(process, inputs, form))
        if status != 200:
            raise SystemExit(f"{process} answered {status}: {body.decode()}\n{json.dumps(inputs)}")
        times.add(took)
        answers.append(body)
    return times, answers


# Beside PostGIS: the same search, the same points.

def search(point, limit):
    return {"criteria": [{"fact": "area_ha", "min": LEAST_HA}, {"near": {"point": point, "max_km": AROUND_M / 1000}},
                         {"near": {"layer": "water_pipes", "max_km": PIPE_WITHIN_M / 1000}},
                         {"constraint": "farmland_blue", "max_share": 0}],
            "unknown": "drop", "limit": limit}


def beside_postgis(data):
    with SiteSearch(data) as peer, common.Server(data) as server:
        points = [list(row) for row in peer.ask(
            "SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(geom) AS c, id FROM factory_sites) s ORDER BY md5(id::text) LIMIT %s", POINTS)]
        asker = Asker(server.url)
        first, _ = asked(asker, MATCH, [search(points[0], 100)])
        sides = {name: Times() for name in ("best", "all", "planar", "geodesic")}
        ids, matched, theirs = [], [], {}
        for round_number in range(common.ROUNDS):
            # The first question after the other side's turn wakes who slept and fills caches: asked of both, counted of none.
            for name, limit in (("best", 100), ("all", 10_000)):
                asked(asker, MATCH, [search(points[-1], limit)])
                times, answers = asked(asker, MATCH, [search(point, limit) for point in points])
                sides[name].ms += times.ms
                if round_number == 0 and name == "all":
                    ids = [{feature["id"] for feature in json.loads(answer)["features"]} for answer in answers]
                if round_number == 0 and name == "best":
                    matched = [json.loads(answer)["numberMatched"] for answer in answers]
            for name, some in (("planar", points), ("geodesic", points[:GEODESIC_POINTS])):
                peer.search(name, points[-1:])
                found = peer.search(name, some)
                sides[name].ms += [took for took, _ in found]
                theirs[name] = [rows for _, rows in found]
    titles = {"best": "ritchi, all counted, the best 100 with reasons", "all": "ritchi, all with reasons",
              "planar": "PostGIS, planar, nearest pipe by <->, ids", "geodesic": "PostGIS, geography, nearest pipe by <->, ids"}
    common.table(f"Sites of {LEAST_HA} ha and more within {AROUND_M / 1000:g} km of a point, a pipe within {PIPE_WITHIN_M / 1000:g} km, "
                 f"no blue farmland; {POINTS} points ({GEODESIC_POINTS} geodesic), {common.ROUNDS} rounds in turn, one uncounted question "
                 f"before each turn; the first of all, which reads sites and pipes: {first.p50:.0f} ms", ["", "asked", "p50 ms", "p99 ms"],
                 [[titles[name], *times.cells()] for name, times in sides.items()])
    rows = []
    for name in ("planar", "geodesic"):
        for part in ("p50", "p99"):
            ratio = getattr(sides[name], part) / getattr(sides["best"], part)
            rows.append([f"PostGIS {name} / ritchi, {part}", *common.judged(ratio, least=50, form=".1f")])
    common.table("How many times as long PostGIS takes", ["", "times", "bar", ""], rows)
    agreement(ids, matched, theirs)


def agreement(ids, matched, theirs):
    rows = []
    for name, found in theirs.items():
        differing = sum(len(mine ^ other) for mine, other in zip(ids, found))
        rows.append([f"PostGIS {name}", sum(map(len, found)), sum(len(mine) for mine in ids[:len(found)]), differing])
    rows.append(["counted by ritchi", sum(matched), sum(map(len, ids)), sum(abs(a - len(b)) for a, b in zip(matched, ids))])
    common.table("The same sites (planar distances differ at the very border of a circle)",
                 ["", "its sites", "ritchi's", "in one alone"], rows)


# By criteria: twelve of all kinds.

class Drawn:
    """Random questions with a dozen criteria of every kind; `fresh` ones measure to a filter that nobody asked for before."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.used = 0

    def point(self):
        return [round(self.dice.uniform(matched_region.WEST, matched_region.EAST), 6),
                round(self.dice.uniform(matched_region.SOUTH, matched_region.NORTH), 6)]

    def chosen_filter(self, fresh):
        self.used += 1 if fresh else 0
        # One yen more: another filter, and as much work.
        return f"amount_jpy >= {500_000_000 + self.used} AND plan_kind = '{self.dice.choice(['strategic', 'regional', 'local'])}'" \
            if fresh else f"plan_kind = '{self.dice.choice(['strategic', 'regional', 'local'])}'"

    def question(self, fresh):
        pick = self.dice.uniform
        criteria = [
            {"fact": "area_ha", "min": round(pick(0.9, 3), 2), "ideal": 8, "weight": 3},
            {"fact": "extendable_ha", "min": round(pick(0, 5), 2), "ideal": 40},
            {"fact": "interchange_km", "max": round(pick(5, 25), 2), "ideal": 1, "required": False},
            {"fact": "spare_m3_per_day", "min": round(pick(0, 20_000)), "required": False, "weight": 2},
            {"fact": "water_pipe_age_years", "max": round(pick(20, 60)), "required": False},
            {"fact": "substation_km", "max": round(pick(2, 20), 2), "ideal": 0.5, "required": False},
            {"fact": "flood_depth_m", "max": round(pick(0.5, 10), 1)},
            {"fact": "geology", "in": CODES["geology"], "required": False, "weight": 0.5},
            {"fact": "wanted_industries", "in": ["半導体", "電子部品", "指定なし"], "required": False},
            {"constraint": "farmland_blue", "max_share": round(pick(0, 0.5), 3)},
            {"near": {"layer": "investments", "filter": self.chosen_filter(fresh), "max_km": round(pick(3, 20), 2)},
             "ideal_km": 1, "required": False},
            {"away_from": {"point": self.point()}, "min_km": round(pick(1, 15), 2), "outside_same": ["flood_rivers"]},
        ]
        return {"criteria": criteria, "limit": 100, "unknown": self.dice.choice(["keep", "drop"]), "as_of": "2026-04-01"}


def criteria_on(data, title, bar, questions):
    with common.Server(data) as server:
        asker = Asker(server.url)
        drawn = Drawn("questions of the bench")
        first, (answer,) = asked(asker, MATCH, [drawn.question(False)])
        considered = json.loads(answer)["funnel"]["considered"]
        asked(asker, MATCH, [drawn.question(False) for _ in range(WARMING)])
        rows, judged = [], []
        for name, fresh in (("filters asked before", False), ("each filter new", True)):
            times, answers = asked(asker, MATCH, [drawn.question(fresh) for _ in range(questions)])
            kb = sum(map(len, answers)) / len(answers) / 1000
            rows.append([name, *times.cells(), f"{max(times.ms):.2f}", f"{kb:.0f}"])
            judged.append([f"p99, {name}", *common.judged(times.p99, most=bar, form=".2f")])
        common.table(f"{title}: 12 criteria of all kinds on {considered:,} sites, the best 100; the first question {first.p50:.0f} ms, "
                     f"{server.memory_mb():.0f} MB of memory afterwards", ["", "asked", "p50 ms", "p99 ms", "longest", "KB"], rows)
        common.table("Against the bar", ["", "ms", "bar", ""], judged)


# Reports.

def square(dice, hectares):
    """A polygon of about that size, somewhere in the region."""
    lon, lat = dice.uniform(138.55, 139.15), dice.uniform(37.15, 37.65)
    half = math.sqrt(hectares * 10_000) / 2 / matched_region.M_PER_DEGREE
    wide = half / math.cos(math.radians(lat))
    turn = dice.uniform(0, math.pi / 2)
    corners = []
    for number in range(24):
        angle = turn + number / 24 * 2 * math.pi
        far = math.sqrt(4 / math.pi) * dice.uniform(0.95, 1.05)
        corners.append([lon + wide * far * math.cos(angle), lat + half * far * math.sin(angle)])
    return {"type": "Polygon", "coordinates": [corners + corners[:1]]}


def least_and_median(counts):
    return f"{min(counts)} / {sorted(counts)[len(counts) // 2]}"


def reports_on(data, title, polygons, least_layers=None):
    """Each asked as JSON and as a page; least_layers: so many must hold something at each place."""
    questions = [{"polygon": polygon, "as_of": crowded_places.DAY} for polygon in polygons]
    with common.Server(data) as server:
        asker = Asker(server.url)
        first, _ = asked(asker, REPORT, questions[:1])
        rows, judged = [], []
        for name, form in (("json", "json"), ("page to print", "html")):
            times, answers = asked(asker, REPORT, questions, form)
            if form == "json":
                found = [crowded_places.layers_found(json.loads(answer)) for answer in answers]
            rows.append([name, *times.cells(), f"{max(times.ms):.2f}", f"{sum(map(len, answers)) / len(answers) / 1000:.0f}"])
            judged.append([f"p99, {name}", *common.judged(times.p99, most=30, form=".2f")])
    on_it, within_reach = ([len(each[part]) for each in found] for part in (0, 1))
    if least_layers:
        judged.insert(0, ["least layers that hold something", *common.judged(min(within_reach), least=least_layers, form="d")])
    common.table(f"Constraint report on {REPORT_HA} ha, {len(questions)} {title}, each asked once; layers (least / median) on the land "
                 f"{least_and_median(on_it)}, on it or within reach {least_and_median(within_reach)}; the first {first.p50:.0f} ms",
                 ["", "asked", "p50 ms", "p99 ms", "longest", "KB"], rows)
    common.table("Against the bar", ["", "", "bar", ""], judged)


def reports(data):
    dice = random.Random("places of reports")
    reports_on(data, "random places", [square(dice, REPORT_HA) for _ in range(REPORT_PLACES)])
    crowded = crowded_places.make(common.RITCHI, data)
    reports_on(crowded, "places where every layer lies", crowded_places.land(REPORT_HA, REPORT_PLACES), REPORT_LAYERS)


def main():
    region, million = sys.argv[1:3]
    beside_postgis(region)
    criteria_on(region, "Scale 1", 10, QUESTIONS)
    reports(region)
    if million != "-":
        criteria_on(million, "A hundred seeds of sites in one region, all else once", 200, QUESTIONS // 3)


if __name__ == "__main__":
    main()
