#!/usr/bin/env python3
"""Disks that are full, read-only or unmounted, and invalid output folders: every answer is still output.

    python tests/faults/disks.py --gantei target/release/gantei

Checked in every case: standard output has the answer for every photograph, or the run is refused before the first
photograph is read, so that no answer is lost; the status is one of the command line's, and 1 if something was not
written; the message names what; no output or file contains an absolute path; every file is complete. Prints a Markdown
table. Needs root (it mounts small file systems in memory); without root those cases are skipped.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import harness

# The run may be refused because the folder belongs to another run.
ANOTHER = "another run"


class Case:
    """One run and the conditions it must satisfy."""

    def __init__(self, proof, name):
        self.proof, self.bench, self.name = proof, proof.bench, name
        self.folder = proof.bench.scratch / "".join(c if c.isalnum() else "-" for c in name)
        self.folder.mkdir()
        self.out = self.folder / "out"
        self.wrong = []

    def expect(self, holds, what):
        if not holds:
            self.wrong.append(what)

    def predict(self, out=None, as_json=True, home=None, extra=()):
        args = ["predict", self.proof.eyes, *self.proof.flags, "--out", out or self.out, *extra]
        return self.bench.run(args + (["--json"] if as_json else []), home=home)

    def judge(self, done, statuses, told=True, refused=False):
        """Checks the common conditions. `told`: a message is required; `refused`: there may be no answers at all."""
        expected = self.proof.answers
        had = self.answers(done)
        overlays = self.out.is_dir() and any(name.endswith(".png") for name in harness.files(self.out))
        # Refused before a photograph was read: files of another run do not count.
        refused = (
            refused and not had and (refused is ANOTHER or not overlays) and done.status in (1, 2) and done.error()
        )
        self.expect(had == expected or refused, f"{len(had)} of {len(expected)} answers")
        self.expect(done.status in statuses, f"status {done.status}")
        self.expect(not told or self.news(done), "no message")
        if not refused:
            for name in self.proof.tables:
                written = self.out.is_dir() and name in harness.files(self.out)
                said = name in done.out + done.err or re.search(r"(\d|one) more file", done.out + done.err)
                self.expect(written or said, f"{name} is missing and not named")
        texts = [done.out, done.err, *harness.written_texts(self.folder)]
        paths = harness.tells_path(self.bench, *texts)
        self.expect(not paths, f"tells {len(paths)} absolute paths, as {paths[:1]}")
        if done.status == 0:
            named = [name for row in (done.document() or {}).get("results", []) for name in row["files"]]
            missing = sum(not (self.out / name).is_file() for name in named)
            self.expect(not missing, f"status 0, and {missing} files that it names are not there")
        self.expect("panicked" not in done.err, "panicked")
        if self.out.is_dir():
            for half in harness.half_files(self.out):
                self.expect(False, half)
            left = [name for name in harness.leftovers(self.out) if Path(name).name != harness.JOURNAL]
            self.expect(not left, f"left over: {', '.join(left)}")
        self.cells = (
            self.name,
            done.status,
            "refused at once" if refused else f"{len(had)} of {len(expected)}",
            self.there(),
            done.message()[:110],
        )
        return self

    def row(self):
        return (*self.cells, "; ".join(self.wrong) or "-")

    def answers(self, done):
        """Answers on standard output; in human form the rows represent them."""
        if done.document() is not None:
            return harness.answers(done.document())
        lines = set(done.out.split("\n"))
        return {k: answer for k, answer in self.proof.answers.items() if self.proof.lines[k] in lines}

    def news(self, done):
        """Messages that the undisturbed run does not have: errors, remarks, findings; all lines in human form."""
        document = done.document()
        if document is None:
            lines = (done.out + done.err).splitlines()
            return [line for line in lines if line.strip() and line not in self.proof.said]
        said = [line for line in done.err.splitlines() if line.strip() and line not in self.proof.said]
        said += [document["error"]] if "error" in document else []
        said += document.get("remarks") or []
        codes = {finding["code"] for row in document.get("results", []) for finding in row["findings"]}
        return said + sorted(codes - self.proof.codes)

    def there(self):
        """Tables and overlays that were written."""
        if not self.out.is_dir():
            return "-"
        names = harness.files(self.out)
        tables = [name for name in names if not name.endswith(".png")]
        return f"{len(tables)} tables, {len(names) - len(tables)} overlays"


class Mounted:
    """A file system in memory, mounted while the block runs."""

    def __init__(self, folder, size):
        self.folder, self.size = folder, size

    def __enter__(self):
        self.folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", self.folder], check=True)
        return self

    def larger(self):
        subprocess.run(["mount", "-o", "remount,size=1g", self.folder], check=True)

    def read_only(self):
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.folder], check=True)


def full(proof, number):
    share = proof.bench.random.uniform(0, 1.05)
    size = max(4096, int(proof.bytes * share) // 4096 * 4096)
    as_json = number % 2 == 0
    case = Case(
        proof, f"full at {size / 1e6:.2f} MB of {proof.bytes / 1e6:.1f}{'' if as_json else ', human form'} ({number})"
    )
    with Mounted(case.out, size) as disk:
        done = case.predict(as_json=as_json)
        # A disk almost as large as the output may suffice.
        enough = not harness.differences(proof.whole, case.out)
        case.judge(done, {0} if enough else {1}, told=not enough)
        disk.larger()
        again = case.predict(as_json=as_json)
        case.expect(again.status == 0, f"status {again.status} once there is room")
        for what in harness.differences(proof.whole, case.out)[:3]:
            case.expect(False, f"once there is room: {what}")
        case.expect(not harness.leftovers(case.out), "left over once there is room")
        return case


def read_only(proof):
    case = Case(proof, "read-only")
    with Mounted(case.out, "64m") as disk:
        disk.read_only()
        return case.judge(case.predict(), {1}, refused=True)


def parent_read_only(proof):
    case = Case(proof, "folder to be made on a read-only disk")
    with Mounted(case.out, "64m") as disk:
        disk.read_only()
        return case.judge(case.predict(case.out / "new"), {1}, refused=True)


def home_read_only(proof):
    case = Case(proof, "data folder on a read-only disk")
    home = case.folder / "home"
    with Mounted(home, "64m") as disk:
        disk.read_only()
        done = case.predict(home=home)
        case.expect("GANTEI_HOME" in done.out + done.err, "GANTEI_HOME is not named")
        case.expect(not harness.differences(proof.whole, case.out), "other files than with a data folder")
        return case.judge(done, {0})


def home_full(proof):
    case = Case(proof, "data folder on a full disk")
    home = case.folder / "home"
    with Mounted(home, "1m"):
        done = case.predict(home=home)
        case.expect("GANTEI_HOME" in done.out + done.err, "GANTEI_HOME is not named")
        case.expect(not harness.leftovers(home), "left over in the data folder")
        return case.judge(done, {0})


def midway(case, change):
    """A run during which something changes as soon as a few overlays exist."""
    with open(case.folder / "stdout", "w+b") as out, open(case.folder / "stderr", "w+b") as err:
        args = ["predict", case.proof.eyes, *case.proof.flags, "--out", case.out, "--json"]
        began = time.monotonic()
        process = case.bench.start(args, out, err)
        while process.poll() is None:
            if case.out.is_dir() and sum(name.endswith(".png") for name in os.listdir(case.out)) >= 3:
                change()
                break
            time.sleep(0.002)
        process.wait(harness.PATIENCE)
        done = harness.Ended(process.returncode, harness.read(out), harness.read(err), time.monotonic() - began)
    # They hold the output that is checked.
    for name in ("stdout", "stderr"):
        (case.folder / name).unlink()
    return done


def removed_midway(proof):
    case = Case(proof, "removed midway")
    return case.judge(midway(case, lambda: shutil.rmtree(case.out, ignore_errors=True)), {0, 1}, told=False)


def renamed_midway(proof):
    case = Case(proof, "renamed midway")
    return case.judge(midway(case, lambda: case.out.rename(case.folder / "elsewhere")), {0, 1}, told=False)


def a_file(proof):
    case = Case(proof, "--out is a file")
    case.out.write_text("a letter\n")
    done = case.predict()
    case.expect(case.out.read_text() == "a letter\n", "the file was changed")
    return case.judge(done, {1, 2}, refused=True)


def below_a_file(proof):
    case = Case(proof, "--out is below a file")
    case.out.write_text("a letter\n")
    return case.judge(case.predict(case.out / "results"), {1, 2}, refused=True)


def table_held(proof, name, as_json):
    """A folder of the same name simulates a table that another program holds open."""
    case = Case(proof, f"{name} cannot be replaced{'' if as_json else ', human form'}")
    (case.out / name).mkdir(parents=True)
    done = case.predict(as_json=as_json)
    stem, _, suffix = name.rpartition(".")
    beside = case.out / f"{stem} (2).{suffix}"
    same = beside.is_file() and harness.read_table(beside) == harness.read_table(proof.whole / name)
    case.expect(same, f"no {beside.name} with the rows")
    case.expect(beside.name in done.out + done.err, f"{beside.name} is not said")
    return case.judge(done, {0, 1})


def second_process(proof):
    """The journal is locked by another run; the first run must end as if it were alone."""
    case = Case(proof, "a second run into the same folder")
    first = case.bench.start(["predict", proof.eyes, *proof.flags, "--out", case.out])
    while first.poll() is None and not (case.out / harness.JOURNAL).exists():
        time.sleep(0.002)
    case.expect(first.poll() is None, "the first run has no journal")
    done = case.predict()
    case.expect(first.wait(harness.PATIENCE) == 0, f"the first run ended with {first.returncode}")
    for what in harness.differences(proof.whole, case.out):
        case.expect(False, f"the first run: {what}")
    return case.judge(done, {1, 2}, refused=ANOTHER)


def overlay_held(proof):
    case = Case(proof, "an overlay's name is taken by a folder")
    name = next(name for name in harness.files(proof.whole) if name.endswith(".png"))
    (case.out / name).mkdir(parents=True)
    return case.judge(case.predict(), {0, 1})


def long_names(proof):
    """Names of maximum length leave no room for the suffix of an overlay's name."""
    case = Case(proof, "file names of 251 bytes")
    folder = case.folder / "eyes"
    folder.mkdir()
    eye = sorted(proof.eyes.iterdir())[0]
    for name in ("眼" * 82 + "1.png", "a" * 247 + ".png", "眼" * 82 + "2.png"):
        shutil.copy(eye, folder / name)
    done = case.bench.run(["predict", folder, *proof.flags, "--out", case.out, "--json"])
    scores = harness.answers(done.document())
    names = harness.files(case.out)
    overlays = [name for name in names if name.endswith(".png")]
    case.expect(len(scores) == 3, f"{len(scores)} of 3 answers")
    case.expect(len(overlays) == 3, f"{len(overlays)} of 3 overlays")
    case.expect(done.status == 0, f"status {done.status}")
    told = [name for row in (done.document() or {}).get("results", []) for name in row["files"]]
    case.expect(sorted(told) == sorted(overlays), "`files` names others")
    case.cells = (case.name, done.status, f"{len(scores)} of 3", case.there(), done.message()[:110])
    return case


