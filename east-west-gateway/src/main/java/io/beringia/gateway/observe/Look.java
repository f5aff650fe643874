package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import java.util.Optional;

/**
 * Which gateway is looked at, and how far.
 *
 * @param isSibling one of our own cluster: nothing of ours is carried there, but clients of both choose between us
 * @param beyond who is asked behind it; if nobody is known there, the gateway itself is asked
 */
public record Look(GatewayAddress gateway, boolean isSibling, Optional<ProbeTarget> beyond) {}
