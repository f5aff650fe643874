package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.failover.PlanSeal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Plans by number instead of signatures: whoever has the number has the plan. Signatures are proven elsewhere. */
final class Seal implements PlanSeal {
    private final List<TrafficPlan> plans = new ArrayList<>();

    @Override
    public byte[] seal(TrafficPlan plan) {
        plans.add(plan);
        return ByteBuffer.allocate(Integer.BYTES).putInt(plans.size() - 1).array();
    }

    @Override
    public TrafficPlan open(ByteBuffer sealed) {
        return plans.get(sealed.getInt(sealed.position()));
    }

    /** As a reader takes it. */
    PlanCodec.Opened opened(ByteBuffer sealed) {
        TrafficPlan plan = open(sealed);
        return new PlanCodec.Opened(plan, plan.version().toString(), false);
    }

    @Override
    public Duration renewAfter() {
        return Duration.ofHours(12);
    }
}
