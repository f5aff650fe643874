package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.merge.LocalRows;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.plan.PlanWatch;
import io.beringia.discovery.reflex.ReflexLoop;
import io.beringia.discovery.wire.EvidenceServer;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of evidence, plan and reflex. Any thread. */
final class SteeringTelemetry implements EvidenceServer.Listener, PlanWatch.Listener, ReflexLoop.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.discovery");

    private final MeterRegistry meters;
    private final Counter evidenceRefused;
    private final Counter plansRefused;
    private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();
    private final AtomicInteger silentClusters = new AtomicInteger();
    private final AtomicInteger overdueClusters = new AtomicInteger();
    private final AtomicReference<SortedMap<ClusterId, StalePolicy>> silent = new AtomicReference<>(new TreeMap<>());
    private final AtomicReference<SortedSet<ClusterId>> overdue = new AtomicReference<>(new TreeSet<>());

    SteeringTelemetry(MeterRegistry meters) {
        this.meters = meters;
        this.evidenceRefused = meters.counter("discovery.evidence.refused");
        this.plansRefused = meters.counter("discovery.plan.refused");
        Gauge.builder("discovery.clusters.silent", silentClusters, AtomicInteger::get)
                .register(meters);
        Gauge.builder("discovery.clusters.overdue", overdueClusters, AtomicInteger::get)
                .register(meters);
    }

    void watch(Steering steering) {
        gauge("discovery.evidence.observers", steering, Steering::observers);
        gauge(
                "discovery.reflex.panics",
                steering,
                it -> LocalRows.panics(it.view()).size());
        if (steering.plan().isPresent()) {
            gauge("discovery.plan.epoch", steering, it -> accepted(it).epoch());
            gauge("discovery.plan.seq", steering, it -> accepted(it).seq());
            gauge(
                    "discovery.plan.frozen",
                    steering,
                    it -> is(it, view -> view.frozen().isPresent()));
            gauge("discovery.plan.reachable", steering, it -> is(it, PlanWatch.View::isReachable));
        }
    }

    /** Clusters without a sign of life, all of them, and what is told of them. */
    void silent(SortedMap<ClusterId, StalePolicy> now) {
        silentClusters.set(now.size());
        SortedMap<ClusterId, StalePolicy> before = silent.getAndSet(now);
        now.forEach((cluster, policy) -> {
            if (!before.containsKey(cluster)) {
                LOG.atError()
                        .addKeyValue("cluster", cluster)
                        .addKeyValue("policy", policy.word())
                        .log("no sign of life of a cluster for longer than its lease");
            }
        });
        before.keySet().stream()
                .filter(cluster -> !now.containsKey(cluster))
                .forEach(cluster -> LOG.atInfo().addKeyValue("cluster", cluster).log("a cluster lives again"));
    }

    /** Clusters that were silent for longer than somebody should know, all of them. */
    void overdue(SortedSet<ClusterId> now) {
        overdueClusters.set(now.size());
        SortedSet<ClusterId> before = overdue.getAndSet(now);
        now.stream()
                .filter(cluster -> !before.contains(cluster))
                .forEach(cluster -> LOG.atError()
                        .addKeyValue("cluster", cluster)
                        .log("what is known of a cluster is older than its budget"));
    }

    private void gauge(String name, Steering steering, ToDoubleFunction<Steering> value) {
        Gauge.builder(name, steering, value).register(meters);
    }

    private static PlanVersion accepted(Steering steering) {
        return steering.plan().map(PlanWatch.View::accepted).orElse(PlanVersion.NONE);
    }

    private static int is(Steering steering, Predicate<PlanWatch.View> fact) {
        return steering.plan().filter(fact).isPresent() ? 1 : 0;
    }

    @Override
    public void onRefused(Optional<SpiffeId> caller, String why) {
        evidenceRefused.increment();
        LOG.atWarn()
                .addKeyValue("caller", caller.map(SpiffeId::toString).orElse("unproven"))
                .addKeyValue("why", why)
                .log("evidence refused");
    }

    @Override
    public void onAccepted(PlanVersion version, boolean isChainExpired) {
        LOG.atInfo().addKeyValue("plan", version).log("plan accepted");
        if (isChainExpired) {
            LOG.atWarn().addKeyValue("plan", version).log("the leader's certificate has expired since it decided");
        }
    }

    @Override
    public void onRefused(String why) {
        plansRefused.increment();
        LOG.atWarn().addKeyValue("why", why).log("plan refused, the last one stays");
    }

    @Override
    public void onFrozen(String why) {
        LOG.atError().addKeyValue("why", why).log("nobody can say which plan to obey, the last one stays");
    }

    @Override
    public void onNotKept(String why) {
        LOG.atError().addKeyValue("why", why).log("the plan is not on disk");
    }

    @Override
    public void onUnreachable(String why) {
        LOG.atWarn().addKeyValue("why", why).log("ZooKeeper is silent, the last plan stays");
    }

    @Override
    public void onPath(String target, String before, String now) {
        open.computeIfAbsent(target, this::path).set(now.equals("open") ? 1 : 0);
        LOG.atWarn()
                .addKeyValue("to", target)
                .addKeyValue("before", before)
                .addKeyValue("now", now)
                .log("path changed");
    }

    private AtomicInteger path(String target) {
        AtomicInteger state = new AtomicInteger();
        Gauge.builder("discovery.path.open", state, AtomicInteger::get)
                .tag("to", target)
                .register(meters);
        return state;
    }
}
