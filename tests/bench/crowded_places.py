"""Places where everything that a constraint report looks into holds something: a copy of a region with datasets of its own laid
over a few of them, and pieces of land there."""
import json
import math
import pathlib
import random
import shutil

from support import matched_region

PARTITION = "crowded"
PLACES = 10
SPREAD_M = 500  # land is asked about as far from the middle of a place as this
PARCEL_M = 40
DAY = "2026-04-01"


def middles():
    """Of the places, well inside of the region and far enough apart."""
    dice = random.Random("crowded places")
    return [(138.58 + number % 5 * 0.13 + dice.uniform(0, 0.02), 37.25 + number // 5 * 0.2 + dice.uniform(0, 0.02))
            for number in range(PLACES)]


def moved(lon, lat, east_m, north_m):
    return (lon + east_m / matched_region.M_PER_DEGREE / math.cos(math.radians(lat)), lat + north_m / matched_region.M_PER_DEGREE)


def outline(dice, middle, radius_m, corners):
    """Round with bays and a ragged edge, as what nature draws; never crosses itself."""
    bends = [(dice.randint(2, 4), dice.uniform(0.1, 0.25)), (dice.randint(5, 9), dice.uniform(0.03, 0.1))]
    phases = [dice.uniform(0, 2 * math.pi) for _ in bends]
    points = []
    for number in range(corners):
        angle = number / corners * 2 * math.pi
        far = radius_m * (1 + sum(size * math.sin(waves * angle + phase) for (waves, size), phase in zip(bends, phases)))
        far *= dice.uniform(0.98, 1.02)
        points.append([round(each, 9) for each in moved(*middle, far * math.cos(angle), far * math.sin(angle))])
    return points + points[:1]


def around(dice, middle, off_m, least_m, most_m, corners):
    centre = moved(*middle, dice.uniform(-off_m, off_m), dice.uniform(-off_m, off_m))
    return {"type": "Polygon", "coordinates": [outline(dice, centre, dice.uniform(least_m, most_m), corners)]}


def of_region(draw):
    """What the region's own records of a layer say, with another shape."""
    return lambda dice, number: draw(dice, number)[1]


def zoning(dice, number):
    return {"A29_001": "15202", "A29_004": str(dice.randint(1, 12)), "A29_006": 60, "A29_007": 200}


def farmland_zone(dice, number):
    return {"PREFEC_CD": "15", "AREA_CD": f"{number:04}", "CTV_NAME": "長岡市", "LAYER_NO": dice.choice(["05", "06"]),
            "OBJ_NAME": f"農業地域{number}"}


# layer: profile, what a record says, how many at each place, how far their middles are off, least and most radius, corners
OVER = {
    "zoning": ("ksj-a29", zoning, 12, 1500, 500, 1800, 60),
    "city_planning": ("ksj-a09", of_region(matched_region.divided), 2, 1000, 2200, 4000, 300),
    "farmland_zones": ("ksj-a12", farmland_zone, 8, 1500, 700, 2200, 120),
    "forest_areas": ("ksj-a13", of_region(matched_region.forest), 4, 1500, 1200, 2500, 200),
    "flood_depth": ("flood-depth", of_region(matched_region.flood), 12, 1500, 900, 2500, 400),
    "soil_contamination": ("soil-contamination", of_region(matched_region.soil), 40, 900, 60, 300, 24),
    "protected_areas": ("protected-areas", of_region(matched_region.protected), 3, 1000, 1800, 3500, 300),
    "promotion_zones": ("promotion-zones", of_region(matched_region.promotion), 3, 1000, 1800, 3500, 200),
}


def parcels(middle, first):
    half = round((SPREAD_M + 400) / PARCEL_M)
    for number, (row, column) in enumerate((r, c) for r in range(-half, half) for c in range(-half, half)):
        corners = [moved(*middle, (column + x) * PARCEL_M, (row + y) * PARCEL_M)
                   for x, y in ((0, 0), (0.95, 0.02), (0.97, 0.96), (0.01, 0.94))]
        yield {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [corners + corners[:1]]},
               "properties": {"polygon_uuid": f"crowded-{first + number}", "land_type": 100 + number % 2 * 100, "issue_year": 2024,
                              "edit_year": 2020, "local_government_cd": "152021", "synthetic": 1}}


def put(binary, folder, data, layer, profile, features):
    file = folder / f"{layer}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
    matched_region.done([binary, "import", profile, file, "--data", data, "--partition", PARTITION, "--covers", "15",
                         "--as-of", "2025-03-31", "--progress", "none"])


def make(binary, region):
    """A copy of the region's data with more over the places; what the region itself is asked stays as it was."""
    region = pathlib.Path(region)
    data, sources = (region.with_name(f"{region.name}.crowded{ending}") for ending in ("", ".source"))
    for old in (data, sources):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(region, data)
    sources.mkdir()
    for layer, (profile, record, count, off_m, least_m, most_m, corners) in OVER.items():
        dice = random.Random(f"crowded {layer}")
        numbered = [(10_000 + place * count + each, middle) for place, middle in enumerate(middles()) for each in range(count)]
        put(binary, sources, data, layer, profile, [
            {"type": "Feature", "properties": record(dice, number) | {"synthetic": 1},
             "geometry": around(dice, middle, off_m, least_m, most_m, corners)} for number, middle in numbered])
    put(binary, sources, data, "farmland_parcels", "fude",
        [parcel for place, middle in enumerate(middles()) for parcel in parcels(middle, place * 100_000)])
    return data


def land(hectares, count):
    """Polygons of about that size, in turn at each of the places."""
    dice = random.Random("land at crowded places")
    half = math.sqrt(hectares * 10_000 / math.pi)
    return [around(dice, middles()[number % PLACES], SPREAD_M, half, half, 24) for number in range(count)]


def layers_found(report):
    """Of a report's answer: the layers of which something lies on the land, and those too of which something is within reach."""
    near = {each["layer"]: each["distance_m"] for each in report["nearest"] if each["distance_m"] is not None}
    on_it = {each["layer"] for each in report["layers"] if each["count"] > 0}
    on_it |= {layer for layer, metres in near.items() if metres == 0}
    if report["municipalities"]:
        on_it.add("municipalities")
    return on_it, on_it | set(near)
