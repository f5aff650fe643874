#!/usr/bin/env bash
# Builds a control plane of Kubernetes from Go modules into a directory: kube-apiserver, etcd, and the definitions of the
# Multi-Cluster Services API. With --check it only says whether they are there.
set -euo pipefail

missing() {
    echo "kube-binaries: $1" >&2
    exit 1
}

if [[ $1 == --check ]]; then
    ways="make kube-binaries, which builds them with Go 1.26 in ten minutes; or KUBE_BINARIES=/directory that holds a release's \
kube-apiserver, and etcd if that is not on PATH: Debian's etcd-server, setup-envtest or kube-api-test bring them"
    [[ -x $2/kube-apiserver ]] || missing "no kube-apiserver in $2 (expected: $ways)"
    [[ -x $2/etcd ]] || command -v etcd >/dev/null || missing "etcd is neither in $2 nor on PATH (expected: $ways)"
    exit
fi

mkdir -p "$1"
out=$(cd "$1" && pwd)
go=$(command -v go || echo /usr/local/go/bin/go)
[[ -x $go ]] || missing "Go is missing (expected: go 1.26 on PATH or in /usr/local/go)"

cd scenarios/kube-binaries
export CGO_ENABLED=0
version_of() { "$go" list -m -f '{{.Version}}' "$1"; }
build() {
    echo "kube-binaries: building $1 $3 (the first time ten minutes on two quiet cores, and a gigabyte of Go's build cache)"
    nice "$go" build -trimpath -buildvcs=false -o "$out/$1" \
        -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$3" "$2"
}
build etcd go.etcd.io/etcd/server/v3 "$(version_of go.etcd.io/etcd/server/v3)"
build kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver "$(version_of k8s.io/kubernetes)"
mkdir -p "$out/definitions"
install -m 644 "$("$go" list -m -f '{{.Dir}}' sigs.k8s.io/mcs-api)"/config/crd/*.yaml "$out/definitions"
echo "kube-binaries: they are in $out"
