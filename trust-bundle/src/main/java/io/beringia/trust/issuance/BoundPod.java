package io.beringia.trust.issuance;

import java.util.Optional;

/**
 * The pod to which a token is bound, as the API server says.
 *
 * @param node where the token says so
 */
public record BoundPod(String name, String uid, Optional<String> node) {}
