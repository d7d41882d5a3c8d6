"""Asks a running server for its health, its page with everything the page loads, and one tile: URL."""
import json
import math
import re
import sys
import urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(url, accept="*/*"):
    answer = OPENER.open(urllib.request.Request(url, headers={"Accept": accept}), timeout=20)
    return answer.status, answer.headers.get("Content-Type", ""), answer.read()


def expect(condition, what):
    print(("  ok    " if condition else "  WRONG ") + what)
    if not condition:
        sys.exit(1)


def tile_of(longitude, latitude, zoom):
    side = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return int((longitude + 180) / 360 * side), int(y * side)


def main():
    base = sys.argv[1]
    status, _, _ = get(base + "/healthz")
    expect(status == 200, "/healthz")

    status, kind, page = get(base + "/", "text/html")
    expect(status == 200 and kind.startswith("text/html"), "the page")
    assets = re.findall(r'(?:src|href)="([^"#]+\.(?:js|css))"', page.decode("utf-8"))
    expect(assets, "the page loads scripts and styles")
    for asset in assets:
        expect(not asset.startswith(("http", "//")), f"{asset} is this server's own")
        status, _, body = get(base + "/" + asset.lstrip("./"))
        expect(status == 200 and len(body) > 100, f"{asset}, {len(body)} bytes")

    status, _, text = get(base + "/xyz/factory_sites.json")
    tilejson = json.loads(text)
    expect(tilejson["tilejson"].startswith("3."), "TileJSON")
    west, south, east, north = tilejson["bounds"]
    zoom = tilejson["minzoom"] + 1
    filled = 0
    left, top = tile_of(west, north, zoom)
    right, bottom = tile_of(east, south, zoom)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            status, kind, body = get(tilejson["tiles"][0].format(z=zoom, x=x, y=y))
            filled += status == 200 and kind == "application/vnd.mapbox-vector-tile" and len(body) > 0
    expect(filled > 0, f"{filled} tiles with features at zoom {zoom}")


if __name__ == "__main__":
    main()
