#!/usr/bin/env python3
"""Good photographs among hostile files, with less and less memory: each good one has its answer, each other one a
reason.

    python tests/faults/memory.py --gantei target/release/gantei [--hostile ../shared/cases/hostile] [--floor]

A folder holds drawn eyes, damaged files and pictures that expand to gigabytes, in random order; `gantei predict` runs
on it under `ulimit -v` of 0.5, 1, 2 and 4 GB, with and without --out. Checked: every good photograph has the answer
that it has without a limit; every other file has a row with a reason or, if it can be read after all, an answer; the
status is one of the command line's; no temporary files remain. Models that claim much memory are passed to `import` and
to `predict`.

--floor instead measures, by bisection, from which limit each command works, and reports its behaviour below it.
"""

import resource
import shutil
import struct
import sys
import zlib
from pathlib import Path

import harness

LIMITS_GB = (0.5, 1, 2, 4)
# Width, height, bits, colour type of PNG (0 grey, 2 RGB, 6 RGB with alpha): small as files, large once opened.
BOMBS = (
    (199_999_999, 1, 8, 0),
    (1, 199_999_999, 1, 0),
    (20_000, 10_000, 8, 2),
    (10_000, 10_000, 16, 6),
    (60_000, 60_000, 8, 2),
)
MODELS = {".h5", ".hdf5", ".keras", ".onnx"}
# Neither photographs nor models in a folder of hostile files.
OTHER = {".py", ".md", ".tsv", ".txt", ".json"}


