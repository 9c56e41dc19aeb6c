#!/bin/bash
# A tour of the real window under a virtual screen: by mouse and keyboard through every page in both languages, with
# numbered screenshots, comparing results with the command line where possible.
#
# Parts are found by their accessible names (names.py), so that a new layout does not break the tour. Bounded in time.
# If tools are missing, prints a line and exits with status 0.
#
# usage: tests/window/tour.sh BINARY [FOLDER FOR SCREENSHOTS]
#        GANTEI_TEST_IMAGES: photographs (default: ../shared/images next to the repository; else drawn eyes)
set -u

binary=$(realpath "${1:?usage: tour.sh BINARY [FOLDER]}")
shots=${2:-$(mktemp -d)}
own_shots=${2:+no}
desk=$(cd "$(dirname "$0")" && pwd)
repository=$(realpath "$desk/../..")
desk_name="window tour"
patience_s=40
. "$desk/desk.sh"

desk_needs Xvfb xdotool import compare convert python3 timeout
desk_begin
desk_names || skip "$desk_name, names of parts cannot be asked for (Debian: python3-gi at-spi2-core dbus libglib2.0-bin)"
# The whole tour has a time limit as well.
(
    trap 'kill $nap 2>/dev/null; exit' TERM
    sleep 900 &
    nap=$!
    wait $nap
    echo "window tour: fifteen minutes are over"
    kill -TERM $$
) 2>/dev/null &
guard_pid=$!
trap 'kill $guard_pid 2>/dev/null; desk_tidy' EXIT
trap 'exit 1' TERM

section() { echo "$(printf '%3d' $SECONDS) s  $1"; }

# ---- Photographs: a clean folder with pairs of eyes, a large one, one that is not a photograph, and a broken file.
images=${GANTEI_TEST_IMAGES:-$repository/../shared/images}
folder=$home/photographs
mkdir "$folder"
if [ -d "$images/fundus" ]; then
    for name in chase_01L chase_01R chase_02L chase_02R hrf_01_h_small idrid_17_clean_full; do
        cp "$images/fundus/$name.jpg" "$folder"
    done
    cp "$images/quality/hag_left_blur12.jpg" "$images/quality/notfundus_coffee.png" "$folder"
