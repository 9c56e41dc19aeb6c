"""One race: Gantei, TensorFlow, ONNX Runtime in Python and OpenVINO do the same work, alternating in one run.

    python race.py --work FOLDER [--only PART ...] [--rounds 3] [--gantei G] [--before G] [--tensorflow PYTHON]
                   [--openvino PYTHON] [--onnxruntime PYTHON] [--openvino-library LIBRARY] [--stage-sum MS] ...

Parts: cold (a photograph to score and overlay), forward (warm passes of the 16 networks), folder (100 photographs of 12
megapixels), overlays (the same with overlays), pipeline (EfficientNet-B7 over folders), gradient, import, memory (2,000
photographs; only if named).

Needs numpy and pillow; run it with the interpreter that has ONNX Runtime, or name that one. TensorFlow (2.15.1 with
Keras 2.15.0, h5py; tf2onnx for the import), and OpenVINO with numpy and pillow, may have interpreters of their own; a
contender that is not installed has a row that says so. `contenders.py` is what they run. FOLDER keeps the photographs
and the networks for the next run (about 1.6 GB, and 1 GB of overlays while these are measured); networks that it lacks
are made with TensorFlow by `saliency_files.py`.

Every figure is the median over the rounds, with minimum and maximum. The first round is not counted; the peak memory of
the whole process tree is sampled in it (shared pages counted once). Ratios are taken within a round: the wall time of a
contender divided by Gantei's. A Gantei built earlier (--before) takes part where its time is asked for.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORES = len(os.sched_getaffinity(0))
NETWORKS = ["MobileNet", "MobileNetV2", "DenseNet121", "DenseNet169", "DenseNet201", "InceptionV3", "InceptionResNetV2", "Xception"]
NETWORKS += [f"EfficientNetB{n}" for n in range(8)]
# Id in the library → Keras file.
MODELS = {
    "demo-mobilenet": ROOT / "models/demo/demo-mobilenet.h5",
    "demo-efficientnet-b0": ROOT / "models/demo/demo-efficientnet-b0.h5",
    "efficientnet-b7": "k2_EfficientNetB7.h5",
}
CARD = ["--scaling", "raw", "--colour", "rgb", "--resize", "pil-bilinear", "--crop", "square"]
SEX = ["--task", "sex", "--labels", "F,M", "--threshold", "0.5"]


# TensorFlow is quiet and stays on the processor; ONNX Runtime sends no usage reports, which would cost it 70 ms.
NO_GPU = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "ORT_DISABLE_TELEMETRY": "1"}


# Measuring.


class Failed(Exception):
    """A contender that ended with an error; its row states it."""


class Run:
    """Wall and processor seconds, peak megabytes (only if sampled) and standard output of a process."""

    def __init__(self, wall, processor, peak=None, said=""):
        self.wall, self.processor, self.peak, self.said = wall, processor, peak, said

    def scaled(self, factor):
        return Run(self.wall * factor, self.processor * factor, self.peak, self.said)


def tree_of(root):
    """The process and its descendants."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(name)] = int(pathlib.Path("/proc", name, "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            pass
    found, new = [], [root]
    while new:
        found += new
        new = [child for child, parent in parents.items() if parent in new]
    return found


