"""What a Python user types for the work that `race.py` measures. race.py runs it, with the interpreter of each contender.

    python contenders.py cold ENGINE MODEL PHOTOGRAPH OUT.png
    python contenders.py folder ENGINE MODEL FOLDER OUT [--overlays] [--pool] [--first N]
    python contenders.py passes ENGINE MODEL X.npy [--gradient]
    python contenders.py head MODEL.h5 OUT.npy
    python contenders.py convert MODEL.h5 OUT.onnx
    python contenders.py load MODEL.h5

ENGINE is onnxruntime, openvino (both take Gantei's model.onnx, with head.npy beside it for the map), tensorflow or
tensorflow-function (both take the Keras file). Each engine needs its own package, numpy and pillow. Threads: as many as
cores, or one in each process of the pool.
"""

import argparse
import csv
import json
import multiprocessing
import os
import pathlib
import resource
import sys
import time

import numpy as np
from PIL import Image

CORES = len(os.sched_getaffinity(0))


# The engines. Each returns a function: input (1, H, W, 3), whether a map is wanted → score, map (h, w) or None.


def onnxruntime(model, threads):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    head = head_beside(model)

    def answer(x, with_map):
        x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
        if not with_map:
            return float(session.run(["output"], {"x": x})[0].ravel()[-1]), None
        score, features = session.run(["output", "features"], {"x": x})
        return float(score.ravel()[-1]), np.tensordot(head, features[0], 1)

    answer.size = tuple(session.get_inputs()[0].shape[2:])
    answer.forward = lambda x: session.run(["output"], {"x": x})
    answer.layout = (0, 3, 1, 2)
    return answer


def openvino(model, threads):
    import openvino as ov

    core = ov.Core()
    network = core.read_model(model)
    shape = network.input("x").get_partial_shape()
    shape[0] = 1
    network.reshape({"x": shape})
    # bfloat16 would be chosen on processors that have it, and changes the scores.
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    compiled = core.compile_model(network, "CPU", options)
    request = compiled.create_infer_request()
    head = head_beside(model)

    def answer(x, with_map):
        found = request.infer({"x": np.ascontiguousarray(x.transpose(0, 3, 1, 2))})
        score = float(found["output"].ravel()[-1])
        return score, np.tensordot(head, found["features"][0], 1) if with_map else None

    answer.size = tuple(network.input("x").shape)[2:]
    answer.forward = lambda x: request.infer({"x": x})
    answer.layout = (0, 3, 1, 2)
    return answer


def tensorflow(model, threads, compiled=False):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    model = tf.keras.models.load_model(model, compile=False)
    pools = [layer for layer in model.layers if layer.__class__.__name__ == "GlobalAveragePooling2D"]
    with_features = tf.keras.Model(model.inputs, [pools[-1].input, model.output]) if pools else model

    def forward(x):
        return model(x, training=False)

    def grad_cam(x):
        with tf.GradientTape() as tape:
            features, score = with_features(x, training=False)
            logit = tf.math.log(score / (1.0 - score))
        weights = tf.reduce_mean(tape.gradient(logit, features), axis=(1, 2), keepdims=True)
        return score, tf.reduce_sum(weights * features, axis=-1)

    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = model(x, training=False)
        return tape.gradient(value, x)

    if compiled:
        forward, grad_cam, gradient = tf.function(forward), tf.function(grad_cam), tf.function(gradient)

    def answer(x, with_map):
        if not with_map:
            return float(np.asarray(forward(tf.constant(x))).ravel()[-1]), None
        score, cam = grad_cam(tf.constant(x))
        return float(np.asarray(score).ravel()[-1]), np.asarray(cam)[0]

    answer.size = tuple(model.input_shape[1:3])
    answer.forward = lambda x: np.asarray(forward(tf.constant(x)))
    answer.gradient = lambda x: np.asarray(gradient(tf.constant(x)))
    answer.layout = (0, 1, 2, 3)
    return answer


def tensorflow_function(model, threads):
    return tensorflow(model, threads, compiled=True)


ENGINES = {"onnxruntime": onnxruntime, "openvino": openvino, "tensorflow": tensorflow, "tensorflow-function": tensorflow_function}


def head_beside(model):
    """The weights of the last layer by channel: averaged over positions, they are the weights of Grad-CAM."""
    path = pathlib.Path(model).with_name("head.npy")
    return np.load(path)[:, -1] if path.exists() else None


# A photograph.


