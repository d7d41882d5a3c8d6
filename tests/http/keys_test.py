"""Keys against a running server: who one is, what is refused and how, changes by other processes."""
import contextlib
import csv
import http.client
import io
import json
import os
import re
import shutil
import subprocess

import pytest
from access_world import Client, import_sites, new_key, site_ids
from conftest import run


@pytest.fixture
def folder(tmp_path):
    import_sites(tmp_path / "data")
    return tmp_path / "data"


def listed(folder):
    return json.loads(run("keys", "list", "--data", folder, "--json").stdout)


def test_a_key_says_who_one_is(folder, start):
    key = new_key(folder, "municipality", "長岡市", "--area", "152021", "--expires", "2099-03-31")
    server = start(folder)
    answer = Client(server, key).get("/session")
    assert answer.status == 200 and answer.json["role"] == "municipality" and answer.json["holder"] == "長岡市"
    assert answer.json["area"] == ["15202"] and answer.json["expires_at"] == "2099-03-31T15:00:00Z"
    assert answer.getheader("Cache-Control") == "private, no-store"
    assert "Authorization" in answer.getheader("Vary") and "X-API-Key" in answer.getheader("Vary")
    assert key not in answer.content.decode()
    by_other_field = Client(server).get("/session", headers={"X-API-Key": key})
    assert by_other_field.json == answer.json
    assert Client(server).get("/session").json["role"] == "public"


def test_wrong_keys_are_refused_alike_and_never_taken_for_the_public(folder, start):
    key = new_key(folder, "company", "ACME")
    server = start(folder)
    number, secret = re.fullmatch(r"ritchi_(\d+)_(.{43})", key).groups()
    wrong = "A" * 42 + ("B" if secret[-1] != "B" else "C")
    answers = [Client(server, bad).get("/session") for bad in (f"ritchi_{number}_{wrong}", f"ritchi_{int(number) + 1}_{secret}", f"ritchi_77_{wrong}")]
    assert {(a.status, a.content) for a in answers} == {(401, answers[0].content)}
    assert answers[0].getheader("WWW-Authenticate").startswith("Bearer")
    assert answers[0].getheader("Content-Type") == "application/problem+json"
    for bad in ("x", key + "A", key[:-1], "", "ritchi_1_" + "é" * 20):
        assert Client(server).get("/session", headers={"X-API-Key": bad.encode()}).status == 401
    for field in (key, f"Basic {key}", "Bearer", f"Bearer {key} {key}"):
        assert Client(server).get("/session", headers={"Authorization": field}).status == 401
    twice = Client(server, key).get("/session", headers={"X-API-Key": new_key(folder, "company", "ACME")})
    assert twice.status == 400 and "different keys" in twice.json["detail"]
    assert "無効" in Client(server, f"ritchi_{number}_{wrong}", "ja").get("/session").json["detail"]


def test_keys_made_and_revoked_while_the_server_runs(folder, start):
    server = start(folder)
    assert not (folder / "ritchi.sqlite").exists(), "a server writes nothing by itself"
    assert Client(server).get("/session").status == 200
    first, second = new_key(folder, "company", "ACME"), new_key(folder, "operator", "センター")
    assert Client(server, first).get("/session").json["key_id"] == 1
    done = run("keys", "revoke", "1", "--data", folder)
    assert done.returncode == 0 and "ACME" in done.stdout
    refused = Client(server, first).get("/session")
    assert refused.status == 401 and "revoked" in refused.json["detail"]
    assert Client(server, second).get("/session").json["role"] == "operator"
    assert run("keys", "revoke", "9", "--data", folder).returncode == 1
    states = {key["id"]: key["state"] for key in listed(folder)}
    assert states == {1: "revoked", 2: "valid"}
    assert listed(folder)[1]["last_used_at"] is not None


