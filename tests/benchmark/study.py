"""Throughput of a study's run compared with `predict` on the same photographs, alternating in one run.

Usage: python tests/benchmark/study.py [--gantei target/release/gantei] [--eyes 200] [--size 1411] [--rounds 3]

Draws photographs (JPEG), and runs them with and without overlays: `gantei predict PHOTOGRAPHS --out FOLDER`, and
`gantei study run` on a new study, each into an empty folder. One round that is not counted fills the caches. Prints the
median of photographs per second, minimum to maximum in brackets, and the study's share of predict's; the target is at
least 95 %. Also the time in which a finished study is read again, which computes nothing.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = 0.95


class Bench:
    def __init__(self, args, scratch):
        self.gantei, self.scratch = args.gantei, scratch
        self.env = dict(os.environ, GANTEI_HOME=str(scratch / "home"))

    def seconds(self, *args):
        began = time.perf_counter()
        done = subprocess.run([self.gantei, *map(str, args)], env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, args))} ended with status {done.returncode}: {done.stderr}")
        return time.perf_counter() - began

    def study(self, eyes, maps):
        folder = self.scratch / "study"
        shutil.rmtree(folder, ignore_errors=True)
        self.seconds("study", "new", folder, eyes, "--saliency", maps)
        run = self.seconds("study", "run", folder)
        return run, self.seconds("study", "run", folder)

    def predict(self, eyes, maps):
        folder = self.scratch / "predicted"
        shutil.rmtree(folder, ignore_errors=True)
        return self.seconds("predict", eyes, "--saliency", maps, "--out", folder)


def rates(count, seconds):
    rates = sorted(count / one for one in seconds)
    return f"{statistics.median(rates):.1f} ({rates[0]:.1f}–{rates[-1]:.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gantei", default=str(ROOT / "target/release/gantei"))
    parser.add_argument("--eyes", type=int, default=200)
    parser.add_argument("--size", type=int, default=1411)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(args, pathlib.Path(scratch))
        drawn = bench.scratch / "drawn"
        bench.seconds("draw", "--count", args.eyes, "--seed", 1, "--size", args.size, "--format", "jpg", "--out", drawn)
        eyes = drawn / "images"
        print(f"{args.eyes} photographs of {args.size} pixels, {os.cpu_count()} processors, {args.rounds} rounds")
        missed = False
        for maps in ("none", "grad-cam"):
            of_predict, of_study, again = [], [], []
            for number in range(args.rounds + 1):
                # Which one comes first changes, as does whatever else the computer does.
                order = (bench.predict, bench.study) if number % 2 else (bench.study, bench.predict)
                taken = {run.__name__: run(eyes, maps) for run in order}
                if number:
                    of_predict.append(taken["predict"])
                    of_study.append(taken["study"][0])
                    again.append(taken["study"][1])
            share = statistics.median(of_predict) / statistics.median(of_study)
            missed |= share < TARGET
            print(f"maps: {maps}")
            print(f"  predict, photographs per second     {rates(args.eyes, of_predict)}")
            print(f"  study run, photographs per second   {rates(args.eyes, of_study)}")
            print(f"  study ÷ predict (target ≥ 95 %)     {100 * share:.1f} %")
            print(f"  the finished study read again       {statistics.median(again):.2f} s")
        raise SystemExit(missed)


if __name__ == "__main__":
    main()
