"""What a caller may not see does not exist for him: a folder without it gives the same bytes to every question."""
import json
import shutil

import pytest

from conftest import run
from disclosure_world import ROLES, Answers, World, compare, import_part, questions, region

PUBLIC_URL = ("--public-url", "http://map.example")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("disclosure"))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_hidden_rows_leave_no_trace(world, role, start):
    folders = world.pair(role)
    one, other = (Answers(start(folder, *PUBLIC_URL), role.key(folder)) for folder in folders)
    difference, statuses = compare(one, other, questions(region(world), role))
    assert difference is None, difference
    # It was about something: rows are seen, rows are hidden, and tiles were given.
    listed = {layer["id"]: layer["rows"] for layer in json.loads(one.ask("GET", "/layers.json", {})[2])["layers"]}
    for layer in world.rows:
        assert listed.get(layer, 0) == len(world.seen(role, layer))
    all_rows = sum(map(len, world.rows.values()))
    assert (sum(len(world.seen(role, layer)) for layer in world.rows) == all_rows) == (role.name == "operator")
    assert statuses[304] > 50 and statuses[404] > 10 and statuses[400] > 10, statuses


def test_a_withdrawn_row_is_gone_at_once_as_if_it_had_never_been(world, start):
    role = ROLES[0]
    with_row, without = world.pair(role)
    rows = world.rows["factory_sites"]
    gone = sorted(world.seen(role, "factory_sites"))[0]
    server = start(with_row, *PUBLIC_URL)
    before = json.loads(server.ask("/layers.json").body)
    done = run("consents", "withdraw", "--data", with_row, "--layer", "factory_sites", "--id", rows[gone]["id"])
    assert done.returncode == 0, done.stderr
    after = json.loads(server.ask("/layers.json").body)
    count = lambda layers: next(one["rows"] for one in layers["layers"] if one["id"] == "factory_sites")
    assert count(after) == count(before) - 1
    shutil.rmtree(without / "factory_sites")
    import_part(world.source, without, "factory_sites", world.seen(role, "factory_sites") - {gone})
    difference, _ = compare(Answers(server, {}), Answers(start(without, *PUBLIC_URL), {}), questions(region(world), role))
    assert difference is None, difference


def test_answers_with_a_key_are_for_nobody_else(world, start):
    folder, _ = world.pair(next(role for role in ROLES if role.name == "operator"))
    server = start(folder)
    key = next(role for role in ROLES if role.name == "company").key(folder)
    for path in ("/layers.json", "/xyz/factory_sites.json", "/xyz/zoning/10/909/397.pbf", "/xyz/nothing.json", "/styles", "/?f=json"):
        answer = server.ask(path, headers=key)
        control = answer.getheader("Cache-Control") or "no-store"
        assert "public" not in control and ("private" in control or "no-store" in control), (path, control)
        for one in (answer, server.ask(path)):
            assert {"Authorization", "X-API-Key"} <= {name.strip() for name in one.getheader("Vary").split(",")}, path
    for wrong in ({"Authorization": "Bearer nonsense"}, {"X-API-Key": "0" * 40}):
        for path in ("/layers.json", "/xyz/factory_sites/8/227/99.pbf"):
            assert server.ask(path, headers=wrong).status == 401, path


def test_what_a_key_was_shown_is_in_the_audit(world, start):
    role = next(role for role in ROLES if role.name == "company")
    folder, _ = world.pair(role)
    server, key = start(folder), role.key(folder)
    assert server.ask("/xyz/factory_sites/6/56/24.pbf").status == 200
    assert server.ask("/xyz/factory_sites/6/56/24.pbf", headers=key).status == 200
    done = run("audit", "export", "--data", folder)
    assert done.returncode == 0, done.stderr
    rows = world.rows["factory_sites"]
    shown = {key for key, row in rows.items() if str(row["id"]) in done.stdout}
    assert shown and all(rows[key]["disclosure"] == "consented" for key in shown)
    assert shown <= world.seen(role, "factory_sites")
