#!/usr/bin/env python3
"""Thousands of photographs in one run: memory and open files stay constant.

    python tests/faults/soak.py --gantei target/release/gantei [--photographs 5000] [--window 2000]

Some hundred drawn eyes are copied under other names, each copy with its own bytes after the end of the image data, so
that each counts as a different photograph. While `gantei predict` runs on them, resident memory and open files of the
process and of its child are sampled twice a second. Then the real window runs on a folder of its own under a virtual
screen (--window 0 omits it). Checked: the growth over the second half of the run stays below --kilobytes per photograph
(rows are kept until the tables are written, pictures are not; the window also keeps thumbnails), and the number of open
files does not grow.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness

EVERY_S = 0.5
# Open files that vary while a photograph is read.
HANDLES = 4


# The window's thumbnail of each photograph, in addition to the row: 112 x 112 pixels.
THUMBNAIL_KB = 112 * 112 * 4 / 1024


class Samples:
    """Memory and open files of one process over photographs done."""

    def __init__(self):
        self.done, self.kilobytes, self.handles = [], [], []

    def take(self, pid, done):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            handles = len(os.listdir(f"/proc/{pid}/fd"))
        except OSError:
            return
        resident = re.search(r"^VmRSS:\s+(\d+)", status, re.M)
        if resident:
            self.done.append(done)
            self.kilobytes.append(int(resident[1]))
            self.handles.append(handles)

    def figures(self):
        """Over the second half of the photographs, when everything that is kept for all of them has been allocated."""
        half = (self.done[-1] + self.done[0]) / 2 if self.done else 0
        late = [i for i, done in enumerate(self.done) if done >= half]
        xs = [self.done[i] for i in late]
        memory, handles = [self.kilobytes[i] for i in late], [self.handles[i] for i in late]
        return {
            "samples": len(self.done),
            "peak": max(self.kilobytes, default=0) / 1024,
            "at half": memory[0] / 1024 if memory else 0,
            "at the end": memory[-1] / 1024 if memory else 0,
            "per": harness.slope(xs, memory),
            "handles": (min(handles, default=0), max(handles, default=0)),
            "handles per": harness.slope(xs, handles) * 1000,
        }


def fill(bench, folder, count, distinct):
    """Copies of `distinct` drawn eyes, `count` photographs in total."""
    eyes = sorted(bench.eyes(min(count, distinct), form="jpg", name=f"{folder.name}-eyes").iterdir())
    folder.mkdir()
    for number in range(count):
        eye = eyes[number % len(eyes)]
        copy = folder / f"{number:05}_{eye.name}"
        shutil.copy(eye, copy)
        # Bytes after the end of a JPEG change its digest, not its pixels.
        with open(copy, "ab") as file:
            file.write(f"{number}\n".encode())


def judge(name, samples, kilobytes, rows, seconds, done):
    """One line of the table, and whether it passes."""
    f = samples.figures()
    low, high = f["handles"]
    wrong = []
    if f["samples"] < 10:
        wrong.append("too few samples to tell")
    if f["per"] > kilobytes:
        wrong.append("memory grows")
    if f["handles per"] * done / 2000 > HANDLES:
        wrong.append("open files grow")
    rows.append(
        (
            name,
            done,
            f"{seconds:.0f}",
            f"{f['at half']:.0f}, {f['at the end']:.0f}, {f['peak']:.0f}",
            f"{f['per']:.2f}",
            f"{low} to {high}",
            f"{f['handles per']:.2f}",
            "; ".join(wrong) or "-",
        )
    )
    return not wrong


def by_command(bench, given, rows):
    folder, out = bench.scratch / "many", bench.scratch / "out"
    fill(bench, folder, given.photographs, given.distinct)
    parent, child = Samples(), Samples()
    began = time.monotonic()
    with tempfile.TemporaryFile() as err:
        flags = ["--device", given.device, "--saliency", given.saliency]
        printed = bench.scratch / "printed"
        with open(printed, "wb") as stdout:
            process = bench.start(["predict", folder, *flags, "--out", out], stdout, err)
        seen, done, restarted = 0, 0, set()
        while process.poll() is None:
            time.sleep(EVERY_S)
            # Rows are printed as they are finished.
            with open(printed, "rb") as lines:
                lines.seek(seen)
                new = lines.read()
            seen += len(new)
            done += sum(line[:1].isdigit() for line in new.split(b"\n"))
            children = harness.descendants(process.pid)
            restarted.update(children)
            if done < given.photographs:
                parent.take(process.pid, done)
                for pid in children:
                    child.take(pid, done)
        said = harness.read(err)
    seconds = time.monotonic() - began
    right = judge(
        "command, parent" if child.done else "command", parent, given.kilobytes, rows, seconds, given.photographs
    )
    if child.done:
        right &= judge("command, child", child, given.kilobytes, rows, seconds, given.photographs)
    document = json.loads((out / "results.json").read_text()) if (out / "results.json").exists() else {}
    answered = len(harness.answers(document))
    if process.returncode or answered != given.photographs:
        print(f"status {process.returncode}, {answered} of {given.photographs} answers: {said[-300:]}")
        right = False
    if len(restarted) > 1:
        print(f"the child was started {len(restarted)} times")
        right = False
    for name in harness.leftovers(out, bench.home):
        print(f"left over: {name}")
        right = False
    return right


def by_window(bench, given, rows):
    folder = bench.scratch / "window"
    fill(bench, folder, given.window, given.distinct)
    script = Path(__file__).resolve().parent / "soak_window.sh"
    samples, done, pid, began, said = Samples(), 0, None, time.monotonic(), []
    process = subprocess.Popen(
        ["bash", script, bench.program, folder, str(given.window)],
        stdout=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    for line in process.stdout:
        word, _, rest = line.strip().partition(" ")
        if word == "window":
            pid, began = int(rest), time.monotonic()
        elif word == "done":
            done = int(rest)
            samples.take(pid, done)
        else:
            said.append(line.strip())
    if process.wait() or any(line.startswith("skipped") for line in said):
        print("\n".join(said))
        return process.returncode == 0
    return judge("window", samples, given.kilobytes + THUMBNAIL_KB, rows, time.monotonic() - began, given.window)


def main():
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--photographs", type=int, default=5000)
    arguments.add_argument("--window", type=int, default=2000, metavar="PHOTOGRAPHS")
    arguments.add_argument("--distinct", type=int, default=200, help="eyes that are drawn")
    arguments.add_argument("--kilobytes", type=float, default=16, help="growth for each photograph that is its row's")
    arguments.add_argument("--saliency", choices=["grad-cam", "none"], default="grad-cam")
    arguments.add_argument("--device", default="embedded")
    given = arguments.parse_args()
    bench = harness.Bench(given)
    rows, right = [], True
    if given.photographs:
        right &= by_command(bench, given, rows)
        shutil.rmtree(bench.scratch / "many")
    if given.window:
        right &= by_window(bench, given, rows)
    heads = (
        "process",
        "photographs",
        "s",
        "MiB at half, end, peak",
        "kB per photograph",
        "open files",
        "more per 1,000",
        "wrong",
    )
    print(harness.markdown(heads, rows))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
