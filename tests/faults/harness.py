"""Common parts of the scripts in this folder: the program in a temporary home, its processes, its results, and tables.

Linux only, since it looks up processes in /proc. Needs only Python 3.10.
"""

import argparse
import atexit
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

# Every exit status of the command line.
STATUSES = {0, 1, 2, 3, 4, 130}
JOURNAL = ".gantei-journal.jsonl"
TABLES = ("results.csv", "results_full.csv", "people.csv", "results.json")
# Seconds after which a process counts as hanging.
PATIENCE = 600


def skip(why):
    print(f"skipped: {why}")
    sys.exit(0)


def arguments(description, seed=1):
    """The flags common to all scripts."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantei", default="target/release/gantei", help="the program")
    parser.add_argument("--seed", type=int, default=seed, help="of everything that is drawn at random")
    parser.add_argument("--keep", action="store_true", help="keep the scratch folder and tell where it is")
    return parser


class Bench:
    """The program, a scratch folder and a data folder in it.

    The name of the scratch folder is unique, so that finding it in an output reveals an absolute path.
    """

    def __init__(self, given):
        if not sys.platform.startswith("linux"):
            skip(f"{Path(sys.argv[0]).name} reads /proc, which this system has not")
        program = shutil.which(given.gantei)
        if program is None:
            sys.exit(f"there is no program {given.gantei}; build it: cargo build --release")
        self.program = os.path.abspath(program)
        self.random = random.Random(given.seed)
        self.scratch = Path(tempfile.mkdtemp(prefix="gantei-faults-"))
        self.home = self.scratch / "home"
        self.started = []
        atexit.register(self.close, given.keep)

    def close(self, keep):
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        if keep:
            print(f"kept: {self.scratch}", file=sys.stderr)
        else:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def start(self, args, out=subprocess.DEVNULL, err=subprocess.DEVNULL, home=None, before=None):
        """A process in its own group. `before` runs in it before the program does."""
        process = subprocess.Popen(
            [self.program, *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, "GANTEI_HOME": str(home or self.home), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"},
            preexec_fn=before,
            start_new_session=True,
        )
        self.started = [p for p in self.started if p.poll() is None] + [process]
        return process

    def run(self, args, home=None, before=None, patience=PATIENCE, stdin=None):
        """Runs to the end: status (negative for a signal), standard output, standard error, seconds."""
        began = time.monotonic()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = self.start(args, out, err, home, before)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            seconds = time.monotonic() - began
            return Ended(process.returncode, read(out), read(err), seconds)

    def eyes(self, count, size=512, form="png", name="eyes", seed=1):
        """A folder with this many drawn eyes."""
        drawn = self.scratch / f"{name}-drawn"
        done = self.run(["draw", "--count", count, "--seed", seed, "--size", size, "--format", form, "--out", drawn])
        if done.status:
            sys.exit(f"no eyes could be drawn: {done.err}")
        folder = self.scratch / name
        (drawn / "images").rename(folder)
        shutil.rmtree(drawn)
        return folder


class Ended:
    """The output of a process, and how it ended."""

    def __init__(self, status, out, err, seconds):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds

    def document(self):
        """The one JSON document on standard output, or None."""
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def error(self):
        """The error of the document, else an empty one."""
        return (self.document() or {}).get("error") or {}

    def message(self):
        """One line for a table: the document's error, else the last line of standard error."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        return self.error().get("message") or (lines[-1].strip() if lines else "")


