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
TIE_M = 0.001


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
        """Makes `table` (id, feature, distance_m, rivals): of every feature of `of` the nearest of a layer, and all that are
        as near to the millimetre, such as pipes that end in one node."""
        self.run(f"""DROP TABLE IF EXISTS chosen;
            CREATE TEMPORARY TABLE chosen AS SELECT id, geom, flat FROM {layer} WHERE flat IS NOT NULL AND ({condition});
            CREATE INDEX ON chosen USING gist (flat); ANALYZE chosen;
            CREATE TABLE {table} AS SELECT s.id, n.rivals[1] AS feature, n.distance_m, n.rivals FROM {of} s CROSS JOIN LATERAL (
              SELECT min(m.distance_m) AS distance_m,
                  array_agg(m.feature ORDER BY m.distance_m) FILTER (WHERE m.distance_m < m.least_m + {TIE_M}) AS rivals FROM (
                SELECT d.*, min(d.distance_m) OVER () AS least_m FROM (SELECT c.id AS feature, CASE WHEN c.plane = 0 THEN 0
                    ELSE ST_Distance(c.geom::geography, s.geom::geography) END AS distance_m FROM (
                  SELECT f.id, f.geom, f.plane, min(f.plane) OVER () AS least FROM (
                    SELECT id, geom, flat <-> s.flat AS plane FROM chosen ORDER BY flat <-> s.flat LIMIT {CANDIDATES}) f) c
                WHERE plane <= least * {DISTORTION} + 1) d) m) n
            WHERE s.geom IS NOT NULL AND n.rivals IS NOT NULL;
            CREATE UNIQUE INDEX ON {table} (id); ANALYZE {table}""")
