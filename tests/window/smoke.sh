#!/bin/bash
# Drives the real window under a virtual screen: the sample eye opens, R runs the model, the score is the command line's,
# and the overlay changes with its opacity. Bounded in time; a visible line and status 0 where the screen's tools are missing.
#
# usage: tests/window/smoke.sh BINARY [FOLDER FOR SCREENSHOTS]
set -u

binary=${1:?usage: smoke.sh BINARY [FOLDER]}
shots=${2:-$(mktemp -d)}
patience_s=90
mkdir -p "$shots"

for tool in Xvfb xdotool import compare convert python3; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: window smoke test, $tool is not installed (Debian: xvfb xdotool imagemagick libgl1-mesa-dri python3)"
        exit 0
    fi
done

home=$(mktemp -d)
runtime=$(mktemp -d)
log=$home/window.log
screen_pid=
window_pid=
tidy() {
    [ -n "$window_pid" ] && kill "$window_pid" 2>/dev/null
    [ -n "$screen_pid" ] && kill "$screen_pid" 2>/dev/null
    rm -rf "$home" "$runtime"
}
trap tidy EXIT

fail() {
    echo "window smoke test failed: $1"
    sed 's/^/  log: /' "$log" 2>/dev/null
    exit 1
}

# wait_for WHAT COMMAND…: until the command succeeds.
wait_for() {
    local what=$1
    shift
    for _ in $(seq $((patience_s * 5))); do
        "$@" >/dev/null 2>&1 && return 0
        [ -n "$window_pid" ] && ! kill -0 "$window_pid" 2>/dev/null && fail "the window closed while waiting for $what"
        sleep 0.2
    done
    fail "timed out waiting for $what"
}

# The screen picks a free number and tells it.
Xvfb -displayfd 3 -screen 0 1400x900x24 +extension GLX 3>"$home/display" >/dev/null 2>&1 &
screen_pid=$!
wait_for "the virtual screen" test -s "$home/display"
display=:$(tr -d '\n' <"$home/display")

export DISPLAY=$display XDG_RUNTIME_DIR=$runtime GANTEI_HOME=$home/gantei LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY WAYLAND_SOCKET

started=$(date +%s%N)
GANTEI_LOG=1 "$binary" >/dev/null 2>"$log" &
window_pid=$!
wait_for "the window" xdotool search --onlyvisible --name Gantei
window=$(xdotool search --onlyvisible --name Gantei | tail -1)
echo "window visible after $((($(date +%s%N) - started) / 1000000)) ms"
wait_for "the sample eye" grep -q '^opened 1411x1411$' "$log"
wait_for "the models" grep -q '^models ' "$log"
wait_for "the keyboard" xdotool windowfocus --sync "$window"
sleep 1

xdotool key r
wait_for "the score" grep -q '^score demo-mobilenet ' "$log"
score=$(sed -n 's/^score demo-mobilenet //p' "$log" | tail -1)

expected=$(timeout $patience_s "$binary" predict assets/samples/haggstrom_left_1411.jpg --model demo-mobilenet --json 2>/dev/null |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["score"])') ||
    fail "the command line gave no score"
python3 -c "import sys; sys.exit(abs($score - $expected) > 2e-4)" || fail "the window says $score, the command line $expected"

# The middle of the canvas, without any control.
shot() {
    sleep 1.2
    import -window "$window" "$shots/$1.png" || fail "no screenshot"
    convert "$shots/$1.png" -crop 560x560+320+150 +repage "$home/$1.png"
}
# differing A B: pixels that differ by more than a few grey levels.
differing() {
    compare -metric AE -fuzz 3% "$home/$1.png" "$home/$2.png" null: 2>&1 | cut -d' ' -f1
}

xdotool mousemove 5 5
shot overlay
for _ in 1 2 3 4 5 6 7 8 9 10; do xdotool key bracketleft; sleep 0.1; done
shot transparent
xdotool key s
shot hidden
xdotool key s
for _ in 1 2 3 4 5 6; do xdotool key bracketright; sleep 0.1; done
xdotool key l
shot japanese

changed=$(differing overlay transparent)
same=$(differing transparent hidden)
echo "score $score (command line $expected); $changed pixels change with the opacity, $same between opacity 0 and hidden"
[ "${changed%%.*}" -gt 5000 ] || fail "the overlay does not change with its opacity"
[ "${same%%.*}" -lt 50 ] || fail "an overlay of opacity 0 is still visible"

before=$(date +%s%N)
xdotool key ctrl+q
for _ in $(seq 25); do kill -0 "$window_pid" 2>/dev/null || break; sleep 0.1; done
kill -0 "$window_pid" 2>/dev/null && fail "the window did not close within 2.5 s"
echo "closed after $((($(date +%s%N) - before) / 1000000)) ms"
window_pid=
ls "$home/gantei/settings/window.json" >/dev/null || fail "the settings were not saved"
find "$home/gantei" -name '*.part' | grep -q . && fail "a half file was left"
echo "window smoke test passed"
