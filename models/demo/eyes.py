"""Reads a set drawn by `gantei draw`: crops the field of view, resizes, and returns pixels, labels and signs.

A set is a folder with labels.csv, signs.json and images/. Pictures are cropped to the square around the lit circle
(from signs.json; the application detects it), filled with black outside the picture, and resized with Pillow's
antialiased bilinear kernel, exactly as the model cards specify.
"""
import csv
import json
import math
import pathlib

import numpy as np
from PIL import Image

SIGNS = ["peripapillary_darkness", "foveal_reflex", "disc_ovality", "artery_angle"]
SIZE = 224


def square_around_field(field, factor=1.0, shift=(0.0, 0.0)):
    """The square around the field of view in whole pixels: (left, top, side)."""
    radius = field["radius"] * factor
    left = math.floor(field["x"] + shift[0] * radius - radius + 0.5)
    top = math.floor(field["y"] + shift[1] * radius - radius + 0.5)
    return left, top, math.floor(2 * radius + 0.5)


def prepare(image, square, size=SIZE):
    left, top, side = square
    crop = image.crop((left, top, left + side, top + side))  # black outside the picture
    return np.asarray(crop.resize((size, size), Image.BILINEAR), dtype=np.uint8)


def load(folder, jitter=0.0, seed=0):
    """Pixels (N, 224, 224, 3) uint8, labels (N,) 1 = male, latent signs (N, 4), squares, entries of signs.json.

    `jitter` shifts and scales each crop at random by at most that share of the radius, as a detector's errors would.
    """
    folder = pathlib.Path(folder)
    random = np.random.default_rng(seed)
    entries = json.loads((folder / "signs.json").read_text())["images"]
    with open(folder / "labels.csv", newline="") as file:
        sexes = {row["image"]: row["sex"] for row in csv.DictReader(file)}
    pixels = np.empty((len(entries), SIZE, SIZE, 3), np.uint8)
    squares = []
    for i, entry in enumerate(entries):
        factor, dx, dy = 1.0, 0.0, 0.0
        if jitter:
            factor = 1.0 + random.uniform(-jitter, jitter)
            dx, dy = random.uniform(-jitter, jitter, 2)
        with Image.open(folder / entry["image"]) as image:
            image = image.convert("RGB")
            square = square_around_field(entry["field_of_view"], factor, (dx, dy))
            pixels[i] = prepare(image, square)
        squares.append(square)
    labels = np.array([sexes[entry["image"]] == "M" for entry in entries], np.float32)
    latents = np.array([[entry["signs"][name]["latent"] for name in SIGNS] for entry in entries], np.float32)
    return pixels, labels, latents, squares, entries


def places(entry, square, blocks=56):
    """(blocks, blocks, 4) bool: whether the centre of a block of the prepared picture is on each sign."""
    left, top, side = square
    middle = (np.arange(blocks) + 0.5) * side / blocks
    y, x = np.meshgrid(top + middle, left + middle, indexing="ij")
    found = []
    for name in SIGNS:
        region = entry["signs"][name]["region"]
        distance = np.hypot(x - region["x"], y - region["y"])
        found.append((distance < region["radius"]) & (distance >= region["inner_radius"]))
    return np.stack(found, -1)


def auc(scores, labels):
    """Area under the ROC curve; ties count half."""
    scores, labels = np.asarray(scores, np.float64), np.asarray(labels)
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    males = labels == 1
    m, f = males.sum(), (~males).sum()
    return (ranks[males].sum() - m * (m + 1) / 2) / (m * f)
