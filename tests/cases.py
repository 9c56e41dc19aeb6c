#!/usr/bin/env python3
"""Runs `gantei verify` on small model files with known results.

    python tests/cases.py FOLDER [--gantei target/release/gantei] [--device embedded]

FOLDER holds one folder per case with a `case.json`: `commands` as a user would type them, and the accepted result of
`gantei verify`: `within` (opens, and matches Keras), `refused` (status 3), or `within or refused`. Anything else is an
*other number*, the one result that must never occur; exit status 1 if there is one. `should open` are files that Keras
opens and Gantei refuses.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WITHIN, REFUSED, OTHER, BROKEN = "within", "refused", "other number", "broken"


def outcome(gantei: Path, folder: Path, command: str, device: str) -> tuple[str, str]:
    """The result of a case's `gantei verify …`, and its figure or message."""
    words = shlex.split(command)
    assert words[0] == "gantei", command
    if "--device" in words:
        words[words.index("--device") + 1] = device
    else:
        words += ["--device", device]
    if "--json" not in words:
        words.append("--json")
    with tempfile.TemporaryDirectory() as home:
        run = subprocess.run(
            [gantei, *words[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "GANTEI_HOME": home},
        )
    try:
        document = json.loads(run.stdout)
    except json.JSONDecodeError:
        return BROKEN, f"status {run.returncode}: {(run.stdout + run.stderr)[:200]}"
    if run.returncode == 0 and document.get("within") is True:
        return WITHIN, f"{document['max_abs_error']:.1e}"
    if run.returncode == 1 and document.get("within") is False:
        return OTHER, f"{document['max_abs_error']:.1e}"
    if run.returncode == 3 and "error" in document:
        return REFUSED, document["error"]["message"][:160]
    return BROKEN, f"status {run.returncode}: {run.stdout[:200]}"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--gantei", type=Path, default=Path("target/release/gantei"))
    arguments.add_argument("--device", default="embedded")
    given = arguments.parse_args()
    gantei = given.gantei.resolve()
    if not gantei.is_file() and not shutil.which(str(gantei)):
        return print(f"there is no program {gantei}", file=sys.stderr) or 2
    counts = {WITHIN: 0, REFUSED: 0, OTHER: 0, BROKEN: 0}
    should_open = 0
    for path in sorted(given.folder.glob("*/case.json")):
        case = json.loads(path.read_text())
        accepted = case.get("accept", {}).get("verify")
        if accepted is None:
            continue
        for command in case["commands"]:
            if " verify " not in f" {command} ":
                continue
            found, figure = outcome(gantei, path.parent, command, given.device)
            counts[found] += 1
            mark = "" if found in accepted.split(" or ") else "  <-- accepted: " + accepted
            if mark and found == REFUSED:
                should_open += 1
                mark = "  <-- should open"
            print(f"{case['id']:6} {found:12} {figure}{mark}")
    print(
        f"{counts[WITHIN]} within, {counts[REFUSED]} refused, {counts[OTHER]} other numbers, "
        f"{should_open} should open, {counts[BROKEN]} broken"
    )
    return 1 if counts[OTHER] or counts[BROKEN] else 0


if __name__ == "__main__":
    sys.exit(main())
