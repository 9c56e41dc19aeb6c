#!/bin/sh
# Every provider on one machine, from one prepared folder and without a network: deviation from Keras, forward passes
# alone and in batches, integrated gradients of 50 steps, and 500 photographs end to end.
#
# usage: gpu.sh prepare FOLDER NETWORKS WHEELS [GANTEI]    on any machine; then copy FOLDER and this file
#        gpu.sh run FOLDER                                 on the machine with the GPU; prints the table
#
# NETWORKS holds k2_MobileNet and k2_EfficientNetB7 (.h5, .x.npy) and saliency.json, written with real Keras by
# `saliency_files.py make NETWORKS =MobileNet =EfficientNetB7`. WHEELS holds those of the Python packages onnxruntime,
# onnxruntime-gpu and onnxruntime-ep-webgpu that are to be measured (`pip download --no-deps -d WHEELS PACKAGE`). GANTEI
# is target/release/gantei by default. Both steps need python3 without packages; CUDA needs the libraries of CUDA and
# cuDNN, which are also found in the packages of PyTorch, and WebGPU needs libvulkan.
#
# Everything is computed in float32: Gantei switches TF32 off, and this script does so once more for the driver.
# Variables for `run`: PHOTOGRAPHS (500), STEPS (50), PATCHES (16), PASSES (20), MODELS ("MobileNet EfficientNetB7"),
# DEVICES ("embedded cpu cuda webgpu").
set -eu

here=$(cd "$(dirname "$0")" && pwd)
networks=${MODELS:-MobileNet EfficientNetB7}
patches=${PATCHES:-16}

fail() {
    echo "gpu.sh: $1" >&2
    exit 1
}

# The shared libraries of a wheel, in one folder.
unpack() { # unpack WHEEL FOLDER
    mkdir -p "$2"
    python3 - "$1" "$2" <<'PYTHON'
import pathlib, shutil, sys, zipfile

wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as packed:
    for name in packed.namelist():
        short = pathlib.PurePosixPath(name).name
        if (short.endswith(".so") or ".so." in short) and "pybind11" not in short and "tensorrt" not in short:
            with packed.open(name) as source, open(pathlib.Path(folder, short), "wb") as copy:
                shutil.copyfileobj(source, copy)
PYTHON
}

wheel_of() { # wheel_of PACKAGE: the wheel, or nothing
    find "$wheels" -name "$1-[0-9]*.whl" | sort | tail -n 1
}

# Keras' score of the one picture in the input, from its logit.
expected() { # expected NETWORK OUT.npy
    python3 - "$folder_of_networks/saliency.json" "k2_$1" "$2" <<'PYTHON'
import json, math, struct, sys

rows, stem, out = sys.argv[1:]
logit = next(row["logit"] for row in json.load(open(rows)) if row["stem"] == stem)
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }"
header = header.ljust(117) + "\n"
with open(out, "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<f", 1 / (1 + math.exp(-logit))))
PYTHON
}

prepare() {
    folder=$1 folder_of_networks=$2 wheels=$3 gantei=${4:-$here/../../target/release/gantei}
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    cp "$gantei" "$folder/gantei"
    cp "$here/gpu.sh" "$folder/"
    cpu=$(wheel_of onnxruntime) gpu=$(wheel_of onnxruntime_gpu) plugin=$(wheel_of onnxruntime_ep_webgpu)
    if [ -n "$cpu" ]; then
        unpack "$cpu" "$folder/cpu"
    fi
    if [ -n "$gpu" ]; then
        unpack "$gpu" "$folder/cuda"
    fi
    if [ -n "$cpu" ] && [ -n "$plugin" ]; then
        unpack "$cpu" "$folder/webgpu"
        unpack "$plugin" "$folder/webgpu"
    fi
    for network in $networks; do
        GANTEI_HOME=$folder/home "$folder/gantei" import "$folder_of_networks/k2_$network.h5" --id "$network" --replace \
            --scaling raw --colour rgb --resize pil-bilinear --crop square --task sex --labels F,M --threshold 0.5 >/dev/null
        cp "$folder_of_networks/k2_$network.x.npy" "$folder/$network.x.npy"
        expected "$network" "$folder/$network.y.npy"
    done
    draw
    du -sh "$folder"
}

# The same eyes on every machine: they may be left out of the copy.
draw() {
    [ -d "$folder/eyes/images" ] ||
        "$folder/gantei" draw --count "${PHOTOGRAPHS:-500}" --seed 29 --size 1024x768 --format jpg --out "$folder/eyes" >/dev/null
}

# A value of a JSON document; the words of its error if it has one; nothing if there is neither.
value() { # value 'PYTHON EXPRESSION of d'
    python3 -c '
import json, statistics, sys
try:
    d = json.load(sys.stdin)
except ValueError:
    sys.exit()
error = d.get("error") or next((m["error"] for m in d.get("maps", []) if "error" in m), None)
print("!" + error["message"].replace("\n", " ").replace("|", "/") if error else eval(sys.argv[1]))' "$1"
}

