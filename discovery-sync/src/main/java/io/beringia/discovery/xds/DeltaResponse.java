package io.beringia.discovery.xds;

import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.ResourceType;
import java.util.List;

/** What is sent in one message: changed resources, then names that are gone; no name in both. */
record DeltaResponse(
        ResourceType type, String nonce, String version, List<EncodedResource> upserts, List<String> removals) {
    DeltaResponse {
        upserts = List.copyOf(upserts);
        removals = List.copyOf(removals);
    }
}
