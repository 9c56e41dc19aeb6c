# Functions for scripts that drive the real window: a virtual screen, a temporary home, mouse and keyboard.
# Sourced, not run. Every wait has a limit; `fail` prints the log and ends the script, and all processes are stopped.

patience_s=${patience_s:-90}
home=$(mktemp -d)
log=$home/window.log
screen_pid=
window_pid=
bus_pid=
window=
shots_taken=0

desk_tidy() {
    for pid in $window_pid $screen_pid $bus_pid; do kill "$pid" 2>/dev/null; done
    rm -rf "$home"
    # Screenshots that were not requested are kept only after a failure.
    [ -n "${own_shots-no}" ] || rm -rf "$shots"
}
trap desk_tidy EXIT

# fail WHAT: prints one clear line, then the window's log.
fail() {
    own_shots=no
    echo "$desk_name failed: $1"
    [ -n "$window" ] && timeout 20 import -window root "$shots/failed.png" 2>/dev/null && echo "  screen: $shots/failed.png"
    tail -n 25 "$log" 2>/dev/null | sed 's/^/  log: /'
    exit 1
}

skip() {
    echo "skipped: $1"
    exit 0
}

# desk_needs TOOL…: if one is missing, the script reports it and exits with status 0.
desk_needs() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null ||
            skip "$desk_name, $tool is not installed (Debian: xvfb xdotool imagemagick libgl1-mesa-dri python3)"
    done
}

# wait_for WHAT COMMAND…: until the command succeeds.
wait_for() {
    local what=$1
    shift
    local end=$((SECONDS + patience_s))
    while [ "$SECONDS" -lt "$end" ]; do
        "$@" >/dev/null 2>&1 && return 0
        [ -n "$window_pid" ] && ! kill -0 "$window_pid" 2>/dev/null && fail "the window closed while waiting for $what"
        sleep 0.2
    done
    fail "timed out waiting for $what"
}

# wait_line PATTERN [COUNT]: until this many lines of the log match.
wait_line() {
    wait_for "the line $1 (${2:-1} times)" line_is_there "$1" "${2:-1}"
}
line_is_there() { [ "$(lines "$1")" -ge "$2" ]; }
lines() { grep -c -E "$1" "$log"; }

# A screen with any free number: the lowest one is often being released by another script, and its socket disappears
# with it. -noreset, because a restart after the first client has left would refuse connections for a moment. Rendering
# is by software, as on the test machines.
desk_begin() {
    mkdir -p "$shots" "$home/run"
    chmod 700 "$home/run"
    for _ in 1 2 3 4 5; do
        export DISPLAY=:$((100 + RANDOM % 900))
        Xvfb "$DISPLAY" -noreset -screen 0 "${1:-1400x900}x24" +extension GLX >/dev/null 2>&1 &
        screen_pid=$!
        for _ in $(seq 50); do
            sleep 0.3
            kill -0 "$screen_pid" 2>/dev/null || continue 2
            xdotool getdisplaygeometry >/dev/null 2>&1 && break 2
        done
        kill "$screen_pid" 2>/dev/null
        fail "the virtual screen does not answer"
    done
    kill -0 "$screen_pid" 2>/dev/null || fail "there is no virtual screen"
    export XDG_RUNTIME_DIR=$home/run GANTEI_HOME=$home/gantei LIBGL_ALWAYS_SOFTWARE=1
    unset WAYLAND_DISPLAY WAYLAND_SOCKET
    # Without a bus there is no file dialog, and paths are typed.
    export DBUS_SESSION_BUS_ADDRESS=unix:path=$home/no-bus
}

# Starts the bus on which the window reports the names and places of its parts, as for a screen reader; status 1 if it
# is not installed. Paths must still be typed: this bus has no file dialog.
desk_names() {
    names_python=
    for python in python3 /usr/bin/python3; do
        "$python" -c 'from gi.repository import Gio' 2>/dev/null && names_python=$python && break
    done
    [ -n "$names_python" ] && command -v dbus-daemon gdbus >/dev/null && [ -x /usr/libexec/at-spi-bus-launcher ] ||
        return 1
    DBUS_SESSION_BUS_ADDRESS=$(dbus-daemon --session --fork --print-address 3 --print-pid 4 3>&1 4>"$home/bus-pid")
    export DBUS_SESSION_BUS_ADDRESS
    bus_pid=$(cat "$home/bus-pid")
    gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
        --method org.freedesktop.DBus.Properties.Set org.a11y.Status IsEnabled '<true>' >/dev/null
}