else
    echo "skipped: photographs, $images is not there; drawn eyes take their place"
    "$binary" draw --count 8 --seed 7 --size 800 --out "$home/drawn" >/dev/null || fail "no eyes could be drawn"
    cp "$home"/drawn/images/* "$folder"
fi
chmod u+w "$folder"/*
echo "not a photograph" >"$folder/broken.jpg"
total=$(ls "$folder" | wc -l)
good=$((total - 1))

# ---- The first page
section "first page, and ways in"
window_open
wait_line '^opened 1411x1411$'
grep -q '^first-frame ' "$log" || fail "the first frame was not told"
shot first-page
keys ctrl+shift+l
shot first-page-ja
keys ctrl+shift+l
command_by_words settings
press "box=Remember recent files"
shot settings
keys Escape
press "Hide"
command_by_words "clear the list"
wait_seen "Open the sample eye"
shot nothing-open
keys ctrl+o
# There is no file dialog here, so the window asks for a path.
wait_seen "entry=File or folder path"
shot no-dialog
one=$(ls "$folder"/*.jpg | grep -v broken | head -1)
before=$(lines '^opened ')
# The field has the focus: typed text is a path, and no letter is a command.
xdotool type --delay 8 "$one"
sleep 0.3
shot path-typed
xdotool key Return
wait_line '^opened ' $((before + 1))
[ "$(lines '^score ')" = 0 ] || fail "typing a path started a run"
shot one-file-by-path
type_into "File or folder path" "$home/no-such-folder"
shot wrong-path
type_into "File or folder path" "$folder"
wait_line "^added $total$"
rest_s=3 shot folder-by-path
press "button=File"
press "Recent files"
shot recent-files
seen "photographs" || seen "*$(basename "$one")" || fail "the recent files do not hold the folder"
keys Escape Escape

# ---- The list
section "list"
# Rows are named with their eye and state.
rows() { "$names_python" "$desk/names.py" list | cut -f1,2 | grep -c -E "(, O[DS])?, (Not run yet|Model score|Could not|Waiting|Running|The run|Opening|[0-9]\.).*$"; }
shown_row() { "$names_python" "$desk/names.py" list | grep -E 'switch.*, (Not run yet|Model score|Could not be opened).*pressed' | cut -f2 | head -1; }
name=$(basename "$one")
type_into "Find a name" "${name%.*}"
shot filtered
[ "$(rows)" -lt "$total" ] || fail "the filter hides nothing"
press "entry=Find a name"
keys ctrl+a BackSpace Escape
press "combo=Sort by"
press "Name"
shot sorted
keys Page_Up Page_Up Page_Up Page_Up Page_Up Page_Up Page_Up Page_Up Page_Up Page_Up
first=$(shown_row)
keys Next
second=$(shown_row)
[ "$first" != "$second" ] || fail "the next key stays at $first"
keys Prior
[ "$(shown_row)" = "$first" ] || fail "the previous key does not lead back to $first"
# Mark by mouse, one more with Ctrl, a range with Shift.
row_at() { find_part "$(ls "$folder" | sed -n "${1}p")*" && xdotool mousemove --window "$window" "$at_x" "$at_y"; sleep 0.2; }
# The key is held until the window has received the click.
click_with() { xdotool keydown "$1"; sleep 0.2; xdotool click 1; sleep 0.5; xdotool keyup "$1"; sleep 0.2; }
row_at 1; xdotool click 1; sleep 0.3
row_at 3; click_with ctrl
seen "2 selected" || fail "Ctrl marks no second photograph"
row_at 5; click_with shift
shot marked
seen "5 selected" || seen "3 selected" || fail "Shift marks no range"
command_by_words "select none"
row_at 2; xdotool click 1; sleep 1
keys ctrl+4
press "This is the right eye (OD)"
seen "label=OD (right)" || fail "the eye was not corrected"
shot eye-corrected
command_by_words "hide file names"
seen "No. 1*" || fail "names are not hidden"
shot names-hidden
command_by_words "hide file names"

# ---- The canvas
section "canvas"
row_at 2; xdotool click 1; sleep 1.5
canvas_x=$((244 + (WIDTH - 244 - 360) / 2))
canvas_y=$((HEIGHT / 2))
xdotool mousemove --window "$window" $((canvas_x - 80)) $((canvas_y - 40))
shot canvas-fit
fitted=$last_shot
xdotool click --repeat 8 --delay 60 4
shot zoomed-to-pointer
[ "$(differing "$fitted" "$last_shot")" -gt 5000 ] || fail "the wheel does not zoom"
zoomed=$last_shot
xdotool mousedown 1
for _ in 1 2 3 4 5 6; do xdotool mousemove_relative -- 20 12; sleep 0.05; done
xdotool mouseup 1
shot panned
[ "$(differing "$zoomed" "$last_shot")" -gt 5000 ] || fail "dragging does not pan"
keys 1
shot actual-size
keys f o
shot field-outline
keys o e
shot red-free
press "Display adjusted*"
shot display
unadjusted=$last_shot
slide Brightness 30
slide Contrast 30
shot display-adjusted
[ "$(differing "$unadjusted" "$last_shot")" -gt 5000 ] || fail "brightness and contrast change nothing"
keys Escape d
xdotool mousemove --window "$window" 5 $((HEIGHT - 5))
shot plain-again

# ---- Runs
section "run with one and both models, cancel"
# The entries of the models' box stay open while several are chosen.
keys ctrl+r
wait_line '^score demo-mobilenet '
shot one-model
press "combo=Model"
press "Run together: *" 2
shot model-box
keys Escape
keys ctrl+r
wait_line '^score demo-efficientnet-b0 '
shot two-models
keys F3
shot side-by-side
keys F4
shot models-side-by-side
keys ctrl+shift+l
shot models-side-by-side-ja
keys ctrl+shift+l F2
keys Next
sleep 1.5
scores=$(lines '^score ')
xdotool key --delay 20 ctrl+r Escape
sleep 1
shot cancelled
if seen "The run was cancelled."; then :
elif line_is_there '^score ' $((scores + 2)); then echo "       the run was over before its key"
else fail "the run was not cancelled"; fi

section "run on all: pause, continue, cancel, failed rows"
# Same input as for the command line: the folder alone, without eyes set by hand.
command_by_words "clear the list"
shot clear-question
press "Clear without exporting"
wait_seen "Open the sample eye"
added=$(lines "^added $total$")
keys ctrl+o
type_into "File or folder path" "$folder"
wait_line "^added $total$" $((added + 1))
row_at 3; xdotool click 1; sleep 1.5
scores=$(lines '^score ')
keys ctrl+Return
wait_line '^score ' $((scores + 2))
keys p
sleep 1.5
held=$(lines '^score ')
sleep 1.5
[ "$(lines '^score ')" = "$held" ] || fail "a paused run goes on"
shot paused
if seen "Paused*"; then :; else seen "The run is finished*" || fail "neither paused nor finished"; fi
keys p
sleep 0.5
command_by_words "cancel the run"
shot many-cancelled
keys ctrl+Return
wait_seen "The run is finished*"
shot many-finished
press "combo=Show"
press "Failed"
shot failed-rows
[ "$(rows)" -ge 1 ] || fail "no failed row"
command_by_words "rerun failed photographs"
sleep 1.5
shot run-failed-only
press "combo=Show"
press "All"

# ---- Export
section "export, equal to the command line"
out=$home/exported
mkdir "$out"
keys ctrl+e
wait_seen "radio=All with results*"
press "radio=All with results*"
box_on() { "$names_python" "$desk/names.py" list | grep -P "^box\t$1" | grep -q checked; }
# want NAME on|off: sets a check box.
want() {
    local is=off
    box_on "${1//[()]/.}" && is=on
    [ "$is" = "$2" ] || press "box=$1"
}
want "with a caption beneath the photograph" on
want "Figure, side by side (PNG)" on
rest_s=2 shot export-caption
want "with a caption beneath the photograph" off
want "Overlay (PNG, full size)" on
want "Table (CSV)" on
want "All data (JSON)" on
press "Choose a folder..."
wait_seen "entry=Path of the folder"
type_into "Path of the folder" "$out"
rest_s=2 shot export-ready
press "button=Export"
wait_for "the exported table" test -s "$out/results.csv"
rest_s=0.3 shot exported
timeout 120 "$binary" predict "$folder" --model demo-mobilenet --model demo-efficientnet-b0 --out "$home/cli" >/dev/null 2>&1
cmp "$out/results.csv" "$home/cli/results.csv" || fail "the exported table is not the command line's"
"$names_python" - "$out/results_full.csv" "$home/cli/results_full.csv" <<'P' || fail "the exported fields are not the command line's"
import csv, sys
def fields(path):
    rows = csv.DictReader(open(path, encoding="utf-8-sig"))
    # The files of a row depend on the options.
    return [{k: v for k, v in r.items() if not k.endswith("_ms") and k != "files"} for r in rows]
window, command_line = map(fields, sys.argv[1:])
for one, other in zip(window, command_line):
    for key in one.keys() | other.keys():
        if one.get(key) != other.get(key):
            print("  differs:", one["image"], key, one.get(key), other.get(key))
print(f"       {len(window)} rows compared")
sys.exit(window != command_line or not window)
P
pictures=0
for file in "$home"/cli/*.png; do
    cmp -s "$file" "$out/$(basename "$file")" || fail "$(basename "$file") is not the command line's byte for byte"
    pictures=$((pictures + 1))
done
[ "$pictures" -ge "$good" ] || fail "only $pictures pictures were exported"
echo "       $pictures pictures equal byte for byte"
written=$(ls "$out" | wc -l)
keys ctrl+e
press "radio=All with results*"
type_into "Path of the folder" "$out"
press "button=Export"
wait_seen "These files already exist:"
shot export-names
press "Keep both"
sleep 3
[ "$(ls "$out" | wc -l)" -gt "$written" ] || fail "keeping both wrote nothing"
shot kept-both
keys Escape ctrl+shift+t
shot copied
if command -v xclip >/dev/null; then
    text=$(timeout 5 xclip -selection clipboard -o 2>/dev/null)
    [ -n "$text" ] || fail "the result was not copied"
    echo "       copied ${#text} letters"
else
    echo "skipped: copied result, xclip is not installed"
fi
row_at 4; xdotool click 1; sleep 1
keys F5
shot both-eyes
keys F6
shot table
keys ctrl+shift+l
shot table-ja
keys ctrl+shift+l F2

# ---- The overlay
section "overlay"
shot overlay-on
on=$last_shot
keys s
shot overlay-off
[ "$(differing "$on" "$last_shot")" -gt 3000 ] || fail "the overlay is not switched"
keys s bracketleft bracketleft bracketleft
shot overlay-weaker
[ "$(differing "$on" "$last_shot")" -gt 3000 ] || fail "the overlay's opacity does not change"
keys bracketright bracketright bracketright bracketright c g
press "combo=Colours"
shot colours-box
keys Down Down Return Escape
press "More map controls"
press "Smooth"
shot contour-borders-smooth
press "towards male"
keys Escape
shot one-sided
keys ctrl+5
shot about-the-model
xdotool mousemove --window "$window" $((WIDTH - 150)) $((HEIGHT - 200)) click --repeat 40 5
shot details
keys ctrl+shift+l
shot details-ja
keys ctrl+shift+l

# ---- Saliency maps
section "methods, controls, anatomy, brush, steps"
# panel_wheel BUTTON COUNT: the wheel over the answer panel, up or down (4 or 5).
panel_wheel() { xdotool mousemove --window "$window" $((WIDTH - 150)) $((HEIGHT - 200)) click --repeat "$2" "$1"; sleep 0.6; }
panel_wheel 4 80
xdotool mousemove --window "$window" 120 $((HEIGHT / 2)) click --repeat 40 4
# A photograph with the fovea in its centre.
centred=$(ls "$folder" | grep -m1 -E 'idrid|_OD')
type_into "Find a name" "${centred%%.*}"
find_part "$centred*" && xdotool mousemove --window "$window" "$at_x" "$at_y" && sleep 0.3
xdotool click 1
sleep 1.5
keys Escape
scores=$(lines '^score ')
keys ctrl+r
wait_line '^score ' $((scores + 2))
keys c g
press "More map controls"
press "Cells"
press "Both directions"
keys Escape ctrl+2
panel_wheel 4 80
press "combo=Method"
press "Occlusion"
press "combo=Patches"
press "8"
press "button=Compute map (*"
wait_seen "81 model runs, *"
shot occlusion
occluded=$last_shot
press "combo=Method"
press "Grad-CAM"
wait_seen "1 model run, *"
shot grad-cam-again
[ "$(differing "$occluded" "$last_shot")" -gt 3000 ] || fail "another method shows the same map"
keys ctrl+3
press "Check this map"
wait_seen "Hiding the top *"
wait_seen "Small changes to the photograph*"
panel_wheel 5 12
rest_s=1 shot map-controls
keys ctrl+shift+l
shot map-controls-ja
keys ctrl+shift+l
keys ctrl+2
press "button=Detect"
wait_seen "button=Accept"
press "Accept"
press "box=Show region outlines"
press "Hide each region"
wait_seen "Random"
panel_wheel 5 4
rest_s=1 shot anatomy
keys ctrl+shift+l
shot anatomy-ja
keys ctrl+shift+l
panel_wheel 4 80
keys b
wait_seen "button=Exit"
shot cover-brush
bare=$last_shot
xdotool mousemove --window "$window" $((canvas_x - 60)) $((canvas_y - 30)) mousedown 1
for _ in 1 2 3 4 5 6 7 8; do xdotool mousemove_relative -- 12 6; sleep 0.08; done
xdotool mouseup 1
rest_s=2 shot covered
[ "$(differing "$bare" "$last_shot")" -gt 1000 ] || fail "the brush covers nothing"
keys ctrl+shift+l
shot covered-ja
keys ctrl+shift+l b
keys F7
wait_seen "button=Next step"
shot steps-photograph
for step in crop resized numbers features map score; do
    press "button=Next step"
    shot "steps-$step"
done
keys Escape
press "entry=Find a name"
keys ctrl+a BackSpace Escape

# ---- Sheets
section "models, import, devices"
command_by_words models
panel_end=690
shot models
press "Self-test: *"
wait_seen "Agrees with the reference result."
shot self-test
press "Get JOIR models"
shot joir
press "Import a model"
press "Choose a model file..."
wait_seen "entry=Path of the model file or folder"
cp "$repository/models/demo/demo-mobilenet.h5" "$home/my-network.h5"
type_into "Path of the model file or folder" "$home/my-network.h5"
wait_seen "Contents of the file"
press "combo=Preset"
shot import-guesses
press "JOIR MobileNet"
shot import
# Scrolls up to the button.
xdotool mousemove --window "$window" $((WIDTH / 2)) $((HEIGHT / 2)) click --repeat 40 4
press "entry=Name"
sleep 0.5
xdotool key ctrl+a
xdotool type --delay 40 my-network
xdotool key Tab
press "button=Import"
wait_seen "button=Choose a model file..."
shot imported
press "Show the installed models"
press "Edit card: *"
wait_seen "button=Discard"
shot card-edited
press "Check preprocessing"
shot check
press "Devices"
sleep 4
shot devices
# An open sheet blocks the language key.
keys Escape ctrl+shift+l
command_by_words devices
sleep 2
shot devices-ja
press "モデルを取り込む"
shot import-ja
press "導入済み"
shot models-ja
keys Escape ctrl+shift+l
ls "$GANTEI_HOME"/models 2>/dev/null | grep -q my-network || fail "the import is not in the library"

panel_end=

section "settings, sizes, light theme, palette, keys, about"
command_by_words larger; command_by_words larger
shot size-150
command_by_words larger; command_by_words larger
shot size-200
command_by_words models
shot models-200
keys Escape
keys ctrl+e
shot export-200
keys Escape
for _ in 1 2 3 4; do keys ctrl+minus; done
keys ctrl+shift+d
shot light
command_by_words models
shot models-light
press "Devices"
shot devices-light
keys Escape
command_by_words "keyboard shortcuts"
shot keys-light
keys Escape ctrl+shift+d ctrl+shift+l
for sheet in settings "keyboard shortcuts" about export; do
    command_by_words "$sheet"
    shot "${sheet// /-}-ja"
    keys Escape
done
shot main-ja
keys ctrl+shift+l F1
shot keys
keys Escape ctrl+k
xdotool type run
shot palette
keys Escape

# ---- Closing during a run over many
section "closing during a run"
scores=$(lines '^score ')
keys ctrl+Return
sleep 0.6
window_close
echo "       closed after $closed_ms ms"
grep -q -E '^frames [0-9]+ slowest [0-9]+ ms$' "$log" || fail "the sum of frames was not told"
grep '^frames ' "$log" | sed 's/^/       /'

# ---- Arguments
section "files as arguments"
window_open "$one" "$folder"
wait_line '^opened '
wait_line '^added '
rest_s=2 shot arguments

# ---- Drag and drop
section "drag and drop"
if python3 -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("X11"))'; then
    mkdir "$home/dropped"
    cp "$one" "$home/眼底 01.jpg"
    cp "$one" "$home/眼底 02.jpg"
    cp "$one" "$home/dropped/first.jpg"
    cp "$(ls "$folder"/* | grep -v broken | tail -1)" "$home/dropped"
    added=$(lines '^added ')
    drag --hover 1.5 "$home/眼底 01.jpg" &
    sleep 0.8
    rest_s=0.2 shot drag-over
    wait $!
    [ "$(lines '^added ')" = "$added" ] || fail "files that were not dropped came in"
    drag "$home/眼底 01.jpg" "$home/眼底 02.jpg"
    wait_line '^added 2$'
    # They are last in the list, below its visible part.
    xdotool mousemove --window "$window" 120 $((HEIGHT / 2)) click --repeat 40 5
    wait_seen "眼底 01.jpg*"
    drag "$home/dropped"
    wait_line '^added 2$' 2
    shot dropped
    drag "$home/my-network.h5"
    wait_seen "Contents of the file"
    shot dropped-model
    keys Escape
else
    echo "skipped: drag and drop, libX11 is not found by Python"
fi

# ---- Closing while files are written: existing files are complete
section "closing during an export"
keys ctrl+Return
wait_seen "The run is finished*"
keys ctrl+e
press "radio=All with results*"
press "Choose a folder..."
wait_seen "entry=Path of the folder"
mkdir "$home/cut"
type_into "Path of the folder" "$home/cut"
press "button=Export"
window_close "$home/cut"
echo "       closed after $closed_ms ms, $(ls "$home/cut" | wc -l) whole files"
for file in "$home"/cut/*.png; do
    [ -e "$file" ] || continue
    convert "$file" null: 2>/dev/null || fail "$(basename "$file") is not whole"
done
echo "window tour passed: $shots_taken screenshots in $shots, $SECONDS s"
