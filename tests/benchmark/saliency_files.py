"""Saliency of 18 whole networks against GradientTape, at their original input sizes.

    python saliency_files.py make FOLDER [WORD ...]            with real Keras (tests/fixtures/keras/README.md)
    python saliency_files.py check FOLDER GANTEI [WORD ...]    with any Python that has numpy

WORDs select models by name; a leading `=` requires the whole name. `make` writes about 1.2 GB: each network with random
weights and measured batch norms, an input, and the results of GradientTape: Grad-CAM, HiResCAM and LayerCAM at the last
feature map and at a layer in the middle, and the input gradient; all signed and not normalised, of the logit (softmax
of two: z1 - z0). `check` runs `gantei explain --tensor` for the same on the embedded engine and, if the command finds
one, on ONNX Runtime. It prints the largest difference as a share of the largest reference value (input gradient of ReLU
networks: the norm of the difference as a share of the norm) and exits with 1 if one is outside its tolerance.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = "saliency.json"
CAMS = ["grad-cam", "hires-cam", "layer-cam"]

SIZES = {
    **{name: 299 for name in ("InceptionV3", "InceptionResNetV2", "Xception")},
    **{f"EfficientNetB{n}": size for n, size in enumerate([224, 240, 260, 300, 380, 456, 528, 600])},
}
MIDDLE = {
    "MobileNet": "conv_pw_5_relu",
    "MobileNetV2": "block_5_add",
    "DenseNet121": "conv3_block12_concat",
    "DenseNet169": "conv3_block12_concat",
    "DenseNet201": "conv3_block12_concat",
    "InceptionV3": "mixed2",
    "InceptionResNetV2": "block35_10_ac",
    "Xception": "block4_sepconv1_act",
    **{f"EfficientNetB{n}": "block4a_expand_activation" for n in range(8)},
}


def picked(name, words):
    return not words or any(name == w[1:] if w.startswith("=") else w in name for w in words)


def tensors(model, layer, forms):
    """Images → (middle map, last map), and the layers after the last map; a backbone may be nested in a model."""
    inner = next((l for l in model.layers if hasattr(l, "layers")), None)
    if inner is None:
        pools = [i for i, l in enumerate(model.layers) if isinstance(l, forms.layers.GlobalAveragePooling2D)]
        inner, last, tail = model, model.layers[pools[-1]].input, model.layers[pools[-1] :]
    else:
        last, tail = inner.outputs[0], model.layers[model.layers.index(inner) + 1 :]
    return forms.keras.Model(inner.inputs, [inner.get_layer(layer).output, last]), tail


def gradients(model, images, layer, forms):
    """Logit, and (map, gradient) of input, middle and last map."""
    tf = forms.tf
    to_maps, tail = tensors(model, layer, forms)
    x = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(x)
        middle, last = to_maps(x, training=False)
        z = last
        for part in tail[:-1]:
            z = part(z, training=False)
        if isinstance(tail[-1], forms.layers.Dense):
            z = tf.matmul(z, tail[-1].kernel) + tail[-1].bias
        target = z[:, 0] if z.shape[-1] == 1 else z[:, 1] - z[:, 0]
    slopes = tape.gradient(target, [x, middle, last])
    return target.numpy(), [(a.numpy(), g.numpy()) for a, g in zip((x, middle, last), slopes)]


def cam(method, features, gradient):
    """Selvaraju 2017; Draelos 2020; Jiang 2021. In float64, so that the sums add no error."""
    a, g = features.astype("float64"), gradient.astype("float64")
    weights = {"grad-cam": g.mean((1, 2), keepdims=True), "hires-cam": g, "layer-cam": np.maximum(g, 0)}[method]
    return (weights * a).sum(-1).astype("float32")


def make(folder, words):
    sys.path.insert(0, os.path.join(HERE, "..", "fixtures", "keras"))
    sys.path.insert(0, HERE)
    import keras_files
    import make_forms as forms

    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, ROWS)
    for number, (name, architecture, _, build, facts) in enumerate(keras_files.models(forms)):
        if not picked(name, words) or "pypi" in name:
            continue
        stem = f"k{forms.GENERATION}_{name}"
        side = SIZES.get(architecture, 224)
        rng = forms.start(400 + number)
        model = build((side, side))
        kind = name.lower()
        # Two pictures leave a deep network with batch norms so narrow that float32 itself is too inexact.
        forms.set_weights(model, forms.scaled(forms.pictures(12, side, side, seed=number + 290), kind), rng, False)
        x = forms.scaled(forms.pictures(1, side, side, seed=9), kind)
        layer = MIDDLE[architecture]
        logit, ((_, of_input), middle, last) = gradients(model, x, layer, forms)
        file = stem + (".h5" if forms.GENERATION == 2 else ".keras")
        model.save(os.path.join(folder, file))
        np.save(os.path.join(folder, stem + ".x.npy"), x)
        arrays = {"input": of_input[0]}
        for method in CAMS:
            arrays[f"middle.{method}"] = cam(method, *middle)[0]
            arrays[f"last.{method}"] = cam(method, *last)[0]
        for what, array in arrays.items():
            np.save(os.path.join(folder, f"{stem}.{what}.npy"), array)
        row = {"stem": stem, "file": file, "architecture": architecture, "side": side, "layer": layer, "head": facts["head"], "logit": float(logit[0])}
        rows = json.load(open(path)) if os.path.exists(path) else []
        with open(path, "w") as f:
            json.dump([r for r in rows if r["stem"] != stem] + [row], f, indent=1)
        print(stem, side, "logit", float(logit[0]), "slope", float(np.abs(of_input).max()), flush=True)


def devices(gantei):
    with tempfile.TemporaryDirectory() as home:
        answer = json.loads(subprocess.run([gantei, "devices", "--json"], env=dict(os.environ, GANTEI_HOME=home), capture_output=True).stdout)
    works = [p for engine in answer["engines"] for p in engine["providers"] if p["name"] == "cpu" and p["works"]]
    if not works:
        print("skipped: ONNX Runtime, the command finds no library that works")
    return ["embedded"] + (["cpu"] if works else [])


def found(gantei, folder, row, device, method, layer=None):
    """The map that Gantei writes, and the value of the target."""
    with tempfile.TemporaryDirectory() as out:
        command = [gantei, "explain", "--tensor", os.path.join(folder, row["stem"] + ".x.npy"), "--model", os.path.join(folder, row["file"])]
        command += ["--method", method, "--device", device, "--out", out, "--json"] + (["--layer", layer] if layer else [])
        done = subprocess.run(command, env=dict(os.environ, GANTEI_HOME=out), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{row['stem']} {method}: status {done.returncode}: {done.stdout[:500]} {done.stderr[-500:]}")
        said = json.loads(done.stdout)
        said = said["maps"][0] if "maps" in said else said
        array = next(f for f in said["files"] if f.endswith(".npy"))
        return np.load(os.path.join(out, array))[0], said["target_values"][0]


def check(folder, gantei, words):
    rows = [r for r in json.load(open(os.path.join(folder, ROWS))) if picked(r["stem"].split("_", 1)[1], words)]
    outside, worst, asked_devices = 0, {}, devices(gantei)
    print(f"{'model':24} {'device':8} {'logit':>8} {'last':>8} {'middle: grad':>12} {'hires':>8} {'layer':>8} {'input max':>9} {'input L2':>9}")
    for row in rows:
        reference = lambda what: np.load(os.path.join(folder, f"{row['stem']}.{what}.npy"))
        for device in asked_devices:
            errors = {}

            def compare(what, *asked):
                array, target = found(gantei, folder, row, device, *asked)
                wanted = reference(what).astype("float64")
                apart = array.astype("float64") - wanted
                errors["logit"] = abs(target - row["logit"])
                return np.abs(apart).max() / np.abs(wanted).max(), np.linalg.norm(apart) / np.linalg.norm(wanted)

            errors["last"] = max(compare("last.grad-cam", "grad-cam")[0], *(compare(f"last.{m}", m)[0] for m in CAMS[1:]))
            for method in CAMS:
                errors[method] = compare(f"middle.{method}", method, row["layer"])[0]
            errors["input"], errors["length"] = compare("input", "input-gradient")
            smooth = "Efficient" in row["architecture"]
            limits = {"last": 1e-3, **{m: 2e-2 for m in CAMS}, **({"input": 1e-3} if smooth else {"length": 5e-2})}
            bad = [what for what, limit in limits.items() if not errors[what] <= limit]
            outside += bool(bad)
            for what in limits:
                key = ("input, smooth" if what == "input" else "input L2, ReLU" if what == "length" else "middle" if what in CAMS else what, device)
                worst[key] = max(worst.get(key, (0.0, "")), (errors[what], row["stem"]))
            columns = [errors[w] for w in ["logit", "last", *CAMS, "input", "length"]]
            print(f"{row['stem']:24} {device:8} " + " ".join(f"{v:{w}.1e}" for v, w in zip(columns, [8, 8, 12, 8, 8, 9, 9])) + (f"  OUTSIDE {bad}" if bad else ""), flush=True)
    print(f"{len(rows)} models, {outside} rows outside")
    for (what, device), (error, stem) in sorted(worst.items()):
        print(f"  {what:14} {device:8} at most {error:.1e} ({stem})")
    return 1 if outside or not rows else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"] and len(sys.argv) >= 3:
        make(sys.argv[2], sys.argv[3:])
    elif sys.argv[1:2] == ["check"] and len(sys.argv) >= 4:
        sys.exit(check(sys.argv[2], sys.argv[3], sys.argv[4:]))
    else:
        sys.exit(__doc__)