# window_open ARGUMENTS…: starts the window and gives it the keyboard focus (there is no window manager to do so).
window_open() {
    local began
    began=$(date +%s%N)
    : >"$log"
    GANTEI_LOG=1 "$binary" "$@" >/dev/null 2>"$log" &
    window_pid=$!
    wait_for "the window" xdotool search --onlyvisible --name Gantei
    window=$(xdotool search --onlyvisible --name Gantei | tail -1)
    visible_ms=$((($(date +%s%N) - began) / 1000000))
    wait_for "the models" grep -q '^models ' "$log"
    wait_for "the keyboard" xdotool windowfocus --sync "$window"
    eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=')"
    sleep 1
}

# window_close: by its key; must have ended within 2.5 s and leave its settings and no partial file.
window_close() {
    local began
    began=$(date +%s%N)
    xdotool key ctrl+q
    sleep 0.4
    # Results in no file, or a run in progress, are asked about; the choice before the safe one, which has the focus.
    kill -0 "$window_pid" 2>/dev/null && sleep 0.4 && keys shift+Tab Return
    for _ in $(seq 25); do kill -0 "$window_pid" 2>/dev/null || break; sleep 0.1; done
    kill -0 "$window_pid" 2>/dev/null && fail "the window did not close within 2.5 s"
    closed_ms=$((($(date +%s%N) - began) / 1000000))
    window_pid=
    # A script that changes no setting sets no_setting_changes: then nothing is saved.
    [ -n "${no_setting_changes:-}" ] || [ -e "$GANTEI_HOME/settings/window.json" ] || fail "the settings were not saved"
    find "$GANTEI_HOME" ${1:+"$1"} -name '*.part' | grep -q . && fail "a half file was left"
    return 0
}

# keys KEY…: one after the other, with time for a frame.
keys() {
    local one
    for one in "$@"; do
        xdotool key "$one"
        sleep 0.15
    done
}

# shot NAME: the next numbered screenshot of the window, once it is at rest.
shot() {
    sleep "${rest_s:-0.7}"
    shots_taken=$((shots_taken + 1))
    last_shot=$(printf '%s/%02d-%s.png' "$shots" "$shots_taken" "$1")
    timeout 20 import -window "$window" "$last_shot" || fail "no screenshot"
}

# differing A B: number of pixels of two pictures that differ by more than a few grey levels.
differing() {
    compare -metric AE -fuzz 3% "$1" "$2" null: 2>&1 | cut -d' ' -f1 | cut -d. -f1
}

# The following functions need desk_names.

# find_part NAME [NTH]: sets at_x and at_y to the centre of a part of the window.
find_part() { read -r at_x at_y < <("$names_python" "$desk/names.py" find "$@") && [ -n "$at_y" ]; }
seen() { find_part "$@"; }
wait_seen() { wait_for "\"$1\" on the screen" find_part "$1"; }

# press NAME [NTH]: clicks it, and scrolls to it if it is further down in its panel. A script sets `panel_end`, the y
# position where the panel ends, while it ends above the bottom of the window.
press() {
    local end=${panel_end:-$((HEIGHT - 60))}
    wait_for "\"$1\" to press" find_part "$@"
    for _ in 1 2 3 4 5 6 7 8; do
        [ "$at_y" -lt "$end" ] && break
        xdotool mousemove --window "$window" "$at_x" $((end - 90)) click --repeat 3 5
        sleep 0.5
        find_part "$@" || fail "\"$1\" went away"
    done
    xdotool mousemove --window "$window" "$at_x" "$at_y"
    sleep 0.15
    xdotool click 1
    sleep 0.35
}

# slide NAME PIXELS: clicks the rail of a slider at this distance from its centre.
slide() {
    wait_for "the slider $1" find_part "slider=$1"
    xdotool mousemove --window "$window" $((at_x + $2)) "$at_y"
    sleep 0.2
    xdotool mousedown 1
    sleep 0.1
    xdotool mouseup 1
    sleep 0.4
}

# drag ARGUMENTS…: drags files over the middle of the window and drops them (see drag.py).
drag() {
    timeout 30 python3 "$desk/drag.py" "$window" $((WIDTH / 2)) $((HEIGHT / 2)) "$@" || fail "the drag of $* failed"
}

# type_into NAME TEXT: clicks the field, replaces its text and presses Return.
type_into() {
    press "entry=$1"
    xdotool key ctrl+a
    xdotool type --delay 4 "$2"
    sleep 0.2
    xdotool key Return
    sleep 0.3
}

# command WORDS: by the palette, which knows English words in both languages.
command_by_words() {
    xdotool key ctrl+k
    sleep 0.4
    xdotool type --delay 8 "$1"
    sleep 0.4
    xdotool key Return
    sleep 0.4
}
