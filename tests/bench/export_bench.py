"""The whole pyramid as one archive beside GDAL's writer of vector tiles on the same rows: DATA MANIFEST.

Ours is counted with the import of these layers, because an import prepares tiles: more than that step alone."""
import gzip
import pathlib
import shutil
import sys
import tempfile

import common
import gdal_peer
import http_load
import published
import tile_bytes
import tile_mix

ZOOMS = (0, 14)


def beside_stored(data, layers, archive):
    """Our served tiles against those in GDAL's archive."""
    mix = tile_mix.TileMix(layers)
    ours, theirs = tile_bytes.Side(), tile_bytes.Side()
    with common.Server(data) as server:
        for tile, body in http_load.fetch_all(server, mix.tiles):
            ours.add(tile, len(body), gzip.decompress(body) if body else b"")
    for tile, stored, plain in gdal_peer.archived_tiles(archive, mix.tiles):
        theirs.add(tile, len(stored), plain)
    tile_bytes.sizes(ours, theirs, mix, "GDAL's archive", 1)
    tile_bytes.detail(ours, theirs, layers, mix.tiles, "GDAL's archive")


def import_layers(manifest, place):
    data, rows = place / "data", []
    for layer in published.LAYERS.split(","):
        for entry, files in common.imports_of(manifest, layer):
            rows.append(common.timed([common.RITCHI, "import", entry["profile"], *files, "--data", data, "--progress", "none",
                                      *entry.get("options", [])]))
    return {"wall_s": sum(row["wall_s"] for row in rows), "cpu_s": sum(row["cpu_s"] for row in rows),
            "peak_mb": max(row["peak_mb"] for row in rows)}


def export(data, place):
    archive = place / "ritchi.pmtiles"
    archive.unlink(missing_ok=True)
    row = common.timed([common.RITCHI, "tiles", "export", "--data", data, "--layers", published.LAYERS,
                        "--zoom", f"{ZOOMS[0]}-{ZOOMS[1]}", "--out", archive])
    return row | {"size_mb": archive.stat().st_size / 1e6}


def row_of(name, row, *cells):
    return [name, *(f"{row[key]:.1f}" if key in row else "" for key in ("wall_s", "cpu_s", "peak_mb", "size_mb")), *cells]


def main():
    data, manifest = sys.argv[1:3]
    layers = published.layers_of(data)
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    try:
        theirs, imports, exports = [], [], []
        for number in range(common.ROUNDS):
            theirs.append(gdal_peer.write_archive(layers, ZOOMS, place))
            if number == 0:
                beside_stored(data, layers, place / "gdal.mbtiles")
            shutil.rmtree(place / "data", ignore_errors=True)
            imports.append(import_layers(manifest, place))
            exports.append(export(data, place))
        peer, imported, exported = map(common.medians, (theirs, imports, exports))
        whole = {"wall_s": imported["wall_s"] + exported["wall_s"], "cpu_s": imported["cpu_s"] + exported["cpu_s"],
                 "peak_mb": max(imported["peak_mb"], exported["peak_mb"]), "size_mb": exported["size_mb"]}
        header = ["", "wall s", "cpu s", "peak MB", "file MB"]
        common.table(f"Archive z{ZOOMS[0]}-{ZOOMS[1]} of {published.LAYERS} beside ogr2ogr -f MVT with all processors, "
                     f"medians of {common.ROUNDS} rounds in turn", header,
                     [row_of("GDAL", peer), row_of("ritchi tiles export", exported), row_of("import of the layers", imported),
                      row_of("import and export", whole)])
        common.table("Archive, ritchi / GDAL", ["", "ratio", "bar", ""],
                     [["wall time, import and export", *common.judged(whole["wall_s"] / peer["wall_s"], most=0.25)],
                      ["wall time, export alone", common.ratio(exported["wall_s"], peer["wall_s"]), "", ""],
                      ["archive size", *common.judged(exported["size_mb"] / peer["size_mb"], most=0.9)]])
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
