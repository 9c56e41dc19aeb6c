#!/bin/bash
# Figures of the real window under a virtual screen and software rendering: first frame, idle, a folder of 1,000
# photographs, memory of a run over many, and the slowest frame over very large photographs. Bounded in time. If tools
# are missing, prints a line and exits with status 0. It measures only; it fails if a measurement is impossible.
#
# usage: tests/benchmark/window.sh BINARY     (a release build; PHOTOGRAPHS, default 1000, and RUN_S, default 60, shorten it)
set -u

binary=$(realpath "${1:?usage: window.sh BINARY}")
shots=$(mktemp -d)
desk=$(cd "$(dirname "$0")/../window" && pwd)
desk_name="window benchmark"
no_setting_changes=yes
. "$desk/desk.sh"
trap 'desk_tidy; rm -rf "$shots"' EXIT

desk_needs Xvfb xdotool import
desk_begin
photographs=${PHOTOGRAPHS:-1000}
run_s=${RUN_S:-60}

figure() { printf '%-58s %s\n' "$1" "$2"; }
ticks() { awk '{ print $14 + $15 }' "/proc/$window_pid/stat"; }
peak_mib() { awk '/^VmHWM/ { printf "%d", $2 / 1024 }' "/proc/$window_pid/status"; }
now_mib() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$window_pid/status"; }
# slowest_after LINES: the slowest of the frames above 50 ms logged after this many lines; empty if there are none.
slowest_after() { tail -n +$(($1 + 1)) "$log" | sed -n 's/^slow-frame //p' | sort -n | tail -1; }
# on_processor FIELD: milliseconds that the UI thread has run (1) or waited for a processor in use by others (2).
on_processor() { awk -v field="$1" '{ printf "%d", $field / 1000000 }' "/proc/$window_pid/task/$window_pid/schedstat"; }
slowest_of() { sed -n 's/^frames \([0-9]*\) slowest \([0-9]* ms\)$/\2 of \1 frames/p' "$log"; }

figure "processors, and programs that want one (load of the last minute)" "$(nproc), $(cut -d' ' -f1 /proc/loadavg)"

# ---- First frame
for _ in 1 2 3 4 5; do
    window_open
    sed -n 's/^first-frame \([0-9]*\) ms$/\1/p' "$log" >>"$home/first"
    echo "$visible_ms" >>"$home/visible"
    window_close
done
figure "first frame, models loading behind it (median of 5)" "$(sort -n "$home/first" | sed -n 3p) ms"
figure "window visible, found by polling (median of 5)" "$(sort -n "$home/visible" | sed -n 3p) ms"

# ---- Idle
window_open
sleep 6
before=$(ticks)
sleep 5
figure "idle, processor ticks over 5 s" $(($(ticks) - before))
window_close

