#!/usr/bin/env bash
# Runs Maven on JDK 25, or says in one sentence what is missing. Called by the Makefile; arguments go to Maven. With --jdk it
# says where that JDK is, and no more.
set -euo pipefail

missing() {
    echo "beringia: $1" >&2
    exit 1
}

is_jdk_25() {
    [[ -x $1/bin/javac ]] && grep -q '^JAVA_VERSION="25[".]' "$1/release" 2>/dev/null
}

find_jdk() {
    local on_path candidate
    on_path=$(command -v javac || true)
    [[ -z $on_path ]] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    for candidate in "${JAVA_HOME:-/nowhere}" "${on_path:-/nowhere}" \
        /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* ~/.sdkman/candidates/java/* ~/.jdks/*; do
        if is_jdk_25 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

# Native libraries and code generators are unpacked into these and run from there.
check_runs_programs() {
    local directory=$1 probe
    mkdir -p "$directory" 2>/dev/null || missing "$directory cannot be written (expected: a place for build output)"
    probe=$(mktemp "$directory/.beringia-probe.XXXXXX") || missing "$directory cannot be written (expected: a place for build output)"
    printf '#!/bin/sh\nexit 0\n' >"$probe"
    chmod +x "$probe"
    if ! "$probe" 2>/dev/null; then
        rm -f "$probe"
        missing "$directory is mounted noexec (expected: a place from which native libraries and protoc may run)"
    fi
    rm -f "$probe"
}

[[ -n ${HOME:-} ]] || missing "HOME is not set (expected: a place for Maven's repository)"
libc=$(ldd --version 2>&1 || true)
if [[ $libc == *musl* ]]; then
    missing "this system's C library is musl (expected: glibc, which the native TLS library and protoc need)"
fi

jdk=$(find_jdk)
[[ -n $jdk ]] || missing "no JDK 25 found (expected: JAVA_HOME, PATH or a usual JVM directory to hold one)"
if [[ ${1:-} == --jdk ]]; then
    echo "$jdk"
    exit
fi
export JAVA_HOME=$jdk
# A system-wide or personal Maven start-up file must not put another Java in its place.
export MAVEN_SKIP_RC=1
# Maven 3.8 itself still calls what JDK 25 warns of; older Javas do not know this flag, so it is not in .mvn/jvm.config.
# A build ends before the second compiler has paid for itself: without it half the processor time.
export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow -XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}"

command -v mvn >/dev/null || missing "Maven is missing (expected: mvn 3.8 or newer on PATH)"
words=$(mvn -v 2>/dev/null || true)
version=
[[ ! $words =~ Apache\ Maven\ ([0-9]+)\.([0-9]+)[0-9.]* ]] || version=${BASH_REMATCH[0]##* }
[[ -n $version ]] && ((BASH_REMATCH[1] > 3 || (BASH_REMATCH[1] == 3 && BASH_REMATCH[2] >= 8))) ||
    missing "Maven is ${version:-of unknown version} (expected: 3.8 or newer)"

descriptors=$(ulimit -Sn)
if [[ $descriptors != unlimited && $descriptors -lt 1024 ]]; then
    ulimit -Sn 1024 2>/dev/null || ulimit -Sn "$(ulimit -Hn)" 2>/dev/null || true
    descriptors=$(ulimit -Sn)
    [[ $descriptors == unlimited || $descriptors -ge 1024 ]] ||
        missing "only $descriptors file descriptors are allowed (expected: ulimit -n of at least 1024)"
fi

check_runs_programs "$HOME/.m2"
# Java unpacks there whatever TMPDIR says.
check_runs_programs /tmp
check_runs_programs "$PWD/target"

exec mvn -B -ntp "$@"
