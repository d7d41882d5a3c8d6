"""Two data folders from one source, with and without the rows that a role may not see; and what to ask them."""
import csv
import io
import json
import shutil
import sqlite3
import urllib.parse

from conftest import import_all, run

HELD_BACK = {"factory_sites": ("site-survey", "site-survey.csv", "適地番号", "cp932"),
             "investments": ("investments", "investments.csv", "事業番号", "utf-8-sig")}
ENDED, LASTING, NAMED = "2020-01-01", "2999-12-31", "甲工業"
LEVELS = {"public": 0, "consented": 1, "internal": 2}


class Role:
    """A kind of caller, and the rules of what it sees written once more, apart from the program."""

    def __init__(self, name, everywhere=0, at_home=0, home=(), holder="", layers=None, options=()):
        self.name, self.everywhere, self.at_home, self.home = name, everywhere, at_home, home
        self.holder, self.layers, self.options = holder, layers, options

    def sees(self, layer, row):
        if self.layers is not None and layer not in self.layers:
            return False
        level = LEVELS.get(row.get("disclosure"), 2)
        if level == 1 and row.get("consented_to") and row["consented_to"] != self.holder:
            level = 2
        if row.get("consent_until") and row["consent_until"] < "2021":
            level = 2
        code = row.get("municipality_code") or ""
        at_home = any(code == one or (len(one) == 2 and code.startswith(one)) for one in self.home)
        return level <= (max(self.at_home, self.everywhere) if at_home else self.everywhere)

    def columns_not_seen(self, layer, row):
        """Of the source: what the role does not learn of a row that it sees."""
        if layer != "factory_sites":
            return []
        level = self.at_home if (row["municipality_code"] or "").startswith(tuple(self.home) or "-") else self.everywhere
        out = [] if max(level, self.everywhere) == 2 else ["同意日", "同意期限", "同意先"]
        return out + (["価格円毎㎡", "面積ha"] if "--hide" in self.options else [])

    def key(self, data):
        """Headers of a new key; none for the public."""
        if self.name == "public":
            return {}
        done = run("keys", "add", "--data", data, *self.options)
        assert done.returncode == 0, done.stderr
        return {"Authorization": "Bearer " + done.stdout.strip()}


COMPANY, MUNICIPALITY = ("--role", "company", "--holder"), ("--role", "municipality", "--holder")
ROLES = [
    Role("public"),
    Role("company", 1, options=(*COMPANY, "乙商事")),
    Role("company that consents name", 1, holder=NAMED, options=(*COMPANY, NAMED)),
    Role("company of two layers", 1, layers=("factory_sites", "zoning"),
         options=(*COMPANY, "丙産業", "--layers", "factory_sites,zoning")),
    Role("company without prices", 1, options=(*COMPANY, "丁物産", "--hide", "factory_sites.price_jpy_per_m2,factory_sites.area_ha")),
    Role("company of an area", 0, 1, home=("15202",), options=(*COMPANY, "戊電機", "--area", "15202")),
    Role("municipality", 0, 2, home=("15202",), options=(*MUNICIPALITY, "長岡市", "--area", "15202")),
    Role("prefecture", 0, 2, home=("15",), options=(*MUNICIPALITY, "新潟県", "--area", "15")),
    Role("operator", 2, 2, options=("--role", "operator", "--holder", "センター")),
]


def with_consents(source):
    """Some consents end, some name somebody."""
    _, name, _, encoding = HELD_BACK["factory_sites"]
    rows = list(csv.reader(io.StringIO((source / name).read_text(encoding=encoding))))
    level = rows[0].index("開示区分")
    rows[0] += ["同意日", "同意期限", "同意先"]
    for i, row in enumerate(rows[1:]):
        row += ["2019-04-01", ENDED if i % 5 == 0 else LASTING if i % 5 == 1 or row[level] == "公開" else "",
                NAMED if i % 4 == 0 and row[level] == "同意" else ""]
    write(source / name, rows, encoding)