def read(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")


# ---- Processes


def descendants(pid):
    """Ids of the descendants of this process."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                # The name in brackets may hold any character; state and parent follow it.
                fields = Path(f"/proc/{entry}/stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if fields and fields[0] not in "ZX":
                parents[int(entry)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def gone(pids, patience):
    """Seconds until all processes have ended; None if one had to be killed here after the timeout."""
    began = time.monotonic()
    while any(alive(pid) for pid in pids):
        if time.monotonic() - began > patience:
            for pid in pids:
                kill(pid)
            return None
        time.sleep(0.002)
    return time.monotonic() - began


# ---- Results


def without_times(value):
    """The same value without times."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "timings_ms" and not k.endswith("_ms")}
        return {k: without_times(v) for k, v in kept.items()}
    if isinstance(value, list):
        return [without_times(one) for one in value]
    return value


def table(text):
    """Rows of a CSV table as lists, without the columns of times."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if not rows:
        return rows
    kept = [i for i, name in enumerate(rows[0]) if not name.endswith("_ms")]
    return [[row[i] if i < len(row) else None for i in kept] for row in rows]


def read_table(path):
    text = path.read_text(encoding="utf-8")
    return without_times(json.loads(text)) if path.suffix == ".json" else table(text)


def key(row):
    return row["image"], row["model"]


def answers(document):
    """Score, value and label of every row that has one, by photograph and model."""
    rows = (document or {}).get("results") or []
    return {key(r): (r["logit"], r["score"], r["value"], r["label"]) for r in rows if r.get("error") is None}


def files(folder):
    """Every file below a folder by its relative name, without hidden ones."""
    found = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: path for name, path in found.items() if not path.name.startswith(".")}


def leftovers(*folders):
    """Names of journals and partial files that remain."""
    marked = [(folder, p) for folder in folders if folder.exists() for p in folder.rglob(".gantei-*")]
    return sorted(str(p.relative_to(folder.parent)) for folder, p in marked)


def differences(one, other):
    """Differences between two output folders: tables by content without times, all other files by bytes."""
    a, b = files(one), files(other)
    found = [f"only in one of them: {name}" for name in sorted(a.keys() ^ b.keys())]
    for name in sorted(a.keys() & b.keys()):
        if name in TABLES:
            same = read_table(a[name]) == read_table(b[name])
        else:
            same = a[name].read_bytes() == b[name].read_bytes()
        if not same:
            found.append(f"differs: {name}")
    return found


def doubled(document):
    """Rows that occur more than once."""
    keys = [key(row) for row in document["results"]]
    return sorted({k for k in keys if keys.count(k) > 1})


def whole(path):
    """What is wrong with a file that should be complete, or None."""
    try:
        data = path.read_bytes()
        if path.suffix == ".json":
            json.loads(data)
        elif path.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
            if not rows or not data.endswith(b"\n") or any(len(row) != len(rows[0]) for row in rows):
                return "rows of different lengths"
        elif path.suffix == ".png":
            return whole_png(data)
        elif path.suffix == ".jpg":
            return None if data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9" else "no end marker"
    except (ValueError, zlib.error) as error:
        return str(error)
    except FileNotFoundError:
        pass
    return None


def whole_png(data):
    """Every chunk with its checksum up to IEND, and as many pixels as the header states."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return "no signature"
    at, pixels, header = 8, b"", b""
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(kind + body)):
            return f"checksum of {kind.decode('latin-1')}"
        header = body if kind == b"IHDR" else header
        pixels += body if kind == b"IDAT" else b""
        at += 12 + length
        if kind == b"IEND":
            width, height, depth, colour = struct.unpack(">IIBB", header[:10])
            line = 1 + (width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] + 7) // 8
            return None if len(zlib.decompress(pixels)) == line * height else "pixels are missing"
    return "no end"


def half_files(folder):
    """Incomplete files under their final name."""
    checked = ((name, whole(path)) for name, path in files(folder).items())
    return [f"{name}: {wrong}" for name, wrong in checked if wrong]


def journalled(folder):
    """Times of every row in the journal, by photograph and model: no two runs have the same times.

    A row is any object in a line that has an image, a model or its card, and times. The last line may be truncated if
    the process was killed; then it holds no row.
    """
    found = {}
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
    except FileNotFoundError:
        return found
    for line in lines:
        try:
            waiting = [json.loads(line)]
        except ValueError:
            continue
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                times = value.get("timings_ms") or value.get("timings")
                if "image" in value and times and not value.get("error"):
                    found[value["image"], value.get("model") or value["card"]["id"]] = times
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value
    return found


# ---- Texts


def tells_path(bench, *texts):
    """Absolute paths in texts that must not contain any: the scratch folder, or a path found nowhere else."""
    shapes = rf"\S*{re.escape(bench.scratch.name)}\S*|(?<![\w./])/(?:home|root|tmp|usr|var|mnt|proc|dev)/\S+"
    return sorted({found for text in texts for found in re.findall(shapes, text)})


def written_texts(folder):
    """The text of every table and document in a folder, including journals."""
    kinds = {".csv", ".json", ".jsonl", ".txt", ".log"}
    paths = [p for p in folder.rglob("*") if p.is_file() and p.suffix in kinds] if folder.exists() else []
    return [p.read_text(encoding="utf-8", errors="replace") for p in paths]


def markdown(heads, rows):
    """A table as Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    cells = (str(cell).replace("|", "\\|").replace("\n", " ") for row in rows for cell in row)
    for _ in rows:
        lines.append("| " + " | ".join(next(cells) for _ in heads) + " |")
    return "\n".join(lines)


def slope(xs, ys):
    """Least squares: the change of y per x."""
    n = len(xs)
    if n < 2:
        return 0.0
    x, y = sum(xs) / n, sum(ys) / n
    spread = sum((a - x) ** 2 for a in xs)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / spread if spread else 0.0
