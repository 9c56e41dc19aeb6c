#!/usr/bin/env python3
"""Traces commands with strace: no network, and nothing written outside the output folder and the data folder.

    python tests/faults/traces.py --gantei target/release/gantei

Counts, over the process and its children, internet sockets (AF_INET, AF_INET6, and every other non-local socket), and
calls that would write, create, rename, delete or change a file outside --out, GANTEI_HOME and devices such as
/dev/null. The first run has an empty data folder; another runs twice, so that a stored model is opened. Needs strace.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import harness

# Calls that change the paths among their arguments; for `open`, the flags determine whether it writes.
CHANGING = {
    "creat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "truncate",
    "chmod",
    "fchmodat",
    "chown",
    "lchown",
    "fchownat",
    "mknod",
    "mknodat",
    "utimensat",
    "utime",
    "setxattr",
}
OPENING = {"open", "openat", "openat2"}
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
# Paths that create no file.
DEVICES = re.compile(
    r"/dev/(null|tty|urandom|zero)$|/proc/(self|\d+)/(task/\d+/)?(comm|fd/\d+|oom_score_adj)$|pipe:|anon_inode:"
)
CALL = re.compile(r"^(?:\d+\s+)?(\w+)\((.*)\)\s+=\s+(-?\d+|\?)(.*)$")


class Trace:
    """The relevant calls of one command."""

    def __init__(self, text, allowed, folder):
        self.allowed = [os.path.realpath(path) for path in allowed]
        self.folder = folder
        self.network, self.local, self.outside, self.inside, self.programs = [], 0, [], 0, 0
        for line in joined(text):
            self.look(line)

    def look(self, line):
        match = CALL.match(line)
        if not match:
            return
        call, args, result, _ = match.groups()
        if call == "execve":
            self.programs += result == "0"
        elif call in ("socket", "socketpair"):
            if args.startswith(("AF_UNIX", "AF_LOCAL")):
                self.local += 1
            else:
                self.network.append(line)
        elif call == "connect" and "AF_UNIX" not in args:
            self.network.append(line)
        elif call in CHANGING or (call in OPENING and WRITING.search(args)):
            paths = self.paths(args)
            # A failed call has written nothing, but a refused attempt to write elsewhere still counts.
            for path in paths:
                if DEVICES.search(path):
                    continue
                if any(path == folder or path.startswith(folder + "/") for folder in self.allowed):
                    self.inside += 1
                else:
                    self.outside.append(f"{call} {path} = {result}")

    def paths(self, args):
        """Absolute paths in the arguments: quoted text, relative to the folder named before it (strace -y)."""
        found = []
        for at, text in re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>,\s*)?"((?:[^"\\]|\\.)*)"', args):
            path = text.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
            found.append(os.path.normpath(os.path.join(at or self.folder, path)) if path else at)
        return found


def joined(lines):
    """Joins calls that strace split because another process came between."""
    waiting = {}
    for line in lines:
        pid = line.split(maxsplit=1)[0] if line[:1].isdigit() else ""
        if line.endswith("<unfinished ...>"):
            waiting[pid] = line.removesuffix("<unfinished ...>")
        elif (resumed := re.match(r"^(?:\d+\s+)?<\.\.\. \w+ resumed>\s?(.*)$", line)) and pid in waiting:
            yield waiting.pop(pid) + resumed[1]
        else:
            yield line


def traced(bench, name, args, allowed, home):
    """Runs a command under strace in a folder that nothing may be written to."""
    folder = bench.scratch / "here"
    folder.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("r", dir=bench.scratch, suffix=".strace", errors="replace") as log:
        command = [
            "strace",
            "-f",
            "-y",
            "-s",
            "4096",
            "-e",
            "trace=%network,%file,%desc",
            "-o",
            log.name,
            bench.program,
        ]
        done = subprocess.run(
            [*command, *map(str, args)],
            cwd=folder,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=harness.PATIENCE,
            env={**os.environ, "GANTEI_HOME": str(home), "TMPDIR": str(folder)},
        )
        lines = log.read().splitlines()
    return done.returncode, Trace(lines, [*allowed, home], str(folder))


def main():
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--photographs", type=int, default=4)
    arguments.add_argument("--device", default="auto", help="auto tries every engine that is installed")
    given = arguments.parse_args()
    if not shutil.which("strace"):
        harness.skip("traces.py, strace is not installed (Debian: strace)")
    bench = harness.Bench(given)
    eyes = bench.eyes(given.photographs, seed=given.seed)
    one = sorted(eyes.iterdir())[0]
    network = Path(__file__).resolve().parents[2] / "models/demo/demo-mobilenet.h5"
    card = ["--card", network.with_suffix(".json")]
    device = ["--device", given.device]
    out = bench.scratch / "out"
    commands = {
        "predict, first start": ["predict", eyes, *device, "--out", out],
        "predict, several, again": ["predict", eyes, *device, "--out", out, "--json"],
        "predict, one, nothing written": ["predict", one, *device],
        "predict, several, nothing written": ["predict", eyes, *device],
        "explain": ["explain", one, "--method", "grad-cam", *device, "--out", out],
        "import": ["import", network, *card, "--id", "imported"],
        "models": ["models", "--json"],
        "devices": ["devices"],
        "draw": ["draw", "--count", 1, "--seed", 1, "--size", 128, "--out", out],
    }
    rows, failed = [], 0
    for name, args in commands.items():
        allowed = [out] if "--out" in args else []
        status, trace = traced(bench, name, args, allowed, bench.home)
        wrong = trace.network + trace.outside
        failed += bool(wrong) or status != 0
        for line in wrong[:5]:
            print(f"! {name}: {line[:200]}", file=sys.stderr)
        rows.append((name, status, trace.programs, len(trace.network), trace.local, len(trace.outside), trace.inside))
    heads = (
        "command",
        "status",
        "processes",
        "network sockets",
        "local sockets",
        "writes elsewhere",
        "writes in --out and home",
    )
    print(harness.markdown(heads, rows))
    if not any(row[-1] for row in rows):
        print("no write was seen at all: the trace is not understood")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
