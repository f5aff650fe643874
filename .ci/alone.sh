#!/usr/bin/env bash
# Runs a program in a network namespace of its own, where every port is free; in the usual one where that is not allowed.
set -euo pipefail

if unshare --net --map-root-user ip link set lo up 2>/dev/null; then
    exec unshare --net --map-root-user bash -c 'ip link set lo up && exec "$@"' alone "$@"
fi
echo "beringia: no network namespace of its own (expected: unshare, ip, and leave to use them); ports may be taken" >&2
exec "$@"
