#!/bin/sh
# Writes the bill of materials of a release: every crate with its version, licence and checksum, as CycloneDX 1.5 in JSON.
#
#   sh packaging/sbom.sh [FILE]              target/gantei.cdx.json without FILE
#   TARGET=x86_64-pc-windows-msvc sh packaging/sbom.sh
#
# Needs cargo; fetches and builds cargo-cyclonedx where it is not there.
set -eu
cd "$(dirname "$0")/.."

version=0.5.9
target=${TARGET:-$(rustc -vV | sed -n 's/^host: //p')}
out=${1:-target/gantei.cdx.json}

if ! cargo cyclonedx --version >/dev/null 2>&1; then
    # Without optimisation: it is built once and runs for a second.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off cargo install cargo-cyclonedx --locked --version "$version" --quiet
fi
mkdir -p "$(dirname "$out")"
cargo cyclonedx --format json --spec-version 1.5 --target "$target" --override-filename gantei.cdx --quiet
mv gantei.cdx.json "$out"
# Folders of the machine that made it say nothing to anybody else.
python3 - "$out" "$PWD" <<'PYTHON'
import json
import sys

path, folder = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    text = file.read().replace(f"path+file://{folder}", "path+file:///gantei")
document = json.loads(text)
assert document["bomFormat"] == "CycloneDX" and len(document["components"]) > 100, "not a whole bill"
assert folder not in text, "a folder of this machine"
with open(path, "w", encoding="utf-8") as file:
    file.write(text)
print(f"{path}: {len(document['components'])} components for CycloneDX {document['specVersion']}")
PYTHON
