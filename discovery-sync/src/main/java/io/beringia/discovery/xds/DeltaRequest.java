package io.beringia.discovery.xds;

import io.beringia.discovery.wire.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client says about one type (xDS protocol, incremental variant).
 *
 * @param held name to version of what it still has; only in the first request of a stream
 * @param nonce of the response it answers; empty if it answers none
 * @param error why it refused parts of that response
 */
record DeltaRequest(
        ResourceType type,
        List<String> subscribe,
        List<String> unsubscribe,
        Map<String, String> held,
        String nonce,
        Optional<String> error) {
    DeltaRequest {
        subscribe = List.copyOf(subscribe);
        unsubscribe = List.copyOf(unsubscribe);
        held = Map.copyOf(held);
    }
}
