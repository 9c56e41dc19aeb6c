"""Saliency methods on eyes whose signs are known, with the sanity checks of each map.

Usage: python tests/benchmark/saliency_methods.py [--gantei target/release/gantei] [--count 40] [--seed 2024]
                                                  [--models demo-mobilenet demo-efficientnet-b0] [--methods ...]
                                                  [--controlled 40] [--samples 50] [--patches 16] [--json FILE]

Draws eyes, runs `gantei explain` on them with every method, with `--controls=hiding,weights` for the first --controlled
of them, and prints a table for each model. Only eyes that the model classifies correctly count. Evidence counts towards
the label of the score: the map times 1 if the score is at or above the threshold, else times -1. Columns, with the
values expected by chance:

peak       share of eyes whose strongest cell intersects the region of a sign (chance: share of such cells in the field)
evidence   share of the evidence in regions of signs (chance: their share of the field's area)
block, all rank correlation with the map after the weights of the last block, or all, are randomised: signed, absolute
           (chance: 0); eyes whose randomised network gives a constant map have none and are counted after the slash
deletion   area between the score's curve with random areas hidden and with the map's cells hidden (chance: 0)
insertion  area between the score's curve with the map's cells shown and with random areas shown (chance: 0)
marked     change of the score towards the other label with the marked tenth hidden, and with random areas of its size
beats      share of eyes whose marked tenth changes the logit more than all but at most one of 20 random areas elsewhere
           (chance: 2 in 21)

Needs numpy. The same seed gives the same table, up to the engine's last digits.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = ["grad-cam", "hires-cam", "layer-cam", "integrated-gradients", "smooth-grad", "occlusion", "input-gradient"]
# Cells are split into this many points per side to compute shares of area.
RASTER = 8


def run(command):
    process = subprocess.run(command, stdout=subprocess.PIPE)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with status {process.returncode}")
    return json.loads(process.stdout)


class Place:
    """The positions of a map's cells in the photograph."""

    def __init__(self, document):
        left, top, width, height = document["preprocessing"]["crop_in_image"]
        self.rows, self.columns = document["grid"]
        self.x = lambda column: left + width * column / self.columns
        self.y = lambda row: top + height * row / self.rows
        self.field = document["field_of_view"]

    def meets(self, regions):
        """For each cell, whether its rectangle intersects a circle or ring."""
        left, right = self.x(np.arange(self.columns)), self.x(np.arange(1, self.columns + 1))
        top, bottom = self.y(np.arange(self.rows))[:, None], self.y(np.arange(1, self.rows + 1))[:, None]
        found = np.zeros((self.rows, self.columns), bool)
        for r in regions:
            near = np.hypot(
                np.maximum(np.maximum(left - r["x"], 0), r["x"] - right),
                np.maximum(np.maximum(top - r["y"], 0), r["y"] - bottom),
            )
            far = np.hypot(
                np.maximum(abs(left - r["x"]), abs(right - r["x"])),
                np.maximum(abs(top - r["y"]), abs(bottom - r["y"])),
            )
            found |= (near < r["radius"]) & (far > r["inner_radius"])
        return found

    def share(self, inside):
        """For each cell, the share of its area where `inside(x, y)` holds."""
        steps = max(1, min(RASTER, 448 // max(self.rows, self.columns)))
        xs = self.x((np.arange(self.columns * steps) + 0.5) / steps)
        ys = self.y((np.arange(self.rows * steps) + 0.5) / steps)[:, None]
        points = inside(xs, ys) * np.ones((self.rows * steps, self.columns * steps))
        return points.reshape(self.rows, steps, self.columns, steps).mean(axis=(1, 3))

    def in_field(self):
        f = self.field
        return self.share(lambda x, y: np.hypot(x - f["centre_x"], y - f["centre_y"]) <= f["radius"])

    def in_regions(self, regions):
        def inside(x, y):
            distances = [(np.hypot(x - r["x"], y - r["y"]), r) for r in regions]
            return np.any([(d < r["radius"]) & (d >= r["inner_radius"]) for d, r in distances], axis=0)

        return self.share(inside)


def one(document, values, regions):
    """The figures of one eye."""
    place = Place(document)
    sign = 1.0 if document["score"] >= document["threshold"] else -1.0
    towards = sign * values.astype(float)
    field, signs, meets = place.in_field(), place.in_regions(regions), place.meets(regions)
    counts = field > 0.5
    evidence = np.maximum(towards, 0.0)
    figures = {
        "peak": float(meets.flat[np.argmax(towards)]),
        "peak_chance": float(meets[counts].mean()),
        "evidence": float((evidence * signs).sum() / evidence.sum()) if evidence.sum() > 0 else 0.0,
        "evidence_chance": float((signs * field).sum() / field.sum()),
    }
    controls = document.get("controls")
    if controls is None:
        return figures
    hiding = controls["hiding"]
    marked = hiding["marked"]
    figures |= {
        "controlled": True,
        "deletion": hiding["curves"]["deletion_gain"],
        "insertion": hiding["curves"]["insertion_gain"],
        "marked": -sign * marked["change"],
        "marked_chance": -sign * marked["random_mean"],
        "beats": float(hiding["better_than_chance"]),
    }
    for depth in controls["randomised"]:
        name = {"last-block": "block", "all": "all"}[depth["weights"]]
        figures[name] = depth["correlation"]
        figures[name + "_absolute"] = depth["correlation_absolute"]
    return figures


def mean(figures, name):
    values = [f[name] for f in figures if f.get(name) is not None]
    return float(np.mean(values)) if values else None


def shown(value, digits=2):
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def line(method, figures):
    get = lambda name: mean(figures, name)

    def correlation(name):
        without = sum(f.get(name) is None for f in figures if f.get("controlled"))
        return f"{shown(get(name))}, {shown(get(name + '_absolute'))}" + (f" /{without}" if without else "")

    cells = [
        method,
        f"{shown(get('peak'))} ({shown(get('peak_chance'))})",
        f"{shown(get('evidence'))} ({shown(get('evidence_chance'))})",
        correlation("block"),
        correlation("all"),
        shown(get("deletion"), 3),
        shown(get("insertion"), 3),
        f"{shown(get('marked'))} ({shown(get('marked_chance'))})",
        shown(get("beats")),
    ]
    return "| " + " | ".join(cells) + " |"


HEAD = [
    "method",
    "peak on a sign (chance)",
    "evidence on signs (area)",
    "last block shuffled",
    "all shuffled",
    "deletion",
    "insertion",
    "marked tenth (random)",
    "beats chance",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--controlled", type=int, help="eyes whose maps are controlled as well; all without it")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--models", nargs="+", default=["demo-mobilenet", "demo-efficientnet-b0"])
    parser.add_argument("--methods", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--samples", type=int, default=50, help="steps of integrated-gradients, samples of smooth-grad")
    parser.add_argument("--patches", type=int, default=16, help="of occlusion, along a side")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--json", type=pathlib.Path, help="file for every figure of every eye")
    args = parser.parse_args()
    steps = {"integrated-gradients": args.samples, "smooth-grad": args.samples, "occlusion": args.patches}
    everything = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        draw = ["draw", "--count", args.count, "--seed", args.seed, "--size", 512, "--out", folder / "drawn"]
        run([args.gantei, *map(str, draw), "--json"])
        signs = json.loads((folder / "drawn/signs.json").read_text())
        drawn = {pathlib.Path(i["image"]).name: i for i in signs["images"]}
        files = sorted((folder / "drawn/images").iterdir())
        controlled = len(files) if args.controlled is None else args.controlled
        regions = {name: [s["region"] for s in i["signs"].values()] for name, i in drawn.items()}
        male = {name: i["sex"] == "M" for name, i in drawn.items()}
        print(f"{args.count} eyes, seed {args.seed}; {args.samples} steps and samples, {args.patches} patches along a side")
        for model in args.models:
            table = []
            for method in args.methods:
                out = folder / model / method
                command = [args.gantei, "explain", "--model", model, "--method", method]
                command += ["--device", args.device, "--out", out, "--json"]
                if method in steps:
                    command += ["--steps", steps[method]]
                first, rest = files[:controlled], files[controlled:]
                documents = []
                for inputs, more in ((first, ["--controls=hiding,weights"]), (rest, [])):
                    if inputs:
                        documents += run(list(map(str, [*command, *more, *inputs])))["maps"]
                figures = []
                for document in documents:
                    name = document["image"]
                    if (document["score"] >= document["threshold"]) != male[name]:
                        continue
                    file = next(f for f in document["files"] if f.endswith(".npy"))
                    values = np.load(out / file)
                    values = values.sum(axis=2) if values.ndim == 3 else values
                    figures.append({"image": name, **one(document, values, regions[name])})
                everything[f"{model} {method}"] = figures
                table.append(line(method, figures))
                engine = f"{documents[0]['engine']} {documents[0]['provider']}"
                both = sum("controlled" in f for f in figures)
                print(f"{model} {method}: {len(figures)} eyes, {both} controlled, {engine}", file=sys.stderr, flush=True)
                if args.json:
                    args.json.write_text(json.dumps(everything, indent=1))
            print(f"\n{model}: {len(figures)} of {len(documents)} eyes classified correctly, {both} of them controlled\n")
            print("| " + " | ".join(HEAD) + " |")
            print("|" + "---|" * len(HEAD))
            print("\n".join(table), flush=True)


if __name__ == "__main__":
    main()
