package io.beringia.discovery;

import io.beringia.discovery.kube.ClusterNews;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.LocalPolicies;
import io.beringia.discovery.kube.LocalWaypoints;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.peering.ExportDecisions;
import io.beringia.discovery.xds.Admission;
import io.beringia.discovery.xds.DeltaService;
import io.beringia.discovery.xds.NodeClaim;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of the role {@code discovery}. Any thread. */
public final class DiscoveryTelemetry implements DeltaService.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.discovery");

    private final MeterRegistry meters;
    private final Map<NodeClaim.Kind, AtomicInteger> clients = new EnumMap<>(NodeClaim.Kind.class);
    private final Map<LocalPolicies.Standing, AtomicInteger> policies = new EnumMap<>(LocalPolicies.Standing.class);
    private final AtomicReference<SortedMap<ObjectName, LocalPolicies.Ruling>> rulings =
            new AtomicReference<>(LocalPolicies.NONE.rulings());
    private final AtomicInteger missingWaypoints = new AtomicInteger();
    private final AtomicReference<SortedSet<String>> withoutWaypoint =
            new AtomicReference<>(LocalWaypoints.NONE.missing());
    private final AtomicInteger remarked = new AtomicInteger();
    private final AtomicReference<SortedSet<String>> remarks = new AtomicReference<>(new TreeSet<>());
    private final AtomicInteger policiesStanding = new AtomicInteger();
    private final AtomicInteger policiesBroken = new AtomicInteger();
    private final AtomicReference<SortedMap<String, String>> brokenSharing = new AtomicReference<>(new TreeMap<>());
    private final AtomicInteger heldObjects = new AtomicInteger();
    private final AtomicInteger undefined = new AtomicInteger();
    private final AtomicReference<List<HeldKind>> heldBack = new AtomicReference<>(List.of());
    private final AtomicInteger apiLive = new AtomicInteger();
    private final AtomicLong withheld = new AtomicLong();
    private final Counter sent;
    private final Counter removed;
    private final Counter nacks;

    public DiscoveryTelemetry(MeterRegistry meters) {
        this.meters = meters;
        this.sent = meters.counter("discovery.xds.sent", "change", "resource");
        this.removed = meters.counter("discovery.xds.sent", "change", "removal");
        this.nacks = meters.counter("discovery.xds.nacks");
        for (NodeClaim.Kind kind : NodeClaim.Kind.values()) {
            AtomicInteger count = new AtomicInteger();
            clients.put(kind, count);
            Gauge.builder("discovery.xds.clients", count, AtomicInteger::get)
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        for (Admission.Refusal why : Admission.Refusal.values()) {
            meters.counter("discovery.xds.refused", "reason", why.word());
            meters.counter("discovery.xds.ended", "reason", why.word());
        }
        for (LocalPolicies.Standing standing : LocalPolicies.Standing.values()) {
            AtomicInteger count = new AtomicInteger();
            policies.put(standing, count);
            Gauge.builder("discovery.policies", count, AtomicInteger::get)
                    .tag("standing", standing.word())
                    .register(meters);
        }
        Gauge.builder("discovery.waypoints.missing", missingWaypoints, AtomicInteger::get)
                .register(meters);
        Gauge.builder("discovery.remarks", remarked, AtomicInteger::get).register(meters);
        Gauge.builder("discovery.exports.policies", policiesStanding, AtomicInteger::get)
                .tag("standing", "accepted")
                .register(meters);
        Gauge.builder("discovery.exports.policies", policiesBroken, AtomicInteger::get)
                .tag("standing", "refused")
                .register(meters);
        Gauge.builder("discovery.guard.held", heldObjects, AtomicInteger::get).register(meters);
        Gauge.builder("discovery.definitions.gone", undefined, AtomicInteger::get)
                .register(meters);
        Gauge.builder("discovery.api.live", apiLive, AtomicInteger::get).register(meters);
        Gauge.builder("discovery.xds.withheld", withheld, AtomicLong::get).register(meters);
    }

    void started(DiscoveryConfig config, int xdsPort, int peeringPort) {
        LOG.atInfo()
                .addKeyValue("region", config.region())
                .addKeyValue("cluster", config.cluster())
                .addKeyValue("xds", xdsPort)
                .addKeyValue("peering", peeringPort)
                .addKeyValue("peers", config.peers().size())
                .log("discovery listens");
        if (config.kube().filter(DiscoveryConfig.Kube::plainHttp).isPresent()) {
            LOG.atWarn().addKeyValue("cluster", config.cluster()).log("an API without TLS is believed: for labs only");
        }
    }

    /** A part did not end; the others are ended all the same. */
    void stuck(Exception why) {
        LOG.atWarn().addKeyValue("reason", why.toString()).log("a part of discovery did not end cleanly");
    }

    void revision(Supplier<Number> revision) {
        Gauge.builder("discovery.catalog.revision", revision).register(meters);
    }

    void ownPart(LocalPart part) {
        apiLive.set(1);
        LOG.atDebug().addKeyValue("part", part).log("own cluster changed");
        policies(part.policies().rulings());
        waypoints(part.waypoints().missing());
        remarks(part.remarks());
    }

    private void remarks(SortedSet<String> now) {
        remarked.set(now.size());
        SortedSet<String> before = remarks.getAndSet(now);
        now.stream()
                .filter(what -> !before.contains(what))
                .forEach(what -> LOG.atWarn()
                        .addKeyValue("what", LogWords.shown(what))
                        .log("the own API says what nobody obeys"));
    }

    /** Which ExportPolicies and PeerClusters are obeyed; whoever broke one is told by name, once. */
    void exports(ExportDecisions now) {
        SortedMap<String, String> broken = new TreeMap<>();
        now.policies().forEach((name, it) -> broken.put("ExportPolicy " + name, String.join("; ", it.problems())));
        now.peers().forEach((name, it) -> broken.put("PeerCluster " + name.name(), String.join("; ", it)));
        broken.values().removeIf(String::isEmpty);
        policiesStanding.set((int) now.policies().values().stream()
                .filter(it -> it.problems().isEmpty())
                .count());
        policiesBroken.set(now.policies().size() - policiesStanding.get());
        SortedMap<String, String> before = brokenSharing.getAndSet(broken);
        broken.forEach((what, why) -> {
            if (!why.equals(before.get(what))) {
                LOG.atWarn()
                        .addKeyValue("what", LogWords.shown(what))
                        .addKeyValue("why", LogWords.shown(why))
                        .log("refused, nothing is exported by it");
            }
        });
    }

    private void waypoints(SortedSet<String> missing) {
        missingWaypoints.set(missing.size());
        SortedSet<String> before = withoutWaypoint.getAndSet(missing);
        missing.stream()
                .filter(what -> !before.contains(what))
                .forEach(what -> LOG.atWarn()
                        .addKeyValue("what", LogWords.shown(what))
                        .log("reached without the waypoint that it names"));
    }

    private void policies(SortedMap<ObjectName, LocalPolicies.Ruling> now) {
        policies.forEach((standing, count) -> count.set((int) now.values().stream()
                .filter(ruling -> ruling.standing() == standing)
                .count()));
        SortedMap<ObjectName, LocalPolicies.Ruling> before = rulings.getAndSet(now);
        now.forEach((name, ruling) -> {
            if (!ruling.remarks().isEmpty() && !ruling.equals(before.get(name))) {
                LOG.atWarn()
                        .addKeyValue("policy", name)
                        .addKeyValue("standing", ruling.standing().word())
                        .addKeyValue("remarks", LogWords.shown(String.join("; ", ruling.remarks())))
                        .log("a policy is not enforced as it is written");
            }
        });
    }

    void apiLive(boolean live) {
        apiLive.set(live ? 1 : 0);
        LOG.atWarn()
                .addKeyValue("live", live)
                .log(live ? "own API answers again" : "own API is silent, what is known stays");
    }

    /** Of our own API: what lacked, was deleted at once with much else or lost its definition, and is kept; each is told once. */
    void heldBack(ClusterNews.HeldBack now) {
        undefined.set((int) now.kinds().stream()
                .filter(kind -> kind.why() == HeldKind.Reason.UNDEFINED)
                .count());
        heldObjects.set(now.objects());
        List<HeldKind> before = heldBack.getAndSet(now.kinds());
        now.kinds().stream()
                .filter(kind ->
                        before.stream().noneMatch(it -> it.kind().equals(kind.kind()) && it.why() == kind.why()))
                .forEach(kind -> LOG.atError()
                        .addKeyValue("kind", kind.kind())
                        .addKeyValue("objects", kind.objects())
                        .addKeyValue("why", kind.why().words())
                        .log("the own API does not say any more that these are there, they stay"));
        if (now.kinds().isEmpty()) {
            LOG.atInfo().log("nothing of the own API is held back any more");
        }
    }

    void peersLate(List<String> missing) {
        LOG.atWarn().addKeyValue("peers", missing).log("clients are served without these clusters");
    }

    void withheld(List<String> resources) {
        withheld.set(resources.size());
        if (!resources.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("resources", LogWords.shown(String.join("; ", resources)))
                    .log("a ztunnel would refuse these");
        }
    }

    @Override
    public void onAdmitted(NodeClaim node) {
        count(node, 1);
        LOG.atInfo()
                .addKeyValue("kind", node.kind())
                .addKeyValue("pod", LogWords.shown(node.pod()))
                .log("client admitted");
    }

    @Override
    public void onRefused(Admission.Verdict.Refused it) {
        meters.counter("discovery.xds.refused", "reason", it.word()).increment();
        LOG.atWarn()
                .addKeyValue("reason", it.word())
                .addKeyValue("detail", LogWords.shown(it.detail()))
                .log("client refused");
    }

    @Override
    public void onEnded(NodeClaim node, Admission.Verdict.Refused why) {
        meters.counter("discovery.xds.ended", "reason", why.word()).increment();
        LOG.atWarn()
                .addKeyValue("kind", node.kind())
                .addKeyValue("pod", LogWords.shown(node.pod()))
                .addKeyValue("reason", why.word())
                .addKeyValue("detail", LogWords.shown(why.detail()))
                .log("client is not what it was admitted as any more, its stream was ended");
    }

    @Override
    public void onSent(int resources, int removals) {
        sent.increment(resources);
        removed.increment(removals);
    }

    @Override
    public void onNack(NodeClaim node, String why) {
        nacks.increment();
        LOG.atWarn()
                .addKeyValue("kind", node.kind())
                .addKeyValue("pod", LogWords.shown(node.pod()))
                .addKeyValue("why", LogWords.shown(why))
                .log("client does not take a resource");
    }

    @Override
    public void onLeft(NodeClaim node) {
        count(node, -1);
    }

    private void count(NodeClaim node, int change) {
        AtomicInteger count = clients.get(node.kind());
        if (count != null) {
            count.addAndGet(change);
        }
    }
}
