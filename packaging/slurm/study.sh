#!/bin/sh
#SBATCH --job-name=gantei-study
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=08:00:00

# Runs a study as a Slurm job array, one part of it in each task. From a folder that every node can reach:
#
#   job=$(sbatch --parsable --array=1-8 study.sh FOLDER)
#   sbatch --dependency=afterany:"$job" --cpus-per-task=4 --wrap "gantei study run FOLDER"
#
# The second job joins the parts, computes what is still open, and writes the tables. A task that was stopped or
# requeued goes on where it was: submit the same array again. Further arguments go to gantei, such as --device cuda.
# GANTEI names another executable.

set -eu

folder=${1:?give the folder of the study}
shift
first=${SLURM_ARRAY_TASK_MIN:-1}
step=${SLURM_ARRAY_TASK_STEP:-1}
part=$(((${SLURM_ARRAY_TASK_ID:?submit it with --array=1-N} - first) / step + 1))

exec "${GANTEI:-gantei}" study run "$folder" --shard "$part/$SLURM_ARRAY_TASK_COUNT" "$@"
