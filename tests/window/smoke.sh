#!/bin/bash
# Drives the real window under a virtual screen: the sample eye opens, R runs the model, the score equals the command
# line's, and the overlay changes with its opacity. Bounded in time. If the tools for the virtual screen are missing,
# prints a line and exits with status 0.
#
# usage: tests/window/smoke.sh BINARY [FOLDER FOR SCREENSHOTS]
set -u

binary=${1:?usage: smoke.sh BINARY [FOLDER]}
shots=${2:-$(mktemp -d)}
own_shots=${2:+no}
desk=$(cd "$(dirname "$0")" && pwd)
desk_name="window smoke test"
. "$desk/desk.sh"

desk_needs Xvfb xdotool import compare convert python3
desk_begin
window_open
echo "window visible after $visible_ms ms"
wait_for "the sample eye" grep -q '^opened 1411x1411$' "$log"

xdotool key ctrl+r
wait_for "the score" grep -q '^score demo-mobilenet ' "$log"
score=$(sed -n 's/^score demo-mobilenet //p' "$log" | tail -1)

expected=$(timeout $patience_s "$binary" predict assets/samples/haggstrom_left_1411.jpg --model demo-mobilenet --json 2>/dev/null |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["score"])') ||
    fail "the command line gave no score"
python3 -c "import sys; sys.exit(abs($score - $expected) > 2e-4)" || fail "the window says $score, the command line $expected"

# The middle of the canvas, without any control: the bars above it grow with the three steps of the first page.
middle() {
    shot "$1"
    convert "$last_shot" -crop 300x300+520+330 +repage "$home/$1.png"
}

rest_s=1.2
xdotool mousemove 5 5
# Over the photograph in its colours, as it is shown without the map.
xdotool key e
middle overlay
for _ in 1 2 3 4 5 6 7 8 9 10; do xdotool key bracketleft; sleep 0.1; done
middle transparent
xdotool key s
middle hidden
xdotool key s
for _ in 1 2 3 4 5 6; do xdotool key bracketright; sleep 0.1; done
xdotool key ctrl+shift+l
middle japanese

changed=$(differing "$home/overlay.png" "$home/transparent.png")
same=$(differing "$home/transparent.png" "$home/hidden.png")
echo "score $score (command line $expected); $changed pixels change with the opacity, $same between opacity 0 and hidden"
[ "$changed" -gt 5000 ] || fail "the overlay does not change with its opacity"
[ "$same" -lt 50 ] || fail "an overlay of opacity 0 is still visible"

window_close
echo "closed after $closed_ms ms"
echo "window smoke test passed"