def memory_of(processes):
    """Megabytes, with shared pages counted once."""
    total = 0
    for process in processes:
        try:
            lines = pathlib.Path("/proc", str(process), "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def measure(command, env=None, sample=False):
    """Runs a process to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        child = subprocess.Popen(list(map(str, command)), stdout=out, stderr=err, env={**os.environ, **(env or {})})
        peak, ended = 0.0, threading.Event()

        def watch():
            nonlocal peak
            while not ended.wait(0.03):
                peak = max(peak, memory_of(tree_of(child.pid)))

        watcher = threading.Thread(target=watch)
        if sample:
            watcher.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if sample:
            ended.set()
            watcher.join()
        out.seek(0)
        err.seek(0)
        said = out.read().decode()
        if child.returncode:
            last = (err.read().decode().strip() or said.strip() or "no message").splitlines()[-1]
            raise Failed(f"status {child.returncode}: {last[-160:]}")
        # A single process knows its own peak; between two samples one can be missed.
        return Run(wall, usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss / 1024) if sample else None, said)


def alternate(contenders, rounds):
    """Name → its runs, or why there are none. `contenders`: name → function of whether memory is sampled, or a reason."""
    results = {name: work if isinstance(work, str) else [] for name, work in contenders.items()}
    peaks = {}
    for number in range(rounds + 1):
        for name, work in contenders.items():
            if isinstance(results[name], str):
                continue
            try:
                run = work(number == 0)
            except Failed as failure:
                results[name] = str(failure)
                continue
            if number == 0:
                peaks[name] = run.peak
                continue
            run.peak = peaks[name]
            results[name].append(run)
    return results


# Tables.


def spread(values, digits=2):
    """Median, with minimum and maximum."""
    median, least, most = (f"{f(values):.{digits}f}" for f in (statistics.median, min, max))
    return f"{median} ({least}–{most})"


def ratios(theirs, ours):
    """Within each round: how many times our wall time theirs is."""
    if isinstance(theirs, str) or isinstance(ours, str):
        return None
    return [a.wall / b.wall for a, b in zip(theirs, ours)]


def print_table(title, results, ours="Gantei"):
    print(f"\n### {title}\n")
    print("| | wall, s | processor, s | cores used | peak, MB | wall ÷ Gantei's |")
    print("|---|---|---|---|---|---|")
    for name, runs in results.items():
        if isinstance(runs, str):
            print(f"| {name} | {runs} | | | | |")
            continue
        wall, processor = ([getattr(run, what) for run in runs] for what in ("wall", "processor"))
        peak = f"{runs[0].peak:.0f}" if runs[0].peak else ""
        used = f"{spread(processor)} | {sum(processor) / sum(wall):.2f}" if any(processor) else " | "
        of_ours = ratios(runs, results[ours])
        print(f"| {name} | {spread(wall)} | {used} | {peak} | {spread(of_ours) if of_ours else ''} |")
    sys.stdout.flush()


class Targets:
    """What the race should show: each target with what was measured."""

    def __init__(self):
        self.rows = []

    def add(self, what, figures, sign, limit):
        self.rows.append((what, figures, sign, limit))

    def print(self):
        print("\n### Targets\n\n| | measured | target | |\n|---|---|---|---|")
        for what, figures, sign, limit in self.rows:
            if figures is None:
                print(f"| {what} | not measured | {sign} {limit:.3g} | |")
                continue
            value = statistics.median(figures)
            met = value >= limit if sign == "≥" else value <= limit
            print(f"| {what} | {spread(figures)} | {sign} {limit:.3g} | {'met' if met else '**missed**'} |")


# The contenders.


class Race:
    """The interpreters, binaries and folders of this run."""

    def __init__(self, args):
        self.args = args
        self.work = pathlib.Path(args.work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.targets = Targets()
        self.missing = {}
        for module, python in [("onnxruntime", args.onnxruntime), ("openvino", args.openvino), ("tensorflow", args.tensorflow)]:
            self.missing[module] = self.why_missing(python, module)
        self.binaries = {"Gantei": args.gantei, **({"Gantei before": args.before} if args.before else {})}

    @staticmethod
    def why_missing(python, module):
        """Prints the version of a package; the reason if an interpreter has none."""
        if not python:
            return "not installed (no interpreter given)"
        done = subprocess.run([python, "-c", f"import numpy, PIL, {module}; print({module}.__version__)"], capture_output=True, text=True, env={**os.environ, **NO_GPU})
        if done.returncode:
            return f"not installed ({done.stderr.strip().splitlines()[-1]})"
        print(f"- {module} {done.stdout.strip()}")
        return None

    def runtime(self):
        """The library of the Python package, so that both run the same."""
        if self.missing["onnxruntime"]:
            return {}
        found = subprocess.run([self.args.onnxruntime, "-c", "import onnxruntime as o; print(o.__file__)"], capture_output=True, text=True)
        capi = pathlib.Path(found.stdout.strip()).parent / "capi"
        return {"ORT_DYLIB_PATH": str(next(capi.glob("libonnxruntime.*")))}

    def env_of(self, name):
        """The environment of a Gantei: a library of its own, and the shared runtime."""
        return {"GANTEI_HOME": str(self.work / f"home-{name.replace(' ', '-')}"), **self.runtime()}

    def python(self, engine):
        module = engine.partition("-")[0]
        return {"onnxruntime": self.args.onnxruntime, "openvino": self.args.openvino, "tensorflow": self.args.tensorflow}[module]

    def contender(self, engine, *words):
        """The command of a Python contender, or why there is none."""
        reason = self.missing[engine.partition("-")[0]]
        return reason or [self.python(engine), str(HERE / "contenders.py"), *map(str, words)]

    def model_of(self, engine, model):
        """The file that a Python contender opens."""
        return self.keras_file(model) if engine.startswith("tensorflow") else self.exported(model)

    # What is prepared once.

    def keras_file(self, model):
        file = MODELS[model]
        return file if isinstance(file, pathlib.Path) else self.network("EfficientNetB7")

    def network(self, name):
        """The Keras file of one of the 16 networks, made if it is not there."""
        folder = self.work / "networks"
        file = folder / f"k2_{name}.h5"
        if not (folder / f"k2_{name}.x.npy").exists() or not file.exists():
            if self.missing["tensorflow"]:
                raise Failed(f"{file.name} is made with TensorFlow, which is not installed")
            print(f"making {file.name} …", file=sys.stderr, flush=True)
            command = [self.args.tensorflow, HERE / "saliency_files.py", "make", folder, f"={name}"]
            measure(command, NO_GPU)
            for left in folder.glob(f"k2_{name}.*-cam.npy"):
                left.unlink()
        return file

    def library(self, name, model):
        """Puts a model into a Gantei's library and runs it once, so that its engine check is done."""
        env, gantei = self.env_of(name), self.binaries[name]
        done = pathlib.Path(env["GANTEI_HOME"], f".{model}-checked")
        if done.exists():
            return
        if not model.startswith("demo"):
            command = [gantei, "import", self.keras_file(model), "--id", model, *CARD, *SEX]
            measure(command, env)
        measure([gantei, "predict", self.args.photograph, "--model", model, "--json"], env)
        done.touch()

    def exported(self, model):
        """Gantei's ONNX file of a model, with the weights of its head beside it."""
        folder = self.work / "exported" / model
        if not (folder / "head.npy").exists():
            self.library("Gantei", model)
            folder.mkdir(parents=True, exist_ok=True)
            stored = next(pathlib.Path(self.env_of("Gantei")["GANTEI_HOME"]).rglob(f"{model}/model.onnx"))
            shutil.copyfile(stored, folder / "model.onnx")
            command = self.contender("tensorflow", "head", self.keras_file(model), folder / "head.npy")
            if isinstance(command, str):
                raise Failed("the weights of the head are read with TensorFlow's h5py, which is not installed")
            measure(command)
        return folder / "model.onnx"

    def photographs(self, count, width, height):
        """A folder of drawn eyes, enlarged and encoded at quality 90: ten eyes, each in several variations."""
        folder = self.work / f"{count}-eyes-{width}x{height}"
        if len(list(folder.glob("*.jpg"))) == count:
            return folder
        print(f"drawing {count} eyes of {width} × {height} …", file=sys.stderr, flush=True)
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.work) as scratch:
            size = f"{width // 4}x{height // 4}"
            measure([self.args.gantei, "draw", "--count", min(count, 10), "--seed", 19, "--size", size, "--out", scratch])
            drawn = [Image.open(path).convert("RGB") for path in sorted(pathlib.Path(scratch, "images").iterdir())]
        for number in range(count):
            variation, eye = divmod(number, len(drawn))
            picture = drawn[eye].resize((width, height), Image.BICUBIC).point(lambda value: value * (1 - 0.03 * variation))
            if variation % 2:
                picture = ImageOps.mirror(picture)
            picture.save(folder / f"eye-{number:03}.jpg", quality=90)
        return folder

    # One piece of work of each contender.

    def predict(self, name, model, what, overlays=None, env=None, words=()):
        """A function that runs `gantei predict` once into an empty folder."""
        gantei = self.binaries[name]
        command = [gantei, "predict", what, "--model", model, *words]
        if overlays is None:
            command += ["--saliency", "none"]
        elif overlays and has_overlay_choice(gantei):
            command += ["--overlay", overlays]

        def run(sample):
            with tempfile.TemporaryDirectory(dir=self.work) as out:
                return measure([*command, "--out", out], {**self.env_of(name), **(env or {})}, sample)

        return self.prepared(run, lambda: self.library(name, model))

    def python_run(self, engine, verb, model, *words, scale=lambda run: run):
        """A function that runs a Python contender once, or why it is missing."""
        command = self.contender(engine)
        if isinstance(command, str):
            return command

        def run(sample):
            with tempfile.TemporaryDirectory(dir=self.work) as out:
                words_here = [out if word == "OUT" else f"{out}/overlay.png" if word == "OUT.png" else word for word in words]
                command = self.contender(engine, verb, engine, self.model_of(engine, model), *words_here)
                return scale(measure(command, NO_GPU, sample))

        return self.prepared(run, lambda: self.model_of(engine, model))

    def script(self, model, photograph):
        """The plain TensorFlow script: eager, GradientTape, the whole frame."""

        def run(sample):
            with tempfile.TemporaryDirectory(dir=self.work) as out:
                command = [self.args.tensorflow, HERE / "tensorflow_gradcam.py", self.keras_file(model), photograph, f"{out}/overlay.png"]
                return measure(command, NO_GPU, sample)

        return self.missing["tensorflow"] or self.prepared(run, lambda: self.keras_file(model))

    @staticmethod
    def prepared(run, prepare):
        """The function after its preparation, or why that failed."""
        try:
            prepare()
        except Failed as failure:
            return str(failure)
        return run


