"""A PostgreSQL cluster with PostGIS of one's own, on a socket in a temporary folder, gone afterwards."""
import os
import pathlib
import shutil
import subprocess
import tempfile

SETTINGS = {"listen_addresses": "", "shared_buffers": "2GB", "effective_cache_size": "8GB", "work_mem": "64MB",
            "maintenance_work_mem": "512MB", "max_wal_size": "4GB", "random_page_cost": "1.1", "jit": "off",
            "max_parallel_workers_per_gather": "0", "fsync": "off", "dynamic_shared_memory_type": "mmap"}


def newest_programs():
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -float(each.parent.name)):
        if pathlib.Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists():
            return folder
    raise SystemExit("PostGIS is missing: install the package postgresql-postgis")


def quiet(command, **options):
    """Runs a command and shows what it said only when it fails."""
    run = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{run.stdout}")
    return run.stdout


class Cluster:
    def __init__(self, **settings):
        self.programs = newest_programs()
        self.settings = SETTINGS | settings
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="ritchi-peer-"))  # short: a socket's path may have 107 bytes
        self.cluster = self.place / "cluster"

    def __enter__(self):
        try:
            self.start()
            self.load()
        except BaseException:
            self.__exit__()
            raise
        return self

    def load(self):
        """What a cluster is to hold before it is used."""

    def as_owner(self, program, *words):
        """PostgreSQL refuses to run as root."""
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        quiet([*user, self.programs / program, *words])

    def start(self):
        if os.geteuid() == 0:
            shutil.chown(self.place, "postgres")
        self.as_owner("initdb", "-D", self.cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(self.cluster / "postgresql.conf", "a", encoding="utf-8") as conf:
            settings = self.settings | {"unix_socket_directories": self.place}
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.as_owner("pg_ctl", "-D", self.cluster, "-w", "-l", self.cluster / "log", "start")
        self.pid = int((self.cluster / "postmaster.pid").read_text().split()[0])
        self.sql("CREATE EXTENSION postgis; CREATE EXTENSION btree_gist")

    def psql(self):
        return [self.programs / "psql", "-h", self.place, "-U", "postgres", "-d", "postgres", "-X", "-q",
                "-v", "ON_ERROR_STOP=1"]

    def sql(self, text):
        quiet([*self.psql(), "-c", "SET client_min_messages = warning", "-c", text])

    def copy_in(self, table, rows):
        quiet([*self.psql(), "-c", f"TRUNCATE {table}", "-c", f"COPY {table} FROM STDIN"],
              input="".join("\t".join(map(str, row)) + "\n" for row in rows))

    def load_file(self, file, layer, table, *options):
        """Appends a layer of a published file, each row under its own id."""
        quiet(["ogr2ogr", "-f", "PostgreSQL", f"PG:host={self.place} user=postgres dbname=postgres", file, layer,
               "-nln", table, "-append", "-nlt", "GEOMETRY", "-preserve_fid", "-gt", "65536",
               "-lco", "FID=id", "-lco", "FID64=YES", "-lco", "GEOMETRY_NAME=geom", "-lco", "SPATIAL_INDEX=NONE",
               "-lco", "LAUNDER=NO", "--config", "PG_USE_COPY", "YES", *options])

    def connect(self):
        import psycopg2
        connection = psycopg2.connect(host=str(self.place), user="postgres", dbname="postgres")
        connection.autocommit = True
        return connection

    def __exit__(self, *_):
        if (self.cluster / "postmaster.pid").exists():
            self.as_owner("pg_ctl", "-D", self.cluster, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.place)
