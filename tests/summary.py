#!/usr/bin/env python3
"""Sums up meson's log of a test run: test functions, not programs.

usage: summary.py LOG.json [LABEL]

A cmocka program counts each of its functions; one that ends early counts those it did not reach as
failed. Any other program counts as one test. Skipped tests are listed with the reason they printed.
The last line reads "N passed, N failed, N skipped", after "LABEL: " when there is one.
"""
import json
import re
import sys

COUNT = re.compile(r"^\[=+\] Running (\d+) test")
STARTED = re.compile(r"^\[ RUN +\] (\S+)")
ENDED = re.compile(r"^\[ +(OK|SKIPPED) +\] (\S+)$")


def functions(name, result, lines, skipped):
    """Passed, failed and skipped functions of one program."""
    planned = passed = 0
    reason = []
    before = len(skipped)
    for line in lines:
        if m := COUNT.match(line):
            planned += int(m[1])
        elif STARTED.match(line):
            reason = []
        elif m := ENDED.match(line):
            if m[1] == "OK":
                passed += 1
            else:
                skipped.append((f"{name}: {m[2]}", reason))
                reason = []
        else:
            reason.append(line)
    if planned == 0:  # not a cmocka program
        if result == "SKIP":
            skipped.append((name, lines))
            return 0, 0
        return (1, 0) if result == "OK" else (0, 1)
    failed = planned - passed - (len(skipped) - before)
    if failed == 0 and result != "OK":  # a crash or a leak after the last function
        failed = 1
    return passed, failed


def main():
    passed = failed = 0
    skipped, broken = [], []
    try:
        log = open(sys.argv[1], encoding="utf-8", errors="replace")
    except FileNotFoundError:
        sys.exit("no test was run")
    with log:
        for row in map(json.loads, log):
            name = row["name"].split(" / ")[-1]
            p, f = functions(name, row["result"], (row.get("stdout") or "").splitlines(), skipped)
            passed += p
            failed += f
            if f:
                broken.append(f"{name} ({row['result']})")
    print()
    for name, reason in skipped:
        text = " ".join(line.strip() for line in reason if line.strip())
        print(f"skipped  {name}: {text or 'no reason given'}")
    for name in broken:
        print(f"failed   {name}")
    label = sys.argv[2] + ": " if len(sys.argv) > 2 and sys.argv[2] else ""
    print(f"{label}{passed} passed, {failed} failed, {len(skipped)} skipped")
    sys.exit(1 if failed or passed == 0 else 0)


main()
