package io.beringia.trust.issuance;

/** What an issuance server asks the API server of its cluster. */
public record ClusterApi(TokenReviewer tokens, PodDirectory pods) {
    /** Of a lab without one. */
    public static final ClusterApi NONE = new ClusterApi(TokenReviewer.NONE, PodDirectory.NONE);
}
