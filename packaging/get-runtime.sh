#!/bin/sh
# Fetches the official ONNX Runtime library with pip, checks it, and puts it where Gantei looks for it.
#
#   get-runtime.sh [--openvino]
#
# --openvino takes the build with OpenVINO (Linux on x86-64), which runs large networks faster on many processors. It is
# used in place of the plain one; Gantei decides for each model which of the two computes it faster.
#
# Needs: python3 with pip, and a network on which pip works. Run it again at any time; it does nothing twice.
# Gantei works without it, with its embedded engine; ONNX Runtime is faster.
set -eu

fail() {
    echo "get-runtime: $1" >&2
    exit "${2:-1}"
}

case "$*" in
    "") package=onnxruntime version=1.31.1 ;;
    --openvino) package=onnxruntime-openvino version=1.24.1 ;;
    *) fail "usage: get-runtime.sh [--openvino]" 2 ;;
esac

case "$package $(uname -s) $(uname -m)" in
    "onnxruntime-openvino Linux x86_64")
        platform=manylinux_2_28_x86_64
        library=libonnxruntime.so.$version
        sha256=3007c803634cc69c6d52af1dea7ce729d9bb62b9a11070fd2f959119199007a8 ;;
    "onnxruntime Linux x86_64")
        platform=manylinux_2_28_x86_64
        library=libonnxruntime.so.$version
        sha256=5752bd508126ae7c49894d3b9d2e83f0c3d487319246d04c444b393308d7ad7f ;;
    "onnxruntime Linux aarch64" | "onnxruntime Linux arm64")
        platform=manylinux_2_28_aarch64
        library=libonnxruntime.so.$version
        sha256=da05378364c44d4407e463982d2bf8d5e4cfea873283757e48beeb41df97b7f3 ;;
    "onnxruntime Darwin arm64")
        platform=macosx_14_0_arm64
        library=libonnxruntime.$version.dylib
        sha256=60b6b69bfe580eab576cacc5d132a0e9cf2a37fcfd18d46dd191042b1d1ed0d7 ;;
    *)
        fail "there is no official library $package $version for $(uname -s) on $(uname -m); the embedded engine works without it" ;;
esac

# The folder of the application's data, as Gantei itself chooses it.
if [ -n "${GANTEI_HOME:-}" ]; then
    runtime=$GANTEI_HOME/runtime
elif [ "$(uname -s)" = Darwin ]; then
    runtime=$HOME/Library/Application\ Support/gantei/runtime
else
    # Only an absolute XDG_DATA_HOME counts.
    case "${XDG_DATA_HOME:-}" in
        /*) runtime=$XDG_DATA_HOME/gantei/runtime ;;
        *) runtime=$HOME/.local/share/gantei/runtime ;;
    esac
fi
# The plain build is named by its version alone, as `gantei runtime install` does.
case $package in
    onnxruntime) target=$runtime/$version ;;
    *) target=$runtime/onnxruntime_openvino-$version ;;
esac

if [ -s "$target/$library" ]; then
    echo "$package $version is installed already: $target/$library"
    exit 0
fi

command -v python3 >/dev/null 2>&1 || fail "python3 is not installed"
python3 -m pip --version >/dev/null 2>&1 || fail "pip is not installed for python3"

umask 022
mkdir -p "$runtime"
work=$(mktemp -d "$runtime/.part-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

echo "Fetching the wheel of $package $version for $platform with pip …"
echo "$package==$version --hash=sha256:$sha256" > "$work/requirements.txt"
python3 -m pip download --quiet --disable-pip-version-check \
    --only-binary=:all: --no-deps --python-version 3.11 --implementation cp --platform "$platform" \
    --require-hashes -r "$work/requirements.txt" -d "$work/wheel" ||
    fail "pip could not fetch the wheel, or its checksum is not the known one"

echo "Checking it once more and taking out $library …"
mkdir "$work/new"
python3 - "$work/wheel" "$work/new" "$sha256" <<'PYTHON'
import hashlib, pathlib, shutil, sys, zipfile

folder, target, expected = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
wheels = list(folder.glob("*.whl"))
if len(wheels) != 1:
    sys.exit(f"get-runtime: expected one wheel, found {len(wheels)}")
found = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
if found != expected:
    sys.exit(f"get-runtime: the checksum is {found}, not {expected}")
with zipfile.ZipFile(wheels[0]) as wheel:
    for name in wheel.namelist():
        folder, _, short = name.rpartition("/")
        library = short.endswith((".so", ".dylib", ".dll")) or ".so." in short
        if folder == "onnxruntime/capi" and library and not short.startswith("onnxruntime_pybind11_state"):
            with wheel.open(name) as source, open(target / short, "xb") as copy:
                shutil.copyfileobj(source, copy)
PYTHON
[ -s "$work/new/$library" ] || fail "the wheel does not hold $library"

# One rename: Gantei never sees half a library.
rm -rf "$target"
mv "$work/new" "$target"
echo "Installed: $target/$library"
echo "\"gantei devices\" shows whether it is used."
