#!/usr/bin/env python3
"""Kills `gantei predict` at random moments and restarts it: no row is lost or doubled, and no file is incomplete.

    python tests/faults/kills.py --gantei target/release/gantei [--runs 200] [--signals]

Each run is killed --kills times with SIGKILL: the process, its child, or both. The same command is repeated until it
ends. Checked: every file under its final name is complete at any moment; every printed row is in the journal, and rows
in the journal are reused, not recomputed; the result equals that of an unbroken run (without times, overlays byte for
byte); nothing of the run remains; no child outlives its parent.

With --signals it is SIGINT, SIGTERM or SIGHUP, to the process or to its group as a terminal does: it ends within 2 s
with status 130, its tables hold every printed row and contain `interrupted`, the journal remains.
"""

import collections
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import harness

# Seconds within which a child must notice that its parent is gone, and a signal must end a run.
PROMPT = 2.0
VICTIMS = ("parent", "child", "both")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Photographs processed at a time: this many overlays may exist before the first row is in the journal.
IN_FLIGHT = max(2, min(os.cpu_count() or 1, 5))
WRONG = ("half files", "lost", "doubled", "redone", "unequal", "leftovers", "orphans", "unruly")


class Run:
    """One run: the same command repeated until it ends undisturbed."""

    def __init__(self, proof, number):
        self.proof, self.bench, self.random = proof, proof.bench, proof.bench.random
        self.out = proof.bench.scratch / f"out-{number}"
        self.json = number % 2 == 0
        self.counts = collections.Counter()
        self.said = []
        # Rows in the journal when a process was killed.
        self.journalled = {}
        # Whether one of the starts reached the end, so that its files may exist.
        self.ended = False
        self.process = self.stdout = self.stderr = None
        self.starts = self.children_killed = 0

    def close(self):
        for file in (self.stdout, self.stderr):
            if file:
                file.close()

    def wait(self):
        """Waits until the process has ended by itself."""
        try:
            self.process.wait(harness.PATIENCE)
        except subprocess.TimeoutExpired:
            self.wrong("unruly", f"did not end within {harness.PATIENCE} s")
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wrong(self, kind, what):
        self.counts[kind] += 1
        self.said.append(f"{kind}: {what}")

    def start(self):
        self.close()
        self.starts += 1
        self.children_killed = 0
        self.stdout = open(f"{self.out}.{self.starts}.stdout", "w+b")
        self.stderr = open(f"{self.out}.{self.starts}.stderr", "w+b")
        self.began = time.monotonic()
        self.process = self.bench.start(self.proof.command(self.out, self.json), self.stdout, self.stderr)

    def rows_printed(self):
        """First lines of rows that the current process printed completely."""
        lines = harness.read(self.stdout).split("\n")[:-1]
        rows = [line for line in lines if self.proof.is_row(line)]
        for line in {line for line in rows if rows.count(line) > 1}:
            self.wrong("doubled", f"printed twice: {line[:60]}")
        return rows

    def look(self):
        """Checks the conditions once all processes are dead."""
        for half in harness.half_files(self.out):
            self.wrong("half files", half)
        if self.reached_its_end():
            return
        there = harness.journalled(self.out)
        for line in self.rows_printed():
            if line not in self.proof.lines:
                # A photograph whose child was killed twice has no answer for now.
                if self.counts["child"] + self.counts["both"] < 2 or "  no answer: " not in line:
                    self.wrong("unequal", f"printed: {line[:120]}")
            elif not any(line.startswith(f"{image}  {model} ") for image, model in there):
                self.wrong("lost", f"printed, not in the journal: {line[:60]}")
        for key, before in self.journalled.items():
            if key not in there:
                self.wrong("lost", f"gone from the journal: {key[0]}")
        if not there and not self.ended and self.overlays_there() > IN_FLIGHT:
            self.wrong("lost", f"{self.overlays_there()} overlays and no row in a journal")
        self.journalled.update(there)

    def reached_its_end(self):
        """Whether the tables hold all rows and the journal is removed: then the same command starts over."""
        if not (self.out / "results.json").exists() or (self.out / harness.JOURNAL).exists():
            return False
        self.ended = True
        self.journalled = {}
        return True

    def moment(self, last):
        """Waits until the moment of the next kill; False if the run ended before."""
        at_tables = last and self.proof.overlays and self.random.random() < 0.4
        end = self.began + self.random.uniform(0, 2 * self.proof.seconds / (self.proof.kills + 1))
        limit = time.monotonic() + harness.PATIENCE
        while self.process.poll() is None and time.monotonic() < limit:
            if at_tables and self.overlays_there() >= self.proof.overlays:
                # All photographs are done; only the tables follow.
                time.sleep(self.random.uniform(0, 0.04))
                break
            if not at_tables and time.monotonic() >= end:
                break
            time.sleep(0.001)
        return self.process.poll() is None

    def overlays_there(self):
        try:
            return sum(name.endswith(".png") and name[0] != "." for name in os.listdir(self.out))
        except FileNotFoundError:
            return 0

    def strike(self):
        """Kills; True if the parent is gone."""
        children = harness.descendants(self.process.pid)
        victim = self.random.choice(VICTIMS)
        if victim == "child" and not children:
            victim = "parent"
        self.counts[victim] += 1
        if victim == "child":
            harness.kill(self.random.choice(children))
            self.children_killed += 1
            self.began = time.monotonic()
            return False
        for pid in [self.process.pid] + (children if victim == "both" else []):
            harness.kill(pid)
        self.process.wait()
        lasted = harness.gone(children, PROMPT)
        self.proof.longest_orphan = max(self.proof.longest_orphan, PROMPT if lasted is None else lasted)
        if lasted is None:
            self.wrong("orphans", f"a child outlived its parent by {PROMPT} s")
        return True

    def killed(self):
        """The run with its kills, up to an unbroken end."""
        self.start()
        for number in range(self.proof.kills):
            if not self.moment(number + 1 == self.proof.kills):
                break
            if self.strike():
                self.look()
                self.start()
        self.end()

    def interrupted(self):
        """The run with signals instead of kills."""
        self.start()
        for number in range(self.proof.kills):
            while not self.listens() and self.process.poll() is None:
                time.sleep(0.002)
            if not self.moment(False):
                break
            self.signal()
            self.start()
        self.end()

    def listens(self):
        """Whether there is a journal and the process catches signals; until then a signal ends any program."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return False
        caught = int(status.partition("SigCgt:")[2].split()[0] or "0", 16)
        return (self.out / harness.JOURNAL).exists() and all(caught >> (number - 1) & 1 for number in SIGNALS)

    def signal(self):
        chosen = self.random.choice(SIGNALS)
        children = harness.descendants(self.process.pid)
        to_group = self.random.random() < 0.5
        self.counts[chosen.name + (" to the group" if to_group else "")] += 1
        sent = time.monotonic()
        os.killpg(self.process.pid, chosen) if to_group else harness.kill(self.process.pid, chosen)
        self.wait()
        taken = time.monotonic() - sent
        self.proof.longest_signal = max(self.proof.longest_signal, taken)
        if self.process.returncode in (0, 1) and self.reached_its_end():
            return
        if self.process.returncode != 130:
            self.wrong("unruly", f"status {self.process.returncode} after {chosen.name}")
        if taken > PROMPT:
            self.wrong("unruly", f"{taken:.1f} s after {chosen.name}")
        if harness.gone(children, PROMPT) is None:
            self.wrong("orphans", f"a child outlived its parent after {chosen.name}")
        self.look()
        if not (self.journalled or self.rows_printed()):
            # No photograph was finished, so there is nothing to keep.
            return
        if not (self.out / harness.JOURNAL).exists():
            self.wrong("lost", f"no journal after {chosen.name}")
        try:
            document = json.loads((self.out / "results.json").read_text())
        except (OSError, ValueError) as error:
            return self.wrong("lost", f"no results.json after {chosen.name}: {error}")
        if document.get("interrupted") is not True:
            self.wrong("unruly", f"results.json does not say that {chosen.name} cut it")
        there = harness.answers(document)
        for key in self.journalled.keys() - there.keys():
            self.wrong("lost", f"in the journal, not in the tables after {chosen.name}: {key[0]}")
        for key, answer in there.items():
            if answer != self.proof.answers.get(key):
                self.wrong("unequal", f"after {chosen.name}: {key[0]} {answer}")

    def died(self):
        """Whether the tables hold a row that killed its child."""
        try:
            rows = json.loads((self.out / "results.json").read_text())["results"]
        except FileNotFoundError:
            return False
        return any("worker-died" in json.dumps(row.get("findings")) + str(row.get("error")) for row in rows)

    def last_words(self):
        return harness.read(self.stderr)[-300:]

    def end(self):
        """Waits for the end, and compares with the unbroken run."""
        self.wait()
        if self.children_killed and self.process.returncode != self.proof.status:
            # A photograph whose child was killed twice gets a row of its own; three such deaths in succession end the
            # run. The same command tries again.
            died = self.died()
            if not died and (self.process.returncode != 4 or self.children_killed < 3):
                self.wrong(
                    "unruly", f"status {self.process.returncode} after its child was killed: {self.last_words()}"
                )
            self.counts["worker-died" if died else "gave up"] += 1
            if died:
                self.reached_its_end()
            self.rows_printed()
            self.start()
            self.wait()
        self.rows_printed()
        if self.process.returncode != self.proof.status:
            self.wrong("unequal", f"status {self.process.returncode}: {self.last_words()}")
        if not (self.out / "results.json").exists():
            return self.wrong("unequal", "no tables")
        for half in harness.half_files(self.out):
            self.wrong("half files", half)
        for what in harness.differences(self.proof.whole, self.out):
            self.wrong("unequal", what)
        document = json.loads((self.out / "results.json").read_text())
        for row in harness.doubled(document):
            self.wrong("doubled", f"{row[0]} {row[1]}")
        for row in document["results"]:
            before = self.journalled.get(harness.key(row))
            if before and before == row["timings_ms"]:
                self.counts["taken over"] += 1
            elif before:
                self.wrong("redone", f"{row['image']} was in the journal")
        if self.json:
            said = json.loads(harness.read(self.stdout))
            if harness.without_times(said) != harness.without_times(document):
                self.wrong("unequal", "the document on standard output")
        for name in harness.leftovers(self.out, self.bench.home):
            self.wrong("leftovers", name)


class Proof:
    """The unbroken run, and what all runs share."""

    def __init__(self, bench, given):
        self.bench, self.kills = bench, given.kills
        self.eyes = bench.eyes(given.photographs, seed=given.seed)
        self.flags = [f for model in given.models for f in ("--model", model)]
        self.flags += ["--saliency", given.saliency, "--device", given.device]
        self.models = given.models
        bench.run(["predict", next(self.eyes.iterdir()), *self.flags])
        self.whole = bench.scratch / "unbroken"
        done = bench.run(self.command(self.whole, False))
        self.status, self.seconds = done.status, done.seconds
        document = json.loads((self.whole / "results.json").read_text())
        self.answers = harness.answers(document)
        self.lines = {line for line in done.out.split("\n") if self.is_row(line)}
        self.overlays = sum(name.endswith(".png") for name in harness.files(self.whole))
        if done.status or len(self.answers) != given.photographs * len(given.models) or harness.half_files(self.whole):
            sys.exit(f"the unbroken run is not as it should be: status {done.status}, {done.err}")
        if len(self.lines) != len(self.answers):
            sys.exit(f"the unbroken run printed {len(self.lines)} rows of {len(self.answers)}")
        self.longest_orphan = self.longest_signal = 0.0

    def command(self, out, as_json):
        return ["predict", self.eyes, "--out", out, *self.flags] + (["--json"] if as_json else [])

    def is_row(self, line):
        name, _, rest = line.partition("  ")
        return bool(name) and any(rest.startswith(f"{model} ") for model in self.models)


def hear_signals():
    """Restores SIGINT and SIGHUP in the program, which keeps them ignored if the caller of this script ignored them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def main():
    hear_signals()
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--runs", type=int, default=200)
    arguments.add_argument("--photographs", type=int, default=60)
    arguments.add_argument("--kills", type=int, default=5)
    arguments.add_argument("--models", nargs="+", default=["demo-mobilenet"])
    arguments.add_argument("--saliency", choices=["grad-cam", "none"], default="grad-cam")
    arguments.add_argument("--device", default="embedded")
    arguments.add_argument("--signals", action="store_true", help="SIGINT, SIGTERM and SIGHUP in place of SIGKILL")
    arguments.add_argument("--minutes", type=float, help="begin no further run after so many")
    given = arguments.parse_args()
    bench = harness.Bench(given)
    proof = Proof(bench, given)
    total = collections.Counter()
    began = time.monotonic()
    runs = 0
    for number in range(given.runs):
        if given.minutes and time.monotonic() - began > given.minutes * 60:
            break
        runs += 1
        run = Run(proof, number)
        run.interrupted() if given.signals else run.killed()
        run.close()
        total += run.counts
        for line in run.said[:8]:
            print(f"run {number}: {line}", flush=True)
        if not run.said and not given.keep:
            shutil.rmtree(run.out, ignore_errors=True)
    kinds = sorted(k for k in total if k in VICTIMS or k.startswith("SIG"))
    rows = [("runs", runs), ("photographs, models", f"{given.photographs}, {len(given.models)}")]
    rows += [(("sent: " if given.signals else "killed: ") + kind, total[kind]) for kind in kinds]
    rows += [("rows taken over from a journal", total["taken over"])]
    rows += [("runs with a row worker-died, or given up, on the way", total["worker-died"] + total["gave up"])]
    rows += [(kind, total[kind]) for kind in WRONG]
    if given.signals:
        rows.append(("longest from a signal to the end, s", f"{proof.longest_signal:.2f}"))
    else:
        rows.append(("longest that a child outlived its parent, s", f"{proof.longest_orphan:.3f}"))
    rows.append(("seconds: unbroken run, everything", f"{proof.seconds:.1f}, {time.monotonic() - began:.0f}"))
    print(harness.markdown(("", "number"), rows))
    if not total["taken over"]:
        print("no row was ever taken over from a journal")
    return 1 if any(total[kind] for kind in WRONG) or not total["taken over"] else 0


if __name__ == "__main__":
    sys.exit(main())
