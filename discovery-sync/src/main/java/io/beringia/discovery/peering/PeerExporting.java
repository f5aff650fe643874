package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.peering.proto.Ack;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.discovery.peering.proto.Subscribe;
import io.beringia.discovery.peering.proto.Want;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * The half of a link that tells: what the consumer has by now, and what to send it next. No I/O, no clock. Owned by the
 * peer's thread.
 *
 * <pre>
 * SILENT ─ Subscribe → MANIFEST_DUE ─ manifest sent → WANT_AWAITED ─ Want, complete → STREAMING
 *                           ↑──────────────── another Subscribe ──────────────────────────┘
 * </pre>
 *
 * A slow consumer costs no queue: after {@value #UNACKED_MAX} unanswered deltas it is told the newest state, once.
 */
final class PeerExporting {
    /** So many round trips' changes are under way at once. */
    static final int UNACKED_MAX = 8;

    private final ClusterId peer;
    private final ProbeName probe;
    private final Map<String, Long> known = new HashMap<>();
    private final Set<String> wanted = new HashSet<>();
    private final Deque<Long> unacked = new ArrayDeque<>();
    private Phase phase = Phase.SILENT;
    private Offer.Consumer consumer;
    private Offer told = Offer.NONE;
    private boolean isAnswerDue;
    private boolean isServed;
    private long position;
    private long acknowledged;

    private enum Phase {
        SILENT,
        MANIFEST_DUE,
        WANT_AWAITED,
        STREAMING
    }

    PeerExporting(ClusterId peer, ProbeName probe) {
        this.peer = peer;
        this.probe = probe;
        this.consumer = new Offer.Consumer(peer, Set.of(), probe);
    }

    void onSubscribe(Subscribe subscribe) {
        consumer = new Offer.Consumer(peer, Set.copyOf(subscribe.getNamespacesList()), probe);
        phase = Phase.MANIFEST_DUE;
    }

    /** Names that were not in the manifest are nothing to us. */
    Optional<PeerRefusal.OfLink> onWant(Want want) {
        if (phase == Phase.SILENT) {
            return Optional.of(new PeerRefusal.OutOfTurn("want"));
        }
        want.getNamesList().stream().filter(known::containsKey).forEach(wanted::add);
        if (want.getComplete() && phase != Phase.MANIFEST_DUE) {
            phase = Phase.STREAMING;
            isAnswerDue = true;
        }
        return Optional.empty();
    }

    void onAck(Ack ack) {
        isServed |= phase == Phase.STREAMING && !isAnswerDue;
        acknowledged = Math.max(acknowledged, Math.min(ack.getPosition(), position));
        while (!unacked.isEmpty() && unacked.getFirst() <= ack.getPosition()) {
            unacked.removeFirst();
        }
    }

    /** Whether the consumer asked and has not confirmed a first delta yet: the expensive part of a link. */
    boolean isTransferring() {
        return phase != Phase.SILENT && !isServed;
    }

    /** The highest position that the consumer has confirmed; 0 before any. What it was not told meanwhile, it does not lack. */
    long acknowledged() {
        boolean isUpToDate = phase == Phase.STREAMING && !isAnswerDue && isServed && unacked.isEmpty();
        return isUpToDate ? Math.max(acknowledged, position) : acknowledged;
    }

    /** What may be sent now; once, so it must be sent. Nothing before our own cluster is known. */
    List<Frame> due(Offer offer) {
        if (offer.position() == 0) {
            return List.of();
        }
        return switch (phase) {
            case SILENT, WANT_AWAITED -> List.of();
            case MANIFEST_DUE -> manifest(offer);
            case STREAMING -> isAnswerDue || offer.position() != position ? delta(offer) : List.of();
        };
    }

    private List<Frame> manifest(Offer offer) {
        Map<String, Resource> all = offer.to(consumer);
        known.clear();
        wanted.clear();
        unacked.clear();
        all.forEach((name, resource) -> known.put(name, resource.getHash()));
        phase = Phase.WANT_AWAITED;
        told = offer;
        position = offer.position();
        return PeerFrames.manifest(all, position);
    }

    private List<Frame> delta(Offer offer) {
        if (unacked.size() >= UNACKED_MAX) {
            return List.of();
        }
        SortedSet<String> suspects = offer.differences(told);
        suspects.addAll(wanted);
        List<Resource> upserts = new ArrayList<>();
        List<Delta.Removal> removals = new ArrayList<>();
        for (String name : suspects) {
            offer.to(consumer, name)
                    .ifPresentOrElse(resource -> upsert(resource, upserts), () -> remove(name, offer, removals));
        }
        long from = position;
        told = offer;
        position = offer.position();
        wanted.clear();
        if (upserts.isEmpty() && removals.isEmpty() && !isAnswerDue) {
            return List.of();
        }
        isAnswerDue = false;
        unacked.addLast(position);
        return PeerFrames.delta(upserts, removals, from, position);
    }

    private void upsert(Resource resource, List<Resource> upserts) {
        Long before = known.put(resource.getName(), resource.getHash());
        if (before == null || before != resource.getHash() || wanted.contains(resource.getName())) {
            upserts.add(resource);
        }
    }

    private void remove(String name, Offer offer, List<Delta.Removal> removals) {
        if (known.remove(name) != null) {
            removals.add(Delta.Removal.newBuilder()
                    .setName(name)
                    .setCause(offer.cause(name, consumer))
                    .build());
        }
    }
}