def has_overlay_choice(gantei):
    return "--overlay " in subprocess.run([gantei, "predict", "--help"], capture_output=True, text=True).stdout


# The parts.


def cold(race):
    targets = {"demo-mobilenet": 28, "efficientnet-b7": 16}
    photograph = race.args.photograph
    for model in MODELS:
        contenders = {name: race.predict(name, model, photograph, "") for name in race.binaries}
        contenders["TensorFlow script (eager)"] = race.script(model, photograph)
        contenders["TensorFlow, tf.function"] = race.python_run("tensorflow-function", "cold", model, photograph, "OUT.png")
        contenders["ONNX Runtime in Python"] = race.python_run("onnxruntime", "cold", model, photograph, "OUT.png")
        contenders["OpenVINO in Python"] = race.python_run("openvino", "cold", model, photograph, "OUT.png")
        results = alternate(contenders, race.args.rounds)
        print_table(f"One photograph, cold, to score and overlay: {model}", results)
        if model in targets:
            found = ratios(results["TensorFlow script (eager)"], results["Gantei"])
            race.targets.add(f"cold, {model}: TensorFlow script ÷ Gantei", found, "≥", targets[model])


def folder(race):
    count = race.args.count
    eyes = race.photographs(count, 4000, 3000)
    contenders = {name: race.predict(name, "demo-mobilenet", eyes) for name in race.binaries}
    contenders["ONNX Runtime, Python loop"] = race.python_run("onnxruntime", "folder", "demo-mobilenet", eyes, "OUT")
    contenders["ONNX Runtime, process pool"] = race.python_run("onnxruntime", "folder", "demo-mobilenet", eyes, "OUT", "--pool")
    contenders["OpenVINO, Python loop"] = race.python_run("openvino", "folder", "demo-mobilenet", eyes, "OUT")
    contenders["TensorFlow, tf.function"] = race.python_run("tensorflow-function", "folder", "demo-mobilenet", eyes, "OUT")
    contenders["TensorFlow, eager"] = race.python_run("tensorflow", "folder", "demo-mobilenet", eyes, "OUT")
    results = alternate(contenders, race.args.rounds)
    print_table(f"{count} photographs of 12 megapixels to scores: MobileNet", results)
    ours, add = results["Gantei"], race.targets.add
    add_stage_sum(race, "folder", ours, count, race.args.stage_sum, 0.9)
    add("folder: earlier Gantei ÷ Gantei", ratios(results.get("Gantei before", ""), ours), "≥", 2.3)
    add("folder: Python loop ÷ Gantei", ratios(results["ONNX Runtime, Python loop"], ours), "≥", 2.8)
    add("folder: process pool ÷ Gantei", ratios(results["ONNX Runtime, process pool"], ours), "≥", 1.4)
    add("folder: peak memory, MB", peaks(ours), "≤", 600)


