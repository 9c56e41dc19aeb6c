"""All 16 networks at full width through `gantei import` and `gantei verify`, in every form that Keras writes.

    python keras_files.py make FOLDER [WORD]            with real Keras, once per generation (tests/fixtures/keras/README.md)
    python keras_files.py check FOLDER GANTEI [WORD]    with any Python

WORD selects files by name.

`make` writes about 3 GB per generation, and `rows.json` with the results of Keras and the facts that weights-only files
lack. `check` imports each file into an empty library with those facts as flags, and compares the stored model with
Keras on the embedded engine and, if the command finds one, on ONNX Runtime. It prints a table and exits with 1 if
anything is outside its tolerance. tests/keras/keras_forms.rs can use the folder too (GANTEI_KERAS_CORPUS).
"""

import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def heads(forms, number):
    """Five heads in turn, with what a weights-only file leaves open."""
    dense, layers = forms.dense, forms.layers
    return [
        ([dense(1, "sigmoid")], {"head": "sigmoid"}),
        ([layers.Dropout(0.3), dense(2, "softmax")], {"head": "softmax"}),
        ([dense(1, "linear")], {"head": "linear"}),
        ([dense(64, "relu", "first"), dense(1, "sigmoid")], {"head": "sigmoid", "hidden_activation": "relu"}),
        (forms.hidden_norm() + [dense(1, "linear")], {"head": "linear", "hidden_activation": "relu"}),
    ][number % 5]


def models(forms):
    """Name → (size, builder function, what a weights-only file leaves open); names identify the network."""
    from make_architectures import NAMES

    A = forms.A

    def plain(name, number):
        backbone = getattr(A, name)
        return lambda s: forms.flat(backbone(input_shape=(*s, 3), include_top=False, weights=None), heads(forms, number)[0])

    for number, name in enumerate(NAMES):
        facts = dict(heads(forms, number)[1])
        if "EfficientNet" in name:
            facts["imagenet_rescaling"] = False
        # The two published networks at the sizes of their photographs.
        size = {"MobileNet": (224, 224), "EfficientNetB7": (600, 600)}.get(name, (96, 109))
        yield name, name, size, plain(name, number), facts
    sigmoid, softmax = {"head": "sigmoid"}, {"head": "softmax"}
    small = (96, 109)
    yield "MobileNet_top", "MobileNet", (128, 128), lambda s: A.MobileNet(input_shape=(*s, 3), classes=2, weights=None), softmax
    nested = lambda s: forms.nested(A.EfficientNetB0(input_shape=(*s, 3), include_top=False, weights=None), [forms.dense(1, "sigmoid")])
    yield "EfficientNetB0_nested", "EfficientNetB0", small, nested, {**sigmoid, "imagenet_rescaling": False}
    if forms.GENERATION == 2:
        yield "EfficientNetB0_pypi", "EfficientNetB0", small, lambda s: forms.flat(forms.pypi_efficientnet(s), [forms.dense(1, "sigmoid")]), sigmoid


def make(folder, word):
    sys.path.insert(0, os.path.join(HERE, "..", "fixtures", "keras"))
    import make_forms as forms

    os.makedirs(folder, exist_ok=True)
    forms.OUT = folder
    path = os.path.join(folder, "rows.json")
    rows = json.load(open(path)) if os.path.exists(path) else []
    for number, (name, architecture, size, build, facts) in enumerate(models(forms)):
        if word not in name:
            continue
        stem = f"k{forms.GENERATION}_{name}"
        rng = forms.start(100 + number)
        model = build(size)
        kind = name.lower()
        # Plain random kernels: with the repeated ones of the small files an EfficientNet is so badly conditioned that
        # Keras' own float32 is 3e-2 from float64. With two pictures a B7 at 600 gave 1 in float32 and 0 in float64;
        # with these twelve Keras 2 is 3e-5 from float64, so it remains difficult.
        forms.set_weights(model, forms.scaled(forms.pictures(12, *size, seed=number + 290), kind), rng, False)
        images = forms.scaled(forms.pictures(1 if max(size) > 300 else 2, *size, seed=9), kind)
        whole = {".h5": "full", ".keras": "keras-zip"}
        # Keras 2 as .h5, Keras 3 as .keras; the smaller ones in the other form too.
        endings = [".h5" if forms.GENERATION == 2 else ".keras"]
        if model.count_params() < 9e6:
            endings = list(whole)
        rows = [r for r in rows if r["stem"] != stem]
        common = {"stem": stem, "architecture": architecture, "head": facts["head"]}
        for ending in endings:
            model.save(os.path.join(folder, stem + ending))
            forms.reference(model, images, rows, file=stem + ending, form=whole[ending], flags={}, **common)
        ending = ".weights.h5" if forms.GENERATION == 3 else "_weights.h5"
        model.save_weights(os.path.join(folder, stem + ending))
        forms.reference(model, images, rows, file=stem + ending, form="weights-only", flags=facts, **common)
        if name in ("MobileNet", "DenseNet121"):
            again = stem + "_newest.h5"
            forms.newest(os.path.join(folder, stem + (".h5" if ".h5" in endings else ending)), os.path.join(folder, again))
            flags, form = ({}, "full") if ".h5" in endings else (facts, "weights-only")
            forms.reference(model, images, rows, file=again, form=form, flags=flags, **common)
        with open(path, "w") as f:
            json.dump(rows, f, indent=1)