def write(path, rows, encoding):
    with path.open("w", encoding=encoding, newline="", errors="replace") as file:
        csv.writer(file).writerows(rows)


def stored(data, layer):
    """The rows of a layer as dictionaries, by the key of their source."""
    out = {}
    for file in sorted((data / layer).glob("*.sqlite")):
        with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as connection:
            connection.row_factory = sqlite3.Row
            for row in connection.execute(f"SELECT * FROM {layer}"):
                out[row["source_id"]] = {name: row[name] for name in row.keys() if name != "geom"}
    return out


def import_part(source, folder, layer, keep, empty=lambda key: []):
    """Imports a layer's rows whose keys are to be kept, without what is in the columns to be emptied."""
    profile, name, key, encoding = HELD_BACK[layer]
    rows = list(csv.reader(io.StringIO((source / name).read_text(encoding=encoding))))
    at = rows[0].index(key)
    part = folder.parent / f"{folder.name}-{name}"
    kept = [row for row in rows[1:] if row[at] in keep]
    for row in kept:
        for column in empty(row[at]):
            row[rows[0].index(column)] = ""
    write(part, [rows[0]] + kept, encoding)
    step = next(step for step in json.loads((source / "manifest.json").read_text(encoding="utf-8"))["imports"]
                if step["profile"] == profile)
    as_of = ["--as-of", step["as_of"]] if step.get("as_of") else []
    done = run("import", profile, part, "--data", folder, *as_of, *step.get("options", []), "--progress", "none")
    assert done.returncode in (0, 3), done.stderr


class World:
    def __init__(self, folder, scale="0.02"):
        self.pairs = 0
        self.folder, self.source, self.whole = folder, folder / "source", folder / "whole"
        done = run("synth", "--seed", 5, "--scale", scale, "--region", "15202", "--out", self.source)
        assert done.returncode == 0, done.stderr
        with_consents(self.source)
        import_all(self.source, self.whole)
        self.rows = {layer: stored(self.whole, layer) for layer in HELD_BACK}

    def seen(self, role, layer):
        return {key for key, row in self.rows[layer].items() if role.sees(layer, row)}

    def pair(self, role):
        """The folder with everything, and one without the rows and values that the role does not see."""
        self.pairs += 1
        name = f"{self.pairs}-{role.name.replace(' ', '-')}"
        with_hidden, without = self.folder / f"{name}-with", self.folder / f"{name}-without"
        shutil.copytree(self.whole, with_hidden)
        shutil.copytree(self.whole, without)
        for layer in HELD_BACK:
            shutil.rmtree(without / layer)
            keep = self.seen(role, layer)
            if keep:
                import_part(self.source, without, layer, keep,
                            lambda key, layer=layer: role.columns_not_seen(layer, self.rows[layer][key]))
        return with_hidden, without


def tiles_over(bounds, zoom):
    west, south, east, north = bounds
    import math

    def at(lon, lat):
        y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
        return int((lon + 180) / 360 * 2 ** zoom), int(y * 2 ** zoom)

    (x0, y0), (x1, y1) = at(west, north), at(east, south)
    return [(zoom, x, y) for x in range(x0 - 1, x1 + 2) for y in range(y0 - 1, y1 + 2)]


# Every family of paths. A path that is new is one line here.
LAYERS = ["factory_sites", "investments", "zoning", "farmland_zones", "water_pipes", "municipalities", "nothing_here"]
TOGETHER = "factory_sites,investments,zoning"
FILTERS = ["area_ha>5", "disclosure<>'public'", "price_jpy_per_m2>20000", "consent_until<DATE('2030-01-01')", "consent_until>DATE('2030-01-01')",
           "consented_to IS NULL", "CASEI(consented_to)=CASEI('甲工業')", "nothing=1", "amount_jpy>100000000 AND jobs IS NULL"]
MATCH = [{"layer": "factory_sites", "criteria": [{"fact": "area_ha", "min": 1, "ideal": 5, "weight": 2}]},
         {"criteria": [{"fact": "disclosure", "in": ["internal", "consented"], "required": True}]}]


