#!/usr/bin/env bash
# Photographs → scores and overlays with both engines; the engines must agree within 1e-4.
# Usage: tests/end_to_end.sh path/to/gantei SCRATCH_FOLDER
set -euo pipefail
gantei=$1
scratch=$2
photographs=(assets/samples)
images=${GANTEI_TEST_IMAGES:-../shared/images}
if [ -d "$images/fundus" ]; then photographs+=("$images/fundus"); else echo "skipped: test photographs (no $images)"; fi
models=(--model demo-mobilenet --model demo-efficientnet-b0)

"$gantei" predict "${photographs[@]}" "${models[@]}" --device embedded --out "$scratch/embedded" --json >"$scratch/embedded.json"
if sh packaging/get-runtime.sh; then
    "$gantei" devices
    "$gantei" predict "${photographs[@]}" "${models[@]}" --device cpu --out "$scratch/cpu" --json >"$scratch/cpu.json"
else
    echo "skipped: ONNX Runtime (its wheel cannot be had here)"
    cp "$scratch/embedded.json" "$scratch/cpu.json"
fi

python3 - "$scratch" <<'PY'
import json, pathlib, sys
scratch = pathlib.Path(sys.argv[1])
a = json.load(open(scratch / "embedded.json"))["results"]
b = json.load(open(scratch / "cpu.json"))["results"]
assert len(a) == len(b) >= 2, (len(a), len(b))
worst = 0.0
for x, y in zip(a, b):
    assert (x["image"], x["model"], x["error"]) == (y["image"], y["model"], None), (x["image"], x["error"], y["error"])
    assert any(f["code"] == "demonstration-model" for f in x["findings"])
    worst = max(worst, abs(x["score"] - y["score"]))
    for name in x["files"]:
        assert (scratch / "embedded" / name).read_bytes()[:4] == b"\x89PNG"
assert worst <= 1e-4, worst
assert (scratch / "embedded" / "results.csv").read_bytes().startswith(b"\xef\xbb\xbfimage,")
print(f"{len(a)} rows, engines {a[0]['engine']} and {b[0]['engine']}, largest difference of a score {worst:.1e}")
PY

status=0
"$gantei" predict assets/samples/README.md --json >"$scratch/bad.json" || status=$?
[ "$status" = 1 ] || { echo "a file that is no image must end with status 1, not $status"; exit 1; }
status=0
"$gantei" predict assets/samples --device cuda --json >"$scratch/cuda.json" || status=$?
[ "$status" = 4 ] || [ "$status" = 0 ] || { echo "a device that does not work must end with status 4, not $status"; exit 1; }
"$gantei" draw --count 3 --seed 5 --size 160 --out "$scratch/one" >/dev/null
"$gantei" draw --count 3 --seed 5 --size 160 --out "$scratch/two" >/dev/null
diff -r "$scratch/one" "$scratch/two" && echo "the same seed draws the same bytes"
