#!/usr/bin/env python3
"""Runs the cases of cases.txt, and what needs more than a line: signals, closed pipes, seeds.

usage: run.py KITH SOURCE

Prints what cmocka prints, so that tests/summary.py counts each case.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

KITH, SOURCE = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
BIN = pathlib.Path(tempfile.mkdtemp(prefix="kith-bin-"))


class Failed(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failed(message)


def environment():
    return dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", LC_ALL="C.UTF-8")


def look_up(data, key):
    for part in key.split("."):
        expect(isinstance(data, dict) and part in data, f"there is no key {key}")
        data = data[part]
    return data


def check(line, answer, folder):
    kind, _, rest = line.partition(" ")
    if kind == ">":
        expect(any(rest in out for out in answer.stdout.splitlines()),
               f"standard output lacks '{rest}':\n{answer.stdout}")
    elif kind == "!":
        expect(answer.stderr == rest + "\n", f"standard error is '{answer.stderr}', not '{rest}'")
    elif kind == "json":
        key, _, value = rest.partition(" ")
        found = look_up(json.loads(answer.stdout), key)
        expect(found == json.loads(value), f"{key} is {found}, not {value}")
    elif kind == "keys":
        for key in rest.split():
            look_up(json.loads(answer.stdout), key)
    elif kind == "file":
        name, _, lines = rest.partition(" ")
        found = "|".join((folder / name).read_text().splitlines())
        expect(found == lines, f"{name} holds {found}, not {lines}")
    elif kind == "none":
        expect(not (folder / rest).exists(), f"{rest} is there")
    else:
        raise Failed(f"what is '{line}'?")


def run_case(lines, folder):
    command = next(line[2:] for line in lines if line.startswith("$ "))
    given = "".join(line[2:] + "\n" for line in lines if line.startswith("< "))
    code = next((int(line[5:]) for line in lines if line.startswith("exit ")), 0)
    answer = subprocess.run(["sh", "-c", command], cwd=folder, env=environment(), input=given,
                            capture_output=True, text=True, timeout=60)
    expect(answer.returncode == code,
           f"exit code {answer.returncode}, not {code}\n{answer.stdout}{answer.stderr}")
    for line in lines:
        if not line.startswith(("$ ", "< ", "exit ")):
            check(line, answer, folder)


def read_cases():
    blocks = (pathlib.Path(__file__).parent / "cases.txt").read_text().split("\n\n")
    for block in blocks:
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if lines:
            yield lines[0], lambda folder, lines=lines: run_case(lines[1:], folder)


def make_large_graph(folder):
    subprocess.run([KITH, "generate", "rmat", "--scale", "17", "-o", "large.npz", "-q"], cwd=folder,
                   check=True, stdout=subprocess.DEVNULL)


def wait_for_its_handlers(run):
    """Until the process catches SIGINT: a signal that comes before is not the command's to answer."""
    for _ in range(500):
        text = pathlib.Path(f"/proc/{run.pid}/status").read_text()
        caught = next(line.split()[1] for line in text.splitlines() if line.startswith("SigCgt"))
        if int(caught, 16) >> (signal.SIGINT - 1) & 1:
            return
        time.sleep(0.02)
    raise Failed("the command does not catch SIGINT")


