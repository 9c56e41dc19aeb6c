#!/bin/bash
# Runs the real window on every photograph of a folder, under a virtual screen; for soak.py. Prints "window PID" once
# the run has started and "done NUMBER" twice a second until every photograph has its score. If the tools for the
# virtual screen are missing, prints a line and exits with status 0.
#
# usage: tests/faults/soak_window.sh BINARY FOLDER PHOTOGRAPHS
set -u

binary=${1:?usage: soak_window.sh BINARY FOLDER PHOTOGRAPHS}
folder=${2:?a folder of photographs}
photographs=${3:?their number}
shots=$(mktemp -d)
own_shots=
desk=$(cd "$(dirname "$0")/../window" && pwd)
desk_name="window soak"
no_setting_changes=yes
. "$desk/desk.sh"

desk_needs Xvfb xdotool import
desk_begin
window_open "$folder"
wait_line "^added $photographs$"
sleep 2
xdotool key ctrl+Return
wait_line '^score '
echo "window $window_pid"
done=0
still=0
while [ "$done" -lt "$photographs" ]; do
    sleep 0.5
    kill -0 "$window_pid" 2>/dev/null || fail "the window closed after $done photographs"
    before=$done
    done=$(lines '^score ')
    echo "done $done"
    still=$((done == before ? still + 1 : 0))
    [ "$still" -lt 240 ] || fail "no score for two minutes, after $done photographs"
done
window_close
