"""Import of farmland parcels beside ogr2ogr into SpatiaLite: the same file, in turn, in one run: MANIFEST."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import common


def size_mb(path):
    path = pathlib.Path(path)
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files) / 1e6


def main():
    entry, files = common.source_files(sys.argv[1], "farmland_parcels")
    figures = {"ritchi import": [], "ogr2ogr": []}
    for _ in range(common.ROUNDS):
        place = pathlib.Path(tempfile.mkdtemp(dir=common.PLACE))
        try:
            row = common.timed([common.RITCHI, "import", entry["profile"], *files, "--data", place / "data",
                                "--progress", "none", *entry.get("options", [])])
            figures["ritchi import"].append(row | {"size_mb": size_mb(place / "data")})
            row = {"wall_s": 0.0, "cpu_s": 0.0, "peak_mb": 0.0}
            for number, name in enumerate(files):
                more = ["-append"] if number else []
                one = common.timed(["ogr2ogr", "-f", "SQLite", "-dsco", "SPATIALITE=YES", *more, place / "peer.sqlite",
                                    name, "-nln", "farmland_parcels"])
                row = {"wall_s": row["wall_s"] + one["wall_s"], "cpu_s": row["cpu_s"] + one["cpu_s"],
                       "peak_mb": max(row["peak_mb"], one["peak_mb"])}
            figures["ogr2ogr"].append(row | {"size_mb": size_mb(place / "peer.sqlite")})
        finally:
            shutil.rmtree(place)
    ours, peer = (common.medians(figures[name]) for name in figures)
    version = subprocess.run(["ogr2ogr", "--version"], stdout=subprocess.PIPE, text=True).stdout.split(",")[0]
    common.table(f"Import of {', '.join(pathlib.Path(name).name for name in files)} "
                 f"({sum(map(size_mb, files)):.0f} MB), medians of {common.ROUNDS} rounds in turn, {version}",
                 ["", "wall s", "cpu s", "peak MB", "file MB"],
                 [[name, f"{row['wall_s']:.1f}", f"{row['cpu_s']:.1f}", f"{row['peak_mb']:.0f}", f"{row['size_mb']:.0f}"]
                  for name, row in (("ritchi import", ours), ("ogr2ogr -dsco SPATIALITE=YES", peer))]
                 + [["ratio ritchi / ogr2ogr", *(f"{ours[key] / peer[key]:.2f}" for key in ours)]])


if __name__ == "__main__":
    main()
