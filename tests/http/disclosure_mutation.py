#!/usr/bin/env python3
"""Takes one check of disclosure away at a time and shows that disclosure_test.py fails without it.

disclosure_mutation.py BUILD [NAME…]: copies the sources to BUILD, builds them there (with ccache in minutes),
and then once more for each change; names choose some of them. The tree itself is not touched."""
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
STORE = "geodata/store/"

# name: file, what is there, what is put there
MUTATIONS = {
    "every row is seen": (STORE + "visibility.cpp",
                          "m_holder) <= up_to ?", "m_holder) <= std::max(up_to, Disclosure::internal) ?"),
    "unknown words are public": (STORE + "visibility.cpp", "return Disclosure::internal;\n}", "return Disclosure::open;\n}"),
    "everywhere is home": (STORE + "visibility.cpp", "return std::any_of(m_home.begin()", "return !m_home.empty() || std::any_of(m_home.begin()"),
    "a consent that names somebody is for all": (STORE + "visibility.cpp",
                                                 "return now.is_for(holder) ?", "return now.is_for(holder) || !holder.empty() ?"),
    "what was stated since is not looked at": (STORE + "visibility.cpp", "if (stated != m_stated.end() && stated->first == id)",
                                               "if (stated != m_stated.end() && stated->first == -1)"),
    "attributes have no level": (STORE + "visibility.cpp", "attribute.disclosure > m_at_home ||", ""),
    "a key's attributes are not hidden": (STORE + "visibility.cpp", "if (name.starts_with(prefix))", "if (name == prefix)"),
    "values elsewhere are not masked": (STORE + "visibility.cpp", "return attribute.disclosure > m_everywhere && !hides(attribute);",
                                        "return attribute.disclosure > m_everywhere && hides(attribute);"),
    "consents do not end": (STORE + "dataset_file.cpp", "!consent.until.empty() && consent.until < today", "false"),
    "queries do not ask": (STORE + "dataset_file.cpp", 'every ? "" : " AND " + sight()', '""'),
    "filters do not ask": (STORE + "dataset.cpp", 'seen.visibility.sees_every_row() ? "" : " AND " + file.sight()', '""'),
    "filters see what is masked": (STORE + "dataset.cpp", "masks.names.push_back(seen.layer.attributes[i].name);", "continue;"),
    "figures are of all rows": (STORE + "seen.cpp", "if (sight == Sight::hidden) continue;", ""),
    "a key's layers are not looked at": (STORE + "snapshot.cpp", "return !audience.layers ||", "return true ||"),
    "revisions tell of the source": (STORE + "seen.cpp", "m_file.meta.info, Rows::part", "m_file.meta.info, Rows::whole"),
    "tiles are those of everybody": ("tileserver/tiles/tile_plan.cpp", "dataset->differs() &&", "false && dataset->differs() &&"),
}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], **options)


def build(folder):
    return run("nice", "ninja", "-C", folder / "build", "ritchi", "ritchi-import", stdout=subprocess.DEVNULL).returncode == 0


def fails(folder):
    """Does the test fail there? That it cannot be run is neither."""
    done = run(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", folder / "source" / "tests" / "http" / "disclosure_test.py",
               env={**os.environ, "RITCHI_BIN": str(folder / "build" / "bin" / "ritchi")}, capture_output=True, text=True)
    if done.returncode not in (0, 1) or " error" in done.stdout.splitlines()[-1]:
        sys.exit(f"the test cannot be run:\n{done.stdout[-600:]}{done.stderr[-600:]}")
    return done.returncode == 1


def main(folder, names):
    source = folder / "source"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(source, ignore_errors=True)
    files = run("git", "-C", ROOT, "ls-files", "-z", capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, files):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        # With the time of now, so that what an earlier run built of a changed file is built again.
        shutil.copy(ROOT / name, source / name)
    run("cmake", "-S", source, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DRITCHI_TESTS=OFF",
        "-DRITCHI_VIEWER=OFF", stdout=subprocess.DEVNULL, check=True)
    if not build(folder) or fails(folder):
        sys.exit("the test does not pass before anything is taken away")
    survived = []
    for name in names or MUTATIONS:
        file, old, new = MUTATIONS[name]
        text = (ROOT / file).read_text(encoding="utf-8")
        if text.count(old) < 1:
            sys.exit(f"{name}: {file} has changed: it has no {old!r}")
        (source / file).write_text(text.replace(old, new), encoding="utf-8")
        if not build(folder):
            sys.exit(f"{name}: does not compile")
        caught = fails(folder)
        print(f"{'caught' if caught else 'MISSED'}: {name}", flush=True)
        if not caught:
            survived.append(name)
        (source / file).write_text(text, encoding="utf-8")
    sys.exit(1 if survived else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:])