def network_input(picture, size, model):
    """The middle square, resized and scaled; an EfficientNet scales by itself."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    square = picture.crop((left, top, left + side, top + side)).resize(size[::-1], Image.BILINEAR)
    x = np.asarray(square, np.float32)[None]
    return x if "efficientnet" in model.lower() else x / 127.5 - 1.0


def overlay(picture, cam):
    """The map in orange over the whole photograph, placed where the square was."""
    cam = np.maximum(cam, 0) / (np.abs(cam).max() + 1e-9)
    side = min(picture.size)
    heat = Image.new("L", picture.size)
    square = Image.fromarray((cam * 255).astype(np.uint8)).resize((side, side), Image.BILINEAR)
    heat.paste(square, ((picture.width - side) // 2, (picture.height - side) // 2))
    orange = Image.new("RGB", picture.size, (255, 60, 0))
    return Image.composite(orange, picture, heat.point(lambda v: v * 0.6))


def answered(answer, model, path, out):
    """Score of a photograph; `out` is the overlay's path, or None."""
    picture = Image.open(path).convert("RGB")
    score, cam = answer(network_input(picture, answer.size, model), out is not None)
    if out is not None:
        overlay(picture, cam).save(out)
    return score


# The commands.


def cold(args):
    answer = ENGINES[args.engine](args.model, CORES)
    print(f"{answered(answer, args.model, args.photograph, args.out):.6f}")


def open_in_pool(engine, model):
    global in_pool
    in_pool = model, ENGINES[engine](model, 1)


def answered_in_pool(job):
    model, answer = in_pool
    return answered(answer, model, *job)


def processor_seconds():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def folder(args):
    """Prints wall and processor seconds from the first photograph to the last."""
    paths = sorted(pathlib.Path(args.folder).iterdir())[: args.first]
    out = pathlib.Path(args.out)
    jobs = [(path, out / f"{path.stem}.png" if args.overlays else None) for path in paths]
    if args.pool:
        started, used = time.perf_counter(), processor_seconds()
        with multiprocessing.Pool(CORES, open_in_pool, (args.engine, args.model)) as pool:
            scores = pool.map(answered_in_pool, jobs, chunksize=1)
            pool.close()
            pool.join()
    else:
        answer = ENGINES[args.engine](args.model, CORES)
        started, used = time.perf_counter(), processor_seconds()
        scores = [answered(answer, args.model, *job) for job in jobs]
    with open(out / "scores.csv", "w", newline="") as table:
        csv.writer(table).writerows((path.name, score) for path, score in zip(paths, scores))
    print(json.dumps({"wall": time.perf_counter() - started, "processor": processor_seconds() - used, "photographs": len(jobs)}))


def passes(args):
    """A resident process: each line on standard input asks for so many passes, each answered by their milliseconds."""
    answer = ENGINES[args.engine](args.model, CORES)
    x = np.ascontiguousarray(np.load(args.x)[:1].transpose(answer.layout))
    work = answer.gradient if args.gradient else answer.forward
    work(x)
    print("ready", flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            started, used = time.perf_counter(), time.process_time()
            work(x)
            times.append([(time.perf_counter() - started) * 1e3, (time.process_time() - used) * 1e3])
        print(json.dumps(times), flush=True)


def head(args):
    """The weights of the last dense layer of a Keras file of generation 2."""
    import h5py

    kernels = []
    with h5py.File(args.model) as file:
        file["model_weights"].visititems(lambda name, item: kernels.append(item) if name.endswith("kernel:0") and item.ndim == 2 else None)
        if len(kernels) != 1:
            raise SystemExit(f"{args.model} has {len(kernels)} dense layers")
        np.save(args.out, kernels[0][()])


def convert(args):
    import tensorflow as tf
    import tf2onnx

    model = tf.keras.models.load_model(args.model, compile=False)
    tf2onnx.convert.from_keras(model, [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="x")], output_path=args.out)


def load(args):
    import tensorflow as tf

    tf.keras.models.load_model(args.model, compile=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    arguments = {
        cold: ["engine", "model", "photograph", "out"],
        folder: ["engine", "model", "folder", "out"],
        passes: ["engine", "model", "x"],
        head: ["model", "out"],
        convert: ["model", "out"],
        load: ["model"],
    }
    for verb, names in arguments.items():
        one = verbs.add_parser(verb.__name__)
        one.set_defaults(verb=verb)
        for name in names:
            one.add_argument(name, **({"choices": list(ENGINES)} if name == "engine" else {}))
        if verb is folder:
            one.add_argument("--overlays", action="store_true")
            one.add_argument("--pool", action="store_true")
            one.add_argument("--first", type=int)
        if verb is passes:
            one.add_argument("--gradient", action="store_true")
    args = parser.parse_args()
    args.verb(args)


if __name__ == "__main__":
    main()
