"""The peer for cold tiles: PostGIS with ST_AsMVT in a cluster of its own that is gone afterwards, driven by pgbench.

It is given what helps it: geometry in the tiles' projection and in Hilbert order, an index on geometry and zoom, all data in
memory, prepared statements, a local socket; and pgbench receives the length of a tile, not its bytes."""
import pathlib
import subprocess
import time

import common
import published
import tile_mix
from support.postgis_cluster import Cluster, quiet


def columns_of(layer):
    return ", ".join(f'"{name}"' for name in ["id", *layer.attributes])


def layer_sql(layer):
    crowded = f'"{layer.rank}" DESC NULLS LAST, id' if layer.rank else "id"
    return f"""(SELECT coalesce(ST_AsMVT(features, '{layer.name}', {published.EXTENT}, 'geom', 'id'), '') FROM (
      SELECT {columns_of(layer)}, ST_AsMVTGeom(geom, edge, {published.EXTENT}, {published.BUFFER}, true) AS geom FROM (
        SELECT * FROM {layer.name} WHERE geom && reach AND min_zoom <= zoom AND zoom <= {layer.maxzoom}
        ORDER BY {crowded} LIMIT {layer.most_features}) AS found) AS features WHERE geom IS NOT NULL)"""


def function_sql(layers):
    return f"""CREATE FUNCTION tile(zoom integer, x integer, y integer) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
    DECLARE
      edge geometry := ST_TileEnvelope(zoom, x, y);
      reach geometry := ST_TileEnvelope(zoom, x, y, margin => {published.BUFFER}.0 / {published.EXTENT});
    BEGIN RETURN {" || ".join(layer_sql(layer) for layer in layers)}; END $$"""


class Postgis(Cluster):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def load(self):
        for layer in self.layers:
            for file in layer.files:
                self.load_file(file, layer.name, f"loaded_{layer.name}", "-where", layer.public, "-t_srs", "EPSG:3857")
            self.sql(f"""CREATE TABLE {layer.name} AS SELECT {columns_of(layer)}, geom, {layer.minzoom} AS min_zoom
                         FROM loaded_{layer.name} ORDER BY geom; DROP TABLE loaded_{layer.name};
                         ALTER TABLE {layer.name} ADD PRIMARY KEY (id);
                         CREATE INDEX ON {layer.name} USING gist (geom, min_zoom)""")
        self.sql(function_sql(self.layers))
        self.sql("CREATE TABLE requests (zoom integer, number integer, x integer, y integer, PRIMARY KEY (zoom, number))")
        self.sql("VACUUM ANALYZE")

    def tiles(self, tiles):
        """Each tile with its bytes; leaves the data in the database's memory."""
        self.copy_in("requests", [(tile[0], number, tile[1], tile[2]) for number, tile in enumerate(tiles)])
        answer = subprocess.Popen([*map(str, self.psql()), "-c", "COPY (SELECT zoom, x, y, encode(tile(zoom, x, y), 'hex')"
                                   " FROM requests ORDER BY number) TO STDOUT"], stdout=subprocess.PIPE, text=True)
        with answer:
            for line in answer.stdout:
                *tile, body = line.rstrip("\n").split("\t")
                yield tuple(map(int, tile)), bytes.fromhex(body)
        if answer.returncode != 0:
            raise SystemExit("PostGIS could not make the tiles")

    def drive(self, requests, connections, seconds):
        """Asks the requests at random with pgbench. One script for each zoom, so that its log tells them apart."""
        by_zoom = {}
        for tile in requests:
            by_zoom.setdefault(tile[0], []).append(tile)
        zooms = sorted(by_zoom)
        self.copy_in("requests", [(zoom, number, tile[1], tile[2]) for zoom in zooms
                                  for number, tile in enumerate(by_zoom[zoom], 1)])
        self.sql("VACUUM ANALYZE requests")
        scripts = []
        for zoom in zooms:
            script = self.place / f"zoom-{zoom}.sql"
            script.write_text(f"\\set chosen random(1, {len(by_zoom[zoom])})\nSELECT length(tile(zoom, x, y)) FROM requests"
                              f" WHERE zoom = {zoom} AND number = :chosen;\n")
            scripts += ["-f", f"{script}@{tile_mix.SHARES[zoom]}"]
        before, started = self.cpu_s(), time.perf_counter()
        quiet([self.programs / "pgbench", "-h", self.place, "-U", "postgres", "-n", "-M", "prepared",
                      "-c", connections, "-j", min(2, connections), "-T", seconds, "--random-seed=1",
                      "-l", f"--log-prefix={self.place}/asked", *scripts, "postgres"])
        wall = time.perf_counter() - started
        asked = []
        for log in self.place.glob("asked.*"):
            for line in log.read_text().splitlines():
                _, _, microseconds, script, *_ = line.split()
                asked.append((zooms[int(script)], int(microseconds) / 1000))
            log.unlink()
        return common.asked_row(asked, wall, self.cpu_s() - before)

    def cpu_s(self):
        """Of all sessions that ended: a session's time is the server's own once that has taken note of its end."""
        while pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").exists() and self.sessions():
            time.sleep(0.01)
        return common.process_cpu_s(self.pid, children=True)

    def sessions(self):
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        lines = []
        for child in children:
            try:
                lines.append(pathlib.Path(f"/proc/{child}/cmdline").read_text())
            except (FileNotFoundError, ProcessLookupError):
                pass
        return [line for line in lines if line.startswith("postgres: postgres ")]
