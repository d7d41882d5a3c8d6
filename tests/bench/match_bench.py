"""Matching in the running server: twelve criteria of all kinds, and the site search of planners beside PostGIS.

match_bench.py DATA; DATA is made where it is not there (tests/support/matched_region.py, RITCHI_BENCH_SCALE)."""
import pathlib
import random
import statistics
import sys

import common
from site_search_peer import AROUND_M, LEAST_HA, PIPE_WITHIN_M, SiteSearch
from support import matched_region
from support.server import Asker

ASKED, POINTS, LIMIT = 500, 30, 100


def twelve(dice):
    """Thresholds, ideals and the points to be near to or away from change with every question, so nothing but the
    distances to layers is known from the one before."""
    lon, lat = round(dice.uniform(138.6, 139.1), 5), round(dice.uniform(37.2, 37.6), 5)
    soft = {"required": False}
    return [{"fact": "area_ha", "min": round(dice.uniform(0.3, 1), 3), "ideal": round(dice.uniform(3, 8), 3), "weight": 2},
            {"fact": "price_jpy_per_m2", "max": dice.randint(15000, 40000)} | soft,
            {"fact": "use_district", "in": ["industrial", "exclusive_industrial", "quasi_industrial"]} | soft,
            {"constraint": "farmland_blue", "max_share": round(dice.uniform(0, 0.5), 3)},
            {"constraint": "promotion_zone", "min_share": 0.1} | soft,
            {"fact": "flood_depth_m", "max": dice.choice([0.5, 3])} | soft,
            {"fact": "water_pipe_age_years", "max": dice.randint(30, 60)} | soft,
            {"fact": "spare_m3_per_day", "min": dice.randint(100, 5000), "ideal": 20000} | soft,
            {"near": {"layer": "stations", "max_km": dice.randint(9, 15)}, "ideal_km": 0} | soft,
            {"near": {"layer": "water_pipes", "filter": "use = 'industrial'", "max_km": dice.randint(5, 8)}, "ideal_km": 1} | soft,
            {"near": {"point": [lon, lat], "max_km": dice.randint(20, 60)}},
            {"away_from": {"point": [lon, lat]}, "min_km": dice.randint(1, 5), "outside_same": ["flood_rivers"]} | soft]


def search(point):
    return [{"fact": "area_ha", "min": LEAST_HA}, {"near": {"point": list(point), "max_km": AROUND_M / 1000}},
            {"constraint": "farmland_blue", "max_share": 0},
            {"near": {"layer": "water_pipes", "max_km": PIPE_WITHIN_M / 1000}}]


def matched(asker, criteria, limit=LIMIT):
    return asker.ask("match-sites", {"criteria": criteria, "unknown": "drop", "limit": limit}, "geojson")


def main():
    data = pathlib.Path(sys.argv[1])
    if not data.is_dir():
        matched_region.make(common.RITCHI, data, 1, float(common.SCALE))
    dice = random.Random(5)
    points = [(round(dice.uniform(138.6, 139.1), 5), round(dice.uniform(37.2, 37.6), 5)) for _ in range(POINTS)]
    with SiteSearch(data) as peer, common.Server(data) as server:
        asker = Asker(server.url)
        first_ms, answer = common.timed_ms(lambda: matched(asker, twelve(dice)))
        before = server.cpu_s()
        times = [common.timed_ms(lambda: asker.post("match-sites", {"criteria": twelve(dice), "limit": LIMIT}, "geojson"))[0]
                 for _ in range(ASKED)]
        cpu_ms = (server.cpu_s() - before) * 1000 / ASKED
        rows = [["sites", answer["funnel"]["total"], "", ""], ["first question, ms", f"{first_ms:.0f}", "", ""],
                ["p50 ms", f"{statistics.median(times):.2f}", "", ""],
                ["p99 ms", *common.judged(common.percentile(times, 0.99), most=10)], ["server's processor, ms", f"{cpu_ms:.2f}", "", ""]]
        common.table(f"Twelve criteria, {LIMIT} sites returned, one connection", ["", "measured", "bar", ""], rows)

        matched(asker, search(points[0]))
        ours = [common.timed_ms(lambda: asker.post("match-sites", {"criteria": search(point), "unknown": "drop",
                                                                   "limit": LIMIT}, "geojson"))[0] for point in points]
        found = [{each["id"] for each in matched(asker, search(point), 10_000)["features"]} for point in points]
        peer.search("planar", points)
        theirs = peer.search("planar", points)
        differ = sum(len(mine ^ their) for mine, (_, their) in zip(found, theirs))
        p50 = statistics.median(ours), statistics.median(took for took, _ in theirs)
        common.table("Site search: 0.9 ha, 20 km of a point, no blue farmland, a pipe within 2 km",
                     ["", "p50 ms", "p99 ms", "sites"],
                     [["Ritchi", f"{p50[0]:.2f}", f"{common.percentile(ours, 0.99):.2f}", sum(map(len, found))],
                      ["PostGIS, planar", f"{p50[1]:.2f}", f"{common.percentile([took for took, _ in theirs], 0.99):.2f}",
                       sum(len(their) for _, their in theirs)]])
        common.table("Beside PostGIS", ["", "measured", "bar", ""],
                     [["times as fast", *common.judged(p50[1] / p50[0], least=50, form=".0f")],
                      ["sites that only one of the two finds", differ, "planar beside geodesic", ""]])


if __name__ == "__main__":
    main()
