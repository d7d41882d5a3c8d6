"""Areas of the constraint report, feature by feature and united, against PostGIS on the same rows and polygons."""
import json
import math
import pathlib
import random
import subprocess
import sys

import pytest

from conftest import REAL, RITCHI, run

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.postgis_cluster import Cluster, newest_programs  # noqa: E402

LAYERS = {"farmland_zones": ("15",), "farmland_parcels": ("15",), "zoning": ("14",), "city_planning": ("14",)}


def programs_or_skip():
    try:
        newest_programs()
    except SystemExit as missing:
        pytest.skip(str(missing))
    pytest.importorskip("psycopg2")


@pytest.fixture(scope="module")
def mixed_data(generated, tmp_path_factory):
    """The synthetic region, and Kawasaki's zones where the real files are at hand."""
    folder = tmp_path_factory.mktemp("areas")
    manifest = json.loads((generated / "manifest.json").read_text(encoding="utf-8"))
    for step in manifest["imports"]:
        if step["layer"] in LAYERS or step["layer"] == "municipalities":
            done = run("import", step["profile"], *[generated / name for name in step["files"]], "--data", folder,
                       *step.get("options", []), "--progress", "none")
            assert done.returncode in (0, 3), done.stderr
    if REAL.is_dir():
        done = run("import", "plateau-urf", *sorted((REAL / "zoning-kawasaki").glob("*.gml")), "--data", folder, "--progress", "none")
        assert done.returncode in (0, 3), done.stderr
    return folder


@pytest.fixture(scope="module")
def peer(mixed_data):
    programs_or_skip()
    with Cluster(shared_buffers="256MB", maintenance_work_mem="64MB") as cluster:
        for layer in LAYERS:
            for file in sorted((mixed_data / layer).glob("*.sqlite")):
                cluster.load_file(file, layer, layer)
            if (mixed_data / layer).is_dir():
                cluster.sql(f"CREATE INDEX ON {layer} USING gist (geom)")
        yield cluster.connect()


def star(dice, x, y, metres, corners):
    """A simple, often concave polygon."""
    ring = []
    for n in range(corners):
        angle, r = 2 * math.pi * n / corners, metres * dice.uniform(0.3, 1)
        ring.append([x + r * math.cos(angle) / (111320 * math.cos(math.radians(y))), y + r * math.sin(angle) / 110950])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def ask(data, polygon, folder):
    question = folder / "question.json"
    question.write_text(json.dumps({"polygon": polygon, "as_of": "2100-01-01"}), encoding="utf-8")
    done = subprocess.run([str(RITCHI), "analyse", "constraint-report", str(question), "--data", str(data)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def agree(ours, theirs):
    """0.1 % or 1 m², whichever is more."""
    return abs(ours - theirs) <= max(1, 0.001 * theirs)


PARTS = """SELECT id, ST_Area(part::geography), ST_AsBinary(part) FROM (
  SELECT id, ST_CollectionExtract(ST_Intersection(geom, {polygon}), 3) AS part FROM {layer} WHERE geom && {polygon}) AS cut
  WHERE NOT ST_IsEmpty(part) AND ST_Area(part::geography) > 0.2"""
UNITED = """SELECT coalesce(ST_Area(ST_Union(ST_CollectionExtract(ST_Intersection(geom, {polygon}), 3))::geography), 0)
  FROM {layer} WHERE geom && {polygon}"""


def test_areas_are_those_of_postgis(mixed_data, peer, tmp_path):
    dice = random.Random(11)
    cursor = peer.cursor()
    compared = {layer: 0 for layer in LAYERS}
    for number in range(60):
        layer = list(LAYERS)[number % len(LAYERS)]
        if not (mixed_data / layer).is_dir():
            continue
        cursor.execute(f"SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM {layer} ORDER BY md5(id::text || %s) LIMIT 1) AS one",
                       (str(number),))
        x, y = cursor.fetchone()
        polygon = star(dice, x, y, dice.choice([60, 200, 450]), dice.randint(3, 40))
        wkt = "SRID=6668;POLYGON((" + ",".join(f"{lon!r} {lat!r}" for lon, lat in polygon["coordinates"][0]) + "))"
        report = ask(mixed_data, polygon, tmp_path)
        cursor.execute("SELECT ST_Area(%s::geometry::geography)", (wkt,))
        assert agree(report["area_m2"], cursor.fetchone()[0])
        for found in report["layers"]:
            if not (mixed_data / found["layer"]).is_dir():
                continue
            words = {"layer": found["layer"], "polygon": "%(wkt)s::geometry"}
            cursor.execute(PARTS.format(**words), {"wkt": wkt})
            theirs = {row[0]: row[1] for row in cursor.fetchall()}
            assert found["count"] <= 500, "too large a polygon for this comparison"
            ours = {part["id"]: part["area_m2"] for part in found["overlaps"] if part["area_m2"] > 0.2}
            for feature in theirs.keys() | ours.keys():
                assert agree(ours.get(feature, 0), theirs.get(feature, 0)), (found["layer"], feature, polygon)
                compared[found["layer"]] += 1
            cursor.execute(UNITED.format(**words), {"wkt": wkt})
            assert agree(found["area_m2"], cursor.fetchone()[0]), (found["layer"], polygon)
    assert compared["farmland_parcels"] > 100 and compared["farmland_zones"] > 20
