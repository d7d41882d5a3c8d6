"""The facts of sites as styles/facts declares them, computed by PostGIS alone.

What is declared is read (layers, conditions, attributes); how it is computed is written here anew from the words of the
declaration and the README. CQL2 conditions of the declarations are SQL as they stand."""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITES = "factory_sites"
# As in the README: boundaries are drawn more or less finely, and this much of a place is all of it.
ALL_OF_IT = 0.999
HAIR_M = 0.01
# Of a quarter of a circle, as the server draws it: at the rim land hangs together or not by the pen that drew it.
QUARTER_SEGMENTS = 16


def declared():
    return json.loads((ROOT / "styles" / "facts" / f"{SITES}.json").read_text("utf-8"))["facts"]


def text_list(values):
    return ", ".join("'{}'".format(str(each).replace("'", "''")) for each in values)


PUBLIC_SITES = f"SELECT id, geom, flat FROM {SITES}"


class SiteFacts:
    """Makes the table `facts` in a schema of its own: a row for each public site, a column for each declared fact but
    ages; NULL is unknown. A fact X that may be known of a part alone (those in `partial`) has a column least_X beside it:
    there may be more. Numbers are double precision, texts text, sets text[]; `forms` says which is which.

    Instead of sites it takes any rows with id, geom and flat, and of the facts those that are wanted."""

    def __init__(self, oracle, datasets, today, schema="of_sites", rows=PUBLIC_SITES, wanted=lambda fact: True):
        self.oracle = oracle
        self.schema = schema
        self.datasets = datasets  # of `ritchi layers --json`
        self.today = today
        self.forms = {}
        self.partial = set()
        # Where the words leave a choice: fact -> SQL of a query for id and what is right besides, values or a range.
        self.either = {}
        self.facts = [fact for fact in declared() if wanted(fact)]
        self.measured = {fact["name"] for fact in self.facts if {"nearest", "share", "extendable"} & set(fact)}
        self.used = set()
        oracle.run(f"CREATE SCHEMA {schema}; SET search_path = {schema}, public")
        oracle.run(f"CREATE TABLE sites AS SELECT *, ST_Area(geom::geography) AS area_m2 FROM ({rows}) s;"
                   "CREATE UNIQUE INDEX ON sites (id); CREATE INDEX ON sites USING gist (geom); ANALYZE sites")
        self.find_places()
        for fact in self.facts:
            self.compute(fact)
        columns = ", ".join([f"fact_{name}.value AS {name}" for name in self.forms]
                            + [f"coalesce(fact_{name}.least, FALSE) AS least_{name}" for name in sorted(self.partial)])
        joins = " ".join(f"LEFT JOIN fact_{name} USING (id)" for name in self.forms)
        oracle.run(f"CREATE TABLE facts AS SELECT id, {columns} FROM sites {joins} ORDER BY id;"
                   "CREATE UNIQUE INDEX ON facts (id); ANALYZE facts; SET search_path = public")

    def has(self, layer):
        return layer in self.oracle.layers

    def type_of(self, layer, attribute):
        (kind,), = self.oracle.ask("SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
                                   layer, attribute)
        return "text" if kind in ("character varying", "text") else "number"

    def value_of(self, layer, attribute, of):
        """An attribute as a value of SQL: empty text is no value."""
        if self.type_of(layer, attribute) == "text":
            return f"nullif({of}.\"{attribute}\", '')::text"
        return f"{of}.\"{attribute}\"::float8"

    # Where a layer knows all, something or nothing.

    def find_places(self):
        """Which municipalities a site lies in, and how much of it."""
        self.oracle.run("""CREATE TABLE places AS SELECT s.id, m.municipality_code AS code, CASE WHEN s.area_m2 > 0
              THEN ST_Area(ST_Intersection(m.geom, s.geom)::geography) / s.area_m2
              ELSE 1 END AS share FROM sites s JOIN municipalities m ON ST_Intersects(m.geom, s.geom);
            DELETE FROM places WHERE share <= 0; CREATE INDEX ON places (id)""")

    def coverage(self, layer):
        """The table that says of each site what the layer knows there: covered, partly or no_data."""
        name = f"coverage_{layer}"
        if name in self.used:
            return name
        self.used.add(name)
        parts = [each for each in self.datasets if each["layer"] == layer]
        codes = {code for each in parts for code in each["covers"]}
        states = f"p.code IN ({text_list(codes)}) OR left(p.code, 2) IN ({text_list(codes)})" if codes else "FALSE"
        around = ["FALSE"]
        for each in parts:
            if each["extent"]:
                envelope = "ST_MakeEnvelope({}, {}, {}, {}, 6668)".format(*each["extent"])
                unless = "p.places IS NULL" if each["covers"] else "TRUE"
                around.append(f"({unless} AND s.geom && {envelope})")
        self.oracle.run(f"""CREATE TABLE {name} AS SELECT s.id, CASE
              WHEN {"TRUE" if "japan" in codes else "FALSE"} OR p.covered >= {ALL_OF_IT} THEN 'covered'
              WHEN p.covered > 0 OR {" OR ".join(around)} THEN 'partly' ELSE 'no_data' END AS knows
            FROM sites s LEFT JOIN (SELECT p.id, count(*) AS places,
                coalesce(sum(p.share) FILTER (WHERE {states}), 0) AS covered FROM places p GROUP BY p.id) p USING (id);
            CREATE UNIQUE INDEX ON {name} (id)""")
        return name

    # One fact after the other.

    def keep(self, name, form, sql):
        self.forms[name] = form
        self.oracle.run(f"CREATE TABLE fact_{name} AS {sql}; CREATE UNIQUE INDEX ON fact_{name} (id); ANALYZE fact_{name}")

    def nothing(self, name, form):
        kind = {"number": "float8", "text": "text", "set": "text[]"}[form]
        self.keep(name, form, f"SELECT id, NULL::{kind} AS value FROM sites")

    def compute(self, fact):
        for kind in ("attribute", "nearest", "of_nearest", "at", "share", "extendable"):
            if kind in fact:
                getattr(self, kind)(fact["name"], fact[kind], fact)

    def attribute(self, name, attributes, fact):
        values = ", ".join(self.value_of(SITES, each, "s") for each in attributes)
        if "split" in fact:
            marks = "".join("\\" + mark if mark in "\\]^-" else mark for mark in fact["split"])
            self.keep(name, "set", f"""SELECT s.id, CASE WHEN coalesce({values}) IS NULL THEN NULL ELSE ARRAY(
                  SELECT DISTINCT btrim(word, E' \\u3000') FROM regexp_split_to_table(coalesce({values}), '[{marks}]') AS word
                  WHERE btrim(word, E' \\u3000') <> '') END AS value FROM {SITES} s""")
            return
        self.keep(name, self.type_of(SITES, attributes[0]), f"SELECT s.id, coalesce({values}) AS value FROM {SITES} s")

    def where(self, layer, chosen):
        """Which features of a layer count: those declared, and in force when their data were."""
        return f"({chosen.get('where', 'TRUE')}) AND {self.in_force(layer)}"

    def in_force(self, layer):
        conditions = {self.in_force_on_day(layer, each["as_of"] or self.today) for each in self.datasets if each["layer"] == layer}
        assert len(conditions) == 1, f"datasets of {layer} of different times need tables of their own"
        return conditions.pop()

    def in_force_on_day(self, layer, day):
        dated = json.loads((ROOT / "styles" / "layers" / f"{layer}.json").read_text("utf-8")).get("dated_by")
        return self.in_force_on(dated, day) if isinstance(dated, dict) and "from" in dated else "TRUE"

    def in_force_on(self, dated, day):
        moment = f"'{day}'" if not dated.get("fiscal_year") else str(int(day[:4]) - (day[5:7] < "04"))
        begun = f"({dated['from']} IS NULL OR {dated['from']} <= {moment})"
        return f"{begun} AND ({dated['to']} IS NULL OR {dated['to']} >= {moment})" if "to" in dated else begun

    def nearest(self, name, target, fact):
        layer = target["layer"]
        if not self.has(layer):
            self.nothing(name, "number")
            return
        if "same" in target:
            self.nearest_same(name, target)
        else:
            self.oracle.nearest(f"nearest_{name}", "sites", layer, self.where(layer, target))
        self.oracle.run(f"DELETE FROM nearest_{name} WHERE id IN (SELECT id FROM {self.coverage(layer)} WHERE knows = 'no_data')")
        self.keep(name, "number", f"SELECT id, distance_m / 1000 AS value FROM nearest_{name}")

    def nearest_same(self, name, target):
        """Only among those that say the same as another fact of the site, where there are such."""
        layer, attribute, fact = target["layer"], target["same"]["attribute"], target["same"]["fact"]
        groups = [row[0] for row in self.oracle.ask(
            f"""SELECT DISTINCT value FROM fact_{fact} WHERE value IN (SELECT "{attribute}" FROM {layer}
                WHERE {self.where(layer, target)} AND flat IS NOT NULL)""")]
        self.oracle.run(f"CREATE TABLE nearest_{name} (id bigint PRIMARY KEY, feature bigint, distance_m float8, rivals bigint[])")
        for number, group in enumerate([*groups, None]):
            same = f"value = {text_list([group])}" if group else f"value IS NULL OR value NOT IN ({text_list(groups or [''])})"
            self.oracle.run(f"CREATE TABLE sites_{number} AS SELECT sites.* FROM sites LEFT JOIN fact_{fact} USING (id) WHERE {same}")
            alike = f"\"{attribute}\" = {text_list([group])}" if group else "TRUE"
            self.oracle.nearest(f"nearest_{name}_{number}", f"sites_{number}", layer, f"{self.where(layer, target)} AND {alike}")
            self.oracle.run(f"INSERT INTO nearest_{name} SELECT * FROM nearest_{name}_{number};"
                            f"DROP TABLE nearest_{name}_{number}, sites_{number}")

    def of_nearest(self, name, source, fact):
        layer = next(each["nearest"]["layer"] for each in self.facts if each["name"] == source["fact"])
        if not self.has(layer):
            self.nothing(name, "number")
            return
        value = self.value_of(layer, source["attribute"], "f")
        self.keep(name, self.type_of(layer, source["attribute"]),
                  f"SELECT n.id, {value} AS value FROM nearest_{source['fact']} n JOIN {layer} f ON f.id = n.feature")
        self.either[name] = f"""SELECT n.id, array_agg({value}) FROM {self.schema}.nearest_{source['fact']} n
            JOIN {layer} f ON f.id = ANY (n.rivals) WHERE cardinality(n.rivals) > 1 GROUP BY n.id"""

    def there(self, layer):
        """The table of the features of a layer that share more than a border with a site, and how much."""
        name = f"there_{layer}"
        if name not in self.used:
            self.used.add(name)
            self.oracle.run(f"""CREATE TABLE {name} AS SELECT s.id, f.id AS feature, CASE WHEN s.area_m2 > 0
                  THEN ST_Area(ST_Intersection(f.geom, s.geom)::geography) ELSE 1 END AS size
                FROM sites s JOIN {layer} f ON ST_Intersects(f.geom, s.geom) WHERE {self.in_force(layer)};
                DELETE FROM {name} WHERE size <= 0; CREATE INDEX ON {name} (id); ANALYZE {name}""")
        return name

    def at(self, name, place, fact):
        layer = place["layer"]
        form = "set" if place["take"] == "set" else "number"
        if not self.has(layer):
            self.nothing(name, form)
            return
        form = "set" if place["take"] == "set" else self.type_of(layer, place["attributes"][0])
        value = "coalesce({})".format(", ".join(self.value_of(layer, each, "f") for each in place["attributes"]))
        found = f"""SELECT t.id, {value} AS value, t.size FROM {self.there(layer)} t JOIN {layer} f ON f.id = t.feature
                    WHERE {place.get("where", "TRUE")}"""
        none = "'{}'::text[]" if form == "set" else str(place["none"]) if "none" in place else "NULL"
        if place["take"] == "largest_share":
            # Of what is known in part that which covers more than half: nothing else can cover more.
            taken = f"""SELECT DISTINCT ON (id) id, value, size > whole / 2 AS most, FALSE AS more FROM
                  (SELECT f.id, value, sum(size) AS size, max(CASE WHEN s.area_m2 > 0 THEN s.area_m2 ELSE 1 END) AS whole
                   FROM ({found}) f JOIN sites s USING (id) GROUP BY f.id, value) f ORDER BY id, size DESC, value NULLS FIRST"""
            self.keep(name, form, f"""SELECT id, CASE WHEN known.knows = 'covered' OR known.most THEN value END AS value
                FROM ({self.of_what_is_there(layer, taken, none, "t.most")}) known""")
            return
        # What does not say it may be more of it.
        if place["take"] == "set":
            taken = f"""SELECT id, nullif(coalesce(array_agg(DISTINCT value ORDER BY value) FILTER (WHERE value IS NOT NULL), '{{}}'),
                        '{{}}') AS value, bool_or(value IS NULL) AS more FROM ({found}) f GROUP BY id"""
        else:
            assert place["take"] == "greatest", f"{name}: what the least value of a part says is not written here"
            taken = f"SELECT id, max(value) AS value, bool_or(value IS NULL) AS more FROM ({found}) f GROUP BY id"
        self.partial.add(name)
        self.keep(name, form, self.of_what_is_there(layer, taken, none))

    def of_what_is_there(self, layer, taken, none, also="TRUE AS sure"):
        """What was found, where the layer knows anything; that there is nothing only where it knows all. Where it knows but
        a part, there may be more than was found."""
        return f"""SELECT s.id, c.knows, CASE WHEN c.knows = 'no_data' THEN NULL WHEN t.id IS NOT NULL THEN t.value
                     WHEN c.knows = 'covered' THEN {none} END AS value,
                     c.knows <> 'no_data' AND t.value IS NOT NULL AND (c.knows = 'partly' OR t.more) AS least, {also}
                   FROM sites s JOIN {self.coverage(layer)} c USING (id) LEFT JOIN ({taken}) t USING (id)"""

    def share(self, name, chosen, fact):
        layer = chosen["layer"]
        if not self.has(layer):
            self.nothing(name, "number")
            return
        taken = f"""SELECT s.id, least(1, CASE WHEN s.area_m2 > 0
                  THEN ST_Area(ST_Intersection(ST_Union(f.geom), s.geom)::geography) / s.area_m2 ELSE 1 END) AS value, FALSE AS more
                FROM sites s JOIN {self.there(layer)} t USING (id) JOIN {layer} f ON f.id = t.feature
                WHERE {chosen.get("where", "TRUE")} GROUP BY s.id, s.geom, s.area_m2"""
        self.partial.add(name)
        # More than all of it there is not.
        self.keep(name, "number", f"SELECT id, value, least AND value < 1 AS least FROM ({self.of_what_is_there(layer, taken, '0')}) s")

    def extendable(self, name, wanted, fact):
        """In a plane of one's own for each site, longitude and latitude stretched to metres: so edges stay as they are drawn."""
        zoning, district = wanted["zoning"]["layer"], wanted["zoning"]["attribute"]
        groups = " ".join(f"WHEN z.\"{district}\" IN ({text_list(group)}) THEN '{number}'"
                          for number, group in enumerate(wanted["zoning"]["groups"]))
        alike = f"CASE {groups} ELSE z.\"{district}\" END"  # districts of one group are as one
        reachable = "ST_Intersection(ST_SetSRID(ST_Scale(f.geom, r.mx, r.my), 0), r.reach)"
        blocked = " UNION ALL ".join(f"SELECT f.geom FROM {each['layer']} f WHERE f.geom && r.around AND {self.where(each['layer'], each)}"
                                     for each in wanted["blocked"])
        needed = [each["layer"] for each in wanted["blocked"] if each.get("needed")]
        joins = "".join(f" JOIN {self.coverage(layer)} n{number} USING (id)" for number, layer in enumerate(needed))
        all_known = " AND ".join(f"n{number}.knows = 'covered'" for number in range(len(needed))) or "TRUE"
        self.oracle.run(f"""CREATE TABLE in_district AS SELECT DISTINCT ON (id) id, district, size FROM (
              SELECT t.id, z."{district}" AS district, sum(t.size) AS size FROM {self.there(zoning)} t
              JOIN {zoning} z ON z.id = t.feature GROUP BY t.id, z."{district}") z ORDER BY id, size DESC;
            CREATE TABLE planes AS SELECT id, geom, area_m2, ST_Distance(ST_Translate(c, -0.005, 0)::geography,
                ST_Translate(c, 0.005, 0)::geography) * 100 AS mx, ST_Distance(ST_Translate(c, 0, -0.005)::geography,
                ST_Translate(c, 0, 0.005)::geography) * 100 AS my FROM (SELECT *, ST_Centroid(geom) AS c FROM sites) s;
            CREATE TABLE reaches AS SELECT s.id, mx, my, own, reach, ST_SetSRID(ST_Scale(reach, 1 / mx, 1 / my), 6668) AS around,
              d.id IS NOT NULL AS zoned, (SELECT {alike} FROM (SELECT d.district AS "{district}") z) AS kind
            FROM planes s CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_Scale(s.geom, mx, my), 0) AS own) o
            CROSS JOIN LATERAL (SELECT ST_Buffer(own, {wanted['within_m']}, 'quad_segs={QUARTER_SEGMENTS}') AS reach) b
            JOIN {self.coverage(zoning)} k USING (id){joins} LEFT JOIN in_district d USING (id)
            WHERE s.area_m2 > 0 AND {all_known} AND k.knows <> 'no_data' AND (d.id IS NOT NULL OR k.knows = 'covered')
              AND (d.id IS NULL OR d.district IS NOT NULL) AND (k.knows = 'covered' OR d.size > s.area_m2 / 2)""")
        open_land = f"""reaches r CROSS JOIN LATERAL (
              SELECT ST_Union({reachable}) AS shape FROM (SELECT z.geom FROM {zoning} z
                WHERE z.geom && r.around AND {self.in_force(zoning)} AND (NOT r.zoned OR {alike} = r.kind)) f) land
            CROSS JOIN LATERAL (SELECT ST_Union({reachable}) AS shape FROM ({blocked}) f) taken
            CROSS JOIN LATERAL (SELECT CASE WHEN r.zoned THEN land.shape WHEN land.shape IS NULL THEN r.reach
                ELSE ST_Difference(r.reach, land.shape) END AS shape) wanted
            CROSS JOIN LATERAL (SELECT ST_Difference(ST_Difference(wanted.shape, coalesce(taken.shape, 'POLYGON EMPTY'::geometry)),
                r.own) AS shape) open"""
        self.oracle.run(f"CREATE TABLE open_land AS SELECT r.id, r.mx, r.my, r.own, wanted.shape AS wanted, taken.shape AS taken,"
                        f" open.shape FROM {open_land}")

        def touching(shape, gap_m):
            return f"""SELECT r.id, coalesce(sum(ST_Area(ST_SetSRID(ST_Scale(part.geom, 1 / r.mx, 1 / r.my), 6668)::geography)), 0)
                  / 10000 AS value FROM open_land r
                LEFT JOIN LATERAL ST_Dump({shape}) part ON ST_Dimension(part.geom) = 2 AND ST_Distance(part.geom, r.own) <= {gap_m}
                GROUP BY r.id"""

        def drawn_with_a_pen(wider_m):
            land, taken = (f"ST_Buffer({each}, {by}, 'join=mitre')" for each, by in (("r.wanted", wider_m), ("r.taken", -wider_m)))
            return touching(f"ST_Difference(ST_Difference({land}, coalesce({taken}, 'POLYGON EMPTY'::geometry)), r.own)",
                            1 + 1.5 * wider_m)
        self.partial.add(name)
        self.keep(name, "number", f"SELECT t.*, k.knows = 'partly' AS least FROM ({touching('r.shape', 1)}) t JOIN {self.coverage(zoning)} k USING (id)")
        # Where borders of several layers run together, land hangs together by less than a hair or not at all: both is right.
        self.oracle.run(f"CREATE TABLE least_land AS {drawn_with_a_pen(-HAIR_M)}; CREATE TABLE most_land AS {drawn_with_a_pen(HAIR_M)}")
        self.either[name] = f"""SELECT id, numrange(least(l.value, m.value)::numeric, greatest(l.value, m.value)::numeric, '[]')
            FROM {self.schema}.least_land l JOIN {self.schema}.most_land m USING (id)"""
