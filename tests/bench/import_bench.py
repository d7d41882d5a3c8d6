"""Import of farmland parcels beside ogr2ogr into SpatiaLite, in three formats, and at ten times the rows: MANIFEST [MANIFEST-10X].

The same file is read by both in turn in one run. The peer checks nothing and makes a table and its index; ritchi
also validates, hashes, sorts, publishes and syncs to disk."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import common

PEER = "ogr2ogr -f SQLite -dsco SPATIALITE=YES"


def size_mb(path):
    path = pathlib.Path(path)
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files) / 1e6


def in_formats(source, place):
    """The same records as GeoJSONSeq, GeoPackage and CP932 shapefile; made once."""
    place.mkdir(parents=True, exist_ok=True)
    package, shape = place / "parcels.gpkg", place / "parcels.shp"
    if not package.exists():
        subprocess.run(["ogr2ogr", "-f", "GPKG", place / "part.gpkg", source, "-nln", "parcels"], check=True)
        (place / "part.gpkg").rename(package)
    if not (place / "complete").exists():
        subprocess.run(["ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=CP932", shape, source, "-overwrite"],
                       check=True, stderr=subprocess.DEVNULL)
        (place / "complete").touch()
    return {"GeoJSONSeq": source, "GeoPackage": package, "Shapefile CP932": shape}


def ours(profile, source):
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    try:
        row = common.timed([common.RITCHI, "import", profile, source, "--data", place / "data", "--progress", "none"])
        return row | {"size_mb": size_mb(place / "data")}
    finally:
        shutil.rmtree(place)


def theirs(source):
    place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
    try:
        row = common.timed([*PEER.split(), place / "peer.sqlite", source,
                            "-nln", "farmland_parcels"])
        return row | {"size_mb": size_mb(place / "peer.sqlite")}
    finally:
        shutil.rmtree(place)


def row_of(name, row):
    return [name, *(f"{row[key]:{form}}" for key, form in (("wall_s", ".2f"), ("cpu_s", ".2f"), ("peak_mb", ".0f"), ("size_mb", ".0f")))]


def beside_peer(profile, formats):
    version = subprocess.run(["ogr2ogr", "--version"], stdout=subprocess.PIPE, text=True).stdout.split(",")[0]
    once = {}
    for name, source in formats.items():
        mine, peer = [], []
        for _ in range(common.ROUNDS):
            mine.append(ours(profile, source))
            peer.append(theirs(source))
        a, b = common.medians(mine), common.medians(peer)
        once[name] = a
        common.table(f"{name}: import beside {PEER}, medians of {common.ROUNDS} rounds in turn, {version}",
                     ["", "wall s", "cpu s", "peak MB", "file MB"],
                     [row_of("ritchi import", a), row_of("ogr2ogr", b),
                      ["ratio", *(f"{a[key] / b[key]:.2f}" for key in a)]])
    return once


def ten_times(profile, formats, once):
    rows = []
    for name, source in formats.items():
        many = ours(profile, source)
        rows.append([name, f"{many['wall_s']:.1f}", f"{many['wall_s'] / once[name]['wall_s']:.2f}",
                     f"{many['peak_mb']:.0f}", f"{many['peak_mb'] / once[name]['peak_mb']:.2f}"])
    common.table("Ten times the rows, against once", ["", "wall s", "time ratio", "peak MB", "memory ratio"], rows)


def main():
    [(entry, [source])] = common.imports_of(sys.argv[1], "farmland_parcels")
    formats = in_formats(source, common.PLACE / f"formats-{common.SCALE}")
    once = beside_peer(entry["profile"], formats)
    if len(sys.argv) > 2:
        [(_, [large])] = common.imports_of(sys.argv[2], "farmland_parcels")
        ten_times(entry["profile"], in_formats(large, common.PLACE / f"formats-{common.SCALE}-ten"), once)


if __name__ == "__main__":
    main()
