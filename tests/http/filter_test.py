"""Tiles of chosen features: what SQL chooses from the table, and nothing else, at every zoom and in every client's way."""
import csv
import json
import sqlite3
import urllib.parse

import pytest

import mvt
from conftest import import_all, run
from tiles_test import tile_of, tiles_over

AMOUNT = "amount_jpy > 500000000"


def ask(server, layers, tile, connection=None, headers=None, **parameters):
    query = urllib.parse.urlencode(parameters)
    z, x, y = tile
    answer = server.ask(f"/xyz/{layers}/{z}/{x}/{y}.mvt?{query}".replace("+", "%20"), connection=connection, headers=headers)
    return answer


def features(server, layer, tile, connection=None, **parameters):
    answer = ask(server, layer, tile, connection, **parameters)
    assert answer.status in (200, 204), answer.body
    return mvt.decode(answer.body).get(layer, []) if answer.body else []


def selected(data, layer, condition):
    out = set()
    for file in sorted((data / layer).glob("*.sqlite")):
        with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as base:
            out |= {row[0] for row in base.execute(
                f"SELECT id FROM {layer} WHERE geom IS NOT NULL AND disclosure = 'public' AND ({condition})")}
    return out


@pytest.mark.parametrize("parameters,condition", [
    ({"filter": AMOUNT}, "amount_jpy > 500000000"),
    ({"filter": "amount_jpy BETWEEN 100000000 AND 500000000 AND plan_kind IN ('strategic', 'local')"},
     "amount_jpy BETWEEN 100000000 AND 500000000 AND plan_kind IN ('strategic', 'local')"),
    ({"filter": "jobs IS NULL OR NOT (jobs < 100)"}, "jobs IS NULL OR jobs >= 100"),
    ({"filter": "name LIKE '%工場%'"}, "name LIKE '%工場%'"),
    ({"datetime": "2020-01-01/.."}, "decided_on IS NULL OR decided_on >= '2020-01-01'"),
    ({"filter": AMOUNT, "datetime": "2018-01-01/2019-12-31"},
     "amount_jpy > 500000000 AND (decided_on IS NULL OR decided_on BETWEEN '2018-01-01' AND '2019-12-31')"),
    ({"filter": '{"op": ">", "args": [{"property": "amount_jpy"}, 500000000]}', "filter-lang": "cql2-json"},
     "amount_jpy > 500000000"),
])
def test_a_filtered_layer_holds_what_sql_selects(server, data, parameters, condition):
    bounds = server.json("/xyz/investments.json")["bounds"]
    connection = server.connect()
    seen = set()
    for tile in tiles_over(bounds, 12):
        seen |= {feature[0] for feature in features(server, "investments", tile, connection, **parameters)}
    assert seen == selected(data, "investments", condition)
    assert 0 < len(seen) < len(selected(data, "investments", "1")), "the test needs a filter that chooses"


def test_what_a_tile_would_leave_out_is_found_by_a_filter(server, data):
    """Filters choose from all rows, not from those that an unfiltered tile has room or eyes for."""
    layer, zoom = "farmland_parcels", 11
    bounds = server.json(f"/xyz/{layer}.json")["bounds"]
    plain = {f[0] for tile in tiles_over(bounds, zoom) for f in features(server, layer, tile)}
    with sqlite3.connect(f"file:{next((data / layer).glob('*.sqlite'))}?immutable=1", uri=True) as base:
        hidden = [row[0] for row in base.execute(f"SELECT id FROM {layer} ORDER BY area_m2 LIMIT 200") if row[0] not in plain]
    assert hidden, "the test needs parcels too small to be shown by themselves"
    counted = sum(f[3].get("_count", 1) + f[3].get("_dropped", 0)
                  for tile in tiles_over(bounds, zoom)
                  for f in features(server, layer, tile, filter=f"id = {hidden[0]}"))
    dropped = sum(int(pair.split("=")[1]) for tile in tiles_over(bounds, zoom)
                  for pair in (ask(server, layer, tile, filter=f"id = {hidden[0]}").getheader("Ritchi-Dropped") or "").split(", ") if pair)
    assert counted + dropped >= 1


def test_hidden_rows_cannot_be_probed(server, data):
    hidden = selected(data, "investments", "1")
    with sqlite3.connect(f"file:{next((data / 'investments').glob('*.sqlite'))}?immutable=1", uri=True) as base:
        row = base.execute("SELECT id, amount_jpy FROM investments WHERE disclosure <> 'public' AND geom IS NOT NULL").fetchone()
    assert row and row[0] not in hidden
    for tile in tiles_over(server.json("/xyz/investments.json")["bounds"], 9):
        assert ask(server, "investments", tile, filter=f"id = {row[0]}").status == 204
        assert ask(server, "investments", tile, filter="disclosure = 'internal'").status == 204