def overlays(race):
    count, first = race.args.count, race.args.first or race.args.count
    eyes = race.photographs(count, 4000, 3000)
    contenders = {name: race.predict(name, "demo-mobilenet", eyes, "png-fast") for name in race.binaries}
    if has_overlay_choice(race.args.gantei):
        for kind in ("png", "jpeg"):
            contenders[f"Gantei, --overlay {kind}"] = race.predict("Gantei", "demo-mobilenet", eyes, kind)

    def python(engine, *words):
        words = ["folder", "demo-mobilenet", eyes, "OUT", "--overlays", "--first", first, *words]
        return race.python_run(engine, *words, scale=lambda run: scaled_to(count, run))

    contenders["ONNX Runtime, Python loop"] = python("onnxruntime")
    contenders["ONNX Runtime, process pool"] = python("onnxruntime", "--pool")
    contenders["OpenVINO, Python loop"] = python("openvino")
    contenders["TensorFlow, tf.function"] = python("tensorflow-function")
    contenders["TensorFlow, eager"] = python("tensorflow")
    results = alternate(contenders, race.args.rounds)
    said = f", the Python contenders on {first} and scaled to {count}" if first < count else ""
    print_table(f"{count} photographs of 12 megapixels to scores and overlays: MobileNet{said}", results)
    ours = results["Gantei"]
    add_stage_sum(race, "overlays", ours, count, race.args.stage_sum_overlays, 0.85)
    race.targets.add("overlays: earlier Gantei ÷ Gantei", ratios(results.get("Gantei before", ""), ours), "≥", 3)
    race.targets.add("overlays: peak memory, MB", peaks(ours), "≤", 600)