def start_long_run(folder, *more):
    make_large_graph(folder)
    run = subprocess.Popen([KITH, "cluster", "large.npz", "--iterations", "0", "-o", "out.txt", *more],
                           cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for_its_handlers(run)
    time.sleep(0.5)
    return run


def ctrl_c_leaves_nothing_behind(folder):
    run = start_long_run(folder)
    expect(run.poll() is None, "the run ended before it could be interrupted")
    run.send_signal(signal.SIGINT)
    _, error = run.communicate(timeout=10)
    expect(run.returncode == 130, f"exit code {run.returncode}, not 130")
    expect(error == "kith: interrupted\n", f"standard error is '{error}'")
    left = sorted(os.listdir(folder))
    expect(left == ["karate.labels", "karate.txt", "large.npz"], f"left behind: {left}")


def a_signal_ends_what_does_not_poll(folder):
    for number in signal.SIGINT, signal.SIGTERM:
        run = subprocess.Popen([KITH, "eval", "-", "--truth", "karate.labels"], cwd=folder,
                               stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_its_handlers(run)
        run.send_signal(number)
        error = run.stderr.read()
        expect(run.wait(10) == 128 + number, f"exit code {run.returncode}, not {128 + number}")
        expect(error == "kith: interrupted\n", f"standard error is '{error}'")


def a_result_so_far_comes_with_the_time_limit(folder):
    make_large_graph(folder)
    run = subprocess.run([KITH, "cluster", "large.npz", "--iterations", "0", "--time-limit", "1",
                          "--json"], cwd=folder, capture_output=True, text=True, timeout=30)
    expect(run.returncode == 0, f"exit code {run.returncode}: {run.stderr}")
    expect(json.loads(run.stdout)["stopped"] == "time", run.stdout)


def run_on_a_terminal(folder, *arguments):
    """What the run writes to standard error, which is a terminal."""
    terminal, side = os.openpty()
    with subprocess.Popen([KITH, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=side):
        os.close(side)
        written = b""
        try:
            while part := os.read(terminal, 4096):
                written += part
        except OSError:  # the other side was closed
            pass
    os.close(terminal)
    return written


def progress_on_a_terminal_is_wiped_in_the_end(folder):
    make_large_graph(folder)
    written = run_on_a_terminal(folder, "cluster", "large.npz", "-t", "1")
    expect(b"moving nodes" in written, f"no progress: {written}")
    expect(written.startswith(b"\r\x1b[K") and written.endswith(b"\r\x1b[K"), f"{written}")
    expect(b"\n" not in written, f"a line is left: {written}")
    written = run_on_a_terminal(folder, "cluster", "large.npz", "-q", "--iterations", "1")
    expect(written == b"", f"not quiet: {written}")


def a_closed_pipe_is_an_error(folder):
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run([KITH, "cluster", "karate.txt"], cwd=folder, stdout=writer,
                         stderr=subprocess.PIPE, text=True)
    os.close(writer)
    expect(run.returncode == 1, f"exit code {run.returncode}, not 1")
    expect(run.stderr.startswith("kith: standard output:") and run.stderr.count("\n") == 1,
           f"standard error is '{run.stderr}'")


def a_full_disk_is_an_error(folder):
    with open("/dev/full", "w") as full:
        run = subprocess.run([KITH, "cluster", "karate.txt", "-o", "-", "-q"], cwd=folder, stdout=full,
                             stderr=subprocess.PIPE, text=True)
    expect(run.returncode == 1 and run.stderr.count("\n") == 1,
           f"exit code {run.returncode}, '{run.stderr}'")


def karate_reaches_its_optimum_with_some_seed_in_ten(folder):
    found = []
    for seed in range(10):
        run = subprocess.run([KITH, "cluster", "karate.txt", "--json", "--seed", str(seed)],
                             cwd=folder, capture_output=True, check=True)
        found.append(json.loads(run.stdout)["quality"]["modularity"])
    expect(min(found) > 0.415 and abs(max(found) - 0.419790) < 1e-6, f"modularities {found}")


def labels_do_not_depend_on_the_threads(folder):
    subprocess.run([KITH, "generate", "lfr", "--nodes", "30000", "-o", "g.npz", "-q"], cwd=folder,
                   check=True, stdout=subprocess.DEVNULL)
    labels = [subprocess.run([KITH, "cluster", "g.npz", "-t", str(threads), "-o", "-", "-q"],
                             cwd=folder, capture_output=True, check=True).stdout
              for threads in (1, 2, 4)]
    expect(labels[0] == labels[1] == labels[2], "labels differ")


MORE = [ctrl_c_leaves_nothing_behind, a_signal_ends_what_does_not_poll,
        a_result_so_far_comes_with_the_time_limit, progress_on_a_terminal_is_wiped_in_the_end,
        a_closed_pipe_is_an_error, a_full_disk_is_an_error,
        karate_reaches_its_optimum_with_some_seed_in_ten, labels_do_not_depend_on_the_threads]


def run_one(name, case):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kith-cli-"))
    print(f"[ RUN      ] {name.replace(' ', '_')}", flush=True)
    try:
        for file in "karate.txt", "karate.labels":
            shutil.copy(SOURCE / "datasets" / file, folder)
        case(folder)
    except (Failed, subprocess.SubprocessError, ValueError, OSError) as error:
        print(f"{error}\n[  FAILED  ] {name.replace(' ', '_')}")
        return False
    finally:
        shutil.rmtree(folder)
    print(f"[       OK ] {name.replace(' ', '_')}")
    return True


def main():
    (BIN / "kith").symlink_to(KITH)
    cases = list(read_cases()) + [(test.__name__, test) for test in MORE]
    print(f"[==========] Running {len(cases)} test(s).")
    results = [run_one(name, case) for name, case in cases]
    shutil.rmtree(BIN)
    sys.exit(not all(results))


main()
