#!/usr/bin/env bash
# Fails when Netty's leak detector has spoken during the unit tests.
set -euo pipefail
shopt -s nullglob

if found=$(grep -l "LEAK:" */target/surefire-reports/*-output.txt /dev/null); then
    echo "beringia: a buffer was leaked, see:" >&2
    echo "$found" >&2
    exit 1
fi
