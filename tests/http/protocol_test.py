"""HTTP as maps and caches need it, asked of the running program."""
import gzip
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading

import pytest

from conftest import RITCHI, ROOT, run
from tiles_test import tile_of


@pytest.fixture(scope="session")
def a_tile(server):
    west, south, east, north = server.json("/xyz/municipalities.json")["bounds"]
    x, y = tile_of((west + east) / 2, (south + north) / 2, 9)
    return f"/xyz/municipalities/9/{x}/{y}"


def test_each_coding_has_its_own_etag_and_the_same_content(server, a_tile):
    plain = server.ask(a_tile + ".mvt")
    assert plain.getheader("Content-Type") == "application/vnd.mapbox-vector-tile"
    assert plain.getheader("Content-Encoding") is None
    tags = {plain.getheader("ETag")}
    for coding in ("gzip", "br", "zstd"):
        answer = server.ask(a_tile + ".mvt", headers={"Accept-Encoding": coding})
        assert answer.getheader("Content-Encoding") == coding
        assert "Accept-Encoding" in answer.getheader("Vary")
        tags.add(answer.getheader("ETag"))
        if coding == "gzip":
            assert gzip.decompress(answer.body) == plain.body
    assert len(tags) == 4 and not any(tag.startswith("W/") for tag in tags)


def test_endings_name_the_same_tile_without_redirect(server, a_tile):
    bodies = {ending: server.ask(a_tile + ending) for ending in (".mvt", ".pbf", "")}
    assert {answer.status for answer in bodies.values()} == {200}
    assert len({answer.body for answer in bodies.values()}) == 1


def test_not_modified_repeats_what_caches_need(server, a_tile):
    first = server.ask(a_tile + ".pbf", headers={"Accept-Encoding": "gzip"})
    again = server.ask(a_tile + ".pbf", headers={"Accept-Encoding": "gzip", "If-None-Match": first.getheader("ETag")})
    assert again.status == 304 and again.body == b""
    for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert again.getheader(name) == first.getheader(name), name
    assert server.ask(a_tile + ".pbf", headers={"If-None-Match": '"other"'}).status == 200


def test_head_tells_what_get_gives(server, a_tile):
    get, head = server.ask(a_tile + ".pbf"), server.ask(a_tile + ".pbf", method="HEAD")
    assert head.status == 200 and head.body == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
        assert head.getheader(name) == get.getheader(name), name


@pytest.mark.parametrize("path,status", [
    ("/xyz/municipalities/9/0/0.pbf", 204),
    ("/xyz/municipalities/9/512/0.pbf", 404),
    ("/xyz/municipalities/15/0/0.pbf", 404),
    ("/xyz/municipalities/99999999999/0/0.pbf", 404),
    ("/xyz/municipalities/-1/0/0.pbf", 400),
    ("/xyz/municipalities/9/a/0.pbf", 400),
    ("/xyz/nothing/9/0/0.pbf", 404),
    ("/xyz/municipalities,municipalities/9/0/0.pbf", 400),
    ("/xyz/municipalities,/9/0/0.pbf", 404),
    ("/xyz/municipalities/9/0/0.pbf?filter=name='x", 400),
    ("/xyz/nothing.json", 404),
    ("/styles/nothing", 404),
    ("/assets/../../etc/passwd", 400),
    ("/assets/%2e%2e/%2e%2e/etc/passwd", 400),
    ("/nothing", 404),
    ("/?f=xml", 400),
])
def test_status_cors_and_problem_document(server, path, status):
    answer = server.ask(path, headers={"Accept-Language": "en"})
    assert answer.status == status
    assert answer.getheader("Access-Control-Allow-Origin") == "*"
    if status >= 400:
        problem = json.loads(answer.body)
        assert answer.getheader("Content-Type") == "application/problem+json"
        assert problem["status"] == status and problem["title"] and problem["detail"]
        assert str(ROOT) not in answer.body.decode() and ".cpp" not in answer.body.decode()


def test_errors_are_in_the_callers_language(server):
    detail = {language: json.loads(server.ask("/xyz/nothing.json", headers={"Accept-Language": language}).body)["detail"]
              for language in ("ja", "en")}
    assert detail == {"ja": "レイヤ「nothing」はありません", "en": "there is no layer 'nothing'"}


