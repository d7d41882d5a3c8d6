"""The peer for cold tiles: PostGIS with ST_AsMVT in a cluster of its own that is gone afterwards, driven by pgbench.

It is given what helps it: geometry in the tiles' projection and in Hilbert order, an index on geometry and zoom, all data in
memory, prepared statements, a local socket; and pgbench receives the length of a tile, not its bytes."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import common
import published
import tile_mix

SETTINGS = {"listen_addresses": "", "shared_buffers": "2GB", "effective_cache_size": "8GB", "work_mem": "64MB",
            "maintenance_work_mem": "512MB", "max_wal_size": "4GB", "random_page_cost": "1.1", "jit": "off",
            "max_parallel_workers_per_gather": "0", "fsync": "off", "dynamic_shared_memory_type": "mmap"}


def newest_programs():
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -float(each.parent.name)):
        if pathlib.Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists():
            return folder
    raise SystemExit("PostGIS is missing: install the package postgresql-postgis")


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


class Postgis:
    def __init__(self, layers):
        self.programs = newest_programs()
        self.layers = layers
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="ritchi-peer-"))  # short: a socket's path may have 107 bytes
        self.cluster = self.place / "cluster"

    def __enter__(self):
        try:
            self.start()
            self.load()
        except BaseException:
            self.__exit__()
            raise
        return self

    def as_owner(self, program, *words):
        """PostgreSQL refuses to run as root."""
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        common.quiet([*user, self.programs / program, *words])

    def start(self):
        if os.geteuid() == 0:
            shutil.chown(self.place, "postgres")
        self.as_owner("initdb", "-D", self.cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(self.cluster / "postgresql.conf", "a", encoding="utf-8") as conf:
            settings = SETTINGS | {"unix_socket_directories": self.place}
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.as_owner("pg_ctl", "-D", self.cluster, "-w", "-l", self.cluster / "log", "start")
        self.pid = int((self.cluster / "postmaster.pid").read_text().split()[0])
        self.sql("CREATE EXTENSION postgis; CREATE EXTENSION btree_gist")

    def psql(self):
        return [self.programs / "psql", "-h", self.place, "-U", "postgres", "-d", "postgres", "-X", "-q",
                "-v", "ON_ERROR_STOP=1"]

    def sql(self, text):
        common.quiet([*self.psql(), "-c", "SET client_min_messages = warning", "-c", text])

    def load(self):
        for layer in self.layers:
            for file in layer.files:
                common.quiet(["ogr2ogr", "-f", "PostgreSQL", f"PG:host={self.place} user=postgres dbname=postgres", file,
                              layer.name, "-nln", f"loaded_{layer.name}", "-append", "-where", layer.public,
                              "-nlt", "GEOMETRY", "-t_srs", "EPSG:3857", "-preserve_fid", "-gt", "65536",
                              "-lco", "FID=id", "-lco", "FID64=YES", "-lco", "GEOMETRY_NAME=geom",
                              "-lco", "SPATIAL_INDEX=NONE", "-lco", "LAUNDER=NO", "--config", "PG_USE_COPY", "YES"])
            self.sql(f"""CREATE TABLE {layer.name} AS SELECT {columns_of(layer)}, geom, {layer.minzoom} AS min_zoom
                         FROM loaded_{layer.name} ORDER BY geom; DROP TABLE loaded_{layer.name};
                         ALTER TABLE {layer.name} ADD PRIMARY KEY (id);
                         CREATE INDEX ON {layer.name} USING gist (geom, min_zoom)""")
        self.sql(function_sql(self.layers))
        self.sql("CREATE TABLE requests (zoom integer, number integer, x integer, y integer, PRIMARY KEY (zoom, number))")
        self.sql("VACUUM ANALYZE")

    def copy_in(self, table, rows):
        common.quiet([*self.psql(), "-c", f"TRUNCATE {table}", "-c", f"COPY {table} FROM STDIN"],
                     input="".join("\t".join(map(str, row)) + "\n" for row in rows))

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
        common.quiet([self.programs / "pgbench", "-h", self.place, "-U", "postgres", "-n", "-M", "prepared",
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

    def __exit__(self, *_):
        if (self.cluster / "postmaster.pid").exists():
            self.as_owner("pg_ctl", "-D", self.cluster, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.place)