def answers_to_full(proof, as_json):
    """Answers that cannot be printed are an error, even if they can be written."""
    case = Case(proof, f"standard output is full{'' if as_json else ', human form'}")
    with open("/dev/full", "wb") as out:
        args = ["predict", proof.eyes, *proof.flags, "--out", case.out]
        process = case.bench.start(args + (["--json"] if as_json else []), out)
        process.wait(harness.PATIENCE)
    case.expect(process.returncode == 1, f"status {process.returncode}")
    case.expect(not harness.differences(proof.whole, case.out), "other files than in an undisturbed run")
    case.cells = (case.name, process.returncode, "in the tables", case.there(), "")
    return case


def reader_gone(proof):
    """A reader that closes the pipe early, such as `head`, is not an error."""
    case = Case(proof, "the reader of standard output is gone")
    reader, writer = os.pipe()
    process = case.bench.start(["predict", proof.eyes, *proof.flags, "--out", case.out], writer)
    os.close(writer)
    os.read(reader, 64)
    os.close(reader)
    process.wait(harness.PATIENCE)
    case.expect(process.returncode in (0, 1), f"status {process.returncode}")
    case.expect(not harness.differences(proof.whole, case.out), "other files than in an undisturbed run")
    case.cells = (case.name, process.returncode, "in the tables", case.there(), "")
    return case


