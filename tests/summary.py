"""Counts tests from the result files of a run and prints the closing line: 'N passed, N failed, N skipped'.

FOLDER holds one file per suite: JUnit XML from GoogleTest and pytest, TAP from node, or '<name>.count' with
'passed failed skipped' from a stage that is no test runner. A stage that did not pass leaves '<name>.stage-failed'
and counts as one failure where its files show none: it crashed, did not build, or found nothing to run.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET


def count_junit(path):
    passed = failed = skipped = 0
    for case in ET.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("result") == "skipped" or case.get("status") == "notrun":
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count_tap(path):
    """Node's last lines: '# pass 3', '# fail 0', '# cancelled 0', '# skipped 1', '# todo 0'."""
    found = dict(re.findall(r"^# (pass|fail|cancelled|skipped|todo) (\d+)$", path.read_text("utf-8"), re.M))
    if "pass" not in found:
        return 0, 1, 0
    number = {key: int(value) for key, value in found.items()}
    return number["pass"], number["fail"] + number["cancelled"], number["skipped"] + number["todo"]


def count(path):
    if path.suffix == ".xml":
        try:
            return count_junit(path)
        except ET.ParseError:
            return 0, 1, 0  # the runner died while it wrote
    if path.suffix == ".tap":
        return count_tap(path)
    passed, failed, skipped = map(int, path.read_text().split())
    return passed, failed, skipped


def main():
    folder = pathlib.Path(sys.argv[1])
    stages = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).parts[0].split(".")[0]
        if path.suffix in (".xml", ".tap", ".count"):
            numbers = stages.setdefault(name, [0, 0, 0])
            stages[name] = [a + b for a, b in zip(numbers, count(path))]
        elif path.suffix == ".stage-failed":
            stages.setdefault(name, [0, 0, 0])
    for name, numbers in stages.items():
        if (folder / f"{name}.stage-failed").exists():
            numbers[1] = max(numbers[1], 1)
        print(f"  {name:14} {numbers[0]:5} passed {numbers[1]:5} failed {numbers[2]:5} skipped")
    total = [sum(column) for column in zip([0, 0, 0], *stages.values())]
    if total == [0, 0, 0]:
        print("no test ran")
        total[1] = 1
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    sys.exit(1 if total[1] else 0)


if __name__ == "__main__":
    main()
