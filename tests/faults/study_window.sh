#!/bin/bash
# Opens a study in the real window under a virtual screen and runs it to its end; for study.py. If the tools for the
# virtual screen are missing, prints a line and exits with status 0.
#
# usage: tests/faults/study_window.sh BINARY STUDY en|ja
set -u

binary=${1:?usage: study_window.sh BINARY STUDY en|ja}
study=${2:?the folder of a study}
lang=${3:?en or ja}
shots=$(mktemp -d)
own_shots=
desk=$(cd "$(dirname "$0")/../window" && pwd)
desk_name="window of a study ($lang)"
patience_s=${PATIENCE_S:-1200}
. "$desk/desk.sh"

desk_needs Xvfb xdotool import python3
desk_begin
desk_names || skip "$desk_name, the names of the window cannot be read"
run="Run the study"
if [ "$lang" = ja ]; then
    window_open
    keys ctrl+shift+l
    window_close
    run="研究を実行"
fi
window_open "$study/gantei-study.json"
wait_seen "$run"
press "$run"
began=$SECONDS
wait_for "the tables" test -e "$study/results.json"
# The run has ended once it can be started again.
wait_seen "$run"
window_close "$study"
echo "window ($lang): $((SECONDS - began)) s"
