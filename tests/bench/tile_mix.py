"""Which tiles are asked: about 2,000 around the data, and a long list of requests for them; the same on every run.

Tiles are drawn by the number of features that begin at their zoom or before, a twentieth are neighbours that may be
empty. Requests go mostly to deep zooms, and within a zoom to few tiles often (zipf)."""
import collections
import math
import random

TILES = {5: 4, 6: 8, 7: 20, 8: 50, 9: 100, 10: 180, 11: 270, 12: 360, 13: 500, 14: 508}
SHARES = {5: 1, 6: 1, 7: 2, 8: 4, 9: 6, 10: 9, 11: 13, 12: 18, 13: 22, 14: 24}
REQUESTS = 20000
NEIGHBOURS = 0.05
ZIPF = 0.9


def tile_of(longitude, latitude, zoom):
    side = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return zoom, int((longitude + 180) / 360 * side), int(y * side)


def features_in_tiles(layers):
    counts = {zoom: collections.Counter() for zoom in TILES}
    for layer in layers:
        zooms = [zoom for zoom in TILES if layer.minzoom <= zoom <= layer.maxzoom]
        for longitude, latitude in layer.centres():
            for zoom in zooms:
                counts[zoom][tile_of(longitude, latitude, zoom)] += 1
    return counts


def draw(counted, wanted, dice):
    """Tiles without replacement, one with twice the features twice as likely; then neighbours of them."""
    keys = sorted(((dice.random() ** (1 / features), tile) for tile, features in sorted(counted.items())), reverse=True)
    chosen = [tile for _, tile in keys[:max(1, round(wanted * (1 - NEIGHBOURS)))]]
    beside = set()
    for _ in range(min(wanted - len(chosen), round(len(chosen) * NEIGHBOURS / (1 - NEIGHBOURS)))):
        zoom, x, y = dice.choice(chosen)
        beside.add((zoom, x + dice.choice((-1, 0, 1)), y + dice.choice((-1, 0, 1))))
    for tile in sorted(beside.difference(chosen)):
        chosen.insert(dice.randrange(len(chosen) // 2, len(chosen) + 1), tile)
    return chosen


class TileMix:
    """`tiles`: distinct (zoom, x, y); `requests`: a long list of them, in the order in which they are asked."""

    def __init__(self, layers):
        dice = random.Random("tiles of the bench")
        by_zoom, left = {}, 0
        for zoom, counted in features_in_tiles(layers).items():
            wanted = TILES[zoom] + left
            if counted:
                by_zoom[zoom] = draw(counted, wanted, dice)
            left = wanted - len(by_zoom.get(zoom, []))  # a small region has few tiles at low zooms: more of the next
        if not by_zoom:
            raise SystemExit("no layer has a public feature")
        self.tiles = [tile for tiles in by_zoom.values() for tile in tiles]
        zooms = list(by_zoom)
        weights = {zoom: [1 / (place + 1) ** ZIPF for place in range(len(tiles))] for zoom, tiles in by_zoom.items()}
        self.requests = []
        for zoom in dice.choices(zooms, [SHARES[zoom] for zoom in zooms], k=REQUESTS):
            self.requests.append(dice.choices(by_zoom[zoom], weights[zoom])[0])

    def __str__(self):
        zooms = sorted({tile[0] for tile in self.tiles})
        return f"{len(self.tiles)} tiles, z{zooms[0]}-{zooms[-1]}"