def test_spatial_filters_hold_what_lies_there(server):
    bounds = server.json("/xyz/investments.json")["bounds"]
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    box = f"S_INTERSECTS(geom, BBOX({bounds[0]}, {bounds[1]}, {middle[0]}, {middle[1]}))"
    inside, outside = set(), set()
    for tile in tiles_over(bounds, 12):
        inside |= {f[0] for f in features(server, "investments", tile, filter=box)}
        outside |= {f[0] for f in features(server, "investments", tile, filter=f"NOT {box}")}
    assert inside and outside and not inside & outside
    assert inside | outside == {f[0] for tile in tiles_over(bounds, 12) for f in features(server, "investments", tile)}


def test_equal_filters_are_one_tile(server):
    tile = next(t for t in tiles_over(server.json("/xyz/investments.json")["bounds"], 9)
                if ask(server, "investments", t, filter=AMOUNT).status == 200)
    ways = ["amount_jpy > 500000000", "  AMOUNT_JPY_IS  ", "amount_jpy>5e8", "NOT (NOT (amount_jpy > 500000000))",
            "500000000 < amount_jpy"]
    tags = {ask(server, "investments", tile, filter=way).getheader("ETag") for way in ways if "IS" not in way}
    assert len(tags) == 1
    assert ask(server, "investments", tile, filter=AMOUNT, headers={"If-None-Match": tags.pop()}).status == 304


def test_a_filter_holds_for_every_layer_of_a_set(server):
    tile = (9, *tile_of(*server.json("/xyz/investments.json")["center"][:2], 9))
    assert ask(server, "investments,factory_sites", tile, filter="municipality_code = '15202'").status in (200, 204)
    refused = ask(server, "investments,water_pipes", tile, filter=AMOUNT)
    assert refused.status == 400 and "amount_jpy" in json.loads(refused.body)["detail"]


def test_tilejson_carries_the_filter(server):
    query = urllib.parse.urlencode({"filter": AMOUNT, "datetime": "2015-01-01/.."}).replace("+", "%20")
    described = server.json("/xyz/investments.json?" + query)
    template = urllib.parse.urlsplit(described["tiles"][0])
    assert dict(urllib.parse.parse_qsl(template.query)) == {"filter": AMOUNT, "datetime": "2015-01-01/.."}


@pytest.mark.parametrize("parameters,word", [
    ({"filter": "amount_jpy >"}, "filter"), ({"filter": "nothing = 1"}, "filter"), ({"filter": "amount_jpy = 'a'"}, "filter"),
    ({"filter": "a" * 7000}, "filter"), ({"filter": "("}, "filter"), ({"filter": ""}, "filter"),
    ({"filter": AMOUNT, "filter-lang": "sql"}, "filter-lang"), ({"datetime": "tomorrow"}, "datetime"),
    ({"datetime": "2020-02-30"}, "datetime"), ({"filter": "S_INTERSECTS(geom, POLYGON((0 0, 1 1, 0 0)))"}, "filter"),
    ({"filter": "amount_jpy > 1e999"}, "filter"), ({"filter": "'; DROP TABLE investments; --"}, "filter"),
])
def test_bad_filters_are_named(server, parameters, word):
    for path in ("/xyz/investments.json?", "/xyz/investments/9/450/200.mvt?"):
        answer = server.ask(path + urllib.parse.urlencode(parameters).replace("+", "%20"), headers={"Accept-Language": "en"})
        assert answer.status == 400, answer.body
        assert json.loads(answer.body)["where"].startswith(word)


def test_a_publish_changes_only_the_filtered_tiles_that_it_touches(generated, tmp_path, start):
    data = tmp_path / "data"
    import_all(generated, data)
    server = start(data)
    bounds = server.json("/xyz/investments.json")["bounds"]
    tiles = [t for t in tiles_over(bounds, 12) if ask(server, "investments", t, filter="amount_jpy > 0").status == 200]
    before = {t: ask(server, "investments", t, filter="amount_jpy > 0").getheader("ETag") for t in tiles}
    with open(next(generated.glob("investments*.csv")), encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    keys = {f[3]["source_id"] for t in tiles[:1] for f in features(server, "investments", t, filter="amount_jpy > 0")}
    row = next(row for row in rows if row["事業番号"] in keys)
    changed = tmp_path / "one.csv"
    with open(changed, "w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, row.keys())
        writer.writeheader()
        writer.writerow({**row, "雇用数": "4321"})
    done = run("import", "investments", changed, "--data", data, "--update", "--progress", "none")
    assert done.returncode == 0, done.stderr + done.stdout
    server.process.send_signal(1)
    while (after := {t: ask(server, "investments", t, filter="amount_jpy > 0").getheader("ETag") for t in tiles}) == before:
        assert server.process.poll() is None
    touched = [t for t in tiles if after[t] != before[t]]
    assert 1 <= len(touched) <= 4, "one point lies in one tile, or in the buffers of three more"
