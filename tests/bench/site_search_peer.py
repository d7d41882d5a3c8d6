"""The peer for matching: the site search that planners write in PostGIS, planar and geodesic, on the same public rows.

It is given what helps it: planar copies with their own index, an index on geography, all data in memory, prepared
statements, a local socket."""
import common
from support.postgis_oracle import PLANE, Oracle

LEAST_HA, AROUND_M, PIPE_WITHIN_M = 0.9, 20_000, 2_000
BLUE = "SELECT 1 FROM farmland_zones f WHERE f.zone = 'blue' AND ST_Intersects(f.geom, s.geom)"
FLAT_BLUE = "SELECT 1 FROM farmland_zones f WHERE f.zone = 'blue' AND ST_Intersects(f.flat, s.flat)"

# The nearest pipe of every site that is left, as bench authors of PostGIS write it: by index order (<->).
PLANAR = f"""SELECT s.id FROM factory_sites s CROSS JOIN LATERAL
      (SELECT w.flat <-> s.flat AS d FROM water_pipes w ORDER BY w.flat <-> s.flat LIMIT 1) n
    WHERE s.area_ha >= {LEAST_HA} AND n.d <= {PIPE_WITHIN_M} AND NOT EXISTS ({FLAT_BLUE})
      AND ST_DWithin(s.flat, ST_Transform(ST_SetSRID(ST_MakePoint($1, $2), 6668), {PLANE}), {AROUND_M}) ORDER BY s.id"""
GEODESIC = f"""SELECT s.id FROM factory_sites s CROSS JOIN LATERAL
      (SELECT ST_Distance(w.geom::geography, s.geom::geography) AS d FROM water_pipes w
        ORDER BY w.geom::geography <-> s.geom::geography LIMIT 1) n
    WHERE s.area_ha >= {LEAST_HA} AND n.d <= {PIPE_WITHIN_M} AND NOT EXISTS ({BLUE})
      AND ST_DWithin(s.geom::geography, ST_SetSRID(ST_MakePoint($1, $2), 6668)::geography, {AROUND_M}) ORDER BY s.id"""


class SiteSearch(Oracle):
    def load(self):
        super().load()
        for layer in ("factory_sites", "water_pipes"):
            self.run(f"CREATE INDEX ON {layer} USING gist ((geom::geography))")
        self.run("VACUUM ANALYZE")
        for name, sql in (("planar", PLANAR), ("geodesic", GEODESIC)):
            self.run(f"PREPARE {name} (float8, float8) AS {sql}")

    def search(self, name, points):
        """[(milliseconds, ids)…], one for each point."""
        asked = []
        for longitude, latitude in points:
            took, rows = common.timed_ms(lambda: self.ask(f"EXECUTE {name}(%s, %s)", longitude, latitude))
            asked.append((took, {row[0] for row in rows}))
        return asked
