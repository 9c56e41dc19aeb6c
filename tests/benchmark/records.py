"""Time and peak memory of `gantei study records` once the features are there.

    python records.py --gantei BINARY --work FOLDER [--photographs 20000] [--contradicted 0.2]

A study of drawn eyes is run, and its answers and features are multiplied: the photographs are files of a few bytes, which
the check never opens, and their features are random numbers around those of the drawn eyes. Needs numpy.
"""

import argparse
import csv
import hashlib
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import time

import numpy as np

DRAWN = 24


def measured(command, env):
    """Seconds, peak memory in MB and the output of a command."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}: {out[:400]}")
    return time.perf_counter() - started, used.ru_maxrss / 1024, out


def header(path):
    """The description, the number of values and the vectors of a file of features."""
    data = path.read_bytes()
    described, length, count = struct.unpack_from("<III", data, 16)
    start = 28 + described
    record = np.dtype([("sum", "V32"), ("halves", "<u2", (length,))])
    records = np.frombuffer(data, record, count, start)
    return data[28:start], records["halves"]


def journal_line(entry):
    text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
    return f'{{"sha256":"{hashlib.sha256(text.encode()).hexdigest()[:16]}","entry":{text}}}'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gantei", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--photographs", type=int, default=20_000)
    parser.add_argument("--contradicted", type=float, default=0.2, help="share of the records")
    args = parser.parse_args()
    work = args.work.resolve()
    shutil.rmtree(work / "study", ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, GANTEI_HOME=str(work / "home"))

    def gantei(*words):
        return measured([args.gantei, *map(str, words)], env)

    eyes, images, study = work / "eyes", work / "images", work / "study"
    if not eyes.exists():
        gantei("draw", "--count", DRAWN, "--seed", 1, "--size", 256, "--out", eyes)
    for folder in (study, images):
        shutil.rmtree(folder, ignore_errors=True)
    gantei("study", "new", study, eyes / "images", "--saliency", "none")
    gantei("study", "run", study, "--json")
    journal = study / "gantei-study-journal.jsonl"
    lines = journal.read_text().splitlines()
    parsed = [json.loads(line) for line in lines]
    run = [line for line, of in zip(lines, parsed) if "study" in of["entry"]][-1]
    answers = [of["entry"]["answered"] for of in parsed if "answered" in of["entry"]]
    answers = [of for of in answers if of["rows"][0]["score"] is not None]
    (features,) = study.glob("gantei-study-features-*.bin")
    described, drawn = header(features)
    drawn = (drawn.astype(np.uint32) << 16).view(np.float32)

    images.mkdir()
    rng, choice = np.random.default_rng(1), random.Random(1)
    count, length = args.photographs, drawn.shape[1]
    sums, rows, table = [], [run], []
    for number in range(count):
        name = f"{number // 2:05}_{('OD', 'OS')[number % 2]}.png"
        data = f"photograph {number}".encode()
        path = images / name
        path.write_bytes(data)
        sums.append(hashlib.sha256(data).digest())
        found = path.stat()
        answer = json.loads(json.dumps(answers[number % len(answers)]))
        answer["name"] = name
        answer["stamp"] = {"length": found.st_size, "modified": found.st_mtime_ns // 1_000_000}
        row = answer["rows"][0]
        row.update(image=name, sha256=sums[-1].hex(), pixels_sha256=hashlib.sha256(b"p" + data).hexdigest())
        rows.append(journal_line({"answered": answer}))
        is_male = row["label"] == "male"
        if choice.random() < args.contradicted:
            is_male = not is_male
        table.append((name, number // 2, "M" if is_male else "F"))
    shutil.rmtree(study)
    gantei("study", "new", study, images, "--saliency", "none")
    journal.write_text("\n".join(rows) + "\n")
    spread = drawn.std(axis=0)
    values = drawn[np.arange(count) % len(drawn)] + rng.standard_normal((count, length), np.float32) * spread
    halves = (np.maximum(values, 0).astype(np.float32).view(np.uint32) >> 16).astype("<u2")
    data = bytearray(b"gantei-features1" + struct.pack("<III", len(described), length, count) + described)
    for digest, vector in zip(sums, halves):
        data += digest + vector.tobytes()
    features.write_bytes(bytes(data) + hashlib.sha256(data).digest())
    with open(work / "labels.csv", "w", newline="") as file:
        csv.writer(file).writerows([("image", "person", "sex"), *table])
    gantei("study", "labels", study, "--labels", work / "labels.csv", "--columns", "image=image,person=person,sex=sex",
           "--values", "F=female,M=male")
    before = features.stat().st_mtime_ns
    evaluate, evaluate_mb, _ = gantei("study", "status", study, "--json")
    seconds, megabytes, out = gantei("study", "records", study, "--json")
    found = json.loads(out)
    assert found["without_features"] == 0 and features.stat().st_mtime_ns == before
    print(f"{count} photographs of {length} features, {len(found['records'])} contradicted: "
          f"{seconds:.1f} s, peak {megabytes:.0f} MB (reading the study alone: {evaluate:.1f} s, {evaluate_mb:.0f} MB)")


if __name__ == "__main__":
    main()
