"""Random questions of match-sites, each with the SQL that says what its answer must be."""
import bisect
import json
import math
import random

KM_GUARD, SHARE_GUARD, HA_GUARD = 0.002, 2e-4, 0.02
# Of a measured value, where no more is said: 0.1 %, or 1 m or m².
MEASURED = 1e-3
AS_OF = ["2024-02-10", "2025-04-01", "2026-11-21", "2030-03-31", "2030-04-01"]


def text(value):
    return "'{}'".format(str(value).replace("'", "''"))


def array(values):
    return "ARRAY[{}]::text[]".format(", ".join(map(text, values)))


def own_threshold(dice, value):
    """For what is the same number on both sides; but with many digits it may have come over with fewer."""
    if abs(value - round(value, 4)) > 1e-12:
        return round(value, 4) + 0.00005
    return value if dice.random() < 0.5 else round(value * dice.uniform(0.9, 1.1), 3)


class Criterion:
    """One criterion as it is asked, and in SQL: whether it holds (NULL: unknown), and how far from its ideal.

    least: SQL that is true where the value is only known to be at least that; most: what it can be at most (none: anything)."""

    def __init__(self, asked, value, low=None, high=None, ideal=None, holds=None, measured=0.0, joins=(), least=None, most=None):
        self.asked, self.value, self.joins = asked, value, list(joins)
        self.weight, self.required = asked.get("weight", 1), asked.get("required", True)
        self.low, self.high, self.ideal = low, high, ideal
        self.holds = holds or self.within(value)
        self.fulfilment = self.fulfilled(value)
        self.slope = 0.0
        if ideal is not None:
            spans = [abs(each - ideal) for each in (low, high) if each is not None and each != ideal]
            self.slope = 1 / min(spans) if spans else 0.0
        if least:
            self.take_least(least, "'Infinity'::float8" if most is None else repr(float(most)))
        self.measured = measured  # how far the value may be off, in its unit

    def within(self, value):
        bounds = [f"{value} >= {self.low!r}" if self.low is not None else "", f"{value} <= {self.high!r}" if self.high is not None else ""]
        return " AND ".join(each for each in bounds if each)

    def fulfilled(self, value):
        low, high, ideal = self.low, self.high, self.ideal
        if ideal is None:
            return "1.0"
        below = f"1 - ({ideal!r} - {value}) / {ideal - low!r}" if low is not None and ideal > low else "1"
        above = f"1 - ({value} - {ideal!r}) / {high - ideal!r}" if high is not None and high > ideal else "1"
        return f"CASE WHEN {value} < {ideal!r} THEN {below} WHEN {value} > {ideal!r} THEN {above} ELSE 1 END"

    def take_least(self, least, most):
        """Any value from the known one to the most may be the true one."""
        value = self.value
        none_holds = " OR ".join(each for each in (f"{value} > {self.high!r}" if self.high is not None else "",
                                                   f"{most} < {self.low!r}" if self.low is not None else "") if each)
        self.holds = f"""CASE WHEN {value} IS NULL THEN NULL WHEN NOT {least} THEN {self.within(value)} WHEN {none_holds} THEN FALSE
            WHEN {self.within(value)} AND {self.within(most)} THEN TRUE END"""
        self.fulfilment = f"CASE WHEN {least} THEN least({self.fulfilled(value)}, {self.fulfilled(most)}) ELSE {self.fulfilled(value)} END"


