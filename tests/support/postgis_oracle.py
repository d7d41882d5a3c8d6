"""Published layers in PostGIS, and what lies at and near features of one of them: measured there, by none of our code.

Every row that the public sees becomes a row of a table of the layer's name, with `id`, all attributes, `geom`
(EPSG:6668) and `flat` (the plane of Niigata): the plane only chooses whom to measure, every measure is geodesic on GRS80."""
import pathlib
import sqlite3

from support.postgis_cluster import Cluster

PLANE = 6676
# Of this many that are nearest in the plane, those within its distortion of the first are measured geodesically.
CANDIDATES = 8
DISTORTION = 1.002


class Oracle(Cluster):
    def __init__(self, data):
        super().__init__(max_parallel_workers_per_gather="2")
        self.data = pathlib.Path(data)

    def load(self):
        self.layers = sorted({file.parent.name for file in self.data.glob("*/*.sqlite")})
        for layer in self.layers:
            for file in sorted((self.data / layer).glob("*.sqlite")):
                self.load_dataset(layer, file)
        self.cursor = self.connect().cursor()
        for layer in self.layers:
            self.run(f"ALTER TABLE {layer} ADD flat geometry; UPDATE {layer} SET flat = ST_Transform(geom, {PLANE});"
                     f"CREATE INDEX ON {layer} USING gist (geom); CREATE INDEX ON {layer} USING gist (flat)")
        self.run("VACUUM ANALYZE")

    def load_dataset(self, layer, file):
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({layer})")]
        database.close()
        self.load_file(file, layer, layer, *(["-where", "disclosure = 'public'"] if "disclosure" in columns else []))

    def run(self, sql, *values):
        self.cursor.execute(sql, values or None)

    def ask(self, sql, *values):
        self.run(sql, *values)
        return self.cursor.fetchall()

    def nearest(self, table, of, layer, condition="TRUE"):
        """Makes `table` (id, feature, distance_m): of every feature of `of` the nearest of a layer."""
        self.run(f"""CREATE TABLE {table} AS SELECT s.id, n.feature, n.distance_m FROM {of} s CROSS JOIN LATERAL (
              SELECT c.id AS feature, ST_Distance(c.geom::geography, s.geom::geography) AS distance_m FROM (
                SELECT f.id, f.geom, f.flat <-> s.flat AS plane, min(f.flat <-> s.flat) OVER () AS least FROM (
                  SELECT id, geom, flat FROM {layer} WHERE flat IS NOT NULL AND ({condition})
                  ORDER BY flat <-> s.flat LIMIT {CANDIDATES}) f) c
              WHERE plane <= least * {DISTORTION} + 1 ORDER BY distance_m, feature LIMIT 1) n
            WHERE s.geom IS NOT NULL;
            CREATE UNIQUE INDEX ON {table} (id)""")

    def shares(self, table, of, layer, condition="TRUE"):
        """Makes `table` (id, area_m2, share): how much of every polygon of `of` lies in a layer; what several of its
        features cover counts once. A row for every polygon, 0 where they do not meet."""
        self.run(f"""CREATE TABLE {table} AS SELECT s.id, coalesce(c.area_m2, 0) AS area_m2,
              coalesce(c.area_m2, 0) / ST_Area(s.geom::geography) AS share FROM {of} s LEFT JOIN LATERAL (
                SELECT ST_Area(ST_Intersection(ST_Union(f.geom), s.geom)::geography) AS area_m2
                FROM {layer} f WHERE ST_Intersects(f.geom, s.geom) AND ({condition})) c ON TRUE
            WHERE ST_Dimension(s.geom) = 2;
            CREATE UNIQUE INDEX ON {table} (id)""")
