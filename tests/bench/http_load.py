"""Asking a server for tiles: one at a time, or many at once with wrk."""
import http.client
import pathlib
import subprocess
import urllib.parse

import common
import published


def path_of(tile):
    return "/xyz/{}/{}/{}/{}.pbf".format(published.LAYERS, *tile)


def write_paths(tiles, file):
    file.write_text("".join(path_of(tile) + "\n" for tile in tiles))
    return file


def fetch_all(server, tiles):
    """Each tile with its gzip bytes; none for an empty one."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=60)
    for tile in tiles:
        connection.request("GET", path_of(tile), headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 204):
            raise SystemExit(f"{path_of(tile)}: {answer.status} {body[:200]}")
        yield tile, body
    connection.close()


def run_wrk(script, url, paths, connections, threads):
    run = subprocess.run(["wrk", f"-t{threads}", f"-c{connections}", f"-d{common.SECONDS}s", "--timeout", "60s", "-s",
                          str(pathlib.Path(__file__).with_name(script)), url, "--", str(paths)],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line.split() for line in run.stdout.splitlines()]
    result = [list(map(float, words[1:])) for words in lines if words[:1] == ["RESULT"]]
    if not result:
        raise SystemExit(run.stdout)
    return result[0], [(int(words[1]), float(words[2])) for words in lines if words[:1] == ["ASKED"]]


def refuse_failures(failed, url):
    if failed:
        raise SystemExit(f"{failed:.0f} failed requests at {url}")


def timed_by_zoom(server, paths, connections):
    """For answers that take milliseconds: each one's time is known."""
    before = server.cpu_s()
    (duration, failed, sent), asked = run_wrk("tile_times.lua", server.url, paths, connections, connections)
    refuse_failures(failed, server.url)
    return common.asked_row(asked, duration, server.cpu_s() - before) | {"kb": sent / max(1, len(asked)) / 1000}


def at_full_speed(server, paths, connections):
    """For answers that cost less than asking does: one thread, nothing counted by request."""
    before = server.cpu_s()
    (requests, duration, failed, p50, p99), _ = run_wrk("tile_list.lua", server.url, paths, connections, 1)
    refuse_failures(failed, server.url)
    return {"rate": requests / duration, "p50_ms": p50, "p99_ms": p99,
            "cpu_ms": (server.cpu_s() - before) * 1000 / requests}
