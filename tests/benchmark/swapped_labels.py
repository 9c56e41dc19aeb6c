"""Where swapped labels stand among the records to check, and whether the list is the ranking that it says.

    python swapped_labels.py --gantei BINARY --work FOLDER [--photographs 1000] [--swapped 40] [--seed 1]

Draws eyes, swaps the recorded sex of some photographs, runs a study and compares `gantei study records` row for row with a
ranking made here: the logit's distance from the threshold towards the recorded label, the smallest first, of photographs
that count. Then states how many swapped labels stand among the first 2 × swapped, and why the others do not.
"""

import argparse
import csv
import json
import math
import os
import pathlib
import random
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gantei", required=True)
    parser.add_argument("--runs-with", help="another binary that draws and runs the study")
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--photographs", type=int, default=1000)
    parser.add_argument("--swapped", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, GANTEI_HOME=str(work / "home"))

    def gantei(*words, binary=args.gantei):
        done = subprocess.run([binary, *map(str, words)], env=env, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{words} ended with {done.returncode}: {done.stderr[-600:]}")
        return done.stdout

    runs_with = args.runs_with or args.gantei
    eyes, study, table = work / "eyes", work / "study", work / "labels.csv"
    if not eyes.exists():
        gantei("draw", "--count", args.photographs, "--seed", args.seed, "--out", eyes, binary=runs_with)
    if not study.exists():
        gantei("study", "new", study, eyes / "images", "--saliency", "none", binary=runs_with)
    gantei("study", "run", study, "--json", binary=runs_with)

    with open(eyes / "labels.csv", newline="") as file:
        drawn = list(csv.DictReader(file))
    swapped = set(random.Random(args.seed).sample(range(len(drawn)), args.swapped))
    names = set()
    for number in swapped:
        row = drawn[number]
        row["sex"] = {"F": "M", "M": "F"}[row["sex"]]
        names.add(pathlib.PurePosixPath(row["image"]).name)
    with open(table, "w", newline="") as file:
        writer = csv.DictWriter(file, drawn[0].keys())
        writer.writeheader()
        writer.writerows(drawn)
    gantei("study", "labels", study, "--labels", table, "--columns", "image=image,person=person,eye=eye,sex=sex",
           "--values", "F=female,M=male")
    found = json.loads(gantei("study", "records", study, "--similar", 0, "--json"))

    recorded = {pathlib.PurePosixPath(row["image"]).name: row["sex"] for row in drawn}
    ranking, left_out, agreeing = [], [], []
    for row in json.loads((study / "results.json").read_text())["results"]:
        name = pathlib.PurePosixPath(row["image"]).name
        if row["logit"] is None or not row["used"]:
            left_out.append(name)
            continue
        distance = row["logit"] - math.log(row["threshold"] / (1 - row["threshold"]))
        towards = distance if recorded[name] == "M" else -distance
        (ranking if towards < 0 else agreeing).append((towards, row["image"]))
    # Equal ones stay in the order of the photographs.
    ranking.sort(key=lambda of: of[0])
    listed = [row["image"] for row in found["records"]]
    expected = [image for _, image in ranking]
    if listed != expected:
        at = next(n for n, pair in enumerate(zip(listed + [None], expected + [None])) if pair[0] != pair[1])
        sys.exit(f"row {at + 1} is another: {listed[at:at + 1]}, expected {expected[at:at + 1]}")
    first = 2 * args.swapped

    def among(images):
        return sum(pathlib.PurePosixPath(image).name in names for image in images)

    in_list, in_first = among(listed), among(listed[:first])
    print(f"{len(drawn)} photographs, {len(listed)} records contradicted; the list is the ranking, row for row")
    print(f"{in_first} of {args.swapped} swapped labels among the first {first}")
    print(f"{in_list - in_first} further down: contradicted, but less than {first} others")
    print(f"{among(image for _, image in agreeing)} not in the list: the model gives the swapped label, that is, it was wrong before")
    print(f"{len(names & set(left_out))} left out: the photograph does not count or has no answer")


if __name__ == "__main__":
    main()