now() {
    date +%s.%N
}

since() { # since START: seconds
    awk "BEGIN { print $(now) - $1 }"
}

# An array of many copies of a picture: N.npy.
copies() { # copies X.npy N OUT.npy
    python3 - "$@" <<'PYTHON'
import ast, struct, sys

source, count, out = sys.argv[1:]
data = open(source, "rb").read()
length = struct.unpack("<H", data[8:10])[0]
facts = ast.literal_eval(data[10 : 10 + length].decode())
facts["shape"] = (int(count), *facts["shape"][1:])
header = str(facts).ljust(117) + "\n"
with open(out, "wb") as file:
    file.write(data[:8] + struct.pack("<H", len(header)) + header.encode())
    for _ in range(int(count)):
        file.write(data[10 + length :])
PYTHON
}

# One row: a network on a device.
measure() { # measure NETWORK DEVICE
    on="--device $2"
    deviation=$(ask verify "$1" --input "$folder/$1.x.npy" --expected "$folder/$1.y.npy" $on | value '"{:.1e} | {}".format(d["max_abs_error"], d["provider"])')
    case $deviation in
        "!"* | "") echo "| $1 | $2 | ${deviation#!} | | | | | | |"; return ;;
    esac
    copies "$folder/$1.x.npy" $((${PASSES:-20} + 1)) "$scratch/x.npy"
    alone=$(ask explain --tensor "$scratch/x.npy" --model "$1" $on --method grad-cam --out "$scratch" | value '"{:.2f}".format(statistics.median(d["maps"][0]["timings_ms"]["maps"][1:]))')
    # One pass and one for each patch, in batches of 10 for 224 × 224 and of 1 for 600 × 600. The first map warms up.
    copies "$folder/$1.x.npy" 2 "$scratch/x.npy"
    batches=$(ask explain --tensor "$scratch/x.npy" --model "$1" $on --method occlusion --steps "$patches" --out "$scratch" | value '"{:.1f}".format('$((1 + patches * patches))'e3 / d["maps"][0]["timings_ms"]["maps"][-1])')
    gradients=$(ask explain --tensor "$scratch/x.npy" --model "$1" $on --method integrated-gradients --steps "${STEPS:-50}" --out "$scratch" | value '"{:.2f}".format(d["maps"][0]["timings_ms"]["maps"][-1] / 1e3)')
    started=$(now)
    answers=$(ask predict "$folder/eyes/images" --model "$1" $on --saliency none --out "$scratch/out" --again | value 'sum(r["error"] is None for r in d["results"])')
    whole=$(since "$started")
    started=$(now)
    answers_of_maps=$(ask predict "$folder/eyes/images" --model "$1" $on --out "$scratch/out" --again | value 'sum(r["error"] is None for r in d["results"])')
    with_maps=$(since "$started")
    rm -rf "$scratch/out"
    echo "| $1 | $2 | $deviation | $alone | $batches | $gradients | $answers in $whole | $answers_of_maps in $with_maps |"
}

ask() {
    "$folder/gantei" "$@" --json 2>/dev/null || true
}

run() {
    folder=$(cd "$1" && pwd)
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    export GANTEI_HOME="$scratch/home" NVIDIA_TF32_OVERRIDE=0
    cp -r "$folder/home" "$GANTEI_HOME"
    # CUDA and cuDNN as PyTorch's packages bring them.
    libraries=$(python3 -c 'import glob, site; print(":".join(p for s in [*site.getsitepackages(), site.getusersitepackages()] for p in sorted(glob.glob(s + "/nvidia/*/lib"))))')
    export LD_LIBRARY_PATH="$libraries:${LD_LIBRARY_PATH:-}"
    draw
    "$folder/gantei" --version | head -n 1
    nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null || echo "no NVIDIA driver"
    echo "$(nproc) cores; float32, TF32 off"
    echo
    echo "| network | device | largest deviation from Keras | provider | a pass with Grad-CAM, ms | passes/s in an occlusion map | integrated gradients of ${STEPS:-50} steps, s | photographs to scores, s | with overlays, s |"
    echo "|---|---|---|---|---|---|---|---|---|"
    for network in $networks; do
        for device in ${DEVICES:-embedded cpu cuda webgpu}; do
            library=$folder/$device
            if [ "$device" != embedded ] && [ ! -d "$library" ]; then
                echo "| $network | $device | no library was prepared | | | | | | |"
                continue
            fi
            export ORT_DYLIB_PATH="$library"
            measure "$network" "$device"
        done
    done
}

case "${1:-} $#" in
    "prepare 4" | "prepare 5") shift; prepare "$@" ;;
    "run 2") shift; run "$@" ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'; exit 2 ;;
esac
