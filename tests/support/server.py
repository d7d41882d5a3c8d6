"""`ritchi serve` on a free port, asked until it is ready, and what it costs; and a client that asks it questions."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
RITCHI = os.environ.get("RITCHI_BIN", str(ROOT / "build" / "bin" / "ritchi"))
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`ritchi serve` on a free port; knows how long it took to be ready and what it costs."""

    def __init__(self, data, *options):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile("w+")
        started = time.perf_counter()
        self.process = subprocess.Popen([RITCHI, "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}", *options],
                                        stdout=self.log, stderr=subprocess.STDOUT)
        while True:
            if self.process.poll() is not None or time.perf_counter() - started > 120:
                self.log.seek(0)
                raise SystemExit("the server did not become ready:\n" + self.log.read())
            try:
                if OPENER.open(self.url + "/readyz", timeout=2).status == 200:
                    break
            except OSError:
                time.sleep(0.001)
        self.ready_s = time.perf_counter() - started

    def memory_mb(self, field="VmRSS"):
        return process_memory_mb(self.process.pid, field)

    def cpu_s(self):
        return process_cpu_s(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def process_memory_mb(pid, field):
    for line in open(f"/proc/{pid}/status", encoding="ascii", errors="replace"):
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def process_cpu_s(pid, children=False):
    """Of a process, and of those of its children that have ended."""
    words = open(f"/proc/{pid}/stat", encoding="ascii", errors="replace").read().rsplit(")", 1)[1].split()
    return sum(map(int, words[11:15 if children else 13])) / os.sysconf("SC_CLK_TCK")


class Asker:
    """Runs processes over one connection that stays open."""

    def __init__(self, url, **headers):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=120)
        self.headers = {"Content-Type": "application/json", "Accept-Language": "en"} | headers

    def post(self, process, inputs, form="json"):
        """Status and bytes."""
        body = json.dumps({"inputs": inputs}, ensure_ascii=False).encode()
        try:
            return self.sent(process, body, form)
        except ConnectionError:  # the server closes connections that have been idle for long
            self.connection.close()
            return self.sent(process, body, form)

    def sent(self, process, body, form):
        self.connection.request("POST", f"/processes/{process}/execution?f={form}", body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def ask(self, process, inputs, form="json"):
        status, body = self.post(process, inputs, form)
        if status != 200:
            raise AssertionError(f"{process} answered {status}: {body.decode()}\n{json.dumps(inputs, ensure_ascii=False)}")
        return json.loads(body)
