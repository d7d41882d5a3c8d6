"""The peer for cached tiles: nginx sending the same gzip bytes from files."""
import os
import pathlib
import subprocess
import time

import common


class Nginx:
    def __init__(self, files, place):
        port = common.free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.pid_file = place / "nginx.pid"
        configuration = place / "nginx.conf"
        configuration.write_text(f"""
{"user root;" if os.geteuid() == 0 else ""}
worker_processes 2; pid {self.pid_file}; error_log {place}/nginx.log warn; worker_rlimit_nofile 8192;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000;
  open_file_cache max=20000 inactive=60s; open_file_cache_valid 60s;
  types {{ application/vnd.mapbox-vector-tile pbf; }}
  client_body_temp_path {place}/t; proxy_temp_path {place}/t; fastcgi_temp_path {place}/t;
  uwsgi_temp_path {place}/t; scgi_temp_path {place}/t;
  server {{ listen 127.0.0.1:{port} backlog=1024; root {files}; gzip_static always; }}
}}
""")
        subprocess.run(["nginx", "-c", str(configuration)], check=True)
        deadline = time.monotonic() + 20
        while not (self.pid_file.exists() and self.pid_file.read_text().strip()):
            if time.monotonic() > deadline:
                raise SystemExit("nginx did not start")
            time.sleep(0.01)
        self.pid = int(self.pid_file.read_text())

    def cpu_s(self):
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(common.process_cpu_s(each) for each in [self.pid, *children])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, 15)
        deadline = time.monotonic() + 20
        while self.pid_file.exists() and time.monotonic() < deadline:  # nginx removes it last
            time.sleep(0.01)
