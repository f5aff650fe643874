package io.beringia.trust.issuance;

/** The pods of our own cluster, followed: the seam to Kubernetes. Any thread. */
public interface PodDirectory {
    /** Whoever follows none: then no node proxy may ask for a pod, except by a static token's own list. */
    PodDirectory NONE = () -> PodView.NEVER;

    /** Never blocks. */
    PodView view();
}
