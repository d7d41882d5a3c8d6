"""Backup and restore of keys, consents, inquiries and audit, by the program, also beside a running server."""
import pathlib
import re
import shutil
import sqlite3
import subprocess
import urllib.request

import pytest
from conftest import binary


def ritchi(*args):
    return subprocess.run([str(binary()), *map(str, args)], capture_output=True, text=True, timeout=120)


def add_key(folder, holder="ACME"):
    done = ritchi("keys", "add", "--data", folder, "--role", "company", "--holder", holder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def holders(folder):
    return re.findall(r"^ +\d+ .*  (.+?); everywhere", ritchi("keys", "list", "--data", folder).stdout, re.M)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


class Server:
    def __init__(self, folder):
        self.process = subprocess.Popen([str(binary()), "serve", "--data", str(folder), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = re.search(r"http://[\d.:]+", self.process.stdout.readline()).group(0)

    def role_of(self, key):
        request = urllib.request.Request(self.url + "/session", headers={"Authorization": f"Bearer {key}"})
        return urllib.request.urlopen(request, timeout=60).read().decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=60)


def test_a_backup_beside_a_running_server_and_back(folder, tmp_path):
    key = add_key(folder)
    copy = tmp_path / "ritchi.backup"
    with Server(folder) as server:
        assert "ACME" in server.role_of(key)
        done = ritchi("backup", "--data", folder, "--to", copy)
        assert done.returncode == 0, done.stderr
        assert copy.stat().st_mode & 0o777 == 0o600
        refused = ritchi("restore", "--data", folder, "--from", copy)
        assert refused.returncode == 1 and "using it" in refused.stderr
        assert "ACME" in server.role_of(key)
    assert [path.name for path in tmp_path.iterdir()] == ["data", "ritchi.backup"] or len(list(tmp_path.iterdir())) == 2
    add_key(folder, "later")
    assert ritchi("backup", "--data", folder, "--to", copy).returncode == 1
    done = ritchi("restore", "--data", folder, "--from", copy)
    assert done.returncode == 0, done.stderr
    assert holders(folder) == ["ACME"]
    (kept,) = folder.glob("ritchi.sqlite.replaced-*")
    assert kept.name in done.stdout
    with Server(folder) as server:
        assert "ACME" in server.role_of(key)
    assert ritchi("restore", "--data", folder, "--from", kept).returncode == 0
    assert holders(folder) == ["ACME", "later"]


def test_what_a_killed_server_left_in_its_log_is_kept(folder, tmp_path):
    """The log is all there is of what was written last; a backup has it, and so has what a restore puts aside."""
    first = tmp_path / "first.backup"
    key = add_key(folder)
    assert ritchi("backup", "--data", folder, "--to", first).returncode == 0
    with Server(folder) as server:
        server.role_of(key)
        add_key(folder, "in the log")
        server.process.kill()
    assert (folder / "ritchi.sqlite-wal").stat().st_size > 0
    second = tmp_path / "second.backup"
    copied = pathlib.Path(shutil.copytree(folder, tmp_path / "copied"))
    assert ritchi("backup", "--data", folder, "--to", second).returncode == 0
    for source, target in ((second, folder), (first, copied)):
        assert ritchi("restore", "--data", target, "--from", source).returncode == 0
    assert holders(folder) == ["ACME", "in the log"] and holders(copied) == ["ACME"]
    (kept,) = copied.glob("ritchi.sqlite.replaced-*")
    assert ritchi("restore", "--data", copied, "--from", kept).returncode == 0
    assert holders(copied) == ["ACME", "in the log"]


def test_only_whole_backups_of_ours_are_restored(folder, tmp_path):
    add_key(folder)
    copy = tmp_path / "copy.backup"
    assert ritchi("backup", "--data", folder, "--to", copy).returncode == 0
    theirs = tmp_path / "theirs.sqlite"
    with sqlite3.connect(theirs) as connection:
        connection.execute("CREATE TABLE t (a)")
    newer = pathlib.Path(shutil.copy(copy, tmp_path / "newer.backup"))
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    bad = {"empty": b"", "text": b"hello " * 2000, "half": copy.read_bytes()[:len(copy.read_bytes()) // 2], "noise": copy.read_bytes()[:100] + b"\x55" * 40000}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    for source in [theirs, newer, tmp_path / "nowhere", *(tmp_path / name for name in bad)]:
        done = ritchi("restore", "--data", folder, "--from", source)
        assert done.returncode == 1 and str(source) in done.stderr, source
        assert "terminate" not in done.stderr
    assert holders(folder) == ["ACME"]
    assert sorted(path.name for path in folder.iterdir()) == ["ritchi.sqlite"]


def test_where_nothing_can_be_saved(folder, tmp_path):
    done = ritchi("backup", "--data", folder, "--to", tmp_path / "x")
    assert done.returncode == 1 and "no database" in done.stderr
    assert ritchi("backup", "--data", tmp_path / "nowhere", "--to", tmp_path / "x").returncode == 1
    add_key(folder)
    assert ritchi("backup", "--data", folder, "--to", tmp_path / "no" / "folder" / "x").returncode == 1
    assert ritchi("backup", "--data", folder, "--to", "/dev/full").returncode == 1
    assert ritchi("backup", "--data", folder).returncode == 2
    assert not (tmp_path / "x").exists()


def test_a_disk_that_is_full_leaves_the_backup_before(folder, tmp_path):
    """A limit on file sizes stands for it: the copy cannot be finished, the old one stays, nothing is left behind."""
    key = add_key(folder)
    copy = tmp_path / "copy.backup"
    assert ritchi("backup", "--data", folder, "--to", copy).returncode == 0
    before = copy.read_bytes()
    done = subprocess.run(["bash", "-c", f"trap '' XFSZ; ulimit -f 8; exec {binary()} backup --data {folder} --to {copy} --force"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.stdout
    assert copy.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.backup", "data"]
    assert key