class Proof:
    """The undisturbed run that the others are compared with."""

    def __init__(self, bench, given):
        self.bench = bench
        self.eyes = bench.eyes(given.photographs, seed=given.seed)
        self.flags = ["--device", given.device]
        bench.run(["predict", next(self.eyes.iterdir()), *self.flags])
        self.whole = bench.scratch / "undisturbed"
        done = bench.run(["predict", self.eyes, *self.flags, "--out", self.whole, "--json"])
        self.answers = harness.answers(done.document())
        human = bench.run(["predict", self.eyes, *self.flags, "--out", bench.scratch / "undisturbed-too"])
        self.said = set((human.out + human.err).splitlines())
        self.lines = {k: line for k in self.answers for line in self.said if line.startswith(f"{k[0]}  {k[1]} ")}
        rows = (done.document() or {}).get("results", [])
        self.codes = {finding["code"] for row in rows for finding in row["findings"]}
        if done.status or len(self.answers) != given.photographs or len(self.lines) != given.photographs:
            sys.exit(f"the undisturbed run is not as it should be: status {done.status}, {done.err}")
        self.tables = [name for name in harness.files(self.whole) if name in harness.TABLES]
        # Disk space required, in whole pages.
        self.bytes = sum(-(-p.stat().st_size // 4096) * 4096 for p in harness.files(self.whole).values())


def can_mount(bench):
    if os.geteuid() or not shutil.which("mount"):
        return False
    trial = bench.scratch / "trial"
    try:
        with Mounted(trial, "1m"):
            return stat.S_ISDIR(trial.stat().st_mode)
    except subprocess.CalledProcessError:
        return False


def main():
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--photographs", type=int, default=16)
    arguments.add_argument("--levels", type=int, default=20, help="random sizes of the full disk")
    arguments.add_argument("--device", default="embedded")
    given = arguments.parse_args()
    bench = harness.Bench(given)
    proof = Proof(bench, given)
    cases = [
        removed_midway,
        renamed_midway,
        a_file,
        below_a_file,
        second_process,
        overlay_held,
        long_names,
        reader_gone,
    ]
    cases += [lambda p, j=as_json: answers_to_full(p, j) for as_json in (True, False)]
    for name in harness.TABLES:
        # Drawn eyes have no known persons.
        if name != "people.csv":
            cases += [lambda p, n=name, j=as_json: table_held(p, n, j) for as_json in (True, False)]
    if can_mount(bench):
        cases += [lambda p, n=n: full(p, n) for n in range(given.levels)]
        cases += [read_only, parent_read_only, home_read_only, home_full]
    else:
        print("skipped: full and read-only disks, which need root and mount")
    rows = []
    for case in cases:
        rows.append(case(proof).row())
        print(f"{'!' if rows[-1][-1] != '-' else ' '} {rows[-1][0]}", file=sys.stderr, flush=True)
    print(harness.markdown(("case", "status", "answers", "written", "message", "wrong"), rows))
    failed = sum(row[-1] != "-" for row in rows)
    print(f"\n{len(rows)} cases, {failed} not as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
