#!/usr/bin/env python3
"""Flips bits of stored networks: a stored model is what was imported, or it gives no answer.

    python tests/faults/flips.py --gantei target/release/gantei [--flips 200]

Stores a bundled and an imported model, then flips one bit at a random place of one of their files and keeps its time
and length, as a failing disk would; files are also truncated, emptied, deleted and overwritten with other bytes. After
each change `gantei predict` and `gantei models --check` run. Checked: the model is refused (status 3), or repaired (the
answer and the file are as before), or, if the answer does not depend on the file, `--check` reports it.
"""

import collections
import os
import shutil
import sys
from pathlib import Path

import harness

REFUSED, HEALED, TOLD, SILENT, OTHER, BROKEN = (
    "refused",
    "healed",
    "told by --check",
    "silent",
    "other answer",
    "broken",
)
RIGHT = {REFUSED, HEALED, TOLD}
IMPORTED = "imported"


def flip(random, data):
    place, bit = random.randrange(len(data)), random.randrange(8)
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


# Other damage, applied once to each file.
DAMAGE = {
    "cut": lambda data: data[: len(data) // 2],
    "emptied": lambda data: b"",
    "taken away": lambda data: None,
    "zeros in the middle": lambda data: data[: len(data) // 3] + bytes(len(data) // 3) + data[len(data) // 3 * 2 :],
}


class Shelf:
    """The stored files of one model, and its answer while they are intact."""

    def __init__(self, bench, model, eye, device):
        self.bench, self.model = bench, model
        self.predicting = ["predict", eye, "--model", model, "--device", device, "--json"]
        done = bench.run(self.predicting)
        self.row = harness.without_times(done.document())
        if done.status:
            sys.exit(f"{model} gives no answer: {done.message()}")
        self.folder = bench.home / "models" / model
        self.stored = {str(p.relative_to(self.folder)): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}
        self.kept = bench.scratch / f"kept-{model}"
        shutil.copytree(self.folder, self.kept)
        check = bench.run(["models", "--check", "--json"])
        self.check = (check.status, harness.without_times(check.document()))

    def restore(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.kept, self.folder)

    def change(self, name, damage):
        """Damages a file but keeps its times."""
        path = self.folder / name
        times = path.stat()
        data = damage(self.stored[name])
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def is_whole(self):
        return all((self.folder / n).is_file() and (self.folder / n).read_bytes() == d for n, d in self.stored.items())

    def outcome(self):
        """The result of the damage, and the message."""
        done = self.bench.run(self.predicting)
        if done.status not in harness.STATUSES or done.document() is None:
            return BROKEN, f"predict ended with {done.status}: {done.message()[:100]}"
        if paths := harness.tells_path(self.bench, done.out, done.err):
            return BROKEN, f"tells a path: {paths[0][:80]}"
        if done.status != 0:
            answered = any(r.get("score") is not None for r in done.document().get("results", []))
            if done.status != 3 or answered:
                return BROKEN, f"status {done.status}: {done.message()[:100]}"
            return REFUSED, done.error().get("message", "")
        if harness.without_times(done.document()) != self.row:
            same = harness.answers(done.document()) == harness.answers(self.row)
            return OTHER, "the row" if same else f"{harness.answers(done.document())}"
        if self.is_whole():
            return HEALED, ""
        check = self.bench.run(["models", "--check", "--json"])
        if check.status not in harness.STATUSES or check.document() is None:
            return BROKEN, f"models --check ended with {check.status}: {check.message()[:100]}"
        if self.is_whole():
            return HEALED, "by models --check"
        told = (check.status, harness.without_times(check.document())) != self.check
        return (TOLD if told else SILENT), check.message()


def shares(random, shelves, flips):
    """How often each file is damaged: half of the places are in the networks' weights, the others in any file."""
    names = [(shelf, name) for shelf in shelves for name in sorted(shelf.stored)]
    large = [(shelf, max(shelf.stored, key=lambda n: len(shelf.stored[n]))) for shelf in shelves]
    return [(large if i % 2 else names)[(i // 2) % len(large if i % 2 else names)] for i in range(flips)]


def main():
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--flips", type=int, default=200)
    arguments.add_argument("--device", default="embedded")
    given = arguments.parse_args()
    bench = harness.Bench(given)
    eye = sorted(bench.eyes(1, seed=given.seed).iterdir())[0]
    network = Path(__file__).resolve().parents[2] / "models/demo/demo-efficientnet-b0.h5"
    done = bench.run(["import", network, "--card", network.with_suffix(".json"), "--id", IMPORTED, "--json"])
    if done.status:
        sys.exit(f"the model was not imported: {done.message()}")
    shelves = [Shelf(bench, model, eye, given.device) for model in ("demo-mobilenet", IMPORTED)]

    counts, wrong, messages = collections.Counter(), 0, {}

    def trial(shelf, name, how, damage):
        nonlocal wrong
        shelf.change(name, damage)
        came, message = shelf.outcome()
        shelf.restore()
        counts[shelf.model, name, how, came] += 1
        if message:
            messages.setdefault((shelf.model, name, how, came), message)
        if came not in RIGHT:
            wrong += 1
            print(f"! {shelf.model} {name}, {how}: {came} {message}", file=sys.stderr, flush=True)

    for shelf, name in shares(bench.random, shelves, given.flips):
        if shelf.stored[name]:
            trial(shelf, name, "flipped", lambda data: flip(bench.random, data))
    for shelf in shelves:
        for name in sorted(shelf.stored):
            for how, damage in DAMAGE.items():
                if damage(shelf.stored[name]) != shelf.stored[name]:
                    trial(shelf, name, how, damage)

    kinds = [REFUSED, HEALED, TOLD, SILENT, OTHER, BROKEN]
    rows = []
    for model, name, how in sorted({key[:3] for key in counts}):
        came = [counts[model, name, how, kind] for kind in kinds]
        said = next((messages[model, name, how, kind] for kind in kinds if (model, name, how, kind) in messages), "")
        rows.append((model, name, how, *came, said[:90]))
    print(harness.markdown(("model", "file", "damage", *kinds, "message"), rows))
    flipped = sum(n for (_, _, how, _), n in counts.items() if how == "flipped")
    right = sum(n for (_, _, how, kind), n in counts.items() if how == "flipped" and kind in RIGHT)
    others = sum(counts.values()) - flipped
    others_right = others + flipped - right - wrong
    print(f"\n{right} of {flipped} flips and {others_right} of {others} other damages are refused, healed or told")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
