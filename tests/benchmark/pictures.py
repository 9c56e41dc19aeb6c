"""Compares the pixels of every picture in some folders between Gantei and Pillow or pydicom.

Usage: python tests/benchmark/pictures.py FOLDER… --gantei target/release/gantei [--pixels target/release/examples/pixels]
                                          [--out TABLE.tsv] [--jobs N]

Pictures are recognised by their first bytes, whatever their names. Gantei's pixels are compared by the `pixels_sha256`
of `gantei predict --json`, one process per file; where they differ, `pixels` (cargo build --release --example pixels)
reports by how much, in steps of 255. The reference follows the documentation of Gantei:

- Pillow: the first picture of a file, turned upright (ImageOps.exif_transpose), convert("RGB"); grey of 16 bits keeps
  its high byte (Pillow clips it), and transparency is dropped.
- pydicom: the first frame, YCbCr and palettes as RGB; 16 bits keep their high byte.

Files for which Gantei has rules of its own are counted separately ("own rules"): colours or depths that a file states
wrongly (the finding `colour-guessed`), and grey DICOM with a window or of other depths.

Prints a Markdown table per kind of file, then the files to inspect: more than 4 steps apart, and those that only one
side opens, with the reasons of both. --out writes a line per file. Needs Pillow, pydicom, numpy, and pylibjpeg with its
plugins for compressed DICOM.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy
import PIL.Image
import PIL.ImageOps
import pydicom

COLUMNS = ["identical", "at most 4", "at most 11", "more", "other size", "own rules", "Gantei alone", "the other alone", "neither"]
LOOK = ["at most 11", "more", "other size", "own rules", "Gantei alone", "the other alone"]


def kind(start):
    """The format as Gantei detects it; None if unknown."""
    if start[128:132] == b"DICM" or start[:4] in (b"\x08\0\x05\0", b"\x08\0\x08\0", b"\x08\0\x16\0"):
        return "DICOM"
    for name, signs in {
        "JPEG": [b"\xff\xd8\xff"],
        "JPEG 2000": [b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"],
        "PNG": [b"\x89PNG\r\n\x1a\n"],
        "TIFF": [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"],
        "BMP": [b"BM"],
    }.items():
        if start.startswith(tuple(signs)):
            return name
    return "WebP" if start[:4] == b"RIFF" and start[8:12] == b"WEBP" else None


def high_byte(samples):
    """The high byte of 16-bit samples."""
    if samples.dtype == numpy.uint8:
        return samples
    if samples.dtype.kind == "u" and samples.dtype.itemsize == 2:
        return (samples >> 8).astype(numpy.uint8)
    raise ValueError(f"samples of type {samples.dtype}")


def by_pillow(data):
    image = PIL.Image.open(io.BytesIO(data))
    image.load()
    image = PIL.ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        grey = numpy.asarray(image)
        if image.mode == "I" and grey.min() >= 0 and grey.max() < 65536:
            grey = grey.astype(numpy.uint16)
        return numpy.stack([high_byte(numpy.asarray(grey, grey.dtype.newbyteorder("=")))] * 3, axis=-1)
    return numpy.asarray(image.convert("RGB"))


def by_pydicom(data):
    from pydicom.pixels import apply_color_lut, pixel_array

    header = pydicom.dcmread(io.BytesIO(data), force=True)
    samples = pixel_array(header, index=0)
    if header.PhotometricInterpretation == "PALETTE COLOR":
        samples = apply_color_lut(samples, header)
    if samples.ndim == 2:
        if header.BitsStored != 8 or "WindowCenter" in header or "VOILUTSequence" in header:
            return None
        samples = numpy.stack([samples] * 3, axis=-1)
        if header.PhotometricInterpretation == "MONOCHROME1":
            samples = 255 - samples
    return high_byte(samples)


def by_gantei(args, path, home):
    command = [args.gantei, "predict", path, "--device", "embedded", "--saliency", "none", "--json"]
    try:
        done = subprocess.run(command, env=os.environ | {"GANTEI_HOME": home}, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return None, "FAULT: over 120 s"
    if done.returncode not in (0, 1):
        return None, f"FAULT: status {done.returncode}: {done.stderr[-200:]}"
    row = json.loads(done.stdout)["results"][0]
    reason = row["error"] or ""
    if "panicked" in done.stderr:
        reason = "FAULT: a panic: " + done.stderr.splitlines()[0]
    guessed = [found["message"] for found in row["findings"] if found["code"] == "colour-guessed"]
    return row["pixels_sha256"], reason or "".join(guessed)


def distance(args, path, other):
    """The largest difference, or None if the sizes differ."""
    if not args.pixels:
        return None
    done = subprocess.run([args.pixels, path], capture_output=True, timeout=300)
    if done.returncode:
        return None
    ppm = done.stdout
    _, size, _, samples = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    ours = numpy.frombuffer(samples, numpy.uint8).reshape(height, width, 3)
    if ours.shape != other.shape:
        return f"other size: {width} x {height}, not {other.shape[1]} x {other.shape[0]}"
    apart = numpy.abs(ours.astype(int) - other)
    return f"{apart.max()} (mean {apart.mean():.2f}, {(apart.max(axis=-1) > 4).mean():.1%} of the pixels over 4)"


def compare(args, path, home):
    data = path.read_bytes()
    of_kind = kind(data[:132])
    if of_kind is None:
        return None
    ours, remark = by_gantei(args, path, home)
    other, reason = None, ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = by_pydicom(data) if of_kind == "DICOM" else by_pillow(data)
            if other is None:
                return of_kind, "own rules" if ours else "the other alone", path, remark or "grey"
    except Exception as error:  # any exception means that the file could not be read
        reason = f"{type(error).__name__}: {error}".replace("\n", " ")[:160]
    if ours is None or other is None:
        verdict = "neither" if ours is None and other is None else "Gantei alone" if other is None else "the other alone"
        return of_kind, verdict, path, " | ".join(filter(None, [remark, reason]))
    if hashlib.sha256(numpy.ascontiguousarray(other).tobytes()).hexdigest() == ours:
        return of_kind, "identical", path, ""
    if remark:
        return of_kind, "own rules", path, remark
    apart = distance(args, path, other)
    if apart is None:
        return of_kind, "more", path, "by how much is not known: no --pixels, or it failed"
    if apart.startswith("other"):
        return of_kind, "other size", path, apart
    steps = int(apart.split()[0])
    return of_kind, "at most 4" if steps <= 4 else "at most 11" if steps <= 11 else "more", path, apart


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--gantei", required=True)
    parser.add_argument("--pixels")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    files = sorted({p for folder in args.folders for p in folder.rglob("*") if p.is_file()})
    PIL.Image.MAX_IMAGE_PIXELS = 200_000_000
    with tempfile.TemporaryDirectory() as home, concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        if files:
            by_gantei(args, files[0], home)  # the bundled model is imported once, before several processes need it
        rows = []
        for at, row in enumerate(pool.map(lambda path: compare(args, path, home), files), 1):
            rows += [row] if row else []
            if at % 100 == 0:
                print(f"{at} of {len(files)} files", file=sys.stderr)
    counts = collections.Counter((row[0], row[1]) for row in rows)
    print(f"| kind | files | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for of_kind in sorted({row[0] for row in rows}):
        own = [counts[of_kind, column] for column in COLUMNS]
        print(f"| {of_kind} | {sum(own)} | {' | '.join(map(str, own))} |")
    for verdict in LOOK:
        print(f"\n{verdict}:")
        for _, _, path, detail in (row for row in rows if row[1] == verdict):
            print(f"  {path}: {detail}")
    if args.out:
        lines = ["\t".join(map(str, row)) for row in rows]
        args.out.write_text("\n".join(["kind\tverdict\tfile\tdetail", *lines, ""]), encoding="utf-8")
    faults = [row for row in rows if "FAULT" in row[3]]
    raise SystemExit(1 if faults else 0)


main()
