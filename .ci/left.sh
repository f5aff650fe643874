#!/usr/bin/env bash
# Fails when a process of this checkout's own programs still runs, and names it.
set -euo pipefail
shopt -s nullglob

found=
for process in /proc/[0-9]*; do
    # One that has ended meanwhile is none that was left.
    words=$({ tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null || true)
    if [[ $words == *"$PWD/scenarios/target/"*io.beringia.* || $words == "$PWD/target/kube-binaries/"* ]]; then
        found+="${process#/proc/}: ${words##*io.beringia.}"$'\n'
    fi
done
if [[ -n $found ]]; then
    echo "beringia: processes were left running:" >&2
    echo "$found" >&2
    exit 1
fi
