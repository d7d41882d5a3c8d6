"""Inquiries against a running server: who learns of them, which way they take, what goes back to the company."""
import json

import pytest
from access_world import NOWHERE, Client, import_sites, new_key, site_ids
from conftest import run


class World:
    def __init__(self, folder, start):
        import_sites(folder)
        self.folder, self.ids = folder, site_ids(folder)
        self.server = start(folder)
        self.public = Client(self.server)
        self.company = Client(self.server, new_key(folder, "company", "ACME"))
        self.other = Client(self.server, new_key(folder, "company", "別会社"))
        self.nagaoka = Client(self.server, new_key(folder, "municipality", "長岡市", "--area", "15202"))
        self.joetsu = Client(self.server, new_key(folder, "municipality", "上越市", "--area", "15222"))
        self.operator = Client(self.server, new_key(folder, "operator", "センター"))

    def ask(self, client, number):
        return client.post("/inquiries", {"site": {"id": self.ids[number]}, "message": "2027年度着工", "contact": "t@example.jp"})


@pytest.fixture
def world(tmp_path, start):
    return World(tmp_path / "data", start)


LIKE = {"like": {"criteria": [{"fact": "area_ha", "min": 5}]}, "message": "似た適地", "contact": "t@example.jp"}


def listed(client):
    return [one["id"] for one in client.get("/inquiries").json["inquiries"]]


def audit(folder):
    return [json.loads(line) for line in run("audit", "export", "--data", folder, "--format", "jsonl").stdout.splitlines()]


def test_an_inquiry_about_a_consented_site(world):
    made = world.ask(world.company, "A-2")
    assert made.status == 201 and made.json["state"] == "received" and made.json["site"]["id"] == world.ids["A-2"]
    path = "/inquiries/" + made.json["id"]
    assert made.getheader("Location") == world.server.url + path
    assert "municipality_code" not in made.json
    for client in (world.company, world.nagaoka, world.operator):
        assert listed(client) == [made.json["id"]] and client.get(path).status == 200
    for client in (world.other, world.joetsu):
        assert listed(client) == [] and client.get(path).status == 404
    assert world.public.get(path).status == 401 and world.public.get("/inquiries").status == 401
    assert world.operator.get(path).json["municipality_code"] == "15202" and world.nagaoka.get(path).json["informed_at"]

    def step(client, version, **body):
        return client.post(path + "/transitions", {"version": version, **body})

    assert step(world.company, 1, to="introduced").status == 403
    assert step(world.nagaoka, 1, to="with_municipality", note="担当 佐藤").status == 200
    assert step(world.operator, 2, note="内部メモ").status == 200
    assert step(world.operator, 3, to="introduced", note="ご紹介します", note_for="company").status == 200
    assert step(world.operator, 4, to="closed").status == 400
    assert step(world.operator, 4, to="closed", reason="agreed").json["state"] == "closed"
    assert step(world.operator, 5, to="received").status == 409
    seen = world.company.get(path)
    assert [s["to"] for s in seen.json["steps"]] == ["received", "with_municipality", "introduced", "closed"]
    assert "内部メモ" not in seen.content.decode() and "佐藤" not in seen.content.decode() and "ご紹介します" in seen.content.decode()
    assert [s["note"] for s in world.operator.get(path).json["steps"]] == [None, "担当 佐藤", "内部メモ", "ご紹介します", None]


def test_what_one_does_not_see_cannot_be_asked_about(world):
    hidden, none = [world.company.post("/inquiries", {"site": {"id": id}, "message": "m", "contact": "c"}) for id in (world.ids["A-3"], NOWHERE)]
    assert (hidden.status, none.status) == (404, 404)
    assert hidden.content.replace(str(world.ids["A-3"]).encode(), b"N") == none.content.replace(str(NOWHERE).encode(), b"N")
    assert listed(world.operator) == [] and audit(world.folder) == []


def test_a_site_like_this_tells_the_company_nothing_of_candidates(world):
    made = world.company.post("/inquiries", LIKE)
    assert made.status == 201 and made.json["like"] == LIKE["like"] and made.json["site"] is None
    path = "/inquiries/" + made.json["id"]
    assert listed(world.nagaoka) == []
    assert world.operator.post(path + "/transitions", {"version": 1, "to": "with_municipality"}).status == 400
    for code in ("15201", "152020", "x"):
        assert world.operator.post(path + "/transitions", {"version": 1, "to": "with_municipality", "municipality_code": code}).status == 400
    assert world.operator.post(path + "/transitions", {"version": 1, "to": "with_municipality", "municipality_code": "15202"}).status == 200
    assert listed(world.nagaoka) == [made.json["id"]]
    assert world.nagaoka.post(path + "/transitions", {"version": 2, "note": "候補 A-3"}).status == 200
    back = world.company.get(path).content.decode() + world.company.get("/inquiries").content.decode()
    for hidden in ("15202", "長岡", "A-3", str(world.ids["A-3"])):
        assert hidden not in back


