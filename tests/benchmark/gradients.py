"""Cost and memory of gradients, completeness of integrated gradients, and how soon a cancel frees the worker.

    python gradients.py cost FOLDER MODEL ... [--gantei G] [--python PYTHON] [--runs N] [--rounds R] [--steps N]
    python gradients.py memory FOLDER MODEL ... [--gantei G]
    python gradients.py cancel FOLDER MODEL ... [--gantei G]
    python gradients.py completeness [--gantei G] [--eyes N] [--steps N]

FOLDER and MODEL are a folder and stems written by saliency_files.py, such as k2_MobileNet. Needs numpy; PYTHON is an
interpreter with TensorFlow, for GradientTape in comparison; without it that column is omitted. ONNX Runtime is measured
if the command finds a library. Wall times are the application's own `timings_ms`, N runs in one process after one that
is not counted; processor times are the difference to a process with one run. On a busy machine only processor times are
comparable.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]


def row_of(args, stem):
    return next(r for r in json.load(open(os.path.join(args.folder, "saliency.json"))) if r["stem"] == stem)


def explain(args, words, home):
    """The documents of the maps, and the processor seconds of the whole process."""
    command = [args.gantei, "explain", *map(str, words), "--out", home, "--json"]
    child = subprocess.Popen(command, env=dict(os.environ, GANTEI_HOME=home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}: {said[-800:]}")
    return json.loads(said)["maps"], usage.ru_utime + usage.ru_stime


def devices(args):
    with tempfile.TemporaryDirectory() as home:
        said = subprocess.run([args.gantei, "devices", "--json"], env=dict(os.environ, GANTEI_HOME=home), capture_output=True, text=True)
    providers = [p for e in json.loads(said.stdout)["engines"] for p in e["providers"]]
    if any(p["name"] == "cpu" and p["works"] for p in providers):
        return ["embedded", "cpu"]
    print("skipped: ONNX Runtime, the command finds no library that works")
    return ["embedded"]


def tape(model_file, x_file, runs):
    """Wall and processor ms of forward passes and of GradientTape for the input gradient, eager and as tf.function."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    model = tf.keras.models.load_model(model_file, compile=False)
    model.layers[-1].activation = tf.keras.activations.linear
    model = tf.keras.Model(model.inputs, model(model.inputs))
    x = tf.constant(np.load(x_file)[:1])

    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            z = model(x, training=False)
        return tape.gradient(z, x)

    found = {}
    for name, work in [("forward", tf.function(lambda x: model(x, training=False))), ("eager", gradient), ("function", tf.function(gradient))]:
        np.asarray(work(x))
        found[name] = []
        for _ in range(runs):
            started = time.perf_counter(), time.process_time()
            np.asarray(work(x))
            found[name].append(((time.perf_counter() - started[0]) * 1e3, (time.process_time() - started[1]) * 1e3))
    print(json.dumps(found))


def cost(args):
    for stem in args.models:
        row = row_of(args, stem)
        x = np.load(os.path.join(args.folder, stem + ".x.npy"))
        model = os.path.join(args.folder, row["file"])
        # By device and kind of pass: wall and processor milliseconds.
        times = {}
        with tempfile.TemporaryDirectory() as home:
            held = {}
            for count in {1, 2, args.runs + 1}:
                held[count] = os.path.join(home, f"{count}.npy")
                np.save(held[count], np.repeat(x, count, 0))
            for _ in range(args.rounds):
                for device in devices(args):
                    # One patch: the input as it is and with the patch occluded, two forward passes.
                    for name, words, share, runs in [
                        ("forward", ["--method", "occlusion", "--steps", 1], 0.5, args.runs),
                        ("grad-cam", ["--method", "grad-cam"], 1, args.runs),
                        ("gradient", ["--method", "input-gradient"], 1, args.runs),
                        ("integrated", ["--method", "integrated-gradients", "--steps", args.steps], 1, 1),
                    ]:
                        if name == "integrated" and not args.steps:
                            continue
                        common = [*words, "--model", model, "--device", device, "--tensor"]
                        _, alone = explain(args, [*common, held[1]], home)
                        maps, together = explain(args, [*common, held[runs + 1]], home)
                        # The start-up cost of the process is the same in both.
                        cpu = (together - alone) / runs * 1e3
                        walls = maps[0]["timings_ms"]["maps"][1:]
                        times.setdefault((device, name), []).extend((wall * share, cpu * share) for wall in walls)
                if args.python:
                    done = subprocess.run([args.python, __file__, "tape", model, held[1], str(args.runs)], capture_output=True, text=True)
                    for name, found in json.loads(done.stdout.splitlines()[-1]).items():
                        times.setdefault(("tensorflow", name), []).extend(map(tuple, found))
        median = {key: [statistics.median(t) for t in zip(*found)] for key, found in times.items()}
        print(f"\n{stem} at {row['side']}, {args.rounds} rounds of {args.runs} runs: median ms, and times a forward pass, wall and processor")
        for (device, name), (wall, cpu) in median.items():
            of_wall, of_cpu = median[device, "forward"]
            print(f"  {device:10} {name:10} wall {wall:9.1f} {wall / of_wall:7.2f} ×   processor {cpu:9.1f} {cpu / of_cpu:7.2f} ×")
        for device in ("embedded", "cpu"):
            ratio = lambda a, b: " and ".join(f"{x / y:.2f}" for x, y in zip(median[a], median[b]))
            if (device, "integrated") in median:
                print(f"  {device:10} integrated gradients, {args.steps} steps, against a gradient pass: {ratio((device, 'integrated'), (device, 'gradient'))} ×")
            for name in ("eager", "function"):
                if ("tensorflow", name) in median and (device, "gradient") in median:
                    print(f"  {device:10} GradientTape ({name}) takes {ratio(('tensorflow', name), (device, 'gradient'))} × its time", flush=True)