def test_the_secret_is_in_no_file_no_list_and_no_log(folder, start):
    key = new_key(folder, "company", "ACME")
    server = start(folder)
    Client(server, key).get("/session")
    Client(server, key).get("/inquiries")
    secret = key.split("_", 2)[2]
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert secret.encode() not in stored
    out = run("keys", "list", "--data", folder, "--json").stdout + run("keys", "list", "--data", folder).stdout
    assert secret not in out
    _, said, logged = server.stop()
    assert secret not in said + logged


@pytest.mark.parametrize("options, said", [
    (["--role", "municipality", "--holder", "X"], "area"),
    (["--role", "municipality", "--holder", "X", "--area", "15401"], "15202"),
    (["--role", "company", "--holder", "X", "--area", "99"], "99"),
    (["--role", "company", "--holder", ""], "holder"),
    (["--role", "company", "--holder", "X", "--layers", "factory_site"], "factory_site"),
    (["--role", "company", "--holder", "X", "--hide", "factory_sites.prices"], "prices"),
    (["--role", "company", "--holder", "X", "--expires", "2020-01-01"], "past"),
    (["--role", "company", "--holder", "X", "--expires", "tomorrow"], "date"),
])
def test_grants_that_make_no_sense(folder, options, said):
    done = run("keys", "add", "--data", folder, *options)
    assert done.returncode == 1 and said in done.stderr and done.stdout == ""
    assert listed(folder) == []


def test_wrong_usage(folder):
    assert run("keys", "add", "--data", folder, "--role", "king", "--holder", "X").returncode == 2
    assert run("keys", "--data", folder).returncode == 2
    assert run("keys", "list", "--data", folder / "nowhere").returncode == 1


