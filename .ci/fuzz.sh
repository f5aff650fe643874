#!/usr/bin/env bash
# fuzz.sh TARGET SECONDS: lets Jazzer look for inputs that break a fuzz target, each one if TARGET is empty. A target is a
# class *Fuzz of the tests; what is kept for it stands in src/test/resources/fuzz. KEEP=1 adds the inputs that reach what
# those do not.
set -euo pipefail
cd "$(dirname "$0")/../scenarios"
wanted=${1:-} seconds=$2
out=$PWD/target/fuzz
java=$(../.ci/mvn.sh --jdk)/bin/java

class_path=$PWD/target/test-classes
for folder in ../*/target/classes; do class_path+=:$(realpath "$folder"); done
class_path+=":$PWD/target/beringia/lib/*:$out/lib/*"

jazzer() {
    "$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -ea -Xmx768m -Xss1m \
        -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading \
        -Dio.netty.leakDetection.level=paranoid -Dio.netty.allocator.type=pooled \
        -Dlog4j2.configurationFile="file:$PWD/../.mvn/log4j2-test.xml" \
        -cp "$class_path" com.code_intelligence.jazzer.Jazzer --target_class="$target" \
        --instrumentation_includes='io.beringia.**:io.netty.handler.codec.http2.**' \
        --reproducer_path="$work/found" "$@"
}

unpack() {
    local line number=0
    while read -r line; do
        [[ -z $line || $line == '#'* ]] && continue
        number=$((number + 1))
        base64 -d <<<"$line" >"$work/kept/$number"
    done <"$kept"
}

# The smallest set that reaches all that the kept inputs and those of this run reach; what it has beyond the kept is added.
add() {
    mkdir -p "$work/merged"
    cp "$work/kept/"* "$work/merged/"
    (cd "$work" && jazzer -merge=1 merged corpus) >"$work/merge.txt" 2>&1 || { tail -5 "$work/merge.txt" >&2; return 1; }
    local file added=0
    for file in "$work/merged/"*; do
        [[ -e $work/kept/${file##*/} || $(stat -c %s "$file") -gt 4096 ]] && continue
        base64 -w 0 "$file" >>"$kept" && echo >>"$kept"
        added=$((added + 1))
    done
    echo "$target: $added more inputs are kept in ${kept#"$PWD/"}"
}

fuzz() {
    work=$out/$target
    kept=$PWD/src/test/resources/fuzz/$target.txt
    rm -rf "$work"
    mkdir -p "$work/kept" "$work/corpus" "$work/found"
    unpack
    echo "$target: $seconds s, log in ${work#"$PWD/"}/log.txt"
    local failed=0
    (cd "$work" && jazzer -max_total_time="$seconds" -timeout=20 -max_len=8192 -len_control=0 -artifact_prefix=found/ corpus kept) \
        >"$work/log.txt" 2>&1 || failed=1
    grep -E '^#[0-9]+.*(DONE|pulse|INITED)' "$work/log.txt" | tail -1 || true
    if [[ $failed == 1 ]]; then
        sed -n '/^== Java Exception/,/^DEDUP/p;/^Base64:/p;/ERROR: libFuzzer/p' "$work/log.txt" >&2
        echo "$target: FOUND, see scenarios/${work#"$PWD/"}/found and log.txt (expected: no finding); a line" \
            "\"Base64: ...\" belongs into scenarios/${kept#"$PWD/"}" >&2
        return 1
    fi
    [[ ${KEEP:-} != 1 ]] || add
}

status=0
shopt -s nullglob
for file in src/test/resources/fuzz/*"$wanted"*.txt; do
    target=${file##*/} target=${target%.txt}
    fuzz || status=1
done
[[ -n ${target:-} ]] || { echo "fuzz: no target has \"$wanted\" in its name (expected: one of scenarios/src/test/resources/fuzz)" >&2; exit 1; }
exit $status
