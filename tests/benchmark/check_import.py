"""How often the preprocessing check finds the true setting when it starts from a wrong card, on drawn eyes.

Usage: python tests/benchmark/check_import.py [--gantei target/release/gantei] [--seeds 20] [--first-seed 7001] [--count 50]
                                              [--models demo-mobilenet demo-efficientnet-b0] [--device auto] [--full]
                                              [--keep FOLDER]

Each model is imported a second time with a card that is wrong in all four fields (raw, stretch, bgr, pil-nearest), so
that nothing hints at the true setting, which is that of the bundled model's card. For each seed `gantei draw` draws
COUNT eyes. Counted are: the true setting is the first row; it is among those reported as inseparable from the first;
each field by itself, in the first row and where every inseparable setting agrees on it. --keep stores the files of
every check in FOLDER. Needs only Python 3.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIELDS = ["scaling", "crop", "colour", "resize"]
WRONG = ["--scaling", "raw", "--crop", "stretch", "--colour", "bgr", "--resize", "pil-nearest"]


def gantei(args, command, env, allowed=(0,)):
    done = subprocess.run([args.gantei, *command, "--json"], env=env, capture_output=True, text=True)
    if done.returncode not in allowed:
        raise SystemExit(f"gantei {command[0]} ended with status {done.returncode}: {done.stdout[:2000]}")
    return json.loads(done.stdout)


def setting(spec):
    return tuple(spec[field] for field in FIELDS)


def check(args, model, truth, eyes, seed, env):
    command = ["check-import", f"check-{model}", "--labels", f"{eyes}/labels.csv", eyes, "--device", args.device]
    command += ["--full"] if args.full else []
    command += ["--out", f"{args.keep}/{model}-{seed}"] if args.keep else []
    report = gantei(args, command, env)
    place = next((row for row in report["rows"] if truth in map(setting, [row["input"], *row["same"]])), None)
    best = report["rows"][0]
    head = [setting(s) for row in report["rows"] if row["inseparable"] for s in [row["input"], *row["same"]]]
    return {
        "model": model,
        "images": report["images"],
        "rank": place and place["rank"],
        "strict": bool(place) and place["rank"] == 1,
        "inseparable": bool(place) and place["inseparable"],
        "head": sum(row["inseparable"] for row in report["rows"]),
        "rows": len(report["rows"]),
        "auc": best["value"],
        "auc_of_truth": place and place["value"],
        "first": setting(best["input"]),
        "fields": {f: any(s[f] == t for s in [best["input"], *best["same"]]) for f, t in zip(FIELDS, truth)},
        "settled": {f: {s[i] for s in head} == {truth[i]} for i, f in enumerate(FIELDS) if len({s[i] for s in head}) == 1},
        "chance": report["chance"],
        "opened_again": report["opened_again"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=7001)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--models", nargs="+", default=["demo-mobilenet", "demo-efficientnet-b0"])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--keep")
    args = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        env = dict(os.environ, GANTEI_HOME=f"{scratch}/home")
        cards = {m["id"]: m["card"] for m in gantei(args, ["models"], env)["models"]}
        for model in args.models:
            labels = ",".join(cards[model]["labels"])
            gantei(args, ["import", str(ROOT / f"models/demo/{model}.h5"), "--id", f"check-{model}", "--task", "sex",
                          "--labels", labels, "--threshold", "0.5", *WRONG], env)
        for seed in range(args.first_seed, args.first_seed + args.seeds):
            eyes = f"{scratch}/eyes-{seed}"
            gantei(args, ["draw", "--count", str(args.count), "--seed", str(seed), "--out", eyes], env)
            for model in args.models:
                result = {"seed": seed, **check(args, model, setting(cards[model]["input"]), eyes, seed, env)}
                results.append(result)
                print(f"seed {seed} {model}: first {' '.join(result['first'])} AUC {result['auc']:.4f}; the true one is row "
                      f"{result['rank']} ({'inseparable' if result['inseparable'] else 'separable'}) of {result['rows']}, "
                      f"{result['head']} inseparable", flush=True)
    for model in args.models:
        mine = [r for r in results if r["model"] == model]
        of = len(mine)
        print(f"\n{model}, {of} seeds, {args.count} eyes each")
        print(f"  the true setting is the first row      {sum(r['strict'] for r in mine)} of {of}")
        print(f"  it is inseparable from the first row   {sum(r['inseparable'] for r in mine)} of {of}")
        but_kernel = [all(r["fields"][f] for f in FIELDS if f != "resize") for r in mine]
        print(f"  the first row is true but for the kernel {sum(but_kernel)} of {of}")
        for field in FIELDS:
            said = [r["settled"][field] for r in mine if field in r["settled"]]
            print(f"  the first row has the true {field:<11} {sum(r['fields'][field] for r in mine)} of {of}; "
                  f"called settled {len(said)} times, rightly {sum(said)}")
        heads = sorted(r["head"] for r in mine)
        print(f"  inseparable from the first             {heads[0]} to {heads[-1]} of {mine[0]['rows']} rows, median {heads[of // 2]}")


main()
