"""What distances of random questions are measured to: features of a layer that a random filter chooses, one feature, or a
point; with the distance of every site from it, and of one place the areas that it lies in."""
import json

from match_questions import own_threshold
from site_facts_oracle import ROOT, SiteFacts, text_list

LAYERS = ["investments", "investments", "industrial_parks", "industrial_parks", "water_pipes", "interchanges", "stations",
          "substations", "flood_depth", "soil_contamination", "zoning", "ports", "waterworks", "protected_areas"]
PLACES = ["industrial_parks", "investments", "substations", "interchanges", "waterworks"]
FEW = 40  # different texts of an attribute that is worth choosing by


class Target:
    def __init__(self, number, asked):
        self.number, self.asked = number, asked
        self.value = f"coalesce(near_{number}.km, 'Infinity')"
        self.join = f"LEFT JOIN near_{number} USING (id)"
        self.is_one_place = "layer" not in asked or "id" in asked
        self.km = []
        self.areas = {}  # of one place: fact -> words there, or None where that is unknown; and are there perhaps more

    @property
    def sets(self):
        return sorted(self.areas)

    def outside_same(self, fact):
        """SQL: does a site lie in none of the areas that this place lies in?"""
        words, perhaps_more = self.areas[fact]
        if words is None:
            return "NULL::boolean"
        shared = f"f.{fact} && ARRAY[{text_list(words)}]::text[]"
        # A site in no area at all shares none, whatever more the place lies in.
        uncertain = f"cardinality(f.{fact}) > 0" if perhaps_more else f"f.least_{fact}"
        return f"CASE WHEN {shared} THEN FALSE WHEN {uncertain} THEN NULL ELSE NOT ({shared}) END"


class Stock:
    def __init__(self, oracle, datasets, today, dice, filters, places):
        self.oracle, self.dice = oracle, dice
        self.targets = [self.measured(Target(number, *self.filtered())) if number < filters else
                        self.measured(Target(number, *self.place())) for number in range(filters + places)]

    # Filters: drawn as one tree, written as CQL2 and as SQL.

    def attributes(self, layer):
        declared = json.loads((ROOT / "styles" / "layers" / f"{layer}.json").read_text("utf-8"))["attributes"]
        return [each for each in declared if each["type"] in ("text", "integer", "real", "date")]

    def drawn(self, layer, attribute):
        """Some known values of an attribute; none where they do not distinguish anything."""
        rows = self.oracle.ask(f"""SELECT DISTINCT "{attribute['name']}"::text FROM {layer}
                                   WHERE "{attribute['name']}" IS NOT NULL LIMIT 2000""")
        values = sorted(row[0] for row in rows)
        if len(values) < 2 or (attribute["type"] == "text" and len(values) > FEW):
            return []
        return values

    def comparison(self, layer):
        while True:
            attribute = self.dice.choice(self.attributes(layer))
            values = self.drawn(layer, attribute)
            if values:
                break
        name, value, kind = attribute["name"], self.dice.choice(values), attribute["type"]
        if kind == "text":
            form = self.dice.choice(["=", "<>", "IN", "LIKE"])
            if form == "IN":
                both = f"IN ({text_list(self.dice.sample(values, min(3, len(values))))})"
            elif form == "LIKE":
                both = f"LIKE {text_list(['%' + value[len(value) // 2:] + '%'])}"
            else:
                both = f"{form} {text_list([value])}"
            return f"{name} {both}", f'"{name}" {both}'
        sign = self.dice.choice(["<", "<=", ">", ">=", "="] if kind == "integer" else ["<", ">="])
        if kind == "real":
            value = repr(own_threshold(self.dice, float(value)))
        if kind == "date":
            return f"{name} {sign} DATE('{value}')", f"\"{name}\" {sign} '{value}'::date"
        return f"{name} {sign} {value}", f'"{name}" {sign} {value}'

    def predicate(self, layer, depth=2):
        kind = self.dice.choice(["one", "and", "or", "not"]) if depth else "one"
        if kind == "one":
            if self.dice.random() < 0.15:
                name = self.dice.choice(self.attributes(layer))["name"]
                return f"{name} IS NULL", f'"{name}" IS NULL'
            return self.comparison(layer)
        if kind == "not":
            cql, sql = self.predicate(layer, depth - 1)
            return f"NOT ({cql})", f"NOT ({sql})"
        left, right = self.predicate(layer, depth - 1), self.predicate(layer, depth - 1)
        return f"({left[0]}) {kind.upper()} ({right[0]})", f"({left[1]}) {kind.upper()} ({right[1]})"

    def filtered(self):
        layer = self.dice.choice(LAYERS)
        while True:
            cql, sql = self.predicate(layer)
            (count,), = self.oracle.ask(f"SELECT count(*) FROM {layer} WHERE geom IS NOT NULL AND ({sql})")
            if count:
                self.chosen = layer, sql
                return ({"layer": layer, "filter": cql},)

    def place(self):
        if self.dice.random() < 0.3:
            lon, lat = self.dice.uniform(138.5, 139.2), self.dice.uniform(37.05, 37.7)
            self.chosen = None
            return ({"point": [round(lon, 6), round(lat, 6)]},)
        layer = self.dice.choice(PLACES)
        ids = [row[0] for row in self.oracle.ask(f"SELECT id FROM {layer} WHERE geom IS NOT NULL ORDER BY id")]
        chosen = self.dice.choice(ids)
        self.chosen = layer, f"id = {chosen}"
        return ({"layer": layer, "id": chosen},)

    def measured(self, target):
        number = target.number
        if self.chosen is None:
            self.oracle.run(f"""CREATE TABLE near_{number} AS SELECT id, ST_Distance(geom::geography,
                  ST_SetSRID(ST_MakePoint(%s, %s), 6668)::geography) / 1000 AS km FROM of_sites.sites""", *target.asked["point"])
        else:
            layer, condition = self.chosen
            self.oracle.nearest(f"measured_{number}", "of_sites.sites", layer, condition)
            self.oracle.run(f"CREATE TABLE near_{number} AS SELECT id, distance_m / 1000 AS km FROM measured_{number}")
        self.oracle.run(f"CREATE UNIQUE INDEX ON near_{number} (id); ANALYZE near_{number}")
        target.km = sorted(row[0] for row in self.oracle.ask(f"SELECT km FROM near_{number}"))
        return target


def with_areas(oracle, datasets, today, targets):
    """Which areas the single places lie in: facts that are sets, computed of these places like those of sites."""
    rows = []
    for target in targets:
        if not target.is_one_place:
            continue
        if "point" in target.asked:
            lon, lat = target.asked["point"]
            shape = f"SELECT ST_SetSRID(ST_MakePoint({lon}, {lat}), 6668) AS geom"
        else:
            shape = f"SELECT geom FROM {target.asked['layer']} WHERE id = {target.asked['id']}"
        rows.append(f"SELECT {target.number}::bigint AS id, p.geom, ST_Transform(p.geom, 6676) AS flat FROM ({shape}) p")
    facts = SiteFacts(oracle, datasets, today, "of_places", " UNION ALL ".join(rows),
                      lambda fact: "at" in fact and fact["at"]["take"] == "set" and fact["at"]["layer"] in oracle.layers)
    names = list(facts.forms)
    columns = ", ".join(f"{name}, least_{name}" for name in names)
    for number, *values in oracle.ask(f"SELECT id, {columns} FROM of_places.facts"):
        targets[number].areas = dict(zip(names, zip(values[::2], values[1::2])))
    return targets