def test_preflight_allows_both_fields(folder, start):
    answer = Client(start(folder)).ask("OPTIONS", "/inquiries", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"})
    allowed = answer.getheader("Access-Control-Allow-Headers")
    assert "Authorization" in allowed and "X-API-Key" in allowed and "If-Match" in allowed
    assert "POST" in answer.getheader("Access-Control-Allow-Methods")


@contextlib.contextmanager
def read_only(folder):
    """As on a volume that is mounted to be read; root writes whatever a folder's mode says, so for root it is one."""
    def mount(*args):
        return subprocess.run(["mount", *args, str(folder)], capture_output=True).returncode == 0

    if os.geteuid() != 0:
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    if not mount("--bind", str(folder)):
        pytest.skip("root writes everywhere, and may not mount here")
    try:
        if not mount("-o", "remount,ro,bind"):
            pytest.skip("root writes everywhere, and may not mount here")
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_folder_that_cannot_be_written_is_served_with_what_was_withdrawn(folder, start):
    """Keys open and decisions hold; only what would have to be noted fails."""
    ids = site_ids(folder)
    key, city = new_key(folder, "operator", "センター"), new_key(folder, "municipality", "上越市", "--area", "15222")
    assert run("consents", "withdraw", "--data", folder, "--id", ids["A-1"]).returncode == 0
    with read_only(folder):
        server = start(folder)
        assert Client(server).get("/session").json["role"] == "public"
        assert Client(server, key).get("/session").json["role"] == "operator"
        assert server.ask("/layers.json").status == 200
        about = {"site": {"id": ids["A-1"]}, "message": "x", "contact": "y"}
        assert Client(server, city).post("/inquiries", about).status == 404
        assert Client(server, key).post("/inquiries", about).status == 500
        server.stop()


def test_the_shell_answers_as_to_the_holder_of_a_key_and_writes_it_down(folder, start, tmp_path):
    """Equal to what is served to the same key, and in the audit as if it were."""
    ids = site_ids(folder)
    assert run("consents", "withdraw", "--data", folder, "--id", ids["B-1"]).returncode == 0
    keys = {"operator": new_key(folder, "operator", "センター"), "company": new_key(folder, "company", "ACME"),
            "city": new_key(folder, "municipality", "長岡市", "--area", "15202"), None: None}
    seen = {"operator": set(ids), "company": {"A-1", "A-2", "B-2"}, "city": {"A-1", "A-2", "A-3"}, None: {"A-1"}}
    question = {"limit": 100, "as_of": "2026-04-01"}
    told = {}
    for name, key in keys.items():
        options = []
        if key:
            file = tmp_path / f"{name}.key"
            file.write_text(key + "\n", encoding="ascii")
            options = ["--key", file]
        done = run("analyse", "match-sites", "-", "--data", folder, "--lang", "en", *options, input=json.dumps({"inputs": question}))
        assert done.returncode == 0, done.stderr
        told[name] = json.loads(done.stdout)
        assert {feature["id"] for feature in told[name]["features"]} == {ids[site] for site in seen[name]}, name
    rows = list(csv.DictReader(io.StringIO(run("audit", "export", "--data", folder).stdout)))
    assert {row["channel"] for row in rows} == {"match-sites"}
    noted = {name: sorted(int(row["feature"]) for row in rows if row["role"] == role)
             for name, role in (("operator", "operator"), ("company", "company"), ("city", "municipality"))}
    assert noted == {name: sorted(ids[site] for site in seen[name] if site != "A-1") for name in noted}
    server = start(folder)
    for name, key in keys.items():
        served = Client(server, key).post("/processes/match-sites/execution", {"inputs": question})
        assert served.json | {"links": []} == told[name], name


def test_a_key_for_the_shell_is_read_from_a_file_or_standard_input_alone(folder, tmp_path):
    key = new_key(folder, "operator", "センター")
    question = tmp_path / "question.json"
    question.write_text("{}", encoding="ascii")
    piped = run("analyse", "match-sites", question, "--data", folder, "--key", "-", input=key)
    assert piped.returncode == 0 and len(json.loads(piped.stdout)["features"]) == 6
    file = tmp_path / "key"
    file.write_text(key, encoding="ascii")
    by_environment = run("analyse", "match-sites", question, "--data", folder, env=os.environ | {"RITCHI_KEY_FILE": str(file)})
    assert by_environment.stdout == piped.stdout
    both = run("analyse", "match-sites", "-", "--data", folder, "--key", "-", input=key)
    assert both.returncode == 1 and "standard input" in both.stderr
    for wrong, said in ((key[:-1] + ("A" if key[-1] != "A" else "B"), "key"), ("", "key")):
        file.write_text(wrong, encoding="ascii")
        refused = run("analyse", "match-sites", question, "--data", folder, "--key", file)
        assert refused.returncode == 1 and refused.stdout == "" and said in refused.stderr
    assert run("keys", "revoke", "1", "--data", folder).returncode == 0
    file.write_text(key, encoding="ascii")
    revoked = run("analyse", "match-sites", question, "--data", folder, "--key", file)
    assert revoked.returncode == 1 and revoked.stdout == "" and "revoked" in revoked.stderr
    assert run("analyse", "match-sites", question, "--data", folder, "--key", tmp_path / "nowhere").returncode == 1


def test_a_key_of_some_layers_opens_no_others_of_archives(own_data, start, tmp_path):
    archive = tmp_path / "zoning.pmtiles"
    done = run("tiles", "export", "--data", own_data, "--layers", "zoning,investments", "--zoom", "8-9", "--out", archive, "--progress", "none")
    assert done.returncode == 0, done.stderr
    for layer in ("zoning", "investments"):
        shutil.rmtree(own_data / layer)
    narrow, wide = new_key(own_data, "company", "ACME", "--layers", "zoning,factory_sites"), new_key(own_data, "company", "ACME")
    server = start(own_data, "--archive", archive)
    for key, seen in ((None, {"zoning", "investments"}), (wide, {"zoning", "investments"}), (narrow, {"zoning"})):
        client = Client(server, key)
        linked = {link["href"] for link in client.get("/?f=json").json["links"]}
        for layer in ("zoning", "investments"):
            assert client.get(f"/xyz/{layer}.json").status == (200 if layer in seen else 404)
            assert any(f"/xyz/{layer}.json" in href for href in linked) == (layer in seen)
            tile = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            tile.request("GET", f"/xyz/{layer}/8/226/99.pbf", headers=client.headers)
            assert tile.getresponse().status in ((200, 204) if layer in seen else (404,))
