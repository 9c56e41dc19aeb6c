#!/usr/bin/env python3
"""The cost of the child process in which `gantei predict` processes several photographs.

    python tests/faults/worker.py --gantei target/release/gantei [--before BINARY]

One photograph runs in the process itself, two and more in a child. Timed in turn, --rounds times: one photograph, two,
and many. The difference of the last two gives the time of a photograph; what two take beyond one photograph and its
time is the start of the child. --before is a build without a child, timed in the same rounds: what two take there
beyond one is not a cost of the child. Fails above --most milliseconds. On a busy machine the shortest times are more
reliable than the medians; both are printed, and the smaller of the two costs is checked.
"""

import ctypes
import os
import statistics
import subprocess
import sys
import time

import harness

# PR_SET_CHILD_SUBREAPER: orphans become children of this process.
SET_CHILD_SUBREAPER = 36


def timed(home, program, photographs, flags):
    """Wall and processor milliseconds, including children that were waited for."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [program, "predict", *map(str, photographs), *flags],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GANTEI_HOME": str(home)},
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds, processor = time.perf_counter() - began, used.ru_utime + used.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{program} predict ended with {process.returncode}")
    while True:
        # A child that its parent did not wait for has become a child of this process.
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds * 1000, processor * 1000
        processor += used.ru_utime + used.ru_stime


class Costs:
    """Figures of one build from its times."""

    def __init__(self, times, many, pick):
        one, two, all_of_them = (pick(times[count]) for count in (1, 2, many))
        self.one, self.two = one, two
        self.each = (all_of_them - two) / (many - 2)
        self.start = two - one - self.each


def main():
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--before", help="a build that has no child, to compare with")
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--photographs", type=int, default=30, help="how many are many")
    arguments.add_argument("--saliency", choices=["grad-cam", "none"], default="none")
    arguments.add_argument("--device", default="embedded")
    arguments.add_argument("--most", type=float, default=30, help="milliseconds that the child may cost")
    given = arguments.parse_args()
    bench = harness.Bench(given)
    eyes = sorted(bench.eyes(given.photographs, seed=given.seed).iterdir())
    flags = ["--device", given.device, "--saliency", given.saliency]
    programs = {"now": bench.program}
    if given.before:
        programs["before"] = os.path.abspath(given.before)
    counts = (1, 2, len(eyes))
    wall = {name: {count: [] for count in counts} for name in programs}
    processor = {name: {count: [] for count in counts} for name in programs}
    # Builds may store models in different forms, so each has its own data folder.
    homes = {name: bench.scratch / f"home-{name}" for name in programs}
    for name in programs:
        timed(homes[name], programs[name], eyes[:1], flags)
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for _ in range(given.rounds):
        for count in counts:
            for name, program in programs.items():
                a, b = timed(homes[name], program, eyes[:count], flags)
                wall[name][count].append(a)
                processor[name][count].append(b)
    rows, start = [], {}
    for clock, times in (("wall", wall), ("processor", processor)):
        for what, pick in (("median", statistics.median), ("shortest", min)):
            for name in programs:
                cost = Costs(times[name], len(eyes), pick)
                start[clock, what, name] = cost.start
                figures = (cost.one, cost.two, cost.each, cost.start)
                rows.append((f"{clock}, {what}", name, *(f"{ms:.1f}" for ms in figures), f"{1000 / cost.each:.1f}"))
    heads = ("ms", "build", "one photograph", "two", "each further one", "beyond one and its time", "photographs per s")
    print(harness.markdown(heads, rows))
    costs = [start["wall", what, "now"] - start.get(("wall", what, "before"), 0) for what in ("median", "shortest")]
    than = " than before" if given.before else ""
    print(f"\nThe child costs {costs[0]:.1f} ms more{than} (median), {costs[1]:.1f} ms (shortest).")
    return 1 if min(costs) > given.most else 0


if __name__ == "__main__":
    sys.exit(main())