class Question:
    def __init__(self, number, inputs, criteria, within, keep_unknown):
        self.number, self.inputs, self.criteria, self.within, self.keep_unknown = number, inputs, criteria, within, keep_unknown

    def tables(self):
        """SQL that makes the table `judged`: of each site that is considered what holds, and its score."""
        weights = sum(each.weight for each in self.criteria)
        columns, score = [], []
        for number, each in enumerate(self.criteria):
            columns.append(f"({each.holds}) AS p{number}, {each.value} AS v{number}" if each.value != "NULL" else
                           f"({each.holds}) AS p{number}, NULL AS v{number}")
            score.append(f"CASE WHEN ({each.holds}) THEN {each.weight / weights!r} * ({each.fulfilment}) ELSE 0 END")
        removed = [f"NOT coalesce(({each.holds}), {'TRUE' if self.keep_unknown else 'FALSE'})" if each.required else "FALSE"
                   for each in self.criteria]
        kept = " AND ".join(f"NOT ({each})" for each in removed) or "TRUE"
        removal = ", ".join(f"{each} AS r{number}" for number, each in enumerate(removed))
        joins = " ".join(dict.fromkeys(join for each in self.criteria for join in each.joins))
        picked = ", ".join(["f.id", f"({kept}) AS kept", f"({' + '.join(score) or '0'})::float8 AS score", *columns, *([removal] if removal else [])])
        return f"""DROP TABLE IF EXISTS judged; CREATE TEMPORARY TABLE judged AS SELECT {picked} FROM of_sites.facts f
            JOIN factory_sites s USING (id) {joins} WHERE {self.within}"""

    def funnel(self):
        """SQL for [failed, unknown, alone, in turn, remaining] of each criterion, one after the other."""
        columns = ["count(*)"]
        before = "TRUE"
        for number in range(len(self.criteria)):
            after = f"{before} AND NOT r{number}"
            columns += [f"count(*) FILTER (WHERE NOT p{number})", f"count(*) FILTER (WHERE p{number} IS NULL)",
                        f"count(*) FILTER (WHERE r{number})", f"count(*) FILTER (WHERE {before} AND r{number})",
                        f"count(*) FILTER (WHERE {after})"]
            before = after
        return f"SELECT {', '.join(columns)} FROM judged"

    def matches(self):
        picked = ", ".join(f"p{number}, v{number}" for number in range(len(self.criteria)))
        return f"SELECT id, score{', ' + picked if picked else ''} FROM judged WHERE kept"

    def score_tolerance(self):
        weights = sum(each.weight for each in self.criteria)
        return 1e-8 + sum(each.weight / weights * each.slope * each.measured for each in self.criteria)

    def __str__(self):
        return f"question {self.number}: {json.dumps(self.inputs, ensure_ascii=False)}"


