package io.beringia.failover;

import io.beringia.discovery.catalog.TrafficPlan;
import java.nio.ByteBuffer;

/** Between a plan and its signed bytes: the boundary to the wire. Any thread. */
public interface PlanSeal {
    /** Signed by us. */
    byte[] seal(TrafficPlan plan);

    /** Throws {@link IllegalArgumentException} on bytes that are no plan, or not signed by somebody who may lead. */
    TrafficPlan open(ByteBuffer sealed);
}
