"""Every network of keras.applications through `gantei verify`: a table of whether it is within, or why not.

    python keras_applications.py GANTEI [WORD ...]    with real Keras, once per generation (tests/fixtures/keras/README.md)

WORDs select networks by name; a leading `=` requires the whole name. Each is built once, with random weights, at its smallest sensible input, behind a global
average pooling and one sigmoid, and is saved as .h5. The table has the largest difference from Keras on the embedded
engine, with processor seconds and peak memory of the command, which imports the file and runs it. Exits with 1 if a network that
opens is not within 2e-5, except for those that float32 represents badly.
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile

# The kernel counts the memory of whoever starts a process as its own, so a small process starts the commands, which
# begins before TensorFlow fills this one.
LAUNCHER = """
import json, os, subprocess, sys, tempfile
for line in sys.stdin:
    command, home = json.loads(line)
    with tempfile.TemporaryFile() as out:
        env = {**os.environ, "GANTEI_HOME": home}
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=env)
        _, _, used = os.wait4(child.pid, 0)
        out.seek(0)
        said = out.read().decode()
    print(json.dumps([said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]), flush=True)
"""
launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np

SIZES = {"NASNet": 96, "Inception": 96, "Xception": 96, "ConvNeXt": 64, "EfficientNet": 64}
TOLERANCE = 2e-5


def names(words):
    def picked(name):
        return not words or any(name == w[1:] if w.startswith("=") else w in name for w in words)

    found = [n for n, f in vars(keras.applications).items() if inspect.isfunction(f) and n[0].isupper()]
    return sorted(filter(picked, found))


def randomised(model, rng):
    """Kernels as Keras draws them; statistics and offsets that are neither 0 nor 1."""
    for weight in model.weights:
        name = weight.path if hasattr(weight, "path") else weight.name
        shape = tuple(weight.shape)
        if "moving_mean" in name or "beta" in name or "bias" in name:
            weight.assign(rng.normal(0, 0.05, shape))
        elif "moving_variance" in name or ("gamma" in name and "norm" in name):
            weight.assign(rng.uniform(0.8, 1.2, shape))
    return model


def network(name, rng):
    size = next((s for family, s in SIZES.items() if name.startswith(family)), 64)
    base = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=(size, size, 3))
    x = keras.layers.GlobalAveragePooling2D()(base.output)
    model = keras.Model(base.input, keras.layers.Dense(1, activation="sigmoid")(x))
    return randomised(model, rng), rng.uniform(0, 1, (2, size, size, 3)).astype("float32")


def verified(gantei, folder):
    path = lambda name: os.path.join(folder, name)
    command = [gantei, "verify", path("m.h5"), "--input", path("x.npy"), "--expected", path("y.npy")]
    command += ["--device", "embedded", "--json"]
    print(json.dumps([command, folder]), file=launcher.stdin, flush=True)
    said, seconds, megabytes = json.loads(launcher.stdout.readline())
    return json.loads(said or '{"error": {"message": "no answer"}}'), seconds, megabytes


def main(gantei, words):
    outside = 0
    print(f"Keras {keras.__version__}\n\n| network | result | processor s | MB |\n|---|---|---|---|")
    for name in names(words):
        rng = np.random.default_rng(24)
        model, pictures = network(name, rng)
        with tempfile.TemporaryDirectory() as folder:
            model.save(os.path.join(folder, "m.h5"))
            np.save(os.path.join(folder, "x.npy"), pictures)
            np.save(os.path.join(folder, "y.npy"), model.predict(pictures, verbose=0))
            answer, seconds, megabytes = verified(gantei, folder)
        if "error" in answer:
            result = answer["error"]["message"][:160]
        else:
            outside += not answer["max_abs_error"] <= TOLERANCE
            result = f"{answer['max_abs_error']:.1e}"
        print(f"| {name} | {result} | {seconds:.1f} | {megabytes:.0f} |", flush=True)
        keras.backend.clear_session()
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2:]))
