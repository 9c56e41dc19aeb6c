#!/bin/bash
# Kills the real window in the middle of a run over drawn eyes, restarts it under a virtual screen, resumes the run as
# offered, and exports it: no photograph is processed twice, and the journal is removed once the table is written. If
# the tools for the virtual screen or for the window's names are missing, prints a line and exits with status 0.
#
# usage: tests/window/cut_off.sh BINARY [FOLDER FOR SCREENSHOTS]
set -u

binary=${1:?usage: cut_off.sh BINARY [FOLDER]}
shots=${2:-$(mktemp -d)}
own_shots=${2:+no}
desk=$(cd "$(dirname "$0")" && pwd)
desk_name="window cut-off test"
. "$desk/desk.sh"

readonly PHOTOGRAPHS=60
readonly BEFORE=8

desk_needs Xvfb xdotool import python3
desk_begin
desk_names || skip "$desk_name, the names of the window's parts cannot be read"
eyes=$home/eyes
out=$home/study
journal=$out/.gantei-journal.jsonl
"$binary" draw --count $PHOTOGRAPHS --seed 28 --size 512 --out "$eyes" >/dev/null 2>&1 || fail "no eyes were drawn"

kept() { grep -c '"entry":{"answers":' "$journal" 2>/dev/null || true; }
at_least() { [ "$(kept)" -ge "$1" ]; }

window_open "$eyes/images"
wait_line "^added $PHOTOGRAPHS$"
press "Run on several photographs"
press "Save results during runs..."
wait_seen "entry=Path of the folder"
type_into "Path of the folder" "$out"
keys Escape ctrl+Return
wait_for "$BEFORE answers in the journal" at_least $BEFORE
kill -9 "$window_pid"
wait "$window_pid" 2>/dev/null
window_pid=
before=$(kept)
[ "$before" -lt $PHOTOGRAPHS ] || fail "the run was over before the kill"

window_open
wait_seen "Choose its photographs' folder..."
shot offer
press "Choose its photographs' folder..."
wait_seen "entry=File or folder path"
type_into "File or folder path" "$eyes/images"
wait_for "the end of the run" at_least $PHOTOGRAPHS
shot finished
[ "$(kept)" = $PHOTOGRAPHS ] || fail "$(kept) answers are kept of $PHOTOGRAPHS photographs"
seen "$before taken over from the earlier run" || fail "the window does not say that $before answers were taken over"

keys ctrl+e
press "All with results*"
for kind in "Overlay (PNG, full size)" "Figure, side by side (PNG)"; do press "$kind"; done
press "button=Export"
wait_for "the table" test -s "$out/results.csv"
wait_for "the journal to go" test ! -e "$journal"
shot exported
rows=$(($(wc -l <"$out/results.csv") - 1))
echo "$before of $PHOTOGRAPHS answers before the kill, $rows rows in the table"
window_close
echo "$desk_name passed"