def questions(bounds, role):
    """(method, path, headers) of all that is asked."""
    out = []

    def ask(path, method="GET", **headers):
        out.append((method, urllib.parse.quote(path, safe="/?&=%,.:-_~*"), headers))

    for path in ("/", "/?f=json", "/?f=html", "/layers.json", "/styles", "/nowhere", "/processes", "/processes/match-sites"):
        ask(path)
        ask(path, "HEAD")
    if role.layers is None:  # for whoever watches the server, key or not
        ask("/readyz")
    for style in ("default", "industrial", "sites", "nothing"):
        ask(f"/styles/{style}")
    for inputs in MATCH:
        for kind in ("json", "geojson", "csv"):
            ask(f"/processes/match-sites/execution?f={kind}&inputs={urllib.parse.quote(json.dumps(inputs))}")
    for name in (*LAYERS, TOGETHER, "factory_sites,nothing_here", "investments,investments"):
        for path in (f"/xyz/{name}.json", f"/xyz/{name}/metadata.json", f"/xyz/{name}.json?datetime=2020-01-01/.."):
            ask(path)
            ask(path, "HEAD")
        for wrong in ("99/0/0", "5/99/0", "a/0/0", "15/0/0"):
            ask(f"/xyz/{name}/{wrong}.pbf")
        for wish in FILTERS:
            ask(f"/xyz/{name}.json?filter={wish}")
    for zoom in range(4, 15):
        for z, x, y in tiles_over(bounds, zoom):
            names = [TOGETHER] if zoom > 11 else ["factory_sites", "investments", TOGETHER]
            for name in names:
                ask(f"/xyz/{name}/{z}/{x}/{y}.pbf", **{"Accept-Encoding": "gzip"})
            if zoom in (5, 8, 10):
                for wish in FILTERS:
                    ask(f"/xyz/factory_sites/{z}/{x}/{y}.mvt?filter={wish}")
                    ask(f"/xyz/investments/{z}/{x}/{y}.mvt?filter={wish}")
                ask(f"/xyz/{TOGETHER}/{z}/{x}/{y}?datetime=../2020-01-01")
                ask(f"/xyz/factory_sites/{z}/{x}/{y}.pbf", "HEAD")
                for coding in ("br", "zstd", "identity"):
                    ask(f"/xyz/{TOGETHER}/{z}/{x}/{y}.pbf", **{"Accept-Encoding": coding})
    return out


class Answers:
    """One server, asked over one connection."""

    def __init__(self, server, key):
        self.server, self.key = server, key
        self.connection = server.connect()

    def ask(self, method, path, headers):
        self.connection.request(method, path, headers={**headers, **self.key})
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, [(name, value) for name, value in answer.getheaders() if name != "Date"], body


def compare(one, other, asked):
    """The first difference as a text, or None; and how many answers there were of which status."""
    statuses = {}
    for method, path, headers in asked:
        answers = [each.ask(method, path, headers) for each in (one, other)]
        etag = dict(answers[0][1]).get("ETag")
        if etag and answers[0] == answers[1]:
            answers = [each.ask(method, path, {**headers, "If-None-Match": etag}) for each in (one, other)]
            if answers[0][0] != 304:
                return f"{method} {path}: {answers[0][0]} in place of 304", statuses
        if answers[0] != answers[1]:
            parts = [name for name, a, b in zip(("status", "headers", "body"), *answers) if a != b]
            return f"{method} {path} {headers}: {parts} differ: {answers[0]!r:.1500}\n{answers[1]!r:.1500}", statuses
        statuses[answers[0][0]] = statuses.get(answers[0][0], 0) + 1
    return None, statuses


def region(world):
    """What holds every row that is anywhere."""
    boxes = []
    for layer in HELD_BACK:
        for file in (world.whole / layer).glob("*.sqlite"):
            with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as connection:
                boxes.append(connection.execute(
                    f"SELECT min(xmin), min(ymin), max(xmax), max(ymax) FROM idx_{layer}_geom").fetchone())
    return [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