def scaled_to(count, run):
    """The run of a contender that took the first photographs only, as if it had taken all; its start is not scaled."""
    loop = json.loads(run.said.splitlines()[-1])
    more = count / loop["photographs"] - 1
    return Run(run.wall + more * loop["wall"], run.processor + more * loop["processor"], run.peak)


def add_stage_sum(race, part, ours, count, stage_sum, share):
    """The wall time against the stages' processor time, spread over the cores."""
    figures = None
    if stage_sum and not isinstance(ours, str):
        figures = [run.wall / (count * stage_sum / 1e3 / CORES) for run in ours]
    race.targets.add(f"{part}: wall ÷ (sum of the stages ÷ {CORES} cores)", figures, "≤", 1 / share)


def peaks(runs):
    return None if isinstance(runs, str) else [run.peak for run in runs]


def pipeline(race):
    model, count = "efficientnet-b7", race.args.few
    for width, height in [(1411, 1411), (4000, 3000)]:
        eyes = race.photographs(count, width, height)
        one = race.work / f"one-of-{eyes.name}"
        one.mkdir(exist_ok=True)
        first = sorted(eyes.iterdir())[0]
        if not (one / first.name).exists():
            os.link(first, one / first.name)
        contenders = {name: race.predict(name, model, eyes) for name in race.binaries}
        contenders["Gantei, one photograph"] = race.predict("Gantei", model, one)
        with contextlib.ExitStack() as stack:
            passes = Subject(race, "EfficientNetB7", stack).forward()
            contenders["Gantei, forward passes only"] = lambda sample: passes(sample).scaled(count - 1)
            contenders["ONNX Runtime, Python loop"] = race.python_run("onnxruntime", "folder", model, eyes, "OUT")
            results = alternate(contenders, race.args.rounds)
        print_table(f"{count} photographs of {width} × {height} to scores: EfficientNet-B7", results)
        whole, start, forward = (results[name] for name in ("Gantei", "Gantei, one photograph", "Gantei, forward passes only"))
        if any(isinstance(runs, str) for runs in (whole, start, forward)):
            continue
        # Without the start of the process and the opening of the model.
        further = [a.wall - b.wall for a, b in zip(whole, start)]
        if width == height:
            figures = [alone.wall / wall for alone, wall in zip(forward, further)]
            race.targets.add(f"EfficientNet-B7, {width} × {height}: speed as a share of forward passes alone", figures, "≥", 0.95)
            continue
        figures = None
        if race.args.stage_others:
            others = (count - 1) * race.args.stage_others / 1e3 / CORES
            figures = [wall / (alone.wall + others) for alone, wall in zip(forward, further)]
        race.targets.add(f"EfficientNet-B7, {width} × {height}: wall ÷ (forward + other stages ÷ {CORES} cores)", figures, "≤", 1.05)