def test_a_site_whose_consent_ends_is_gone_from_the_companys_view(world):
    path = "/inquiries/" + world.ask(world.company, "A-2").json["id"]
    assert world.nagaoka.post(f"/consents/factory_sites/{world.ids['A-2']}/withdrawal").status == 201
    seen = world.company.get(path)
    assert seen.json["site"] is None and str(world.ids["A-2"]) not in seen.content.decode()
    assert world.nagaoka.get(path).json["site"]["id"] == world.ids["A-2"]


def test_two_who_decide_at_once(world):
    path = "/inquiries/" + world.ask(world.company, "A-2").json["id"]
    read = world.operator.get(path)
    tag = read.getheader("ETag")
    assert tag == '"v1"'
    assert world.nagaoka.post(path + "/transitions", {"to": "with_municipality"}, headers={"If-Match": tag}).status == 200
    assert world.operator.post(path + "/transitions", {"to": "closed", "reason": "other"}, headers={"If-Match": tag}).status == 412
    assert world.operator.post(path + "/transitions", {"to": "closed", "reason": "other", "version": 1}).status == 409
    assert world.operator.post(path + "/transitions", {"to": "closed", "reason": "other"}).status == 400
    assert world.company.post(path + "/transitions", {"to": "closed", "reason": "withdrawn", "version": 2}).status == 200


def test_the_audit_says_to_whom_reserved_sites_were_shown(world):
    world.ask(world.company, "A-1")
    assert audit(world.folder) == [], "a public site is no secret"
    world.ask(world.company, "A-2")
    world.operator.get("/inquiries")
    rows = audit(world.folder)
    assert [(row["holder"], row["role"], row["channel"], row["feature"]) for row in rows] == [
        ("ACME", "company", "inquiry", world.ids["A-2"]), ("センター", "operator", "inquiry", world.ids["A-2"])]
    verified = run("audit", "verify", "--data", world.folder)
    assert verified.returncode == 0 and "2 rows" in verified.stdout
    head = verified.stdout.split()[-1]
    assert run("audit", "verify", "--data", world.folder, "--head", head).returncode == 0
    assert run("audit", "verify", "--data", world.folder, "--head", head[:-1] + ("0" if head[-1] != "0" else "1")).returncode == 1
    lines = run("audit", "export", "--data", world.folder).stdout.splitlines()
    assert lines[0].startswith("id,at,key") and len(lines) == 3
    assert run("audit", "export", "--data", world.folder, "--from", "2099-01-01").stdout.count("\n") == 1


def test_so_many_a_day(world):
    for _ in range(50):
        assert world.company.post("/inquiries", LIKE).status == 201
    refused = world.company.post("/inquiries", LIKE)
    assert refused.status == 429 and refused.json["remedy"]
    assert world.other.post("/inquiries", LIKE).status == 201
    first = world.company.get("/inquiries?limit=30").json
    rest = world.company.get(first["links"][0]["href"].split(str(world.server.port))[1]).json
    ids = [one["id"] for one in first["inquiries"] + rest["inquiries"]]
    assert len(ids) == len(set(ids)) == 50


@pytest.mark.parametrize("body, where", [
    (b"", "message"), (b"null", "body"), (b'{"message":"\xff"}', ""), ({"message": "m", "contact": "c"}, "site"),
    ({**LIKE, "site": {"id": 1}}, "site"), ({**LIKE, "like": []}, "/like"), ({**LIKE, "like": {}}, "/like"), ({**LIKE, "like": {"x": "y" * 40000}}, "like"),
    ({**LIKE, "message": ""}, "message"), ({**LIKE, "message": 5}, "/message"), ({**LIKE, "contact": " "}, "contact"), ({**LIKE, "message": "x" * 20000}, "message"),
    ({"site": {"id": "x"}, "message": "m", "contact": "c"}, "/site/id"), ({"site": {}, "message": "m", "contact": "c"}, "/site/id"),
    ({"site": {"id": 1, "z": 2}, "message": "m", "contact": "c"}, "z"), ({**LIKE, "state": "closed"}, "state"), (b'{"a":' * 100 + b"1" + b"}" * 100, ""),
])
def test_bad_bodies_name_what_is_wrong(world, body, where):
    answer = world.company.post("/inquiries", body)
    assert answer.status in (400, 413), answer.content
    assert where in answer.json.get("where", ""), answer.json
    assert listed(world.operator) == []


def test_bad_transitions(world):
    path = "/inquiries/" + world.ask(world.company, "A-2").json["id"] + "/transitions"
    for body in ({}, {"version": 1}, {"version": 1, "to": "open"}, {"version": 0, "to": "closed"}, {"version": 1, "note": "n", "note_for": "public"},
                 {"version": 1, "to": "with_municipality", "reason": "other"}, {"version": 1, "note": "x" * 5000}, {"version": 1, "surprise": True}):
        assert world.operator.post(path, body).status == 400, body
    assert world.operator.post("/inquiries/nothing/transitions", {"version": 1, "to": "closed", "reason": "other"}).status == 404
    assert world.operator.get("/inquiries?before=nothing").status == 400
