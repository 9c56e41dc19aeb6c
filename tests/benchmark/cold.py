"""Photograph to score and overlay PNG, cold start: Gantei and plain TensorFlow, alternating in one run.

Usage: python tests/benchmark/cold.py [--gantei target/release/gantei] [--python PYTHON] [--runs 5]
                                      [--models mobilenet efficientnet-b0] [--photograph FILE]

PYTHON is an interpreter with tensorflow-cpu and pillow (models/demo/requirements.txt). Each run starts a new process;
the first pair is not counted. Prints wall time, processor time and peak memory (median, minimum to maximum) and the
ratios pair by pair. ONNX Runtime is used if it is installed (packaging/get-runtime.sh); the device is printed.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def run(command, env):
    """Wall seconds, processor seconds, peak memory in MB and standard output of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, cwd=ROOT)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.decode()


def shown(values):
    return f"{statistics.median(values):8.3f}  ({min(values):.3f} to {max(values):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--models", nargs="+", default=["mobilenet", "efficientnet-b0"])
    parser.add_argument("--photograph", default=str(ROOT / "assets/samples/haggstrom_left_1411.jpg"))
    args = parser.parse_args()
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
    with tempfile.TemporaryDirectory() as scratch:
        for model in args.models:
            keras = ROOT / f"models/demo/demo-{model}.h5"
            ours = [args.gantei, "predict", args.photograph, "--model", f"demo-{model}", "--out", scratch, "--json"]
            theirs = [args.python, str(HERE / "tensorflow_gradcam.py"), str(keras), args.photograph, f"{scratch}/tf.png"]
            pairs = []
            for i in range(args.runs + 1):
                a, b = run(ours, env), run(theirs, env)
                if i:
                    pairs.append((a, b))
            result = json.loads(a[3])["results"][0]
            print(f"\n{model}: Gantei on {result['engine']} ({result['provider']}), score {result['score']:.6f}; "
                  f"TensorFlow's own resize and crop give {b[3].strip()}")
            for column, name in enumerate(["wall s", "cpu s", "peak MB"]):
                x, y = [p[0][column] for p in pairs], [p[1][column] for p in pairs]
                print(f"  {name:8} Gantei {shown(x)}   TensorFlow {shown(y)}   "
                      f"ratio {shown([t / o for o, t in zip(x, y)])}")


main()
