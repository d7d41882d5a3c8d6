"""An installed Ritchi needs nothing of the tree that it was built from: neither sources nor build folder.

Everything runs in a mount namespace in which an empty file system hides the whole checkout.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["RITCHI_BIN"]).resolve().parent.parent
UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
HIDE = [*UNSHARE, "sh", "-c",
        'for tree in "$1" "$2"; do [ ! -d "$tree" ] || mount -t tmpfs none "$tree" || exit 99; done; shift 2; exec "$@"',
        "sh", str(ROOT), str(BUILD)]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}


def hidden(*command, **options):
    return subprocess.run([*HIDE, *map(str, command)], cwd="/", env=ENVIRONMENT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


@pytest.fixture(scope="module")
def ritchi(tmp_path_factory):
    if hidden("true").returncode != 0:
        pytest.skip("this system lets nobody but root make a mount namespace")
    prefix = tmp_path_factory.mktemp("installed")
    run = subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(prefix)],
                         text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 0, run.stdout
    return prefix / "bin" / "ritchi"


@pytest.fixture(scope="module")
def data(ritchi, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed-data")
    source = folder / "source"
    run = hidden(ritchi, "synth", "--seed", "1", "--scale", "0.01", "--region", "15202", "--out", source)
    assert run.returncode == 0, run.stdout
    content = json.loads((source / "manifest.json").read_text("utf-8"))
    entries = content["imports"] if isinstance(content, dict) else content
    entry = next(each for each in entries if each["profile"] == "site-survey")
    run = hidden(ritchi, "import", entry["profile"], *(source / name for name in entry["files"]),
                 "--data", folder / "data", *entry.get("options", []))
    assert run.returncode in (0, 3), run.stdout
    return folder / "data"


def test_the_tree_is_hidden(ritchi):
    assert hidden("test", "-e", ROOT / "CMakeLists.txt").returncode == 1
    assert hidden("test", "-e", BUILD / "bin").returncode == 1
    assert hidden("test", "-x", ritchi).returncode == 0


def test_version_and_help(ritchi):
    assert hidden(ritchi, "--version").returncode == 0
    assert "serve" in hidden(ritchi, "--help").stdout


def test_profiles_are_installed(ritchi):
    run = hidden(ritchi, "profiles")
    assert run.returncode == 0, run.stdout
    for profile in ("plateau-unf", "ksj-n03", "site-survey"):
        assert profile in run.stdout


def test_no_installed_file_names_the_tree(ritchi):
    for path in ritchi.parent.parent.rglob("*"):
        if path.is_symlink():
            assert not str(path.resolve()).startswith(str(ROOT)), f"{path} points into the tree"
        elif path.is_file():
            assert str(ROOT).encode() not in path.read_bytes(), f"{path} holds the tree's path"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_installed_server_serves_page_and_tiles(ritchi, data):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([*HIDE, str(ritchi), "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}"],
                              cwd="/", env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + 60
        while True:
            assert server.poll() is None, server.stdout.read()
            assert time.monotonic() < deadline, "the server was not ready within a minute"
            try:
                if opener.open(url + "/readyz", timeout=2).status == 200:
                    break
            except OSError:
                time.sleep(0.05)  # between two questions, not instead of one
        check = subprocess.run([sys.executable, str(ROOT / "tests" / "served_check.py"), url], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert check.returncode == 0, check.stdout
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
    assert server.returncode == 0, server.stdout.read()