def test_links_come_from_the_public_url_and_never_from_host(data, start):
    server = start(data, "--public-url", "https://maps.example.jp/ritchi")
    document = server.json("/xyz/municipalities.json", headers={"Host": "evil.example"})
    assert document["tiles"] == ["https://maps.example.jp/ritchi/xyz/municipalities/{z}/{x}/{y}.pbf"]
    plain = start(data)
    for path in ("/xyz/municipalities.json", "/styles/ritchi", "/?f=json", "/styles"):
        assert b"evil" not in plain.ask(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}).body


def test_tilejson_is_complete(server):
    document = server.json("/xyz/factory_sites,water_pipes.json", headers={"Accept-Language": "ja"})
    assert document["tilejson"] == "3.0.0" and document["scheme"] == "xyz"
    assert [layer["id"] for layer in document["vector_layers"]] == ["factory_sites", "water_pipes"]
    assert all(isinstance(text, str) for layer in document["vector_layers"] for text in layer["fields"].values())
    west, south, east, north = document["bounds"]
    assert -180 <= west < east <= 180 and -85.06 < south < north < 85.06
    assert "合成データ" in document["attribution"]
    assert document["minzoom"] == 5 and document["maxzoom"] == 14


def test_the_style_names_only_this_server_and_published_layers(server):
    style = server.json("/styles/ritchi")
    text = json.dumps(style)
    assert "{base}" not in text and "{layers}" not in text
    urls = [source["url"] for source in style["sources"].values() if "url" in source]
    assert urls and all(url.startswith(server.url) for url in urls)
    layers = {layer["id"] for layer in server.json("/layers.json")["layers"]}
    assert {layer["source-layer"] for layer in style["layers"] if "source-layer" in layer} <= layers
    for url in urls:
        assert server.ask(url[len(server.url):]).status == 200


