"""What a tile must be, over all tiles of the synthetic region: valid, complete, stable, the same again."""
import collections
import math
import sqlite3

import pytest
from osgeo import gdal, ogr

import mvt
from conftest import import_all

gdal.UseExceptions()


def tile_of(lon, lat, zoom):
    size = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * size), int(y * size)


def tiles_over(bounds, zoom):
    west, south, east, north = bounds
    left, top = tile_of(west, north, zoom)
    right, bottom = tile_of(east, south, zoom)
    return [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def fetch(server, layers, zoom, x, y, connection=None):
    answer = server.ask(f"/xyz/{layers}/{zoom}/{x}/{y}.pbf", connection=connection)
    assert answer.status in (200, 204), answer.body
    assert (answer.status == 204) == (len(answer.body) == 0)
    return answer.body


def layers_of(server):
    return ",".join(layer["id"] for layer in server.json("/layers.json")["layers"])


@pytest.fixture(scope="session", params=["server", "real_server", "shapes_server"])
def pyramid(request):
    """Tiles of all layers together, at every zoom, spread over each layer's extent: synthetic, real, random."""
    server = request.getfixturevalue(request.param)
    names = layers_of(server)
    connection = server.connect()
    tiles = {}
    for layer in server.json("/layers.json")["layers"]:
        for zoom in range(15):
            wanted = tiles_over(layer["bounds"], zoom)
            for key in wanted[::max(1, len(wanted) // 40)]:
                if key not in tiles and (body := fetch(server, names, *key, connection=connection)):
                    tiles[key] = body
    assert len(tiles) > 200
    return tiles


def test_every_tile_keeps_the_specification(pyramid):
    kinds = collections.Counter()
    for key, body in pyramid.items():
        for name, features in mvt.decode(body).items():
            # A feature that stands for several has no id of its own.
            ids = [feature[0] for feature in features if "_count" not in feature[3]]
            assert all(feature[0] is None for feature in features if "_count" in feature[3])
            assert len(set(ids)) == len(ids), f"{name} {key}: an id twice"
            for number, kind, geometry, properties in features:
                assert number is None or 0 < number < 1 << 53
                assert all(value is not None and value != "" for value in properties.values()), (name, key, properties)
                kinds[kind] += 1
                points = geometry if kind == mvt.POINT else [p for path in geometry for p in path]
                assert all(-64 <= x <= 4160 and -64 <= y <= 4160 for x, y in points), (name, key, number)
                if kind == mvt.POLYGON:
                    assert mvt.area_of(geometry[0]) > 0, f"{name} {key} {number}: the first ring is no shell"
                    assert all(mvt.area_of(ring) != 0 for ring in geometry), f"{name} {key} {number}: ring without area"
    assert min(kinds[kind] for kind in (mvt.POINT, mvt.LINE, mvt.POLYGON)) > 20


def test_gdal_reads_every_tile_and_every_polygon_is_valid(pyramid):
    polygons = 0
    for (zoom, x, y), body in pyramid.items():
        name = f"/vsimem/{zoom}-{x}-{y}.pbf"
        gdal.FileFromMemBuffer(name, body)
        dataset = gdal.OpenEx(name, gdal.OF_VECTOR, open_options=["CLIP=NO"])
        decoded = mvt.decode(body)
        assert dataset.GetLayerCount() == len(decoded)
        for layer in (dataset.GetLayer(i) for i in range(dataset.GetLayerCount())):
            assert layer.GetFeatureCount() == len(decoded[layer.GetName()])
            for feature in layer:
                geometry = feature.GetGeometryRef()
                assert geometry is not None and not geometry.IsEmpty()
                if ogr.GT_Flatten(geometry.GetGeometryType()) in (ogr.wkbPolygon, ogr.wkbMultiPolygon):
                    polygons += 1
                    assert geometry.IsValid(), f"{layer.GetName()} {zoom}/{x}/{y} {feature.GetFID()}: {geometry.ExportToWkt()}"
        gdal.Unlink(name)
    assert polygons > 200


def test_ids_mean_the_same_feature_in_every_tile_and_zoom(pyramid):
    known = collections.defaultdict(dict)
    of_zoom = {}
    for (zoom, _, _), body in pyramid.items():
        for name, features in mvt.decode(body).items():
            for number, _, _, properties in features:
                properties.pop("_dropped", None)  # tells of the tile, not of the feature
                if number is None:
                    continue
                assert of_zoom.setdefault((name, number, zoom), properties) == properties
                # Low zooms show fewer attributes, but no other values.
                for key, value in properties.items():
                    assert known[name, number].setdefault(key, value) == value
    names = {}
    for (layer, number), properties in known.items():
        assert names.setdefault((layer, properties.get("source_id", str(number))), number) == number


def stored_ids(data, layer, condition="1"):
    out = set()
    for file in sorted((data / layer).glob("*.sqlite")):
        with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as base:
            out |= {row[0] for row in base.execute(f"SELECT id FROM {layer} WHERE geom IS NOT NULL AND {condition}")}
    return out


@pytest.mark.parametrize("layer,zooms", [("factory_sites", (6, 9, 12)), ("investments", (11, 12, 13))])
def test_only_public_features_and_all_of_them(server, data, layer, zooms):
    bounds = server.json(f"/xyz/{layer}.json")["bounds"]
    connection = server.connect()
    for zoom in zooms:
        seen = {f[0] for key in tiles_over(bounds, zoom)
                for f in mvt.decode(fetch(server, layer, *key, connection=connection)).get(layer, [])}
        assert seen == stored_ids(data, layer, "disclosure = 'public'")
    assert stored_ids(data, layer, "disclosure IS NOT 'public'"), "the test needs hidden rows"


@pytest.mark.parametrize("layer,zoom", [("farmland_parcels", 14), ("water_pipes", 14), ("farmland_zones", 12),
                                        ("municipalities", 9), ("interchanges", 10)])
def test_no_feature_is_lost(server, data, layer, zoom):
    bounds = server.json(f"/xyz/{layer}.json")["bounds"]
    connection = server.connect()
    seen = set()
    for key in tiles_over(bounds, zoom):
        seen |= {f[0] for f in mvt.decode(fetch(server, layer, *key, connection=connection)).get(layer, [])}
    assert seen == stored_ids(data, layer)


def test_points_stand_in_exactly_one_tile_but_for_buffers(server):
    bounds = server.json("/xyz/interchanges.json")["bounds"]
    inside = collections.Counter()
    for key in tiles_over(bounds, 12):
        for number, _, points, _ in mvt.decode(fetch(server, "interchanges", *key)).get("interchanges", []):
            inside[number] += sum(0 <= x < 4096 and 0 <= y < 4096 for x, y in points)
    assert inside and set(inside.values()) == {1}


def test_neighbours_agree_about_what_crosses_their_border(server):
    """A parcel seen in both buffers has the same vertices in both, shifted by one tile."""
    bounds = server.json("/xyz/farmland_parcels.json")["bounds"]
    compared = 0
    tiles = {key: mvt.decode(fetch(server, "farmland_parcels", *key)).get("farmland_parcels", [])
             for key in tiles_over(bounds, 14)}
    for (zoom, x, y), features in tiles.items():
        right = {f[0]: f[2] for f in tiles.get((zoom, x + 1, y), [])}
        for number, _, rings, _ in features:
            if number not in right:
                continue
            strip = {(px, py) for ring in rings for px, py in ring if 4040 < px < 4150 and 0 < py < 4096}
            other = {(px + 4096, py) for ring in right[number] for px, py in ring}
            assert strip & other or not strip, (x, y, number)
            compared += len(strip & other)
    assert compared > 50


def test_the_same_input_gives_the_same_bytes(server, generated, tmp_path, start):
    import_all(generated, tmp_path / "again")
    again = start(tmp_path / "again")
    names = layers_of(server)
    assert layers_of(again) == names
    compared = 0
    for zoom in (6, 9, 11, 13):
        wanted = tiles_over(server.json(f"/xyz/{names}.json")["bounds"], zoom)
        for key in wanted[::max(1, len(wanted) // 60)]:
            body = fetch(server, names, *key)
            assert fetch(again, names, *key) == body
            compared += len(body) > 0
    assert compared > 50


def test_a_tile_of_several_layers_is_their_concatenation(server):
    names = layers_of(server)
    key = tile_of(138.85, 37.45, 11)
    whole = fetch(server, names, 11, *key)
    assert whole and b"".join(fetch(server, layer, 11, *key) for layer in names.split(",")) == whole


def test_names_survive_from_file_to_tile(shapes_server):
    x, y = tile_of(138.5, 37.5, 8)
    spots = mvt.decode(fetch(shapes_server, "spots", 8, x, y))["spots"]
    assert spots and all(properties["name"] == f"㈱𠮷野 {number - 1} ｶﾅ" for number, _, _, properties in spots)
