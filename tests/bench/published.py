"""What both sides of a comparison serve: the public rows of some layers with the attributes and zooms of their tiles."""
import json
import os
import pathlib
import sqlite3

import common

LAYERS = os.environ.get("RITCHI_BENCH_LAYERS", "factory_sites,farmland_parcels,water_pipes,investments")
EXTENT, BUFFER = 4096, 64  # as in tileserver/tiles
EVERY_ROW = "1"
MOST_FEATURES = 50000  # of a layer that declares no max_features_per_tile


class Layer:
    """One layer as styles/layers declares it, and its published files."""

    def __init__(self, data, name):
        declared = json.loads((common.ROOT / "styles" / "layers" / f"{name}.json").read_text("utf-8"))
        self.name = name
        self.minzoom, self.maxzoom = declared["minzoom"], declared["maxzoom"]
        self.attributes = ["source_id", "synthetic", *(each["name"] for each in declared["attributes"]
                                                       if each.get("tiles", True))]
        self.rank = declared.get("rank")
        self.most_features = declared.get("max_features_per_tile", MOST_FEATURES)
        disclosed = any(each["name"] == "disclosure" for each in declared["attributes"])
        self.public = "disclosure = 'public'" if disclosed else EVERY_ROW
        self.files = sorted((pathlib.Path(data) / name).glob("*.sqlite"))
        if not self.files:
            raise SystemExit(f"{data} has no published {name}")

    def centres(self):
        """Longitude and latitude of the middle of every public feature's box, in the order of their ids."""
        for file in self.files:
            database = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
            yield from database.execute(
                f"SELECT (xmin + xmax) / 2, (ymin + ymax) / 2 FROM idx_{self.name}_geom"
                f" WHERE pkid IN (SELECT id FROM {self.name} WHERE {self.public}) ORDER BY pkid")
            database.close()


def layers_of(data):
    return [Layer(data, name) for name in LAYERS.split(",")]
