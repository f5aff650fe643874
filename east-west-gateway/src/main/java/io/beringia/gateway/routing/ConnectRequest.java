package io.beringia.gateway.routing;

import java.util.Optional;

/**
 * One well-formed CONNECT, and nothing in it that its peer may not say.
 *
 * @param vouched present exactly when the peer is a gateway
 */
public record ConnectRequest(Authority authority, Optional<Vouched> vouched, Carried carried) {}