def memory(args):
    print(f"{'model':24} {'device':9} {'method':17} {'told MB':>8} {'peak MB':>8}")
    for stem in args.models:
        row = row_of(args, stem)
        for device in devices(args):
            for method in ["grad-cam", "input-gradient", "integrated-gradients", "occlusion"]:
                with tempfile.TemporaryDirectory() as home:
                    command = [args.gantei, "explain", "--tensor", os.path.join(args.folder, stem + ".x.npy"), "--model", os.path.join(args.folder, row["file"])]
                    command += ["--method", method, "--device", device, "--out", home, "--json"]
                    # Enough for one whole batch.
                    command += {"integrated-gradients": ["--steps", "10"], "occlusion": ["--steps", "4"]}.get(method, [])
                    child = subprocess.Popen(command, env=dict(os.environ, GANTEI_HOME=home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                    said = json.loads(child.stdout.read())
                    _, _, usage = os.wait4(child.pid, 0)
                    if "error" in said:
                        print(f"{stem:24} {device:9} {method:17} {said['error']['message']}")
                        continue
                    told = said["maps"][0]["needed_memory_bytes"]
                    told = f"{told / 1e6:.0f}" if told else "-"
                    print(f"{stem:24} {device:9} {method:17} {told:>8} {usage.ru_maxrss * 1024 / 1e6:8.0f}", flush=True)


def cancel(args):
    """An interrupt during integrated gradients: seconds until the process has ended and released its session."""
    for stem in args.models:
        row = row_of(args, stem)
        for device in devices(args):
            with tempfile.TemporaryDirectory() as home:
                common = ["explain", "--tensor", os.path.join(args.folder, stem + ".x.npy"), "--model", os.path.join(args.folder, row["file"]), "--device", device, "--out", home]
                one = subprocess.Popen([args.gantei, *common, "--method", "input-gradient", "--json"], env=dict(os.environ, GANTEI_HOME=home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                timings = json.loads(one.communicate()[0])["maps"][0]["timings_ms"]
                waits = []
                for share in (0.3, 0.6, 0.9):
                    child = subprocess.Popen([args.gantei, *common, "--method", "integrated-gradients"], env=dict(os.environ, GANTEI_HOME=home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    time.sleep((timings["open"] + (1 + share) * timings["maps"][0]) / 1e3)
                    if child.poll() is not None:
                        raise SystemExit(f"{stem} on {device} was done before it could be stopped")
                    started = time.perf_counter()
                    child.send_signal(signal.SIGINT)
                    status = child.wait()
                    waits.append(time.perf_counter() - started)
                    assert status == 130, status
                print(f"{stem:24} {device:9} a pass takes {timings['maps'][0] / 1e3:.2f} s; stopped after {', '.join(f'{w:.3f}' for w in waits)} s", flush=True)


def completeness(args):
    """The gap as a share of the difference that the attributions should sum to."""
    with tempfile.TemporaryDirectory() as home:
        drawn = os.path.join(home, "drawn")
        subprocess.run([args.gantei, "draw", "--count", str(args.eyes), "--seed", "11", "--out", drawn], check=True, stdout=subprocess.DEVNULL)
        files = sorted(str(p) for p in pathlib.Path(drawn, "images").iterdir()) + [str(ROOT / "assets/samples/haggstrom_left_1411.jpg")]
        worst = 0.0
        for baseline in ["black", "blur", "mean"]:
            words = [*files, "--model", "demo-efficientnet-b0", "--method", "integrated-gradients", "--steps", args.steps, "--baseline", baseline]
            for found in explain(args, words, home)[0]:
                difference = found["target_value"] - found["baseline_value"]
                share = abs(found["completeness_gap"] / difference)
                worst = max(worst, share)
                print(f"{baseline:6} {re.sub('.*/', '', found['image']):32} {found['baseline_value']:8.3f} to {found['target_value']:8.3f}   gap {share * 100:6.3f} %", flush=True)
        print(f"{args.steps} steps, {len(files)} eyes, three baselines: at most {worst * 100:.3f} %")
        return 1 if worst > 0.02 else 0


def main():
    if sys.argv[1:2] == ["tape"]:
        return tape(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    for verb in (cost, memory, cancel, completeness):
        one = verbs.add_parser(verb.__name__)
        one.set_defaults(verb=verb)
        one.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
        if verb is completeness:
            one.add_argument("--eyes", type=int, default=4)
            one.add_argument("--steps", type=int, default=100)
            continue
        one.add_argument("folder")
        one.add_argument("models", nargs="+")
        if verb is cost:
            one.add_argument("--python")
            one.add_argument("--runs", type=int, default=7)
            one.add_argument("--rounds", type=int, default=2)
            one.add_argument("--steps", type=int, default=50)
    args = parser.parse_args()
    return args.verb(args)


if __name__ == "__main__":
    sys.exit(main())