def bomb(path, width, height, bits, colour):
    """A PNG of zeros."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    line = 1 + (width * bits * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8
    left = line * height
    packer = zlib.compressobj(1)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)))
        while left > 0:
            zeros = bytes(min(left, 1 << 24))
            left -= len(zeros)
            # Data that are never read need not be written: half a gigabyte exceeds the smallest limits.
            packed = packer.compress(zeros)
            if packed:
                file.write(chunk(b"IDAT", packed))
            if line * height - left > 600_000_000:
                break
        file.write(chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b""))


def under(gigabytes):
    """Runs in the process before the program: like `ulimit -v`, and without core files, which would fill the disk."""

    def limit():
        size = int(gigabytes * 1e9)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (size, size))

    return limit


def mixed(bench, given):
    """A folder of good and hostile files in random order; the names of the good ones, and the hostile models."""
    eyes = sorted(bench.eyes(given.photographs, seed=given.seed).iterdir())
    hostile = bench.scratch / "hostile"
    hostile.mkdir()
    for width, height, bits, colour in BOMBS:
        bomb(hostile / f"bomb_{width}x{height}_{bits}.png", width, height, bits, colour)
    (hostile / "cut.png").write_bytes(eyes[0].read_bytes()[:20_000])
    (hostile / "empty.jpg").write_bytes(b"")
    (hostile / "zeros.dcm").write_bytes(bytes(100_000))
    (hostile / "letter.jpg").write_text("a letter\n")
    others = sorted(hostile.iterdir())
    if given.hostile.is_dir():
        others += [p for p in sorted(given.hostile.rglob("*")) if p.is_file() and p.suffix not in OTHER]
    else:
        print(f"skipped: {given.hostile} is not there; the files that are made here take its place")
    models = [p for p in others if p.suffix in MODELS]
    pictures = eyes + [p for p in others if p.suffix not in MODELS]
    bench.random.shuffle(pictures)
    folder = bench.scratch / "mixed"
    folder.mkdir()
    good = set()
    for number, path in enumerate(pictures):
        name = f"{number:03}-{path.name}"
        shutil.copy(path, folder / name)
        if path in eyes:
            good.add(name)
    return folder, good, models


def judge(bench, done, folder, good, expected):
    """What is wrong with a run over the mixed folder, and the number of answers and reasons."""
    wrong = []
    document = done.document() or {}
    rows = {row["image"]: row for row in document.get("results", [])}
    had = harness.answers(document)
    lost = [name for name, _ in expected if name in good and had.get((name, _)) != expected[(name, _)]]
    names = {p.name for p in folder.iterdir()} - good
    answered = {name for name, _ in had} - good
    reasoned = {name for name in names if name in rows and (rows[name].get("error") or rows[name].get("findings"))}
    if lost:
        wrong.append(f"{len(lost)} good photographs without their answer, as {lost[0]}")
    if names - answered - reasoned:
        wrong.append(f"no reason for {sorted(names - answered - reasoned)[:3]}")
    if done.status not in harness.STATUSES:
        wrong.append(f"status {done.status}")
    if done.document() is None:
        wrong.append("no document")
    if harness.tells_path(bench, done.out, done.err):
        wrong.append("tells an absolute path")
    died = sum("worker-died" in str(row) for row in rows.values())
    return wrong, f"{len(good) - len(lost)} of {len(good)}", f"{len(reasoned | answered)} of {len(names)}", died


def proof(bench, given):
    folder, good, models = mixed(bench, given)
    flags = ["--device", given.device, "--json"]
    free = bench.run(["predict", folder, *flags])
    expected = {k: answer for k, answer in harness.answers(free.document()).items() if k[0] in good}
    if len(expected) != len(good):
        sys.exit(f"without a limit {len(expected)} of {len(good)} photographs have an answer: {free.message()}")
    rows = [
        ("predict", "none", free.status, *judge(bench, free, folder, good, expected)[1:], f"{free.seconds:.0f}", "-")
    ]
    failed = 0
    for gigabytes in given.limits:
        for out in (None, bench.scratch / f"out-{gigabytes}"):
            extra = ["--out", out] if out else []
            done = bench.run(["predict", folder, *flags, *extra], before=under(gigabytes))
            wrong, answered, reasons, died = judge(bench, done, folder, good, expected)
            if out and (left := harness.leftovers(out, bench.home)):
                wrong.append(f"left over: {left}")
            failed += bool(wrong)
            what = "predict --out" if out else "predict"
            rows.append(
                (what, gigabytes, done.status, answered, reasons, died, f"{done.seconds:.0f}", "; ".join(wrong) or "-")
            )
            print(f"{'!' if wrong else ' '} {what} {gigabytes} GB", file=sys.stderr, flush=True)
        for model in models:
            for args in (["import", model], ["predict", folder, "--model", model]):
                done = bench.run([*args, *(flags if args[0] == "predict" else ["--json"])], before=under(gigabytes))
                wrong = (
                    [] if done.status in harness.STATUSES and done.document() is not None else [f"status {done.status}"]
                )
                # Only predict must respect the limit; the other command is measured.
                failed += bool(wrong) and args[0] == "predict"
                what = f"{args[0]} {model.name}"
                said = "; ".join(wrong) or done.error().get("code", "-")
                rows.append((what, gigabytes, done.status, "", "", "", f"{done.seconds:.0f}", said))
    print(
        harness.markdown(("command", "GB", "status", "good answered", "others told", "worker-died", "s", "wrong"), rows)
    )
    return failed


# ---- The floor


def commands(bench, given):
    """Every command by its name; those that need a model find it in the data folder."""
    eyes = bench.eyes(4, seed=given.seed)
    one = sorted(eyes.iterdir())[0]
    labels = bench.scratch / "eyes-labels.csv"
    lines = [f"{p.name},{'F' if i % 2 else 'M'}" for i, p in enumerate(sorted(eyes.iterdir()))]
    labels.write_text("image,sex\n" + "\n".join(lines) + "\n")
    network = Path(__file__).resolve().parents[2] / "models/demo/demo-mobilenet.h5"
    card = network.with_suffix(".json")
    device = ["--device", given.device]
    scratch = bench.scratch / "scratch"
    return {
        "models": ["models"],
        "devices": ["devices"],
        "draw": ["draw", "--count", 1, "--seed", 1, "--size", 512, "--out", scratch],
        "predict, one photograph": ["predict", one, *device],
        "predict, several": ["predict", eyes, *device],
        "predict, several, two models": [
            "predict",
            eyes,
            *device,
            "--model",
            "demo-mobilenet",
            "--model",
            "demo-efficientnet-b0",
        ],
        "explain": [
            "explain",
            one,
            "--model",
            "demo-mobilenet",
            "--method",
            "input-gradient",
            *device,
            "--out",
            scratch,
        ],
        "import": ["import", network, "--card", card, "--id", "again", "--replace"],
        "check-import": ["check-import", "demo-mobilenet", "--labels", labels, eyes],
    }


def outcome(done):
    if done.status == 0:
        return "works"
    if done.status == 4 and done.message():
        return "says so"
    return f"status {done.status}" if done.status in harness.STATUSES else "dies"


def floor(bench, given):
    heads = (
        "command",
        "works from MB",
        "says so below, from MB",
        "lowest of them",
        "steps that neither work nor say so",
    )
    rows, enough = [], 0
    for name, args in commands(bench, given).items():
        args = [*args, "--json"] if name != "draw" else args

        def at(megabytes):
            shutil.rmtree(bench.scratch / "scratch", ignore_errors=True)
            try:
                return outcome(bench.run(args, before=under(megabytes / 1000)))
            except OSError:
                return "cannot start"

        if (free := outcome(bench.run(args))) != "works":
            rows.append((name, f"never: {free}", "", "", ""))
            continue
        low, high = 1, 8192
        while high - low > given.step:
            middle = (low + high) // 2
            low, high = (low, middle) if at(middle) == "works" else (middle, high)
        # From there down in equal steps, each of which must report the lack of memory for as long as it can.
        steps = sorted({high * k // 16 for k in range(1, 16)})
        told = {megabytes: at(megabytes) for megabytes in steps}
        says = [m for m, what in told.items() if what == "says so"]
        neither = [f"{m}: {what}" for m, what in told.items() if what not in ("says so", "works")]
        rows.append(
            (
                name,
                high,
                f"{max(says)} to {min(says)}" if says else "never",
                min(says, default="-"),
                "; ".join(neither) or "-",
            )
        )
        enough = max(enough, high)
        print(f"  {name}: {rows[-1][1:]}", file=sys.stderr, flush=True)
    print(harness.markdown(heads, rows))
    print(f"\nEvery command works from {enough} MB of address space" f" (ulimit -v {enough * 1_000_000 // 1024}).")
    return 0


def main():
    arguments = harness.arguments(__doc__)
    arguments.add_argument("--hostile", type=Path, default=Path("../shared/cases/hostile"))
    arguments.add_argument("--photographs", type=int, default=20)
    arguments.add_argument("--limits", type=float, nargs="+", default=LIMITS_GB, help="in gigabytes")
    arguments.add_argument("--device", default="embedded")
    arguments.add_argument("--floor", action="store_true", help="measure from which limit each command works")
    arguments.add_argument("--step", type=int, default=8, help="megabytes to which the floor is measured")
    given = arguments.parse_args()
    bench = harness.Bench(given)
    return 1 if (floor if given.floor else proof)(bench, given) else 0


if __name__ == "__main__":
    sys.exit(main())
