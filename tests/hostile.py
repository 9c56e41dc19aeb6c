#!/usr/bin/env python3
"""Runs Gantei on every file of a folder, one process each, and checks limits on time, memory and exit status.

Photographs are passed to `gantei predict FILE --json`, models (.h5, .keras, .onnx, .hdf5) to `gantei import FILE
--json`, each with an empty data folder. Exits with 1 if a process took more than --seconds or --megabytes, was ended by
a signal, or had a status that the command line does not define. On a busy machine processor time counts instead of
elapsed time. Needs only Python, on Linux or macOS.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STATUSES = {0, 1, 2, 3, 4}
MODELS = {".h5", ".hdf5", ".keras", ".onnx"}
# A process is killed after this many times its limit.
PATIENCE = 12


def outcome(text):
    """The error code of the document or of its first row, else the score."""
    try:
        document = json.loads(text)
    except ValueError:
        return "no JSON"
    if "error" in document:
        return str(document["error"].get("code"))
    rows = document.get("results") or [document]
    error = rows[0].get("error")
    if error:
        return error.get("code", "error") if isinstance(error, dict) else str(error)[:60]
    score = rows[0].get("score")
    return "done" if score is None else f"{score:.4f}"


def run(program, path, seconds):
    """Seconds, peak megabytes, status and outcome of one file."""
    home = tempfile.mkdtemp(prefix="gantei-hostile-")
    command = "import" if path.suffix.lower() in MODELS else "predict"
    environment = {**os.environ, "GANTEI_HOME": home}
    with tempfile.TemporaryFile() as out:
        started = time.monotonic()
        process = subprocess.Popen(
            [program, command, str(path), "--json"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        deadline = started + seconds * PATIENCE
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                deadline = float("inf")
            time.sleep(0.01)
        elapsed = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    shutil.rmtree(home, ignore_errors=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "file": path.name,
        "seconds": round(elapsed, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "megabytes": round(usage.ru_maxrss * unit / 1e6),
        "status": process.returncode,
        "outcome": outcome(text),
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--gantei", default="gantei", help="the program")
    arguments.add_argument("--seconds", type=float, default=5)
    arguments.add_argument("--megabytes", type=float, default=1000)
    arguments.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    given = arguments.parse_args()
    # Core files of aborted processes would fill the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    skipped = {".py", ".md", ".tsv", ".txt"}
    files = [p for p in sorted(given.folder.rglob("*")) if p.is_file() and p.suffix not in skipped]
    if not files:
        arguments.error(f"no files in {given.folder}")
    rows, failed = [], 0
    for path in files:
        row = run(given.gantei, path, given.seconds)
        row["ok"] = (
            min(row["seconds"], row["cpu_seconds"]) <= given.seconds
            and row["seconds"] <= given.seconds * PATIENCE
            and row["megabytes"] <= given.megabytes
            and row["status"] in STATUSES
            and row["outcome"] != "no JSON"
        )
        failed += not row["ok"]
        rows.append(row)
        if not given.json:
            mark = " " if row["ok"] else "!"
            print(
                f"{mark} {row['seconds']:7.2f} s {row['cpu_seconds']:7.2f} cpu {row['megabytes']:6d} MB"
                f" {row['status']:4d}  {row['file']}: {row['outcome']}",
                flush=True,
            )
    if given.json:
        print(json.dumps({"files": rows, "failed": failed}, indent=1))
    else:
        print(f"{len(rows)} files, {failed} beyond a bound")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
