"""What the tests of keys share: a few sites of every level in two municipalities, and requests with keys."""
import http.client
import json

from conftest import run

COLUMNS = "適地番号,名称,市区町村コード,開示区分,経度,緯度,面積"
#        number, code, disclosure, name
SITES = [("A-1", "15202", "公開", "公開の適地"), ("A-2", "15202", "同意", "同意の適地"), ("A-3", "15202", "内部", "内部の適地"),
         ("B-1", "15222", "公開", "上越の公開"), ("B-2", "15222", "同意", "上越の同意"), ("B-3", "15222", "内部", "上越の内部")]
NOWHERE = 123456789


def import_sites(folder):
    """Imports the sites; gives their ids by number."""
    source = folder.parent / "sites.csv"
    lines = [f"{number},{name},{code},{level},{138.8 if code == '15202' else 138.2 + i / 100},37.4,5" for i, (number, code, level, name) in enumerate(SITES)]
    source.write_text("\n".join([COLUMNS, *lines]) + "\n", encoding="utf-8-sig")
    done = run("import", "site-survey", source, "--data", folder, "--progress", "none")
    assert done.returncode == 0, done.stderr + done.stdout


def site_ids(folder):
    import sqlite3
    (file,) = (folder / "factory_sites").glob("15.sqlite")
    with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as connection:
        return dict(connection.execute("SELECT source_id, id FROM factory_sites"))


def new_key(folder, role, holder, *options):
    done = run("keys", "add", "--data", folder, "--role", role, "--holder", holder, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Client:
    """Somebody who asks a server, with a key or without."""

    def __init__(self, server, key=None, language="en"):
        self.server, self.language = server, language
        self.headers = {"Accept-Language": language, **({"Authorization": f"Bearer {key}"} if key else {})}

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        content = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection.request(method, path, body=content, headers={**self.headers, **(headers or {})})
        answer = connection.getresponse()
        answer.content = answer.read()
        answer.json = json.loads(answer.content) if answer.content else None
        return answer

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, body, **options)


def told(answer):
    """What an answer says, but for the fields that differ by when it was made."""
    return answer.status, answer.content, sorted((k, v) for k, v in answer.getheaders() if k != "Date")
