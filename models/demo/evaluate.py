"""Evaluates a demonstration model on freshly drawn eyes, and its evidence against the positions of the drawn signs.

    python evaluate.py demo-mobilenet.h5 --set SET [--card demo-mobilenet.json]

AUC and accuracy (threshold 0.5) per picture, with 95 % intervals from resampling persons. Grad-CAM by head algebra:
the last feature map (7 × 7) weighted with the head's weights, which for global pooling and one dense unit is Grad-CAM
before its ReLU, times the sign of the logit, so that it is evidence for the predicted label.

A peak is on a sign if the cell with the largest value, as a rectangle in the picture, intersects the region of at least
one of the four signs. Chance is the share of the 49 cells that intersect one, averaged over the same eyes, which is
what a random peak would reach. Only correctly classified eyes count.
"""
import argparse
import hashlib
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
from tensorflow import keras

import eyes

LAST_MAP = {"conv_pw_13_relu": "tf", "top_activation": "raw"}


def run(path, pixels):
    """Logits (N,) and signed class activation maps (N, 7, 7) towards output 1."""
    model = keras.models.load_model(path, compile=False)
    layer = next(name for name in LAST_MAP if name in {l.name for l in model.layers})
    features_of = keras.Model(model.input, [model.get_layer(layer).output, model.output])
    kernel, bias = (w.astype(np.float64) for w in model.get_layer("recorded_sex").get_weights())
    logits, maps = [], []
    for i in range(0, len(pixels), 50):
        x = pixels[i : i + 50].astype(np.float32)
        if LAST_MAP[layer] == "tf":
            x = x / 127.5 - 1.0
        features, probability = (t.numpy() for t in features_of(x, training=False))
        evidence = features.astype(np.float64) @ kernel[:, 0]
        logit = evidence.mean(axis=(1, 2)) + bias[0]
        assert np.abs(1 / (1 + np.exp(-logit)) - probability[:, 0]).max() < 1e-5
        logits.append(logit)
        maps.append(evidence)
    return np.concatenate(logits), np.concatenate(maps)


def meets(region, left, top, right, bottom):
    """Whether a rectangle intersects a circle or ring (the same rule as Region::meets of gantei)."""
    x, y = region["x"], region["y"]
    near = np.hypot(min(max(x, left), right) - x, min(max(y, top), bottom) - y)
    far = np.hypot(max(abs(left - x), abs(right - x)), max(abs(top - y), abs(bottom - y)))
    return near < region["radius"] and far > region["inner_radius"]


def signs_of_cells(entry, square, rows, columns):
    """For each cell, the set of signs whose region it intersects."""
    left, top, side = square
    found = np.empty((rows, columns), object)
    for r in range(rows):
        for c in range(columns):
            box = (left + side * c / columns, top + side * r / rows, left + side * (c + 1) / columns, top + side * (r + 1) / rows)
            found[r, c] = {name for name in eyes.SIGNS if meets(entry["signs"][name]["region"], *box)}
    return found


def interval(values_of, persons, seed=1, repeats=500):
    random = np.random.default_rng(seed)
    unique, index = np.unique(persons, return_inverse=True)
    members = [np.flatnonzero(index == k) for k in range(len(unique))]
    drawn = []
    for _ in range(repeats):
        chosen = np.concatenate([members[k] for k in random.integers(0, len(unique), len(unique))])
        drawn.append(values_of(chosen))
    return [round(float(v), 4) for v in np.percentile(drawn, [2.5, 97.5])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--set", required=True)
    parser.add_argument("--card", help="card whose evaluation and source_sha256 are brought up to date")
    arguments = parser.parse_args()

    pixels, labels, latents, squares, entries = eyes.load(arguments.set)
    about = json.loads((pathlib.Path(arguments.set) / "signs.json").read_text())
    logits, maps = run(arguments.model, pixels)
    persons = np.array([e["person"] for e in entries])
    right = (logits >= 0) == (labels == 1)
    ideal = np.array([e["ideal_observer"]["logit"] for e in entries])

    on_sign, chance, where = [], [], {name: 0 for name in eyes.SIGNS}
    for i in np.flatnonzero(right):
        towards = maps[i] * (1 if logits[i] >= 0 else -1)
        cells = signs_of_cells(entries[i], squares[i], *towards.shape)
        peak = cells[np.unravel_index(np.argmax(towards), towards.shape)]
        on_sign.append(bool(peak))
        chance.append(np.mean([bool(c) for c in cells.flat]))
        for name in peak:
            where[name] += 1

    figures = {
        "set": f"gantei draw --count {len(entries)} --seed {about['seed']} --size {entries[0]['width']}x{entries[0]['height']}",
        "n": len(entries),
        "seed": about["seed"],
        "accuracy": round(float(right.mean()), 4),
        "accuracy_95": interval(lambda k: right[k].mean(), persons),
        "auc": round(float(eyes.auc(logits, labels)), 4),
        "auc_95": interval(lambda k: eyes.auc(logits[k], labels[k]), persons),
        "best_auc": round(about["best_auc"], 4),
        "best_auc_of_this_set": round(about["best_auc_of_this_set"], 4),
        "correlation_with_ideal_logit": round(float(np.corrcoef(logits, ideal)[0, 1]), 4),
        "grad_cam_peak_on_sign": round(float(np.mean(on_sign)), 4),
        "grad_cam_peak_chance": round(float(np.mean(chance)), 4),
        "grad_cam_peak_by_sign": {k: round(v / max(len(on_sign), 1), 4) for k, v in where.items()},
    }
    print(json.dumps(figures, indent=2))
    if arguments.card:
        path = pathlib.Path(arguments.card)
        card = json.loads(path.read_text())
        card["source_sha256"] = hashlib.sha256(pathlib.Path(arguments.model).read_bytes()).hexdigest()
        card["evaluation"] = {"held_out": figures}
        path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
