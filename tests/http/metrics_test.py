"""What the server tells of itself: read by a parser that forgives nothing, and not told to everybody."""
import http.client
import re
import time

import pytest

from protocol_test import a_tile  # noqa: F401

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (NaN|[+-]Inf|-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)")


def parse(text):
    """{name: (kind, {labels: value})} of a text in the exposition format 0.0.4; asserts what a scraper relies on."""
    assert text.endswith("\n")
    families, current, helped = {}, None, None
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            helped = line.split(" ", 3)[2]
            assert re.fullmatch(NAME, helped) and helped not in families, line
            assert re.fullmatch(r"(?:[^\\]|\\\\|\\n)+", line.split(" ", 3)[3]), line
        elif line.startswith("# TYPE "):
            _, _, current, kind = line.split(" ")
            assert current == helped and kind in ("counter", "gauge", "histogram"), line
            families[current] = (kind, {})
        else:
            found = SAMPLE.fullmatch(line)
            assert found, line
            name, labels, value = found.group(1), found.group(2) or "", float(found.groups()[-1])
            kind, samples = families[current]
            ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            assert name in [current + end for end in ends], f"{name} among those of {current}"
            pairs = tuple((key, each) for key, each in re.findall(LABEL, labels))
            assert len(dict(pairs)) == len(pairs), line
            assert (name, pairs) not in samples, f"twice: {line}"
            samples[name, pairs] = value
    for name, (kind, samples) in families.items():
        assert samples, name
        if kind == "counter":
            assert name.endswith("_total") and all(value >= 0 for value in samples.values()), name
        if kind == "histogram":
            check_histogram(name, samples)
    return families


def check_histogram(name, samples):
    series = {}
    for (sample, labels), value in samples.items():
        if sample == name + "_bucket":
            rest = tuple(pair for pair in labels if pair[0] != "le")
            series.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    for labels, buckets in series.items():
        assert buckets == sorted(buckets), "bounds ascend, and so do the counts"
        assert [count for _, count in buckets] == sorted(count for _, count in buckets)
        assert buckets[-1][0] == float("inf") and buckets[-1][1] == samples[name + "_count", labels]
        assert samples[name + "_sum", labels] >= 0


def value_of(families, name, **labels):
    samples = families[name][1]
    return samples.get((name, tuple(labels.items())), 0)


@pytest.fixture
def measured(data, start):
    """A server and a function that reads its metrics from their own listener."""
    server = start(data, "--metrics-listen", "127.0.0.1:0")
    found = re.search(r"http://127\.0\.0\.1:(\d+)/metrics", server.process.stdout.readline())
    port = int(found.group(1))

    def ask(path="/metrics"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer, answer.read().decode("utf-8")

    def metrics():
        answer, text = ask()
        assert answer.status == 200
        assert answer.getheader("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
        return parse(text)

    server.metrics, server.ask_metrics = metrics, ask
    return server


def test_they_are_nowhere_unless_wanted(server):
    assert server.ask("/metrics").status == 404


def test_they_are_not_on_the_public_listener(measured):
    assert measured.ask("/metrics").status == 404
    assert measured.ask_metrics("/healthz")[0].status == 404, "and nothing else is on theirs"


def test_they_are_on_the_public_listener_when_that_is_asked_for(data, start):
    server = start(data, "--metrics-listen", "same")
    answer = server.ask("/metrics")
    assert answer.status == 200 and "ritchi_layers" in parse(answer.body.decode("utf-8"))


def test_a_bad_address_is_refused_by_name(data, start):
    with pytest.raises(AssertionError, match="--metrics-listen"):
        start(data, "--metrics-listen", "nonsense")


def wait_until(asked, expected):
    """An answer is counted just after it was written: its reader may come first."""
    while asked() != expected:
        time.sleep(0.001)


def test_requests_are_counted_by_pattern_not_by_path(measured, a_tile):  # noqa: F811
    tiles = "/xyz/{layers}/{z}/{x}/{y}.pbf"
    sizes = [len(measured.ask(a_tile + ".pbf").body) for _ in range(3)]
    for number in range(20):
        assert measured.ask(f"/no/such/path/{number}\"\n").status in (400, 404)
        assert measured.ask(f"/xyz/no_layer_{number}/0/0/0.pbf").status == 404
    wait_until(lambda: value_of(measured.metrics(), "ritchi_http_requests_total", route=tiles, status="404"), 20)
    families = measured.metrics()
    assert value_of(families, "ritchi_http_requests_total", route=tiles, status="200") == 3
    assert value_of(families, "ritchi_http_body_bytes_total", route=tiles) > sum(sizes), "errors have bodies too"
    seconds = families["ritchi_http_request_seconds"][1]
    assert seconds["ritchi_http_request_seconds_count", (("route", tiles),)] == 23
    routes = {dict(labels)["route"] for _, labels in seconds}
    assert "none" in routes and all(route == "none" or route.startswith("/") for route in routes)
    assert len(families["ritchi_http_requests_total"][1]) <= 5, "one series a route and status, not a path"


def test_the_caches_tell_what_they_do(data, start, a_tile, tmp_path):  # noqa: F811
    def figures(server):
        families = parse(server.ask("/metrics").body.decode("utf-8"))
        return lambda name, **labels: value_of(families, name, **labels)

    # A filtered tile is made of rows; one that is prepared would not be kept on disk once more.
    path = a_tile + ".pbf?filter=id%3E0"
    options = ("--metrics-listen", "same", "--cache-dir", tmp_path / "tiles", "--cache-disk-mb", "16")
    first = start(data, *map(str, options))
    body = first.ask(path).body
    get = figures(first)
    assert get("ritchi_cache_misses_total", level="memory") == get("ritchi_cache_stores_total", level="memory") == 1
    assert get("ritchi_cache_stores_total", level="disk") == 1
    packed = get("ritchi_cache_bytes", level="memory")
    assert packed > len(body), "somebody asked for the plain bytes: they are held, and charged"
    first.ask(path, headers={"Accept-Encoding": "br"})
    get = figures(first)
    assert get("ritchi_cache_bytes", level="memory") > packed, "another coding is charged anew"
    assert get("ritchi_cache_hits_total", level="memory") == 1 and get("ritchi_cache_entries", level="memory") == 1
    first.stop()

    second = start(data, *map(str, options))
    assert second.ask(path).body == body
    get = figures(second)
    assert get("ritchi_cache_hits_total", level="disk") == 1
    made = parse(second.ask("/metrics").body.decode("utf-8"))["ritchi_tile_make_seconds"][1]
    assert made["ritchi_tile_make_seconds_count", ()] == 0, "nothing was made"


def test_the_process_and_its_data(measured):
    families = measured.metrics()
    layers = measured.json("/layers.json")["layers"]
    assert value_of(families, "ritchi_layers") == len(layers) <= value_of(families, "ritchi_datasets")
    assert value_of(families, "ritchi_damaged_dataset_files") == 0
    assert value_of(families, "process_resident_memory_bytes") > 1 << 20
    assert 1.7e9 < value_of(families, "process_start_time_seconds") < time.time()
    for name in ("ritchi_connections", "ritchi_worker_queue_length", "ritchi_workers_busy"):
        assert families[name][0] == "gauge"