class Asking:
    """Draws questions; what distances are measured to comes from a stock, so that each is measured once."""

    def __init__(self, oracle, facts, targets, seed):
        self.oracle, self.facts, self.dice = oracle, facts, random.Random(seed)
        self.forms = facts.forms
        self.measured_facts = facts.measured
        self.shares = [each["name"] for each in facts.facts if "share" in each]
        self.ages = [each for each in facts.facts if "age" in each]
        self.values = {}
        for name, form in self.forms.items():
            kind = "unnest(" + name + ")" if form == "set" else name
            self.values[name] = sorted({row[0] for row in oracle.ask(f"SELECT {kind} FROM of_sites.facts WHERE {name} IS NOT NULL")})
        self.askable = [name for name, values in self.values.items() if len(values) > 1]
        self.targets = targets

    # Thresholds: never so near to a site's measured value that two right answers could differ.

    def apart(self, values, wished, guard, least=0.0, most=math.inf):
        """The number between least and most nearest to the wished one that is no nearer than the guard to any value."""
        place = bisect.bisect_left(values, wished)
        for step in range(len(values) + 2):
            for index in {place - step, place + step}:
                if not 0 <= index <= len(values):
                    continue
                low = values[index - 1] + guard if index else -math.inf
                high = values[index] - guard if index < len(values) else math.inf
                low, high = max(low, least), min(high, most)
                if low <= high:
                    return min(max(wished, low), high)
        raise AssertionError("no threshold is apart from all values")

    def threshold(self, values, measured, guard):
        chosen = self.dice.choice(values)
        if not measured:
            return own_threshold(self.dice, chosen)
        if guard == HA_GUARD:
            guard = max(guard, MEASURED * abs(chosen))
        if guard != SHARE_GUARD:
            return self.apart(values, chosen, guard)
        # All of a site that several areas cover together may be a hair less than 1.
        return 0.0 if chosen == 0 else self.apart(values, chosen, guard, 0.0, 1.0 - guard)

    def bounds(self, values, measured, guard):
        """Least, greatest and ideal, of which some are not given."""
        low, high = sorted((self.threshold(values, measured, guard), self.threshold(values, measured, guard)))
        kind = self.dice.choice(["min", "max", "both"])
        low, high = low if kind != "max" else None, high if kind != "min" else None
        ideal = None
        if self.dice.random() < 0.5:
            first = low if low is not None else high - abs(high) - 1
            last = high if high is not None else low + abs(low) + 1
            ideal = round(self.dice.uniform(first, last), 6)
            ideal = min(max(ideal, first), last)
        return low, high, ideal

    # Criteria of every kind.

    def common(self):
        out = {}
        if self.dice.random() < 0.6:
            out["weight"] = self.dice.choice([0, 0.5, 1, 2, 3.25, 10])
        if self.dice.random() < 0.6:
            out["required"] = self.dice.random() < 0.5
        return out

    def criterion(self, as_of):
        kind = self.dice.choices(["fact", "constraint", "near", "away", "age"], [10, 4, 3, 2, 1])[0]
        return getattr(self, "ask_" + kind)(as_of)

    def guard_of(self, name):
        return SHARE_GUARD if name in self.shares else HA_GUARD if name.endswith("_ha") else KM_GUARD

    def number(self, asked, value, low, high, ideal, measured, joins=(), names=("min", "max", "ideal"), of=None):
        for name, given in zip(names, (low, high, ideal)):
            if given is not None:
                asked[name] = given
        least = f"f.least_{of}" if of in self.facts.partial else None
        return Criterion(asked, value, low, high, ideal, measured=measured, joins=joins, least=least, most=1 if of in self.shares else None)

    def off(self, guard, *around):
        """How far a value may be off near these."""
        return max([guard / 2] + [MEASURED * abs(each) for each in around if each is not None])

    def ask_fact(self, as_of):
        name = self.dice.choice(self.askable)
        asked = {"fact": name} | self.common()
        form = self.forms[name]
        if form == "number":
            measured, guard = name in self.measured_facts, self.guard_of(name)
            low, high, ideal = self.bounds(self.values[name], measured, guard)
            return self.number(asked, f"f.{name}", low, high, ideal, self.off(guard, low, high, ideal) if measured else 0.0, of=name)
        asked["in"] = self.dice.sample(self.values[name], self.dice.randint(1, min(4, len(self.values[name]))))
        holds = f"f.{name} && {array(asked['in'])}" if form == "set" else f"f.{name} = ANY ({array(asked['in'])})"
        if name in self.facts.partial:  # the word asked for may be among those that are not known
            holds = f"CASE WHEN {holds} THEN TRUE WHEN NOT f.least_{name} THEN {holds} END"
        return Criterion(asked, f"f.{name}", holds=holds)

    def ask_age(self, as_of):
        fact = self.dice.choice(self.ages)
        year, month = int(as_of[:4]), as_of[5:7]
        this_year = year - (1 if fact["age"].get("fiscal_year") and month < "04" else 0)
        values = sorted({max(0.0, this_year - each) for each in self.values[fact["age"]["fact"]]})
        low, high, ideal = self.bounds(values, False, 0)
        # greatest() alone would make 0 of an unknown year.
        age = f"(CASE WHEN f.{fact['age']['fact']} IS NOT NULL THEN greatest(0, {this_year} - f.{fact['age']['fact']}) END)"
        return self.number({"fact": fact["name"]} | self.common(), age, low, high, ideal, 0.0)

    def ask_constraint(self, as_of):
        name = self.dice.choice(self.shares)
        asked = {"constraint": name} | self.common()
        values = self.values[name] or [0.0]
        low, high = sorted(self.threshold(values, True, SHARE_GUARD) for _ in range(2))
        if self.dice.random() < 0.7:
            low = None
        elif self.dice.random() < 0.7:
            high = None
        return self.number(asked, f"f.{name}", low, high, None, SHARE_GUARD, names=("min_share", "max_share", ""), of=name)

    def ask_near(self, as_of):
        target = self.dice.choice(self.targets)
        wished = self.dice.choice(target.km) * self.dice.uniform(0.2, 1.1)
        high = self.apart(target.km, wished, KM_GUARD)
        asked = {"near": target.asked | {"max_km": high}} | self.common()
        if self.dice.random() < 0.5:
            asked["ideal_km"] = round(high * self.dice.choice([0, 0.1, 0.5, 0.9]), 6)
        ideal = asked.get("ideal_km")
        # Beyond max_km a criterion fails; also where nothing of the kind is known at all.
        return Criterion(asked, target.value, None, high, ideal, measured=self.off(KM_GUARD, high), joins=[target.join])

    def ask_away(self, as_of):
        target = self.dice.choice(self.targets)
        low = self.apart(target.km, self.dice.choice(target.km) * self.dice.uniform(0.1, 1.0), KM_GUARD)
        asked = {"away_from": dict(target.asked), "min_km": low} | self.common()
        if self.dice.random() < 0.5:
            asked["ideal_km"] = round(low + max(1, low) * self.dice.choice([0.5, 1, 2]), 6)
        ideal = asked.get("ideal_km")
        out = Criterion(asked, target.value, low, None, ideal, measured=self.off(KM_GUARD, low, ideal), joins=[target.join])
        if target.is_one_place and self.dice.random() < 0.5:
            names = self.dice.sample(target.sets, self.dice.randint(1, len(target.sets)))
            asked["outside_same"] = names
            out.holds = " AND ".join([f"({out.holds})", *(f"({target.outside_same(name)})" for name in names)])
        return out

    def within(self):
        """Part of the inputs, and its SQL."""
        kind = self.dice.choices(["nothing", "area", "codes"], [5, 3, 2])[0]
        if kind == "nothing":
            return {}, "TRUE"
        if kind == "codes":
            codes = sorted({row[0] for row in self.oracle.ask("SELECT municipality_code FROM municipalities")})
            chosen = self.dice.sample(codes, self.dice.randint(1, 4)) if self.dice.random() < 0.9 else ["15"]
            return {"within": chosen}, " OR ".join(f"s.municipality_code LIKE '{code}%'" for code in chosen)
        area = self.area()
        return {"within": area}, f"ST_Covers(ST_SetSRID(ST_GeomFromGeoJSON('{json.dumps(area)}'), 6668), s.geom)"

    def area(self, size=None):
        (lon, lat), = self.oracle.ask("SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(geom) AS c FROM factory_sites"
                                      " WHERE geom IS NOT NULL OFFSET %s LIMIT 1) s", self.dice.randrange(len(self)))
        size, corners = size or self.dice.uniform(0.02, 0.3), self.dice.randint(3, 60)
        ring = []
        for number in range(corners):
            angle, far = 2 * math.pi * (number + self.dice.uniform(0.1, 0.9)) / corners, size * self.dice.uniform(0.4, 1)
            ring.append([round(lon + far * math.cos(angle), 7), round(lat + far * math.sin(angle), 7)])
        return {"type": "Polygon", "coordinates": [ring + ring[:1]]}

    def __len__(self):
        (count,), = self.oracle.ask("SELECT count(*) FROM of_sites.facts")
        return count

    def question(self, number):
        as_of = self.dice.choice(AS_OF)
        inputs = {"as_of": as_of, "limit": 10_000}
        criteria, seen = [], set()
        for _ in range(self.dice.choice([1, 2, 3, 4, 6, 8, 12])):
            drawn = self.criterion(as_of)
            asked = drawn.asked
            about = asked.get("fact") or asked.get("constraint") or json.dumps(asked.get("near") or asked["away_from"])
            if about not in seen:  # no criterion twice, and none that contradicts another
                seen.add(about)
                criteria.append(drawn)
        if not any(each.weight for each in criteria):
            criteria[0].weight = criteria[0].asked["weight"] = 1
        inputs["criteria"] = [each.asked for each in criteria]
        keep = self.dice.random() < 0.5
        if not keep or self.dice.random() < 0.5:
            inputs["unknown"] = "keep" if keep else "drop"
        within, within_sql = self.within()
        return Question(number, inputs | within, criteria, within_sql, keep)
