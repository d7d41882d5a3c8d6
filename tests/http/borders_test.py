"""Neighbours that share borders have neither gap nor overlap in any served tile, by exact areas on its grid."""
import math

import pytest
from osgeo import ogr

import mvt
from tiles_test import fetch, tiles_over

ogr.UseExceptions()
GRID = 4096 + 2 * 64


def ring_of(points):
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in [*points, points[0]]:
        ring.AddPoint_2D(x, y)
    return ring


def polygons_in(rings):
    """A feature's polygons: each ring of positive area begins one, and its holes follow."""
    out = []
    for ring in rings:
        if mvt.area_of(ring) > 0:
            out.append(ogr.Geometry(ogr.wkbPolygon))
        out[-1].AddGeometry(ring_of(ring))
    return out


def united(polygons):
    every = ogr.Geometry(ogr.wkbMultiPolygon)
    for polygon in polygons:
        every.AddGeometry(polygon)
    return every.UnionCascaded()


def stored_union(data, layer):
    """Of the open rows, by GDAL's own reading of the dataset."""
    polygons = []
    for path in (data / layer).glob("*.sqlite"):
        source = ogr.Open(str(path))
        for feature in source.GetLayerByName(layer):
            shape = feature.GetGeometryRef()
            polygons += [shape.GetGeometryRef(i).Clone() for i in range(shape.GetGeometryCount())]
    return united(polygons)


def box_of(key, margin):
    zoom, x, y = key
    size = 1 << zoom

    def lat(v):
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * v / size))))
    west, east = (x - margin) / size * 360 - 180, (x + 1 + margin) / size * 360 - 180
    return west, lat(y + 1 + margin), east, lat(y - margin)


def rectangle(west, south, east, north):
    box = ogr.Geometry(ogr.wkbPolygon)
    box.AddGeometry(ring_of([(west, south), (east, south), (east, north), (west, north)]))
    return box


def is_remainder(rings):
    """What reaches less than a unit into a tile's buffer stays visible as a triangle one unit wide at its edge."""
    points = [point for ring in rings for point in ring]
    return any(all(abs(point[axis] - edge) <= 1 for point in points) for axis in (0, 1) for edge in (-64, 4160))


@pytest.mark.parametrize("layer", ["municipalities", "zoning"])
def test_neither_gap_nor_overlap(server, data, layer):
    bounds = server.json(f"/xyz/{layer}.json")["bounds"]
    whole = stored_union(data, layer)
    connection = server.connect()
    compared, covered = 0, 0
    for zoom in range(6, 15):
        wanted = tiles_over(bounds, zoom)
        for key in wanted[::max(1, len(wanted) // 60)]:
            body = fetch(server, layer, *key, connection=connection)
            features = mvt.decode(body).get(layer, []) if body else []
            rings = [feature[2] for feature in features if not is_remainder(feature[2])]
            area = sum(mvt.area_of(ring) for shape in rings for ring in shape) / 2
            if features:
                together = united([polygon for shape in rings for polygon in polygons_in(shape)]).GetArea()
                assert together == area, f"{key}: {area - together} square units are there twice"
                compared += len(features) > 1
            if whole.Contains(rectangle(*box_of(key, 0.02))):
                assert area == GRID * GRID, f"{key}: {GRID * GRID - area} square units are nobody's"
                covered += 1
    assert compared > 20 and (covered > 10 or layer == "zoning"), (compared, covered)
