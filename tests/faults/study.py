#!/usr/bin/env python3
"""One study run in every way gives the same tables: at once, killed again and again, in parts, by predict, in the window.

    python tests/faults/study.py --gantei target/release/gantei [--eyes 1000] [--kills 50] [--no-window]

Draws --eyes eyes, two of each person, adds three broken files and a table of labels in Shift_JIS, and creates one study
for each way. Checked: the tables are equal without times; every photograph but the broken ones is computed once, however
often the run was killed; the status never loses an answer; parts that run side by side are joined without computing
anything; the window, in English and in Japanese, writes the tables of the command line. The window needs the tools of
tests/window and is left out without them.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import harness

BROKEN = {"broken_1.png": b"", "broken_2.png": b"no picture", "broken_3.png": b"\x89PNG\r\n\x1a\n cut off"}
TABLES = ("results.csv", "results_full.csv", "people.csv")


class Proof:
    def __init__(self, given):
        self.bench, self.given, self.wrong = harness.Bench(given), given, []
        drawn = self.bench.scratch / "drawn"
        self.do("draw", "--count", given.eyes, "--seed", given.seed, "--size", given.size, "--out", drawn)
        self.eyes = drawn / "images"
        for name, content in BROKEN.items():
            (self.eyes / name).write_bytes(content)
        lines = (drawn / "labels.csv").read_text(encoding="utf-8-sig").splitlines()
        lines[0] = "写真,患者ID,眼,年齢,性別"
        self.labels = self.bench.scratch / "labels.csv"
        self.labels.write_text("\r\n".join(lines), encoding="shift_jis")

    def do(self, *args, statuses=(0,)):
        done = self.bench.run(args)
        if done.status not in statuses:
            sys.exit(f"{' '.join(map(str, args))} ended with status {done.status}: {done.message()}")
        return done

    def study(self, name):
        folder = self.bench.scratch / name
        settings = ["--saliency", "none", "--persons", "file-names"]
        self.do("study", "new", folder, self.eyes, *settings)
        self.do("study", "labels", folder, "--labels", self.labels)
        return folder

    def run(self, folder, *more):
        """Three photographs fail, so that the status is 1."""
        return self.do("study", "run", folder, *more, statuses=(0, 1))

    def check(self, holds, what):
        if not holds:
            self.wrong.append(what)
            print(f"WRONG: {what}")

    def equal(self, folder, whole):
        for name in TABLES:
            one, other = (harness.read_table(place / name) for place in (folder, whole))
            self.check(one == other, f"{folder.name}/{name} is another table")

    def computed(self, folder):
        """How often each photograph was answered without a failure, by the journals."""
        counts = {}
        for journal in folder.glob("gantei-study-journal*.jsonl"):
            for line in journal.read_text(encoding="utf-8").splitlines():
                try:
                    answered = json.loads(line)["entry"].get("answered")
                except ValueError:
                    # A line that was cut off by a kill.
                    continue
                if answered and not any(row["error"] for row in answered["rows"]):
                    counts[answered["name"]] = counts.get(answered["name"], 0) + 1
        return counts

    def once(self, folder):
        counts = self.computed(folder)
        self.check(len(counts) == self.given.eyes, f"{folder.name}: {len(counts)} photographs were answered")
        twice = [name for name, count in counts.items() if count > 1]
        self.check(not twice, f"{folder.name}: computed twice: {twice[:5]}")

    def killed(self, seconds):
        folder, answered = self.study("killed"), 0
        for number in range(self.given.kills):
            process = self.bench.start(["study", "run", folder])
            time.sleep(self.bench.random.uniform(0, 1.2 * seconds / self.given.kills) + self.given.start)
            for pid in harness.descendants(process.pid) + [process.pid]:
                harness.kill(pid)
            process.wait()
            status = self.do("study", "status", folder, "--json").document()
            self.check(status["answered"] >= answered, f"kill {number}: {status['answered']} of {answered} answers")
            answered = status["answered"]
        print(f"killed {self.given.kills} times: {answered} of {self.given.eyes} answered before the last run")
        self.run(folder)
        return folder

    def parts(self):
        folder = self.study("parts")
        parts = [self.bench.start(["study", "run", folder, "--shard", f"{part}/2"]) for part in (1, 2)]
        for part in parts:
            part.wait(harness.PATIENCE)
        before = self.computed(folder)
        self.run(folder)
        self.check(self.computed(folder) == before, "parts: the joining run computed something")
        return folder

    def predicted(self):
        out = self.bench.scratch / "predicted"
        settings = ["--saliency", "none", "--persons", "file-names"]
        self.do("predict", self.eyes, *settings, "--out", out, statuses=(0, 1))
        return out

    def windows(self, whole):
        script = Path(__file__).with_name("study_window.sh")
        for lang in ("en", "ja"):
            folder = self.study(f"window-{lang}")
            done = subprocess.run(
                ["bash", script, self.bench.program, folder, lang], capture_output=True, text=True, timeout=3000
            )
            print(done.stdout.strip())
            if done.stdout.startswith("skipped"):
                return
            self.check(done.returncode == 0, f"window ({lang}): status {done.returncode}")
            if done.returncode == 0:
                self.once(folder)
                self.equal(folder, whole)

    def all(self):
        whole = self.study("whole")
        seconds = self.run(whole).seconds
        document = json.loads((whole / "results.json").read_text(encoding="utf-8"))
        failed = [row["image"] for row in document["results"] if row["error"]]
        self.check(sorted(failed) == sorted(BROKEN), f"failed: {failed}")
        people = len(harness.read_table(whole / "people.csv"))
        print(f"at once: {len(document['results'])} photographs, {people - 1} rows by person, {seconds:.0f} s")
        self.once(whole)
        for folder in (self.killed(seconds), self.parts(), self.predicted()):
            if folder.name != "predicted":
                self.once(folder)
            self.equal(folder, whole)
            print(f"{folder.name}: compared")
        if not self.given.no_window:
            self.windows(whole)


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--eyes", type=int, default=1000, help="two of each person")
    parser.add_argument("--size", type=int, default=320, help="side of a photograph in pixels")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--start", type=float, default=0.3, help="seconds that a run has at least before it is killed")
    parser.add_argument("--no-window", action="store_true", help="command line only")
    proof = Proof(parser.parse_args())
    proof.all()
    print(f"{len(proof.wrong)} wrong" if proof.wrong else "all equal")
    sys.exit(bool(proof.wrong))


if __name__ == "__main__":
    main()
