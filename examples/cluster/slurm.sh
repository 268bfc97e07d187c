#!/bin/sh
# Workers of a search on a shared folder: sbatch slurm.sh, and on any machine that sees the folder
#   lossc evolve … --queue "$HOME/lossc-queue"
#SBATCH --job-name=lossc-worker
#SBATCH --array=0-15
#SBATCH --cpus-per-task=4
#SBATCH --mem=9G
#SBATCH --time=08:00:00
# A minute before the end of the time the worker gives back what it is training.
#SBATCH --signal=B:TERM@60
exec lossc worker --queue "${LOSSC_QUEUE:-$HOME/lossc-queue}" --workers "${SLURM_CPUS_PER_TASK:-1}" --idle 30
