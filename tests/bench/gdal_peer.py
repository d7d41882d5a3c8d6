"""The peer for archives: GDAL's writer of vector tiles, from the same published files to MBTiles."""
import contextlib
import gzip
import json
import os
import sqlite3
from xml.sax.saxutils import escape

import common
import published

# Above what any tile here has, so that GDAL never coarsens or drops to stay below a size.
NO_LIMIT = {"MAX_SIZE": 50_000_000, "MAX_FEATURES": 5_000_000}


def write_source(layers, place):
    """One source layer for each published file, all of a layer with the same target and zooms."""
    source, configuration = place / "gdal.vrt", {}
    with open(source, "w", encoding="utf-8") as vrt:
        vrt.write("<OGRVRTDataSource>\n")
        for layer in layers:
            # OGR SQL keeps the columns' types and the ids; SQLite's own would take both from a query's first row.
            query = "SELECT " + ", ".join(f'"{name}"' for name in layer.attributes) + f" FROM {layer.name}"
            if layer.public != published.EVERY_ROW:
                query += f" WHERE {layer.public}"
            for number, file in enumerate(layer.files):
                name = f"{layer.name}_{number}"
                vrt.write(f'<OGRVRTLayer name="{name}"><SrcDataSource>{escape(str(file.resolve()))}</SrcDataSource>'
                          f'<SrcSQL dialect="OGRSQL">{escape(query)}</SrcSQL></OGRVRTLayer>\n')
                configuration[name] = {"target_name": layer.name, "minzoom": layer.minzoom, "maxzoom": layer.maxzoom}
        vrt.write("</OGRVRTDataSource>\n")
    conf = place / "gdal.json"
    conf.write_text(json.dumps(configuration), "utf-8")
    return source, conf


def write_archive(layers, zooms, place):
    """Seconds, memory and size of one run; the archive stays at place/gdal.mbtiles."""
    source, conf = write_source(layers, place)
    archive = place / "gdal.mbtiles"
    archive.unlink(missing_ok=True)
    options = {"FORMAT": "MBTILES", "NAME": "bench", "MINZOOM": zooms[0], "MAXZOOM": zooms[1], "CONF": conf,
               "EXTENT": published.EXTENT, "BUFFER": published.BUFFER, "COMPRESS": "YES",
               "TEMPORARY_DB": place / "gdal.tmp.db", **NO_LIMIT}
    row = common.timed(["ogr2ogr", "-f", "MVT", archive, source, "-t_srs", "EPSG:3857", "-preserve_fid",
                        *(word for name, value in options.items() for word in ("-dsco", f"{name}={value}")),
                        "--config", "GDAL_NUM_THREADS", os.cpu_count()])
    return row | {"size_mb": archive.stat().st_size / 1e6}


def archived_tiles(archive, tiles):
    """Each tile with its bytes as stored and as read; nothing for one that the archive has not."""
    with contextlib.closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as database:
        for zoom, x, y in tiles:
            row = database.execute("SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                                   (zoom, x, (1 << zoom) - 1 - y)).fetchone()
            yield (zoom, x, y), row[0] if row else b"", gzip.decompress(row[0]) if row else b""
