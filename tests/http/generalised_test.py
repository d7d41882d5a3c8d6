"""What features that stand for several say must be true: over all tiles of a zoom the sums are those of the table."""
import collections
import json
import math
import sqlite3

import pytest
from osgeo import ogr

import mvt
from conftest import ROOT
from tiles_test import fetch, layers_of, tiles_over

EXTENT = 4096


def declared(layer):
    return json.loads((ROOT / "styles" / "layers" / f"{layer}.json").read_text(encoding="utf-8"))


def rule_at(layer, zoom):
    """What holds at a zoom: of two entries for one key the later."""
    rule = {}
    for entry in declared(layer)["generalise"]:
        first, last = entry["zooms"]
        if first <= zoom <= last:
            rule.update(entry)
    return rule


def zooms_with(layer, key):
    content = declared(layer)
    return [zoom for zoom in range(content["minzoom"], content["maxzoom"] + 1) if key in rule_at(layer, zoom)]


def class_bounds(breaks):
    """The name of each class with its first and last year, as the tiles spell it."""
    yield f"to_{breaks[0] - 1}", -math.inf, breaks[0] - 1
    for first, after in zip(breaks, breaks[1:]):
        yield f"{first}_{after - 1}", first, after - 1
    yield f"from_{breaks[-1]}", breaks[-1], math.inf


def public_rows(data, layer, columns):
    names = {attribute["name"] for attribute in declared(layer)["attributes"]}
    condition = "disclosure = 'public'" if "disclosure" in names else "1"
    for file in sorted((data / layer).glob("*.sqlite")):
        with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as base:
            base.row_factory = sqlite3.Row
            wanted = ", ".join(columns) or "1"
            yield from base.execute(f"SELECT {wanted} FROM {layer} WHERE geom IS NOT NULL AND {condition}")


def own_points(server, layer, zoom):
    """Properties of the points in each tile's own square: every cluster and every single feature once."""
    connection = server.connect()
    for key in tiles_over(server.json(f"/xyz/{layer}.json")["bounds"], zoom):
        for _, kind, points, properties in mvt.decode(fetch(server, layer, *key, connection=connection)).get(layer, []):
            assert kind == mvt.POINT
            if all(0 <= x < EXTENT and 0 <= y < EXTENT for x, y in points):
                yield properties


def total(values):
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


CLUSTERED = [(layer, zoom) for layer in ("investments", "water_pipes", "water_facilities") for zoom in zooms_with(layer, "cluster")]


@pytest.mark.parametrize("layer,zoom", CLUSTERED)
def test_clusters_and_single_features_together_are_the_table(server, data, layer, zoom):
    cluster = rule_at(layer, zoom)["cluster"]
    classes = cluster.get("classes")
    columns = sorted({*cluster.get("sum", []), *cluster.get("min", []), *cluster.get("max", []),
                      *([classes["attribute"]] if classes else [])})
    rows = list(public_rows(data, layer, columns))
    shown = list(own_points(server, layer, zoom))
    assert any("_count" in properties for properties in shown), "the test needs clusters"
    assert sum(properties.get("_count", 1) for properties in shown) == len(rows)

    def of(properties, attribute, way):
        return properties.get(f"{attribute}_{way}" if "_count" in properties else attribute)

    for attribute in cluster.get("sum", []):
        assert total(of(p, attribute, "sum") for p in shown) == pytest.approx(total(row[attribute] for row in rows), rel=1e-12)
    for way, choose in (("min", min), ("max", max)):
        for attribute in cluster.get(way, []):
            seen = [value for p in shown if (value := of(p, attribute, way)) is not None]
            assert choose(seen) == choose(row[attribute] for row in rows if row[attribute] is not None)
    if not classes:
        return
    by, known = classes["attribute"], 0
    bounds = [*class_bounds(classes["breaks"]), ("unknown", None, None)]
    for attribute in cluster["sum"]:
        for name, first, last in bounds:
            def belongs(year):
                return year is None if first is None else year is not None and first <= year <= last
            seen = total(p.get(f"{attribute}_sum_{name}") if "_count" in p else p.get(attribute) if belongs(p.get(by)) else None
                         for p in shown)
            expected = total(row[attribute] for row in rows if belongs(row[by]))
            assert seen == (None if expected is None else pytest.approx(expected, rel=1e-12)), (attribute, name)
            known += expected is not None
    assert known > 5, "the test needs pipes of several classes"


def square(ring):
    (x0, y0), (x1, y1) = map(min, zip(*ring)), map(max, zip(*ring))
    return (x1 - x0) * (y1 - y0)


def tiny_parcels(data, zoom, least, by):
    """{tile: {class: [area in tile units, rows, area_m2]}} of the parcels below `least`, each where its middle lies."""
    scale = EXTENT << zoom

    def project(lon, lat):
        y = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
        return (lon + 180) / 360 * scale, y * scale

    out = collections.defaultdict(lambda: collections.defaultdict(lambda: [0.0, 0, 0.0]))
    for file in sorted((data / "farmland_parcels").glob("*.sqlite")):
        source = ogr.Open(str(file))
        for feature in source.GetLayerByName("farmland_parcels"):
            geometry = feature.GetGeometryRef()
            area, xs, ys = 0.0, [], []
            for polygon in geometry if geometry.GetGeometryName() == "MULTIPOLYGON" else [geometry]:
                for number, ring in enumerate(polygon):
                    points = [project(*point[:2]) for point in ring.GetPoints()]
                    area += (-1 if number else 1) * abs(mvt.area_of([(x - points[0][0], y - points[0][1]) for x, y in points])) / 2
                    xs += [x for x, _ in points]
                    ys += [y for _, y in points]
            if area >= least:
                continue
            key = (zoom, int((min(xs) + max(xs)) / 2 / EXTENT), int((min(ys) + max(ys)) / 2 / EXTENT))
            entry = out[key][tuple(feature.GetField(name) for name in by)]
            entry[0] += area
            entry[1] += 1
            entry[2] += feature.GetField("area_m2")
    return out