def memory(race):
    count, many = race.args.count, 2000
    eyes = race.photographs(count, 4000, 3000)
    with tempfile.TemporaryDirectory(dir=race.work) as links:
        for number in range(many):
            photograph = sorted(eyes.iterdir())[number % count]
            os.link(photograph, pathlib.Path(links, f"{number:04}-{photograph.name}"))
        runs = [race.predict("Gantei", "demo-mobilenet", what) for what in (eyes, links)]
        if isinstance(runs[0], str):
            raise Failed(runs[0])
        few, all_of_them = (run(True) for run in runs)
    print(f"\n### Peak memory\n\n{count} photographs: {few.peak:.0f} MB; {many}: {all_of_them.peak:.0f} MB, in {all_of_them.wall:.0f} s")
    sys.stdout.flush()
    race.targets.add(f"peak memory of {many} photographs ÷ that of {count}", [all_of_them.peak / few.peak], "≤", 1.05)


def network_rows(race, networks, columns, title, ours):
    """A table of milliseconds, one row for each network; `columns`: name → function (network) → work or a reason."""
    print(f"\n### {title}\n\n| | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}", flush=True)
    found = {}
    for network in networks:
        with contextlib.ExitStack() as stack:
            try:
                subject = Subject(race, network, stack)
                contenders = {name: work if isinstance(work, str) else work(subject) for name, work in columns.items()}
                results = alternate(contenders, race.args.rounds)
            except Failed as failure:
                print(f"| {network} | {failure} |{' |' * (len(columns) - 1)}", flush=True)
                continue
        found[network] = results
        cells = []
        for name, runs in results.items():
            if isinstance(runs, str):
                cells.append(runs)
                continue
            cell = spread([run.wall * 1e3 for run in runs], 1)
            of_ours = None if name == ours else ratios(runs, results[ours])
            cells.append(f"{cell}, {spread(of_ours)} ×" if of_ours else cell)
        print(f"| {network} | {' | '.join(cells)} |", flush=True)
    return found


