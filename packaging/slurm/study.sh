#!/bin/sh
#SBATCH --job-name=gantei-study
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=08:00:00

# Runs a study in N parts as a Slurm job array, one part in each task. From a folder that every node can reach, here with
# eight parts:
#
#   job=$(sbatch --parsable --array=1-8 study.sh FOLDER 8)
#   sbatch --dependency=afterany:"$job" --cpus-per-task=4 --wrap "gantei study run FOLDER"
#
# The second job joins the parts, computes what is still open, and writes the tables. A task that was stopped or
# requeued goes on where it was: submit the same array again, or --array=3 for the third part alone. Further arguments
# go to gantei, such as --device cuda. GANTEI names another executable.

set -eu

folder=${1:?give the folder of the study}
parts=${2:?give the number of parts, as in --array=1-N}
shift 2

# gantei refuses a task whose number is none of the parts.
exec "${GANTEI:-gantei}" study run "$folder" --shard "${SLURM_ARRAY_TASK_ID:?submit it with --array=1-N}/$parts" "$@"
