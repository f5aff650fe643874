package io.beringia.discovery.xds;

import java.util.Optional;

/** Which view a client gets. Called on the client's thread, where the call's gRPC context is current. */
public interface Admission {
    /** The view of that node; empty refuses it. */
    Optional<ResourceFeed> admit(String nodeId);
}
