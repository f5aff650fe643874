package io.beringia.discovery.wire;

import java.util.Optional;

/** The kinds of resources that discovery serves, in the order in which additions are sent: policies before what names them. */
public enum ResourceType {
    AUTHORIZATION("istio.security.Authorization"),
    ADDRESS("istio.workload.Address"),
    EXPORTED_AUTHORITY("beringia.discovery.v1.ExportedAuthority"),
    RELAY_TARGET("beringia.discovery.v1.RelayTarget"),
    CLUSTER_STATE("beringia.discovery.v1.ClusterState");

    private final String url;

    ResourceType(String message) {
        this.url = "type.googleapis.com/" + message;
    }

    /** As delta xDS names it. */
    public String url() {
        return url;
    }

    /** Any thread. Empty for types that are not ours to serve. */
    public static Optional<ResourceType> ofUrl(String url) {
        for (ResourceType type : values()) {
            if (type.url.equals(url)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