# ---- Many photographs
"$binary" draw --count 1 --seed 3 --size 512 --format jpg --out "$home/eye" >/dev/null || fail "no eye could be drawn"
eye=$(ls "$home"/eye/images/* | head -1)
mkdir "$home/many"
for i in $(seq -w "$photographs"); do
    cp "$eye" "$home/many/eye_$i.jpg"
    # Bytes after the end of a JPEG change its digest, not its pixels: each copy counts as a different photograph.
    echo "$i" >>"$home/many/eye_$i.jpg"
done
began=$(date +%s%N)
: >"$log"
GANTEI_LOG=1 "$binary" "$home/many" >/dev/null 2>"$log" &
window_pid=$!
wait_line "^added $photographs$"
figure "$photographs photographs in the list, since the start of the process" "$((($(date +%s%N) - began) / 1000000)) ms (±200)"
wait_for "the window" xdotool search --onlyvisible --name Gantei
window=$(xdotool search --onlyvisible --name Gantei | tail -1)
wait_line '^models '
wait_for "the keyboard" xdotool windowfocus --sync "$window"
eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=')"
sleep 4
figure "memory with the list: now, peak" "$(now_mib) MiB, $(peak_mib) MiB"
# Scrolls the list before its thumbnails are loaded.
xdotool mousemove --window "$window" 120 $((HEIGHT / 2)) click --repeat 60 --delay 30 5
sleep 2
figure "memory after scrolling through the list: now, peak" "$(now_mib) MiB, $(peak_mib) MiB"
xdotool key ctrl+r
wait_line '^score '
for part in 1 2 3; do
    sleep $((run_s / 3))
    figure "memory after running on $(lines '^score ') of them: now, peak" "$(now_mib) MiB, $(peak_mib) MiB"
done
window_close
figure "slowest frame meanwhile" "$(slowest_of); closed in the run after $closed_ms ms"

# ---- A frame over ten and over ten thousand photographs
# The same file under many names: what is listed is not decoded until its row is in view.
for count in 10 10000; do
    mkdir "$home/long-$count"
    for i in $(seq -w "$count"); do ln "$eye" "$home/long-$count/p${i}_OD.jpg"; done
    began=$(date +%s%N)
    : >"$log"
    GANTEI_LOG=1 "$binary" "$home/long-$count" >/dev/null 2>"$log" &
    window_pid=$!
    wait_line "^added $count$"
    figure "$count files in the list, since the start of the process" "$((($(date +%s%N) - began) / 1000000)) ms (±200)"
    wait_for "the window" xdotool search --onlyvisible --name Gantei
    window=$(xdotool search --onlyvisible --name Gantei | tail -1)
    wait_line '^models '
    wait_for "the keyboard" xdotool windowfocus --sync "$window"
    eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=')"
    sleep 6
    # Both are moved over as often as each other, so that they draw as many frames.
    ran=$(on_processor 1)
    for step in $(seq 200); do
        xdotool mousemove --window "$window" $((60 + step % 2 * 40)) $((HEIGHT / 2 + step % 7 * 10))
        sleep 0.02
    done
    sleep 0.5
    figure "  the UI thread over 200 movements of the mouse" "$(($(on_processor 1) - ran)) ms"
    window_close
    figure "  slowest frame" "$(slowest_of)"
done

# ---- Very large photographs
# roam: wheel and drags over the canvas, about 15 s.
roam() {
    local x=$((244 + (WIDTH - 244 - 360) / 2)) y=$((HEIGHT / 2))
    for round in 1 2 3; do
        xdotool mousemove --window "$window" "$x" "$y" click --repeat 12 --delay 60 4
        xdotool mousedown 1
        for step in $(seq 30); do
            xdotool mousemove_relative -- $((round % 2 ? 9 : -9)) 5
            sleep 0.03
        done
        xdotool mouseup 1
        xdotool key 1
        sleep 0.7
        xdotool mousemove --window "$window" "$x" "$y" mousedown 1
        for step in $(seq 20); do
            xdotool mousemove_relative -- -12 -8
            sleep 0.03
        done
        xdotool mouseup 1 click --repeat 12 --delay 60 5
        xdotool key f
        sleep 0.5
    done
}
for size in 11446x11446 12000x9000; do
    # About half a minute each.
    "$binary" draw --count 1 --seed 1 --size "$size" --format jpg --out "$home/$size" >/dev/null || fail "no eye of $size"
    large=$(ls "$home/$size"/images/* | head -1)
    window_open "$large"
    began=$(date +%s%N)
    wait_line "^opened $size$"
    figure "a photograph of $size, opened after" "$((($(date +%s%N) - began) / 1000000 + visible_ms + 1000)) ms at most"
    sleep 1
    # A frame is logged when the next one begins, so the lines up to here belong to the start.
    opening=$(slowest_after 0)
    before=$(wc -l <"$log")
    slow=$(lines '^slow-frame ')
    ran=$(on_processor 1)
    waited=$(on_processor 2)
    roam
    ran=$(($(on_processor 1) - ran))
    waited=$(($(on_processor 2) - waited))
    roaming=$(slowest_after "$before")
    slow=$(($(lines '^slow-frame ') - slow))
    memory="$(now_mib) MiB, peak $(peak_mib) MiB"
    window_close
    figure "  memory" "$memory"
    figure "  slowest frame while starting and opening" "${opening:-below 50 ms}"
    figure "  slowest frame, zoom and pan for 15 s (target: < 100 ms)" "${roaming:-below 50 ms}, $slow above 50 ms"
    figure "  the UI thread meanwhile: ran, waited for a processor" "$ran ms, $waited ms"
done
