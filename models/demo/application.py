"""Scores and maps of the application on freshly drawn eyes, compared with the known signs of the drawing.

    python application.py [--gantei gantei] [--count 400] [--seed 4711] [--size 512] [--device auto]

Draws a set, runs `gantei predict` (field of view, crop and resize are the application's own) and `gantei explain`, and
prints for each model the AUC with the best possible AUC, the accuracy, and how often the Grad-CAM peak of a correctly
classified eye is on a sign. The peak is the highest cell if the score is at or above the threshold, else the lowest; it
is on a sign if its rectangle intersects the region of one. Chance is the share of cells that do. Standard library only.
"""

import argparse
import csv
import json
import math
import pathlib
import subprocess
import tempfile


def auc(pairs):
    """Area under the ROC curve of (score, label) pairs; equal scores count half."""
    pairs = sorted(pairs)
    positives = sum(label for _, label in pairs)
    rank_sum, start = 0.0, 0
    while start < len(pairs):
        end = start
        while end < len(pairs) and pairs[end][0] == pairs[start][0]:
            end += 1
        rank_sum += (start + 1 + end) / 2 * sum(label for _, label in pairs[start:end])
        start = end
    return (rank_sum - positives * (positives + 1) / 2) / (positives * (len(pairs) - positives))


def meets(region, left, top, right, bottom):
    """Whether a rectangle intersects a circle or ring."""
    near = math.hypot(max(left - region["x"], 0, region["x"] - right), max(top - region["y"], 0, region["y"] - bottom))
    far = math.hypot(max(abs(left - region["x"]), abs(right - region["x"])), max(abs(top - region["y"]), abs(bottom - region["y"])))
    return near < region["radius"] and far > region["inner_radius"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantei", default="gantei")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=4711)
    parser.add_argument("--size", default="512")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        drawn = ["draw", "--count", str(args.count), "--seed", str(args.seed), "--size", args.size, "--out", scratch]
        subprocess.run([args.gantei, *drawn], check=True, stdout=subprocess.DEVNULL)
        with open(folder / "labels.csv", newline="") as file:
            labels = {pathlib.Path(row["image"]).name: row["sex"] == "M" for row in csv.DictReader(file)}
        signs = json.loads((folder / "signs.json").read_text())
        regions = {pathlib.Path(i["image"]).name: [s["region"] for s in i["signs"].values()] for i in signs["images"]}
        print(f"{args.count} eyes, seed {args.seed}; best possible AUC {signs['best_auc']:.4f}, of this set {signs['best_auc_of_this_set']:.4f}")
        for model in ("demo-mobilenet", "demo-efficientnet-b0"):
            command = [args.gantei, "explain", str(folder / "images"), "--model", model, "--device", args.device]
            answer = subprocess.run([*command, "--out", str(folder / model), "--json"], check=True, capture_output=True)
            maps = json.loads(answer.stdout)["maps"]
            scored = [(m["score"], labels[m["image"]]) for m in maps]
            right = [m for m in maps if (m["score"] >= m["threshold"]) == labels[m["image"]]]
            hits, chance = 0, 0.0
            for m in right:
                peak, (rows, columns) = m["peak"], m["grid"]
                cell = peak["in_image"]
                width, height = cell["right"] - cell["left"], cell["bottom"] - cell["top"]
                x0, y0 = cell["left"] - peak["column"] * width, cell["top"] - peak["row"] * height
                on_sign = lambda r, c: any(
                    meets(region, x0 + c * width, y0 + r * height, x0 + (c + 1) * width, y0 + (r + 1) * height)
                    for region in regions[m["image"]]
                )
                hits += on_sign(peak["row"], peak["column"])
                chance += sum(on_sign(r, c) for r in range(rows) for c in range(columns)) / (rows * columns)
            print(
                f"{model}: AUC {auc(scored):.4f}, accuracy {len(right) / len(maps):.3f}, "
                f"Grad-CAM peak on a sign {hits / len(right):.3f} (chance {chance / len(right):.3f})"
            )


if __name__ == "__main__":
    main()
