/** Kubernetes APIs for tests: the lab, and etcd and kube-apiserver as child processes on loopback. */
@org.jspecify.annotations.NullMarked
package io.beringia.discovery.apiserver;
