"""Loading a model from the library compared with ONNX Runtime alone on the same file, alternating in one run.

Usage: python tests/benchmark/load.py KERAS_FILE [--gantei target/release/gantei] [--runs 5] [import's flags]

Needs the Python packages onnxruntime and numpy, and the same version of the library where the command finds it. The
model is imported into an empty library. `gantei verify` runs with one picture and with two: their difference is the
time of a run; the loading time is the first minus a run and minus the start of the process (`gantei models`). ONNX
Runtime is timed around `InferenceSession` alone, with the same number of threads. Prints medians of wall and processor
time, and the ratio.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
THEIRS = """
import sys, time, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 2
wall, processor = time.perf_counter(), time.process_time()
onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
print(time.perf_counter() - wall, time.process_time() - processor)
"""


def timed(command, env):
    """Wall and processor seconds of a process; status 1, for differing numbers, is accepted."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, text=True)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with status {child.returncode}: {said}")
    return np.array([time.perf_counter() - started, used.ru_utime + used.ru_stime])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("keras_file")
    parser.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
    parser.add_argument("--runs", type=int, default=5)
    args, flags = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        env = dict(os.environ, GANTEI_HOME=scratch)
        done = subprocess.run([args.gantei, "import", args.keras_file, "--id", "it", *flags], env=env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        shelf = next(pathlib.Path(scratch).rglob("it/model.onnx")).parent
        one = np.load(shelf / "reference-input.npy")
        expected = np.load(shelf / "reference-output.npy")
        commands = []
        for count in (1, 2):
            np.save(f"{scratch}/x{count}.npy", np.repeat(one, count, 0))
            np.save(f"{scratch}/y{count}.npy", np.repeat(expected, count, 0))
            arrays = ["--input", f"{scratch}/x{count}.npy", "--expected", f"{scratch}/y{count}.npy"]
            commands.append([args.gantei, "verify", "it", *arrays, "--device", "cpu"])
        commands.append([args.gantei, "models"])
        ours, theirs = [], []
        for _ in range(args.runs):
            once, twice, start = (timed(command, env) for command in commands)
            ours.append(once - (twice - once) - start)
            done = subprocess.run([sys.executable, "-c", THEIRS, str(shelf / "model.onnx")], capture_output=True, text=True, check=True)
            theirs.append(np.array(done.stdout.split(), float))
        for place, name in enumerate(("wall", "processor")):
            a, b = (statistics.median(float(run[place]) for run in runs) for runs in (ours, theirs))
            print(f"{name:9} Gantei {a:.2f} s, ONNX Runtime {b:.2f} s, ratio {a / b:.2f}")


main()
