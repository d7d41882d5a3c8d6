"""A published file opens in QGIS as an ordinary SpatiaLite layer: rows, reference system, index, Japanese text."""
import json
import os
import shutil
import subprocess
import sys

import pytest

RITCHI = os.environ["RITCHI_BIN"]

# Runs in a process of its own: QGIS holds global state and ends it in its own way.
ASK_QGIS = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import (QgsApplication, QgsDataSourceUri, QgsFeatureRequest, QgsRectangle,
                       QgsVectorLayer, QgsWkbTypes)
application = QgsApplication([], False)
application.initQgis()
file, name = sys.argv[1:3]
place = QgsDataSourceUri()
place.setDatabase(file)
place.setDataSource("", name, "geom", "", "id")
layer = QgsVectorLayer(place.uri(), name, "spatialite")
box = layer.extent()
box.setXMaximum(box.center().x())
box.setYMaximum(box.center().y())
every = list(layer.getFeatures())
found = {feature.id() for feature in layer.getFeatures(QgsFeatureRequest().setFilterRect(box))}
touching = {feature.id() for feature in every if feature.geometry().boundingBoxIntersects(box)}
print(json.dumps({
    "valid": layer.isValid(), "rows": layer.featureCount(), "crs": layer.crs().authid(),
    "kind": QgsWkbTypes.geometryDisplayString(layer.geometryType()),
    "invalid": sum(not feature.geometry().isGeosValid() for feature in every if not feature.geometry().isNull()),
    "in_box": len(found), "found_but_outside": len(found - touching),
    "names": sorted(feature["name"] for feature in every if feature["name"]) if layer.fields().indexOf("name") >= 0 else []}))
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    source, data = tmp_path_factory.mktemp("qgis-source"), tmp_path_factory.mktemp("qgis-data")
    subprocess.run([RITCHI, "synth", "--seed", "3", "--scale", "0.005", "--out", str(source)], check=True,
                   stdout=subprocess.DEVNULL)
    entries = json.loads((source / "manifest.json").read_text("utf-8"))["imports"]
    layers = {}
    for wanted in ("factory_sites", "water_pipes", "investments"):
        entry = next(each for each in entries if each["layer"] == wanted)
        run = subprocess.run([RITCHI, "import", entry["profile"], *(str(source / name) for name in entry["files"]),
                              "--data", str(data), *entry["options"]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert run.returncode in (0, 3), run.stdout
        layers[wanted] = next((data / wanted).glob("*.sqlite")), entry["features"]
    return layers


def ask_qgis(file, layer, tmp_path):
    run = subprocess.run([sys.executable, "-c", ASK_QGIS, str(file), layer], text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env={**os.environ, "HOME": str(tmp_path)})
    assert run.stdout, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("layer, kind", [("factory_sites", "Polygon"), ("water_pipes", "Line"), ("investments", "Point")])
def test_a_published_file_is_a_spatialite_layer_to_qgis(published, tmp_path, layer, kind):
    file, features = published[layer]
    # QGIS writes its statistics into any file that it may write to: published files are read-only, and root,
    # whom no permission stops, looks at a copy.
    assert file.stat().st_mode & 0o222 == 0
    seen = ask_qgis(shutil.copy(file, tmp_path), layer, tmp_path)
    assert seen["valid"] and seen["rows"] == features and seen["crs"] == "EPSG:6668" and seen["kind"] == kind
    assert seen["invalid"] == 0
    assert 0 < seen["in_box"] < features and seen["found_but_outside"] == 0
    if layer == "factory_sites":
        assert any(not name.isascii() for name in seen["names"])
