package io.beringia.discovery.kube;

/**
 * Which object of that name it is, and in which version: what a write or a deletion is conditioned on.
 *
 * @param generation of its spec
 */
public record Identity(String uid, String resourceVersion, long generation) {
    /** Of an object that no API has seen yet. */
    public static final Identity NONE = new Identity("", "", 0);
}
