#!/usr/bin/env python3
"""Writes docs/algorithms.md: usage: docs/algorithms.py KITH, the command to ask."""
import json
import subprocess
import sys

TOP = """# Algorithms

Written by `./dev docs` from the table of algorithms; `kith algorithms NAME` says the same. The papers are in
[references.bib](references.bib), the C interface of `name` is in `include/kith/name.h`.
"""


def dashed(name):
    return name.replace("_", "-")


def flag(option):
    """How the command writes an option."""
    return "--relation NAME=FILE" if option["type"] == "relations" else "--" + dashed(option["name"])


def default(option):
    value = option["default"]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def bounds(option):
    least, most = option.get("least"), option.get("most")
    if option["type"] == "choice":
        return ", ".join(option["choices"])
    if least is None and most is None:
        return ""
    above_zero = least is not None and 0 < least < 1e-300
    low = "above 0" if above_zero else "" if least is None else f"at least {least:g}"
    high = "" if most is None else f"at most {most:g}"
    return ", ".join(part for part in (low, high) if part)


def main():
    command = [sys.argv[1], "algorithms", "--json"]
    table = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    print(TOP)
    for algorithm in table["algorithms"]:
        print(f"## {algorithm['title']}: `kith {dashed(algorithm['name'])}`\n")
        print(f"{algorithm['summary'][0].upper()}{algorithm['summary'][1:]}.\n")
        print(f"Gives a {algorithm['kind']}. Subject: {algorithm['subject']}. "
              f"Paper: {algorithm['paper']}.\n")
        print("| option | meaning | default | allowed |")
        print("|---|---|---|---|")
        for option in algorithm["options"]:
            print(f"| `{flag(option)}` | {option['help']} | {default(option)} "
                  f"| {bounds(option)} |")
        print()


main()
