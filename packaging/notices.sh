#!/bin/sh
# Writes the licences of everything inside the executable, with their texts: third-party notices for a package.
#
#   sh packaging/notices.sh [FILE]              target/notices.txt without FILE
#   TARGET=x86_64-pc-windows-msvc sh packaging/notices.sh
#
# Needs cargo and python3, and no network once the sources of the dependencies were fetched (cargo fetch --locked). It
# fails where a crate comes without any text that its licence asks to be kept.
set -eu
cd "$(dirname "$0")/.."

target=${TARGET:-$(rustc -vV | sed -n 's/^host: //p')}
out=${1:-target/notices.txt}
mkdir -p "$(dirname "$out")"
cargo metadata --format-version 1 --locked --offline --filter-platform "$target" |
    python3 packaging/notices.py >"$out.part"
mv "$out.part" "$out"
echo "$out: what the executable for $target holds"
