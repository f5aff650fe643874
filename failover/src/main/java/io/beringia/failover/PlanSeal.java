package io.beringia.failover;

import io.beringia.discovery.catalog.TrafficPlan;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Between a plan and its signed bytes: the boundary to the wire. Any thread. */
public interface PlanSeal {
    /** Signed by us. */
    byte[] seal(TrafficPlan plan);

    /** Throws {@link IllegalArgumentException} on bytes that are no plan, or not signed by somebody who may lead. */
    TrafficPlan open(ByteBuffer sealed);

    /** A signature that is older than this is to be made anew, so that whoever starts from nothing can check it. */
    Duration renewAfter();
}
