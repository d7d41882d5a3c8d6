"""Sizes of the same tiles made by two programs, with what each tile holds, so that equal detail can be judged."""
import collections
import math
import pathlib
import sys

import common

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
import mvt  # noqa: E402

CONTINUED = bytes(range(128, 256))


def held_by(tile):
    """{layer: [features, numbers of geometry]}: a number is a command or half a vertex."""
    out = collections.defaultdict(lambda: [0, 0])
    for _, layer in mvt.fields(tile):
        name, features, numbers = "", 0, 0
        for field, value in mvt.fields(layer):
            if field == 1:
                name = value.decode("utf-8")
            elif field == 2:
                features += 1
                numbers += sum(len(part.translate(None, CONTINUED)) for key, part in mvt.fields(value) if key == 4)
        out[name][0] += features
        out[name][1] += numbers
    return dict(out)


class Side:
    """What one program's tiles weigh and hold."""

    def __init__(self):
        self.gzip_bytes = {}
        self.held = {}

    def add(self, tile, gzip_bytes, plain):
        self.gzip_bytes[tile] = gzip_bytes
        self.held[tile] = held_by(plain)

    def total(self, tiles, what):
        return sum(held[what] for tile in tiles for held in self.held[tile].values())

    def features(self, tile):
        return {layer: held[0] for layer, held in self.held[tile].items()}

    def mean_kb(self, tiles):
        return sum(self.gzip_bytes[tile] for tile in tiles) / len(tiles) / 1000 if tiles else math.nan


def sizes(ours, theirs, mix, name, bar):
    equal = [tile for tile in mix.tiles if ours.features(tile) == theirs.features(tile)]
    groups = [("every tile once", mix.tiles, bar), ("as requested", mix.requests, bar),
              ("of equal features, once", equal, bar)]
    groups += [(f"z{zoom}", [tile for tile in mix.tiles if tile[0] == zoom], None)
               for zoom in sorted({tile[0] for tile in mix.tiles})]
    rows = []
    for title, tiles, most in groups:
        mine, other = ours.mean_kb(tiles), theirs.mean_kb(tiles)
        verdict = common.judged(mine / other, most=most) if most else [common.ratio(mine, other), "", ""]
        rows.append([title, len(tiles), f"{mine:.2f}", f"{other:.2f}", *verdict,
                     *(common.ratio(ours.total(tiles, what), theirs.total(tiles, what)) for what in (0, 1))])
    common.table(f"Bytes of a tile beside {name}", ["", "tiles", "ritchi kB", "peer kB", "ratio", "bar", "",
                                                   "features ratio", "geometry numbers ratio"], rows)


def detail(ours, theirs, layers, tiles, name):
    rows = []
    for layer in layers:
        pairs = [(mine.get(layer.name, (0, 0))[0], other.get(layer.name, (0, 0))[0], tile)
                 for tile, mine, other in ((tile, ours.held[tile], theirs.held[tile]) for tile in tiles)]
        unequal = sorted((pair for pair in pairs if pair[0] != pair[1]), key=lambda pair: -abs(pair[0] - pair[1]))
        least = unequal[0] if unequal else None
        rows.append([layer.name, sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs), len(unequal),
                     "{1}: {0[0]} / {0[1]}".format(least, "/".join(map(str, least[2]))) if least else "-",
                     " ".join(f"z{zoom}:{count}" for zoom, count in
                              sorted(collections.Counter(pair[2][0] for pair in unequal).items())) or "-"])
    common.table(f"Features in these tiles beside {name}",
                 ["", "ritchi", "peer", "unequal tiles", "most unequal (ritchi / peer)", "unequal by zoom"], rows)
