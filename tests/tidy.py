"""clang-tidy over the rooms' sources, two at a time, remembering what was clean: BUILD COUNT-FILE [BUDGET-SECONDS].

A file is checked again only when it, a header of ours that it reaches, or the rules changed. What a budget leaves
unchecked is counted as skipped and comes first on the next run.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MEMORY = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "ritchi" / "tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def reached(path, seen):
    """The file and every header of ours below it."""
    if path in seen or not path.is_file():
        return seen
    seen.add(path)
    for name in INCLUDE.findall(path.read_text("utf-8")):
        reached(ROOT / name, seen)
    return seen


def key_of(source):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for path in sorted(reached(source, set())):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def check(build, source, key, deadline):
    if time.monotonic() > deadline:
        return None
    run = subprocess.run(["clang-tidy-14", "-p", build, "--quiet", str(source)], cwd=ROOT, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if run.returncode == 0:
        (MEMORY / key).touch()
        return True
    print("\n".join(line for line in run.stdout.splitlines() if "warnings generated" not in line), flush=True)
    return False


def main():
    build, count_file = sys.argv[1:3]
    deadline = time.monotonic() + (float(sys.argv[3]) if len(sys.argv) > 3 else 1e9)
    MEMORY.mkdir(parents=True, exist_ok=True)
    sources = sorted(source for top in ("geodata", "importers", "tileserver") for source in (ROOT / top).rglob("*.cpp"))
    todo = [(source, key) for source in sources if not (MEMORY / (key := key_of(source))).exists()]
    passed, failed, skipped = len(sources) - len(todo), 0, 0
    print(f"{passed} of {len(sources)} files are as they were when last found clean; checking {len(todo)}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, result in enumerate(pool.map(lambda item: check(build, *item, deadline), todo), 1):
            passed, failed, skipped = passed + (result is True), failed + (result is False), skipped + (result is None)
            if number % 25 == 0:
                print(f"  {number} of {len(todo)}", flush=True)
    if skipped:
        print(f"{skipped} files left for the next run: the time given was over")
    pathlib.Path(count_file).write_text(f"{passed} {failed} {skipped}\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
