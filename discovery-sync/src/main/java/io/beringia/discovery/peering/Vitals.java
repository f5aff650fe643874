package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PlanVersion;

/**
 * How we are, as every heartbeat to a peer says.
 *
 * @param api of our own cluster; unknown where there is none or it was never heard
 * @param revision of our merged view
 * @param plan that we obey
 */
public record Vitals(Freshness api, long revision, PlanVersion plan) {}
