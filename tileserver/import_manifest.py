"""Imports what a manifest of source files lists, one profile after the other: BIN MANIFEST DATA."""
import json
import os
import subprocess
import sys
import time

PUBLISHED, PUBLISHED_WITH_REJECTS = 0, 3


def command(binary, entry, folder, data):
    files = [os.path.join(folder, name) for name in entry["files"]]
    words = [binary, "import", entry["profile"], *files, "--data", data, "--progress", "none"]
    if entry.get("as_of"):
        words += ["--as-of", entry["as_of"]]
    if entry["profile"] == "auto" and entry.get("layer"):
        words += ["--layer", entry["layer"]]
    return words + list(entry.get("options", []))


def main():
    binary, manifest, data = sys.argv[1:4]
    with open(manifest, encoding="utf-8") as text:
        content = json.load(text)
    entries = content["imports"] if isinstance(content, dict) else content
    for number, entry in enumerate(entries, 1):
        started = time.monotonic()
        run = subprocess.run(command(binary, entry, os.path.dirname(manifest), data),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode not in (PUBLISHED, PUBLISHED_WITH_REJECTS):
            sys.exit(f"{run.stdout}\nthe import of {', '.join(entry['files'])} failed")
        print(f"  {number}/{len(entries)} {entry.get('layer', entry['profile'])} ({entry['profile']}), "
              f"{time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
