package io.beringia.failover;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Question;
import io.beringia.failover.health.Sites;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A ledger with decisions of a leader that had heard of nobody. */
record RecordedDecisions(Path folder) {
    static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final RegionId EAST = new RegionId("us-east");
    static final RegionId WEST = new RegionId("us-west");
    static final FailoverPolicy POLICY = FailoverPolicy.of(
            new Sites(List.of(EAST, WEST), List.of(new RegionId("witness"))), FailoverTiming.STANDARD);
    static final TrafficPlan FIRST = PlanRules.first("test", POLICY, LEADER, NOW);

    /** Of epoch 7. */
    static TrafficPlan stamped(TrafficPlan plan, long seq) {
        return PlanRules.stamped(plan, new PlanVersion(7, seq), LEADER, NOW.plus(Duration.ofMillis(3)));
    }

    /** Begins with the first plan. */
    void record(Fence fence, TrafficPlan written) throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(
                new LedgerConfig(folder, "cluster.local/beringia/lab/failover", LedgerMode.STRICT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
        Inputs inputs = new Inputs(FIRST, PlanVersion.NONE, List.of(), Memory.fresh(NOW), fence, POLICY, NOW);
        new DecisionLedger(ledger, LedgerMode.STRICT, System::nanoTime)
                .record(
                        written,
                        new Cause(Optional.empty(), "test"),
                        new DecisionBasis(inputs, new Question.TakeOver()));
        ledger.close();
    }
}
