"""Facts of sites through the program: against GDAL's and PROJ's own measures, kept up to date, checked and mended."""
import json
import pathlib
import struct
import subprocess

import pytest

from conftest import ROOT, binary

pyproj = pytest.importorskip("pyproj", reason="distances are compared with PROJ's own (python3-pyproj)")
ogr = pytest.importorskip("osgeo.ogr", reason="areas are compared with GDAL's own (python3-gdal)")
ogr.UseExceptions()
GEOD = pyproj.Geod(ellps="GRS80")


def run(*arguments):
    return subprocess.run([str(binary()), *map(str, arguments)], capture_output=True, text=True, timeout=600)


class Facts:
    """A file of facts read by its documented layout."""

    def __init__(self, file):
        data = file.read_bytes()
        head = struct.unpack_from("<8sII64s64s9Q", data)
        assert head[0] == b"RITCHIFA" and head[13] == len(data)
        rows, ids, *_, directory, size, _ = head[5:]
        told = json.loads(data[directory:directory + size])
        self.ids = struct.unpack_from(f"<{rows}q", data, ids)
        self.sources = told["sources"]
        self.columns = {}
        for column in told["columns"]:
            if column["form"] == "number":
                values = struct.unpack_from(f"<{rows}d", data, column["numbers"])
            elif column["form"] == "text":
                words = struct.unpack_from(f"<{rows}I", data, column["texts"])
                values = [None if word == 0xFFFFFFFF else column["words"][word] for word in words]
            else:
                continue
            self.columns[column["name"]] = dict(zip(self.ids, values))


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region")
    assert run("synth", "--region", "15202", "--scale", "0.03", "--seed", "5", "--out", folder / "in").returncode == 0
    done = subprocess.run(["python3", str(ROOT / "tileserver" / "import_manifest.py"), str(binary()), str(folder / "in" / "manifest.json"),
                           str(folder / "data")], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return folder / "data"


def shapes(data, layer, attribute="id", partition="15"):
    done = subprocess.run(["spatialite", "-silent", "-separator", "\t", str(data / layer / f"{partition}.sqlite"),
                           f"SELECT id, {attribute}, AsWKT(geom, 12) FROM {layer};"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    rows = (line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2)
    return [(int(number), value, ogr.CreateGeometryFromWkt(wkt)) for number, value, wkt in rows]


def facts(data):
    return Facts(data / "factory_sites" / "15.facts")


def nearest_km(site, places):
    """Sampled along the site's border: above the distance by less than 1 mm."""
    while site.GetGeometryCount() > 0:
        site = site.GetGeometryRef(0)
    points = site.GetPoints()
    border = [(a[0] + (b[0] - a[0]) * i / 64, a[1] + (b[1] - a[1]) * i / 64) for a, b in zip(points, points[1:] or points) for i in range(65)]
    return min(min(GEOD.inv([lon] * len(border), [lat] * len(border), *map(list, zip(*border)))[2]) for lon, lat in places) / 1000


def test_distances_are_geodesic(region):
    found = facts(region).columns["interchange_km"]
    places = [shape.GetPoint_2D() for _, kind, shape in shapes(region, "interchanges", "kind") if kind != "junction"]
    sites = shapes(region, "factory_sites")
    assert len(sites) == len(found) > 200
    for number, _, shape in sites[::7]:
        inside = any(shape.Contains(ogr.CreateGeometryFromWkt(f"POINT({lon} {lat})")) for lon, lat in places)
        expected = 0 if inside else nearest_km(shape, places)
        assert abs(found[number] - expected) < 1e-3 * expected / 10 + 1e-3, number


def test_shares_are_those_of_the_areas(region):
    found = facts(region).columns["farmland_blue"]
    zones = [shape for _, zone, shape in shapes(region, "farmland_zones", "zone") if zone == "blue"]
    covered = 0
    for number, _, shape in shapes(region, "factory_sites"):
        union = ogr.Geometry(ogr.wkbMultiPolygon)
        for zone in zones:
            if zone.Intersects(shape):
                part = zone.Intersection(shape)
                union = union.Union(part) if part is not None else union
        # A site is so small that degrees stand for metres, but for some parts in a million.
        expected = union.GetArea() / shape.GetArea()
        covered += expected > 0
        assert found[number] == pytest.approx(expected, abs=1e-4), number
    assert covered >= 3


def test_an_import_computes_only_what_it_changes_and_the_same_as_all_anew(region, tmp_path):
    before = (region / "factory_sites" / "15.facts").read_bytes()
    source = tmp_path / "interchanges.geojson"
    listing = json.loads((region.parent / "in" / "interchanges.geojson").read_text("utf-8"))
    listing["features"] = listing["features"][:-1]
    source.write_text(json.dumps(listing), encoding="utf-8")
    done = run("import", "ksj-n06", source, "--data", region, "--partition", "15", "--as-of", "2023-12-31", "--progress", "json")
    assert done.returncode in (0, 3), done.stderr
    (told,) = json.loads(done.stdout)["facts"]
    assert told["layer"] == "factory_sites" and told["columns_computed"] <= 1 and "failure" not in told
    updated = (region / "factory_sites" / "15.facts").read_bytes()
    anew = run("check", "--data", region)
    assert anew.returncode == 0 and "without fitting facts" not in anew.stdout, anew.stderr
    (region / "factory_sites" / "15.facts").unlink()
    mended = run("check", "--data", region, "--rebuild")
    assert mended.returncode == 0 and "facts of" in mended.stdout, mended.stderr
    assert (region / "factory_sites" / "15.facts").read_bytes() == updated
    assert updated != before
    parcels = run("import", "fude", region.parent / "in" / "farmland_parcels.geojsonl", "--data", region, "--partition", "15",
                  "--as-of", "2024-06-02", "--progress", "json")
    assert "facts" not in json.loads(parcels.stdout)  # no fact comes from them


def test_damaged_facts_are_told_and_mended(region):
    file = region / "factory_sites" / "15.facts"
    whole = file.read_bytes()
    content = bytearray(whole)
    content[len(content) // 2] ^= 1
    file.unlink()
    file.write_bytes(content)
    told = run("check", "--data", region)
    assert "15.sqlite: " in told.stderr and "ritchi check --rebuild" in told.stderr
    assert run("check", "--data", region, "--rebuild").returncode == 0
    assert file.read_bytes() == whole


def test_no_fact_comes_from_a_layer_with_hidden_features():
    for file in (ROOT / "styles" / "facts").glob("*.json"):
        for fact in json.loads(file.read_text("utf-8"))["facts"]:
            text = json.dumps(fact)
            for layer in pathlib.Path(ROOT / "styles" / "layers").glob("*.json"):
                if any(each["name"] == "disclosure" for each in json.loads(layer.read_text("utf-8"))["attributes"]):
                    assert f'"layer": "{layer.stem}"' not in text, fact["name"]
            assert "straight-line" in fact["computed"]["en"] or "nearest" not in fact, fact["name"]