@pytest.mark.parametrize("zoom", zooms_with("farmland_parcels", "merge"))
def test_squares_have_the_area_of_the_parcels_that_they_stand_for(server, data, zoom):
    rule = rule_at("farmland_parcels", zoom)
    least, by = rule["smallest_area"], rule["merge"]["by"]
    expected = tiny_parcels(data, zoom, least, by)
    assert sum(entry[1] for tile in expected.values() for entry in tile.values()) > 1000, "the test needs tiny parcels"
    for key, classes in expected.items():
        answer = server.ask("/xyz/farmland_parcels/{}/{}/{}.pbf".format(*key))
        dropped = int((answer.getheader("Ritchi-Dropped") or "=0").split("=")[1])
        shown = collections.defaultdict(lambda: [0.0, 0, 0.0])
        for _, _, rings, properties in mvt.decode(answer.body).get("farmland_parcels", []):
            if "_count" not in properties:
                continue
            entry = shown[tuple(properties.get(name) for name in by)]
            entry[0] += square(rings[0])
            entry[1] += properties["_count"]
            entry[2] += properties["area_m2_sum"]
        assert set(shown) <= set(classes)
        assert sum(entry[1] for entry in shown.values()) + dropped == sum(entry[1] for entry in classes.values())
        for name, (area, count, area_m2) in classes.items():
            assert abs(shown[name][0] - area) <= least, (key, name)
            if shown[name][1] == count:
                assert shown[name][2] == pytest.approx(area_m2, rel=1e-12)


def test_tilejson_names_every_key_of_every_tile(server):
    names = layers_of(server)
    fields = {layer["id"]: set(layer["fields"]) for layer in server.json(f"/xyz/{names}.json")["vector_layers"]}
    described = json.loads(server.json(f"/xyz/{names}/metadata.json")["json"])["vector_layers"]
    assert {layer["id"]: set(layer["fields"]) for layer in described} == fields
    seen = collections.defaultdict(set)
    connection = server.connect()
    for zoom in range(4, 15):
        wanted = tiles_over(server.json(f"/xyz/{names}.json")["bounds"], zoom)
        for key in wanted[::max(1, len(wanted) // 60)]:
            for layer, features in mvt.decode(fetch(server, names, *key, connection=connection)).items():
                for feature in features:
                    seen[layer] |= set(feature[3])
    for layer, keys in seen.items():
        assert keys <= fields[layer], (layer, keys - fields[layer])
    assert {"_count", "length_m_sum", "length_m_sum_unknown"} <= seen["water_pipes"]


@pytest.mark.parametrize("language,words", [("ja", "総事業費の合計"), ("en", "sum of 'Total amount'")])
def test_tilejson_tells_what_aggregates_are(server, language, words):
    def fields(layer):
        answer = server.json(f"/xyz/{layer}.json", {"Accept-Language": language})
        return answer["vector_layers"][0]["fields"]

    invested = fields("investments")
    assert invested["amount_jpy_sum"] == f"Number: {words} [JPY]"
    assert {"_count", "_dropped", "amount_jpy_min", "amount_jpy_max", "jobs_sum"} <= set(invested)
    assert all(invested[name].startswith("Number") for name in ("_count", "_dropped", "amount_jpy_min", "jobs_sum"))
    pipes = fields("water_pipes")
    breaks = rule_at("water_pipes", 6)["cluster"]["classes"]["breaks"]
    assert {f"length_m_sum_{name}" for name, _, _ in class_bounds(breaks)} <= set(pipes)
    # Nothing of factory sites is aggregated, but a crowded tile may leave some out.
    assert "_dropped" in fields("factory_sites") and not any(
        name == "_count" or name.endswith("_sum") for name in fields("factory_sites"))


def names_asked_for(expression):
    if isinstance(expression, list):
        if len(expression) == 2 and expression[0] in ("get", "has") and isinstance(expression[1], str):
            yield expression[1]
        for part in expression:
            yield from names_asked_for(part)
    elif isinstance(expression, dict):
        for part in expression.values():
            yield from names_asked_for(part)


def test_the_map_style_asks_for_keys_that_tiles_have(server):
    fields = {layer: set(server.json(f"/xyz/{layer}.json")["vector_layers"][0]["fields"]) for layer in layers_of(server).split(",")}
    asked = 0
    for layer in server.json("/styles/ritchi")["layers"]:
        for name in names_asked_for(layer):
            assert name in fields[layer["source-layer"]], (layer["id"], name)
            asked += 1
    assert asked > 100


def test_the_style_counts_every_class_of_age_as_old_in_its_year(server):
    """Past the service life of 40 years: each class that ends 40 years before the fiscal year or earlier."""
    breaks = rule_at("water_pipes", 6)["cluster"]["classes"]["breaks"]
    (style,) = [layer for layer in server.json("/styles/ritchi")["layers"] if layer["id"] == "water_pipes-cluster"]
    asked = {}

    def walk(expression):
        if isinstance(expression, list):
            if expression[0] == "case" and isinstance(expression[1], list) and expression[1][0] == "<=":
                asked[expression[2][1][1]] = expression[1][1]
            for part in expression:
                walk(part)

    walk(style["paint"]["circle-color"])
    assert asked == {f"length_m_sum_{name}": last for name, _, last in class_bounds(breaks) if last < math.inf}