class Subject:
    """One network: its Keras file and input, and a library of its own that is removed afterwards."""

    def __init__(self, race, network, stack):
        self.race, self.stack = race, stack
        self.keras = race.network(network)
        self.x = self.keras.with_name(self.keras.stem + ".x.npy")
        side = np.load(self.x, mmap_mode="r").shape[1]
        self.passes = max(3, int(30 * (224 / side) ** 2.5))
        self.home = stack.enter_context(tempfile.TemporaryDirectory(dir=race.work))
        self.many = f"{self.home}/x.npy"
        np.save(self.many, np.repeat(np.load(self.x), self.passes + 1, 0))
        self.env = {**race.runtime(), "GANTEI_HOME": self.home}
        rows = json.loads((self.keras.parent / "saliency.json").read_text())
        head = next(row["head"] for row in rows if row["stem"] == self.keras.stem)
        card = CARD + (["--task", "age"] if head == "linear" else SEX)
        measure([race.args.gantei, "import", self.keras, "--id", "it", *card], self.env)
        self.onnx = next(pathlib.Path(self.home).rglob("it/model.onnx"))

    def gantei(self, method, device="cpu", passes=1, words=(), env=None):
        """The mean wall time of a map, as Gantei states it, without the first; `passes` in one map."""
        command = [self.race.args.gantei, "explain", "--tensor", self.many, "--model", "it", "--method", method]
        command += [*words, "--device", device, "--out", self.home, "--json"]

        def run(_):
            found = json.loads(measure(command, {**self.env, **(env or {})}).said)["maps"][0]
            if "timings_ms" not in found:
                raise Failed(found["error"]["message"])
            return Run(statistics.median(found["timings_ms"]["maps"][1:]) / passes / 1e3, 0)

        return run

    def forward(self, device="cpu", env=None):
        """Occlusion with one patch is two forward passes: of the input, and of the input with the patch hidden."""
        return self.gantei("occlusion", device, 2, ["--steps", "1"], env)

    def resident(self, engine, *words):
        """A Python contender that stays open and is asked for passes."""
        model = self.keras if engine.startswith("tensorflow") else self.onnx
        command = self.race.contender(engine, "passes", engine, model, self.x, *words)
        if isinstance(command, str):
            return command
        env = {**os.environ, **NO_GPU}
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        self.stack.callback(ended, child)
        if child.stdout.readline().strip() != "ready":
            return "ended with an error"

        def run(_):
            child.stdin.write(f"{self.passes}\n")
            child.stdin.flush()
            times = json.loads(child.stdout.readline())
            return Run(*(statistics.median(column) / 1e3 for column in zip(*times)))

        return run


def ended(child):
    child.stdin.close()
    child.wait()


def forward(race):
    library = race.args.openvino_library
    with_openvino = "no --openvino-library given"
    if library:
        with_openvino = lambda subject: subject.forward("openvino", {"ORT_DYLIB_PATH": library})
    columns = {
        "Gantei": lambda subject: subject.forward(),
        "with Grad-CAM": lambda subject: subject.gantei("grad-cam"),
        "built-in engine": lambda subject: subject.forward("embedded"),
        "with OpenVINO's library": with_openvino,
        "ONNX Runtime in Python": lambda subject: subject.resident("onnxruntime"),
        "OpenVINO in Python": lambda subject: subject.resident("openvino"),
        "TensorFlow, tf.function": lambda subject: subject.resident("tensorflow-function"),
        "TensorFlow, eager": lambda subject: subject.resident("tensorflow"),
    }
    found = network_rows(race, race.args.networks, columns, "Warm forward pass: ms, and times Gantei's", "Gantei")
    for network, limit in [("MobileNet", 1.08), ("EfficientNetB0", 1.08), ("EfficientNetB7", 1.08)]:
        results = found.get(network, {})
        figures = ratios(results.get("Gantei", ""), results.get("ONNX Runtime in Python", ""))
        race.targets.add(f"forward, {network}: Gantei ÷ ONNX Runtime in Python", figures, "≤", limit)
    results = found.get("EfficientNetB7", {})
    figures = ratios(results.get("Gantei", ""), results.get("with OpenVINO's library", ""))
    race.targets.add("forward, EfficientNetB7: without ÷ with OpenVINO's library", figures, "≥", 1.25)