def flags_of(row):
    """The flags that a user would give: the card's fields, and what a weights-only file leaves open."""
    linear = row["head"] == "linear"
    words = ["--scaling", "tf", "--colour", "rgb", "--resize", "pil-nearest", "--crop", "stretch"]
    words += ["--task", "age"] if linear else ["--task", "sex", "--labels", "F,M", "--threshold", "0.5"]
    if row["form"] == "weights-only":
        words += ["--input-size", "x".join(map(str, row["size"]))]
    for key, value in row["flags"].items():
        value = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
        words += ["--" + key.replace("_", "-"), value]
    return words


def run(command, home):
    """Output, seconds and peak megabytes of a command."""
    with tempfile.TemporaryFile() as out:
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env={**os.environ, "GANTEI_HOME": home})
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        out.seek(0)
        text = out.read()
    answer = json.loads(text) if text.strip() else {"error": {"message": f"status {status}, no answer"}}
    return answer, seconds, used.ru_maxrss / 1024


def tolerance(row):
    if row["head"] == "linear":
        return 1e-3
    return 6e-5 if row["architecture"] == "InceptionV3" else 2e-5


def check(folder, gantei, word):
    rows = [r for r in json.load(open(os.path.join(folder, "rows.json"))) if word in r["file"]]
    bad, worst = 0, {}
    with tempfile.TemporaryDirectory() as home:
        engines = run([gantei, "devices", "--json"], home)[0].get("engines", [])
    providers = [provider for engine in engines for provider in engine["providers"]]
    devices = ["embedded"]
    if any(provider["name"] == "cpu" and provider["works"] for provider in providers):
        devices.append("cpu")
    else:
        print("skipped: ONNX Runtime, the command finds no library that works")
    print(f"{'file':44} {'MB':>4} {'form':13} {'import s':>8} {'peak MB':>7}  largest error: embedded, ONNX Runtime")
    for row in rows:
        path = os.path.join(folder, row["file"])
        with tempfile.TemporaryDirectory() as home:
            answer, seconds, peak = run([gantei, "import", path, "--id", "it", "--json", *flags_of(row)], home)
            found = answer.get("architecture") or ""
            errors, good = [], "error" not in answer and found == row["architecture"] and answer["form"] == row["form"]
            for device in devices if "error" not in answer else ():
                arrays = ["--input", os.path.join(folder, row["input"]), "--expected", os.path.join(folder, row["stem"] + ".expected.npy")]
                said, _, _ = run([gantei, "verify", "it", *arrays, "--tolerance", str(tolerance(row)), "--device", device, "--json"], home)
                good = good and said.get("within", False)
                error = said.get("max_abs_error", float("inf"))
                errors.append(f"{error:.1e}")
                key = (row["head"] == "linear", row["architecture"] == "InceptionV3", device)
                worst[key] = max(worst.get(key, 0.0), error)
        message = "" if "error" not in answer else answer["error"]["message"]
        bad += not good
        size = os.path.getsize(path) / 1e6
        print(f"{row['file']:44} {size:4.0f} {row['form']:13} {seconds:8.1f} {peak:7.0f}  {', '.join(errors)}{'' if good else '  OUTSIDE ' + message}", flush=True)
    print(f"{len(rows)} files, {bad} outside")
    for (linear, inception, device), error in sorted(worst.items()):
        print(f"  {device:8} {'years' if linear else 'InceptionV3 scores' if inception else 'scores'}: at most {error:.1e}")
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"] and len(sys.argv) in (3, 4):
        make(sys.argv[2], sys.argv[3] if len(sys.argv) == 4 else "")
    elif sys.argv[1:2] == ["check"] and len(sys.argv) in (4, 5):
        sys.exit(check(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) == 5 else ""))
    else:
        sys.exit(__doc__)
