"""Consents against a running server: who may decide about what, what is kept, what others learn of it."""
import json

import pytest
from access_world import NOWHERE, Client, import_sites, new_key, site_ids, told
from conftest import run


class World:
    def __init__(self, folder, start):
        import_sites(folder)
        self.folder, self.ids = folder, site_ids(folder)
        self.server = start(folder)
        self.public = Client(self.server)
        self.company = Client(self.server, new_key(folder, "company", "ACME"))
        self.nagaoka = Client(self.server, new_key(folder, "municipality", "長岡市", "--area", "15202"))
        self.operator = Client(self.server, new_key(folder, "operator", "センター"))


@pytest.fixture
def world(tmp_path, start):
    return World(tmp_path / "data", start)


def asks(client, site):
    return client.post("/inquiries", {"site": {"id": site}, "message": "m", "contact": "c"}).status


def test_a_decision_holds_at_once_and_is_kept(world):
    site = world.ids["A-3"]
    assert asks(world.company, site) == 404
    made = world.nagaoka.post("/consents", {"id": site, "purpose": "matching", "until": "2099-01-01", "note": "口頭"})
    assert made.status == 201 and made.json["by"] == {"role": "municipality", "holder": "長岡市"}
    assert world.operator.get(made.getheader("Location").split(str(world.server.port))[1]).json["consents"][0] == made.json
    assert asks(world.company, site) == 201
    assert world.nagaoka.post(f"/consents/factory_sites/{site}/withdrawal", {"note": "撤回"}).status == 201
    assert asks(world.company, site) == 404
    assert asks(world.nagaoka, site) == 201
    history = world.nagaoka.get(f"/consents?layer=factory_sites&id={site}").json["consents"]
    assert [one["purpose"] for one in history] == ["none", "matching"]


def test_consent_for_one_company_is_for_it_alone(world):
    site = world.ids["A-3"]
    other = Client(world.server, new_key(world.folder, "company", "別会社"))
    assert world.operator.post("/consents", {"id": site, "purpose": "matching", "holder": "ACME"}).status == 201
    assert (asks(world.company, site), asks(other, site)) == (201, 404)
    assert world.operator.post("/consents", {"id": site, "purpose": "matching", "holder": "別会社"}).status == 201
    assert (asks(world.company, site), asks(other, site)) == (201, 201)
    assert world.operator.post(f"/consents/factory_sites/{site}/withdrawal").status == 201
    assert (asks(world.company, site), asks(other, site)) == (404, 404)


def test_the_command_decides_for_running_servers(world):
    site = world.ids["A-2"]
    assert asks(world.company, site) == 201
    done = run("consents", "withdraw", "--data", world.folder, "--source-id", "A-2", "--note", "電話")
    assert done.returncode == 0 and "internal" in done.stdout, done.stderr
    assert asks(world.company, site) == 404
    assert run("consents", "add", "--data", world.folder, "--id", site, "--for", "matching", "--until", "2099-12-31").returncode == 0
    assert asks(world.company, site) == 201
    rows = json.loads(run("consents", "list", "--data", world.folder, "--json").stdout)
    assert [(row["purpose"], row["municipality_code"], row["by_holder"]) for row in rows] == [("matching", "15202", "shell"), ("none", "15202", "shell")]
    for wrong in (["--id", NOWHERE, "--for", "matching"], ["--source-id", "Z", "--for", "matching"], ["--id", site, "--for", "matching", "--until", "2020-01-01"],
                  ["--id", site, "--for", "publication", "--holder", "ACME"], ["--layer", "nothing", "--id", site, "--for", "matching"]):
        assert run("consents", "add", "--data", world.folder, *wrong).returncode == 1, wrong
    assert run("consents", "add", "--data", world.folder, "--for", "matching").returncode == 2


