package io.beringia.discovery.peering;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.trust.client.GrpcTls;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The links to all peers: dials those that have addresses, takes over what they export and posts it to the federation,
 * and tells them what we export. A thread {@code peer/<cluster>} per peer owns its links; here are the doors.
 */
public final class PeerLinks implements AutoCloseable {
    private static final int LOG_ID_BYTES = 16;

    /** Taking over everything costs us most, and after our restart all peers want it together. */
    public static final int DEFAULT_TRANSFERS = 8;

    private final Map<ClusterId, PeerLoop> loops = new TreeMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final InstantSource clock;
    private volatile Offer offer = Offer.NONE;

    /**
     * What links need of the rest.
     *
     * @param vitals how we are, at any time
     * @param transfers so many peers take over all of ours at a time; others come again a second later
     * @param clock for ages: it must not jump
     */
    public record Surroundings(
            GrpcTls tls,
            Federation federation,
            Supplier<Vitals> vitals,
            int transfers,
            PeerListener listener,
            InstantSource clock,
            RandomGenerator random) {}

    private record Posted(Federation federation) implements PeerLoop.PartSink {
        @Override
        public void post(ClusterExports part) throws InterruptedException {
            federation.post(new Federation.Update.PartChanged(part));
        }

        @Override
        public void forget(ClusterId peer) throws InterruptedException {
            federation.post(new Federation.Update.PartForgotten(peer));
        }
    }

    /** Inert until {@link #start}. */
    public PeerLinks(OwnSite own, List<PeerAuthority> peers, Surroundings around) {
        this.clock = around.clock();
        byte[] logId = new byte[LOG_ID_BYTES];
        around.random().nextBytes(logId);
        Hello hello = own.hello(ByteString.copyFrom(logId));
        PeerLoop.Surroundings shared = new PeerLoop.Surroundings(
                hello,
                () -> new PeerSession.Outlook(offer, around.vitals().get()),
                new Semaphore(around.transfers()),
                new PeerDialler(around.tls()),
                new Posted(around.federation()),
                around.listener(),
                around.clock());
        for (PeerAuthority peer : peers) {
            PeerLoop loop = new PeerLoop(
                    peer, shared, new SplittableRandom(around.random().nextLong()));
            loops.put(peer.peer().cluster(), loop);
            threads.add(Thread.ofVirtual().name("peer/" + peer.peer().cluster()).unstarted(loop));
        }
    }

    /**
     * Before {@link #start}. What an earlier life of ours knew: parts of clusters that are peers still, and which
     * namespaces exist here, so that nothing is taken for unwanted before our own API was read.
     */
    public void restore(List<ClusterExports> parts, Set<String> namespaces) {
        offer = offer.in(namespaces);
        parts.forEach(
                part -> Optional.ofNullable(loops.get(part.cluster().cluster())).ifPresent(loop -> loop.restore(part)));
    }

    /**
     * Any thread. Drops what is held of a peer that is gone for good, and says how many services that were. Throws
     * {@link IllegalArgumentException} where it is none of ours.
     */
    public int forget(ClusterId peer) {
        PeerLoop loop = Optional.ofNullable(loops.get(peer))
                .orElseThrow(() ->
                        new IllegalArgumentException("peer: " + peer + " (expected: one of " + loops.keySet() + ")"));
        int services = loop.status().services();
        loop.inbox().forget();
        return services;
    }

    /** Dials at once; until the first {@link #offer} peers hear no more than heartbeats. Once. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /**
     * One thread. What our cluster exports now.
     *
     * @param permitted who may have each service, as {@link ExportRules} say
     */
    public void offer(ClusterExports own, Map<ServiceName, Set<ClusterId>> permitted, LocalPart local) {
        offer = offer.next(own, permitted, local, neighbours(own.cluster().network()));
        loops.values().forEach(loop -> loop.inbox().nudge());
    }

    private Set<ClusterId> neighbours(Network network) {
        return loops.values().stream()
                .map(loop -> loop.authority().peer())
                .filter(peer -> peer.networks().contains(network))
                .map(PeerConfig::cluster)
                .collect(Collectors.toSet());
    }

    /** Any thread. The services that some peer which may have them has taken over. */
    public Set<ServiceName> takenOver() {
        Map<ClusterId, Long> acknowledged = loops.values().stream()
                .map(PeerLoop::status)
                .collect(Collectors.toMap(PeerStatus::cluster, PeerStatus::acknowledged));
        return offer.offered().values().stream()
                .filter(offered -> offered.consumers().stream()
                        .anyMatch(consumer -> acknowledged.getOrDefault(consumer, 0L) >= offered.since()))
                .map(offered -> offered.export().service())
                .collect(Collectors.toSet());
    }

    /** Any thread. The services that are too large for peers to take, by name. */
    public Set<String> withheld() {
        return offer.withheld();
    }

    /** Any thread. Where each link stands. */
    public List<PeerStatus> peers() {
        return loops.values().stream().map(PeerLoop::status).toList();
    }

    /** Any thread. Where the link to that peer stands; empty where it is none of ours. */
    public Optional<PeerStatus> status(ClusterId peer) {
        return Optional.ofNullable(loops.get(peer)).map(PeerLoop::status);
    }

    /** Any thread. How long ago each region's control plane was heard; one that never was is not there. */
    public Map<RegionId, Duration> heard() {
        Instant now = clock.instant();
        Map<RegionId, Duration> heard = new TreeMap<>();
        for (PeerLoop loop : loops.values()) {
            PeerStatus status = loop.status();
            status.heardAt()
                    .ifPresent(at -> heard.merge(
                            status.region(), Duration.between(at, now), (a, b) -> a.compareTo(b) <= 0 ? a : b));
        }
        return heard;
    }

    Optional<PeerLoop> loop(String cluster) {
        return loops.values().stream()
                .filter(loop -> loop.status().cluster().name().equals(cluster))
                .findFirst();
    }

    /** Ends all links; what was posted stays. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