def test_a_browser_gets_the_page_and_a_program_gets_json(server):
    page = server.ask("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.getheader("Content-Type").startswith("text/html")
    assert "default-src 'self'" in page.getheader("Content-Security-Policy")
    assert json.loads(server.ask("/").body)["links"]
    assert server.ask("/?f=html").getheader("Content-Type").startswith("text/html")


def test_gdal_reads_tiles_over_http(server, a_tile):
    from osgeo import gdal
    gdal.UseExceptions()
    zoom = a_tile.split("/")[3]
    dataset = gdal.OpenEx(f"MVT:{server.url}/xyz/municipalities/{zoom}", gdal.OF_VECTOR)
    layer = dataset.GetLayerByName("municipalities")
    assert layer.GetFeatureCount() > 5
    assert any(feature.GetField("name") for feature in layer)


def test_oversized_requests_are_refused_and_the_server_lives(server):
    assert server.ask("/" + "a" * 9000).status == 414
    assert server.ask("/", headers={"X-Filler": "a" * 20000}).status == 431
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n\r\n")  # no Host
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert server.ask("/healthz").status == 200


def test_a_port_in_use_is_named(server, data):
    done = subprocess.run([str(RITCHI), "serve", "--data", str(data), "--listen", f"127.0.0.1:{server.port}"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert str(server.port) in done.stderr and "in use" in done.stderr and "--listen" in done.stderr


@pytest.mark.parametrize("options,word", [
    (["--data", "/nowhere"], "/nowhere"),
    (["--data", "{data}", "--listen", "8080"], "--listen"),
    (["--data", "{data}", "--listen", "127.0.0.1:99999"], "port"),
])
def test_a_wrong_start_says_what_is_wrong(data, options, word):
    done = run("serve", *[option.format(data=data) for option in options])
    assert done.returncode == 1 and word in done.stderr and "terminate" not in done.stderr


def test_a_damaged_dataset_is_named_and_the_others_are_served(own_data, start):
    file = next((own_data / "zoning").glob("*.sqlite"))
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[: len(content) // 2])
    server = start(own_data)
    assert server.json("/readyz")["status"] == "degraded"
    assert server.ask("/xyz/zoning.json").status == 404
    assert server.ask("/xyz/municipalities.json").status == 200
    checked = run("check", "--data", own_data)
    assert checked.returncode == 1 and str(file) in checked.stderr
    _, _, err = server.stop()
    assert str(file) in err


def test_pages_damaged_later_give_an_error_not_a_wrong_tile(own_data, start):
    file = next((own_data / "farmland_parcels").glob("*.sqlite"))
    content = bytearray(file.read_bytes())
    page = 4096
    for at in range(page * 12, len(content) - page, page):
        content[at:at + page] = b"\xff" * page
    file.unlink()
    file.write_bytes(content)
    server = start(own_data)
    answer = server.ask("/xyz/farmland_parcels.json")
    if answer.status == 200:  # the head of the file is whole
        west, south, east, north = json.loads(answer.body)["bounds"]
        x, y = tile_of((west + east) / 2, (south + north) / 2, 11)
        assert server.ask(f"/xyz/farmland_parcels/11/{x}/{y}.pbf").status == 500
    assert server.ask("/healthz").status == 200
    assert run("check", "--data", own_data).returncode == 1


def test_check_finds_one_changed_value(own_data):
    import sqlite3
    assert run("check", "--data", own_data).returncode == 0
    file = next((own_data / "interchanges").glob("*.sqlite"))
    os.chmod(file, 0o644)
    with sqlite3.connect(file) as base:
        base.execute("UPDATE interchanges SET name = 'X' WHERE id = (SELECT min(id) FROM interchanges)")
    checked = run("check", "--data", own_data)
    assert checked.returncode == 1 and "digest" in checked.stderr and str(file) in checked.stderr


class Load:
    """Asks for tiles on several connections until told to stop, and counts what was not a whole answer."""

    def __init__(self, server, paths, threads=4):
        self.server, self.paths = server, paths
        self.done, self.errors, self.over = 0, [], threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def run(self):
        connection = self.server.connect()
        while not self.over.is_set():
            for path in self.paths:
                try:
                    answer = self.server.ask(path, connection=connection)
                    if answer.status not in (200, 204):
                        self.errors.append((path, answer.status, answer.body))
                    self.done += 1
                except (OSError, http.client.HTTPException) as error:
                    self.errors.append((path, error))
                    connection = self.server.connect()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


def points_file(path, count):
    features = [{"type": "Feature", "properties": {"nr": i, "of": count},
                 "geometry": {"type": "Point", "coordinates": [138.8 + i * 0.001, 37.4]}} for i in range(count)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_twenty_publishes_under_load_without_one_failed_request(tmp_path, start):
    data = tmp_path / "data"
    assert run("import", "auto", points_file(tmp_path / "p.geojson", 1), "--layer", "live", "--data", data).returncode == 0
    server = start(data)
    x, y = tile_of(138.8, 37.4, 8)
    load = Load(server, ["/layers.json", "/xyz/live.json", f"/xyz/live/8/{x}/{y}.pbf", "/readyz"])
    try:
        for count in range(2, 22):
            done = run("import", "auto", points_file(tmp_path / "p.geojson", count), "--layer", "live", "--data", data)
            assert done.returncode == 0, done.stderr
            if count % 3 == 0:
                server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: server.json("/layers.json")["layers"][0]["rows"] == count)
    finally:
        load.stop()
    assert load.errors == [] and load.done > 200
    assert run("check", "--data", data).returncode == 0


def wait_until(condition, seconds=30):
    """Asks again until the condition holds; the time is only the bound after which the test has failed."""
    import time
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.02)


def test_sigterm_drains_without_losing_a_request(data, start):
    server = start(data)
    tile = "/xyz/municipalities,farmland_parcels,water_pipes/11/{}/{}.pbf"
    x, y = tile_of(138.85, 37.45, 11)
    connection = server.connect()
    server.ask("/healthz", connection=connection)
    connection.request("GET", tile.format(x, y))  # under way when the signal comes
    server.process.send_signal(signal.SIGTERM)
    assert connection.getresponse().status in (200, 204)
    code, _, _ = server.stop()
    assert code == 0
    with pytest.raises(OSError):
        server.ask("/healthz")


def test_tiles_are_the_same_after_a_restart(data, start, server, a_tile):
    assert start(data).ask(a_tile).getheader("ETag") == server.ask(a_tile).getheader("ETag")
