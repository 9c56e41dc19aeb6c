#!/usr/bin/env python3
"""Compares every figure of the command line before and after a change.

    python tests/golden.py record FOLDER --gantei target/release/gantei [--images DIR] [--runtime LIBRARY]
    python tests/golden.py compare BEFORE AFTER

`record` runs predict (the sample eye, 20 drawn eyes, the folder of test images), explain (seven methods with --controls
and --regions on three eyes), import, verify and check-import with --json, on the built-in engine and, if --runtime or
ORT_DYLIB_PATH names the library, on ONNX Runtime. FOLDER receives the document of each command, its exit status and the
checksums of the files it wrote. `compare` ignores times and the version of Gantei, lists the differences and exits with
status 1 if there are any.

Takes twenty minutes on two processors. Needs only Python 3.10.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = "assets/samples/haggstrom_left_1411.jpg"
KERAS = "tests/fixtures/keras"
METHODS = ["grad-cam", "hires-cam", "layer-cam", "input-gradient", "smooth-grad", "integrated-gradients", "occlusion"]
MODELS = ["demo-mobilenet", "demo-efficientnet-b0"]
# Keras files, and the flags that each needs.
SEX = ["--scaling", "tf", "--colour", "rgb", "--labels", "female,male", "--task", "sex"]
AGE = ["--scaling", "tf", "--colour", "rgb", "--task", "age", "--value-scale", "100"]
ASKED = ["--resize", "pil-bilinear", "--crop", "square", "--threshold", "0.5"]
IMPORTS = {
    "keras2_mobilenet_nested.h5": SEX + ASKED,
    "keras2_efficientnet_sigmoid.h5": SEX + ASKED,
    "keras2_efficientnet_softmax_adam.h5": SEX + ASKED,
    "age_in_hundreds.h5": AGE + ASKED[:4],
    # Refused, with the message.
    "keras2_mobilenet_nested.h5 unasked": SEX,
    "hostile_outside.h5": SEX + ASKED,
}
VERIFIED = {
    "keras2_mobilenet_nested": "input_70x90_tf",
    "keras2_efficientnet_sigmoid": "input_70x90_raw",
    "keras2_efficientnet_nested": "input_96x96_raw",
    "keras2_layers": "keras2_layers.input",
}
# Fields that differ in every run.
TIMES = ("_ms", "seconds")


class Recorder:
    def __init__(self, given, scratch):
        self.program = os.path.abspath(given.gantei)
        self.folder = Path(given.folder)
        self.scratch = scratch
        self.only = ("draw", *given.only) if given.only else ""
        self.env = dict(os.environ, GANTEI_HOME=str(scratch / "home"))
        for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            self.env.pop(name, None)
        runtime = given.runtime or os.environ.get("ORT_DYLIB_PATH")
        self.env.pop("ORT_DYLIB_PATH", None)
        self.devices = ["embedded"]
        if runtime:
            self.env["ORT_DYLIB_PATH"] = runtime
            self.devices.append("cpu")

    def run(self, name, *args, files=None):
        """Runs a command; `files` is the folder it writes into."""
        if not name.startswith(self.only):
            return
        began = time.monotonic()
        args = [str(arg) for arg in args]
        done = subprocess.run([self.program, *args, "--json"], cwd=ROOT, env=self.env, capture_output=True, text=True)
        try:
            document = json.loads(done.stdout)
        except ValueError:
            document = {"no document": done.stdout[:2000]}
        kept = {"status": done.returncode, "document": document, "files": checksums(files)}
        text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
        # The scratch folder has another name in each run.
        (self.folder / f"{name}.json").write_text(text.replace(str(self.scratch), "SCRATCH"))
        print(f"{name}: status {done.returncode}, {time.monotonic() - began:.0f} s", flush=True)


def checksums(folder):
    """Pictures and maps by their bytes; tables and documents, which contain times, by their names."""
    if folder is None:
        return {}
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            is_exact = path.suffix in (".png", ".npy")
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if is_exact else "written"
            found[str(path.relative_to(folder))] = digest
    return found


def record(given):
    scratch = Path(tempfile.mkdtemp(prefix="gantei-golden-"))
    try:
        recorder = Recorder(given, scratch)
        recorder.folder.mkdir(parents=True, exist_ok=True)
        run = recorder.run
        eyes = scratch / "eyes"
        run("draw", "draw", "--count", 20, "--seed", 15, "--size", 512, "--out", eyes, files=eyes)
        drawn = sorted((eyes / "images").iterdir())
        images = given.images
        for device in recorder.devices:
            of = ["--device", device]
            for model in MODELS:
                for what, paths in (("sample", [SAMPLE]), ("drawn", drawn[:20]), ("images", images and [images])):
                    if paths:
                        out = scratch / f"predict-{what}-{model}-{device}"
                        saliency = ["--saliency", "grad-cam"] if what != "images" else []
                        run(f"predict-{what}-{model}-{device}", "predict", *paths, "--model", model, *saliency, *of,
                            "--out", out, files=out)
            for number, eye in enumerate([SAMPLE, *drawn[:2]]):
                for method in METHODS:
                    out = scratch / f"explain-{number}-{method}-{device}"
                    checks = ["--controls", "--regions"]
                    run(f"explain-{number}-{method}-{device}", "explain", eye, "--model", MODELS[0], "--method", method,
                        "--seed", 1, *checks, *of, "--out", out, files=out)
            for name, tensor in VERIFIED.items():
                run(f"verify-{name}-{device}", "verify", f"{KERAS}/{name}.h5", "--input", f"{KERAS}/{tensor}.npy",
                    "--expected", f"{KERAS}/{name}.expected.npy", *SEX, *of)
            run(f"check-import-{device}", "check-import", MODELS[0], eyes / "images", "--labels", eyes / "labels.csv", *of)
        for name, flags in IMPORTS.items():
            word = name.replace(".h5", "").replace("_", "-").replace(" ", "-")
            run(f"import-{word}", "import", f"{KERAS}/{name.split()[0]}", "--id", f"golden-{word}", *flags)
        run("models", "models")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def without_times(value):
    if isinstance(value, dict):
        kept = {}
        for key, inner in value.items():
            is_time = key == "ms" or key.endswith(TIMES)
            is_version = key == "gantei"
            kept[key] = "left out" if is_time or is_version else without_times(inner)
        return kept
    if isinstance(value, list):
        return [without_times(inner) for inner in value]
    return value


def differences(before, after, at=""):
    if type(before) is not type(after):
        yield at, before, after
    elif isinstance(before, dict):
        for key in sorted(set(before) | set(after)):
            yield from differences(before.get(key, "absent"), after.get(key, "absent"), f"{at}.{key}")
    elif isinstance(before, list):
        if len(before) != len(after):
            yield f"{at} (number)", len(before), len(after)
        for number, (one, other) in enumerate(zip(before, after)):
            yield from differences(one, other, f"{at}[{number}]")
    elif before != after:
        yield at, before, after


def compare(given):
    one, other = Path(given.before), Path(given.after)
    names = sorted({p.name for folder in (one, other) for p in folder.glob("*.json")})
    found = 0
    for name in names:
        if not ((one / name).exists() and (other / name).exists()):
            print(f"{name}: only in {'before' if (one / name).exists() else 'after'}")
            found += 1
            continue
        documents = [without_times(json.loads((folder / name).read_text())) for folder in (one, other)]
        for at, before, after in differences(*documents):
            found += 1
            if found <= given.shown:
                print(f"{name}{at}: {before!r} -> {after!r}"[:300])
    print(f"{len(names)} documents, {found} differences")
    return 1 if found or not names else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record")
    recording.add_argument("folder")
    recording.add_argument("--gantei", default="target/release/gantei")
    recording.add_argument("--images", help="the folder of test images")
    recording.add_argument("--runtime", help="the library of ONNX Runtime")
    recording.add_argument("--only", nargs="+", metavar="NAME", help="documents whose names begin so")
    comparing = commands.add_parser("compare")
    comparing.add_argument("before")
    comparing.add_argument("after")
    comparing.add_argument("--shown", type=int, default=100, help="differences that are printed")
    given = parser.parse_args()
    if given.command == "record":
        record(given)
        return 0
    return compare(given)


if __name__ == "__main__":
    sys.exit(main())