def test_what_one_does_not_see_does_not_exist(world):
    """Of a hidden row and of none the answers are alike to the byte, but for the id that was asked for."""
    def same(client, method, path, body=None):
        one, none = [client.ask(method, path.format(id), {**body, "id": id} if body and "id" in body else body) for id in (world.ids["B-3"], NOWHERE)]
        assert one.status == none.status
        assert one.content.replace(str(world.ids["B-3"]).encode(), b"N") == none.content.replace(str(NOWHERE).encode(), b"N")
        return one.status

    body = {"id": 0, "purpose": "matching"}
    assert same(world.nagaoka, "POST", "/consents", body) == 404
    assert same(world.nagaoka, "POST", "/consents/factory_sites/{}/withdrawal", {}) == 404
    assert same(world.company, "POST", "/consents", body) == 403
    assert same(world.company, "POST", "/consents/factory_sites/{}/withdrawal", {}) == 403
    assert same(world.public, "POST", "/consents", body) == 401
    assert world.nagaoka.post("/consents", {"id": world.ids["B-1"], "purpose": "matching"}).status == 403
    assert world.public.get("/consents").status == 401 and world.company.get("/consents").status == 403


def test_lists_are_of_ones_own_area_in_pages(world):
    for number in ("A-1", "A-2", "A-3", "B-1"):
        assert world.operator.post("/consents", {"id": world.ids[number], "purpose": "publication"}).status == 201
    assert len(world.operator.get("/consents").json["consents"]) == 4
    page = world.nagaoka.get("/consents?limit=2").json
    (link,) = page["links"]
    rest = world.nagaoka.get(link["href"].split(str(world.server.port))[1]).json
    assert [one["feature"] for one in page["consents"] + rest["consents"]] == [world.ids[n] for n in ("A-3", "A-2", "A-1")]
    assert rest["links"] == []


@pytest.mark.parametrize("body, where", [
    (b"", "/id"), (b"[]", "body"), (b"{", "body"), (b"\xff\xfe", "body"), (b'{"id": 1, "id": 2}', ""), ({"id": "7"}, "/id"), ({"id": 1.5}, "/id"),
    ({"id": -1}, "/id"), ({"id": 1e300}, ""), ({"id": 7}, "/purpose"), ({"id": 7, "purpose": "fun"}, "/purpose"), ({"id": 7, "purpose": "none"}, "/purpose"),
    ({"id": 7, "purpose": "matching", "unknown": 1}, "unknown"), ({"id": "SITE", "purpose": "matching", "until": "2020-01-01"}, "until"),
    ({"id": "SITE", "purpose": "matching", "until": "soon"}, "until"), ({"id": "SITE", "purpose": "publication", "holder": "X"}, "holder"),
    ({"id": "SITE", "purpose": "matching", "note": "x" * 5000}, "note"), (b"{" + b" " * 20000 + b"}", "body"),
])
def test_bad_bodies_name_what_is_wrong(world, body, where):
    if isinstance(body, dict) and body.get("id") == "SITE":
        body = {**body, "id": world.ids["A-1"]}
    answer = world.operator.post("/consents", body)
    assert answer.status == (413 if isinstance(body, bytes) and len(body) > 16384 else 400), answer.content
    assert where in answer.json.get("where", ""), answer.json
    assert world.operator.get("/consents").json["consents"] == []


def test_bodies_of_endless_depth(world):
    assert world.operator.post("/consents", b"[" * 5000).status == 413


def test_bad_parameters(world):
    for path in ("/consents?limit=0", "/consents?limit=x", "/consents?id=x", "/consents?before=1.5"):
        assert world.operator.get(path).status == 400
    assert world.operator.post("/consents/factory_sites/x/withdrawal").status == 404
    assert world.operator.post(f"/consents/nothing/{world.ids['A-1']}/withdrawal").status == 404


def test_answers_are_kept_by_nobody(world):
    for answer in (world.operator.get("/consents"), world.operator.post("/consents", {"id": world.ids["A-1"], "purpose": "matching"})):
        assert answer.getheader("Cache-Control") == "private, no-store" and "X-API-Key" in answer.getheader("Vary")
    assert told(world.public.get("/consents"))[0] == 401