def gradient(race):
    columns = {
        "Gantei": lambda subject: subject.gantei("input-gradient"),
        "built-in engine": lambda subject: subject.gantei("input-gradient", "embedded"),
        "TensorFlow, tf.function": lambda subject: subject.resident("tensorflow-function", "--gradient"),
        "TensorFlow, eager": lambda subject: subject.resident("tensorflow", "--gradient"),
        "ONNX Runtime, OpenVINO": "no gradients",
    }
    networks = [name for name in ("MobileNet", "EfficientNetB0", "EfficientNetB7") if name in race.args.networks]
    network_rows(race, networks, columns, "Input gradient: ms, and times Gantei's", "Gantei")


def import_(race):
    for model in ("demo-mobilenet", "efficientnet-b7"):
        keras = race.keras_file(model)

        def ours(sample):
            with tempfile.TemporaryDirectory(dir=race.work) as home:
                return measure([race.args.gantei, "import", keras, "--id", "it", *CARD, *SEX], {**race.runtime(), "GANTEI_HOME": home}, sample)

        def theirs(verb, *words):
            command = race.contender("tensorflow", verb, keras, *words)
            env = NO_GPU
            return command if isinstance(command, str) else lambda sample: measure(command, env, sample)

        with tempfile.TemporaryDirectory(dir=race.work) as scratch:
            contenders = {"Gantei": ours, "TensorFlow, load_model alone": theirs("load"), "tf2onnx": theirs("convert", f"{scratch}/model.onnx")}
            results = alternate(contenders, race.args.rounds)
        print_table(f"Import of a Keras file of {keras.stat().st_size / 1e6:.0f} MB: {model}", results)


PARTS = {"cold": cold, "forward": forward, "folder": folder, "overlays": overlays, "pipeline": pipeline, "gradient": gradient, "import": import_, "memory": memory}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that keeps photographs and networks")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=[part for part in PARTS if part != "memory"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
    parser.add_argument("--before", help="an earlier Gantei")
    parser.add_argument("--onnxruntime", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--openvino", metavar="PYTHON")
    parser.add_argument("--tensorflow", metavar="PYTHON")
    parser.add_argument("--openvino-library", metavar="LIBRARY", help="ONNX Runtime's library from the package onnxruntime-openvino")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=NETWORKS)
    parser.add_argument("--photograph", default=str(ROOT / "assets/samples/haggstrom_left_1411.jpg"))
    parser.add_argument("--count", type=int, default=100, help="photographs of folder and overlays")
    parser.add_argument("--first", type=int, help="photographs that the Python contenders of overlays take")
    parser.add_argument("--few", type=int, default=30, help="photographs of pipeline")
    parser.add_argument("--stage-sum", type=float, metavar="MS", help="processor time of all stages of a photograph, each measured alone (cargo bench --bench stages)")
    parser.add_argument("--stage-sum-overlays", type=float, metavar="MS", help="the same with an overlay")
    parser.add_argument("--stage-others", type=float, metavar="MS", help="the same without overlay and without the network")
    return parser.parse_args()


def main():
    args = arguments()
    print(f"{CORES} cores; {args.rounds} rounds after one that is not counted; wall times in one run, alternating")
    race = Race(args)
    for name, binary in race.binaries.items():
        print(f"- {name}: {subprocess.run([binary, '--version'], capture_output=True, text=True).stdout.splitlines()[0]}", flush=True)
    for part in args.only:
        try:
            PARTS[part](race)
        except Failed as failure:
            print(f"\n### {part}\n\nNot measured: {failure}", flush=True)
    race.targets.print()


if __name__ == "__main__":
    main()
