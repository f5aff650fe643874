package io.beringia.discovery.peering;

import com.google.protobuf.ByteString;
import io.beringia.discovery.guard.RemovalGuard;
import io.beringia.discovery.peering.proto.Ack;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Manifest;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.discovery.peering.proto.Subscribe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The half of a link that listens: asks for what differs from the held part and applies what the peer may say. No I/O, no
 * clock. Owned by the peer's thread.
 *
 * <pre>
 * STANDBY ─ activate → SUBSCRIBE_DUE → MANIFEST_AWAITED ─ complete → ANSWER_AWAITED ─ last delta → SYNCED
 *                           ↑───────── other namespaces here, or a second look is due ───────────────┘
 * </pre>
 *
 * A link on standby costs a heartbeat: of several to one peer one is active, the others take over what is held.
 */
final class PeerImporting {
    /** Refusals of one acknowledgement; the rest is counted here alone. */
    private static final int REJECTIONS_MAX = 1_000;

    private static final PeerRefusal.OfResource NAME_TOO_LONG =
            new PeerRefusal.Malformed("name: more than " + PeerLimits.NAME_CHARS_MAX + " characters");

    private final HeldPart held;
    private final PeerAuthority authority;
    private final RemovalGuard guard;
    private final Map<String, Long> listed = new HashMap<>();
    private final Map<String, Long> refused = new HashMap<>();
    private final List<Ack.Rejection> rejections = new ArrayList<>();
    private final List<Frame> wants = new ArrayList<>();
    private Phase phase = Phase.STANDBY;
    private Set<String> namespaces = Set.of();
    private Optional<Instant> listedAt = Optional.empty();
    private boolean isAckDue;
    private long position;

    private enum Phase {
        STANDBY,
        SUBSCRIBE_DUE,
        MANIFEST_AWAITED,
        ANSWER_AWAITED,
        SYNCED
    }

    PeerImporting(HeldPart held, PeerAuthority authority, RemovalGuard guard) {
        this.held = held;
        this.authority = authority;
        this.guard = guard;
    }

    /** From now on this is the link that is asked. */
    void activate() {
        if (phase == Phase.STANDBY) {
            phase = Phase.SUBSCRIBE_DUE;
        }
    }

    /** Whether everything up to some position of the peer is applied. */
    boolean isSynced() {
        return phase == Phase.SYNCED;
    }

    /** When all names had come, if they ever had. */
    Optional<Instant> listedAt() {
        return listedAt;
    }

    /**
     * What may be sent now; once, so it must be sent.
     *
     * @param here namespaces that exist here, and that it may export into
     */
    List<Frame> due(Set<String> here, ByteString peerLog, Instant now) {
        List<Frame> due = new ArrayList<>(wants);
        wants.clear();
        if (isAckDue) {
            due.add(ack());
        }
        boolean isOutdated = !here.equals(namespaces)
                || guard.secondLook().filter(at -> !now.isBefore(at)).isPresent();
        if (phase == Phase.SUBSCRIBE_DUE || (phase == Phase.SYNCED && isOutdated)) {
            namespaces = Set.copyOf(here);
            listed.clear();
            phase = Phase.MANIFEST_AWAITED;
            due.add(subscribe(peerLog));
        }
        return due;
    }

    private Frame subscribe(ByteString peerLog) {
        Subscribe.Builder subscribe = Subscribe.newBuilder()
                .addAllNamespaces(namespaces.stream().sorted().toList());
        if (position > 0) {
            subscribe.setLogId(peerLog).setPosition(position);
        }
        return Frame.newBuilder().setSubscribe(subscribe).build();
    }

    List<PeerEvent> onManifest(Manifest manifest, Instant now) {
        if (phase != Phase.MANIFEST_AWAITED) {
            return List.of(new PeerEvent.LinkRefused(new PeerRefusal.OutOfTurn("manifest")));
        }
        List<PeerEvent> events = new ArrayList<>();
        PeerLimits limits = authority.limits();
        int max = limits.services() + limits.slices() + limits.gateways() + 1;
        for (Manifest.Entry entry : manifest.getEntriesList()) {
            if (entry.getName().length() > PeerLimits.NAME_CHARS_MAX) {
                refuse(entry.getName(), entry.getHash(), NAME_TOO_LONG, events);
            } else if (listed.size() < max || held.has(entry.getName())) {
                listed.put(entry.getName(), entry.getHash());
            } else {
                refuse(
                        entry.getName(),
                        entry.getHash(),
                        new PeerRefusal.TooMany("services", limits.services()),
                        events);
            }
        }
        if (manifest.getComplete()) {
            position = manifest.getPosition();
            listedAt = Optional.of(now);
            compare(now, events);
        }
        return events;
    }

    private void compare(Instant now, List<PeerEvent> events) {
        int before = held.size();
        held.outside(namespaces, authority.probe()).forEach(held::remove);
        Set<String> missing = new HashSet<>(held.names());
        missing.removeAll(listed.keySet());
        guard.pause().undone(listed.keySet());
        missing.removeAll(guard.pause().names());
        guard.released(missing, held.services(), now).forEach(held::remove);
        if (guard.held().all() > 0) {
            events.add(new PeerEvent.RemovalsHeld(guard.held().all()));
        }
        if (held.size() != before) {
            events.add(new PeerEvent.PartChanged());
        }
        List<String> wanted = new ArrayList<>();
        listed.forEach((name, hash) -> {
            if (!held.has(name, hash) && !hash.equals(refused.get(name))) {
                wanted.add(name);
            }
        });
        listed.clear();
        wants.addAll(PeerFrames.want(wanted));
        phase = Phase.ANSWER_AWAITED;
    }

    List<PeerEvent> onDelta(Delta delta, Instant now) {
        if (phase == Phase.STANDBY || phase == Phase.SUBSCRIBE_DUE) {
            return List.of(new PeerEvent.LinkRefused(new PeerRefusal.OutOfTurn("delta")));
        }
        List<PeerEvent> events = new ArrayList<>();
        apply(delta.getRemovalsList(), now, events);
        delta.getUpsertsList().forEach(resource -> apply(resource, events));
        if (delta.getLast()) {
            position = delta.getToPosition();
            isAckDue = true;
            if (phase == Phase.ANSWER_AWAITED) {
                phase = Phase.SYNCED;
            }
            events.add(new PeerEvent.PartChanged());
        }
        return events;
    }

    private void apply(Resource resource, List<PeerEvent> events) {
        Optional<PeerRefusal.OfResource> refusal = applied(resource);
        if (refusal.isPresent()) {
            refuse(resource.getName(), resource.getHash(), refusal.get(), events);
        } else {
            refused.remove(resource.getName());
        }
    }

    private Optional<PeerRefusal.OfResource> applied(Resource resource) {
        if (resource.getSerializedSize() > authority.limits().resourceBytes()) {
            return Optional.of(new PeerRefusal.TooLarge(
                    resource.getSerializedSize(), authority.limits().resourceBytes()));
        }
        PeerResource value;
        try {
            value = PeerCodec.decode(resource);
        } catch (IllegalArgumentException malformed) {
            return Optional.of(new PeerRefusal.Malformed(String.valueOf(malformed.getMessage())));
        }
        if (value.name().length() > PeerLimits.NAME_CHARS_MAX) {
            return Optional.of(NAME_TOO_LONG);
        }
        Optional<PeerRefusal.OfResource> refusal = held.tooMuch(value, resource.getSerializedSize(), authority.limits())
                .or(() -> authority.refusalOf(value, namespaces));
        if (refusal.isEmpty()) {
            held.put(resource.getHash(), authority.asReached(value), resource.getSerializedSize());
            guard.pause().undone(Set.of(value.name()));
        }
        return refusal;
    }

    /** Without a positive cause a removal is no more than missing from a list, and another list will say. */
    private void apply(List<Delta.Removal> removals, Instant now, List<PeerEvent> events) {
        List<String> takenBack = new ArrayList<>();
        for (Delta.Removal removal : removals) {
            switch (removal.getCause()) {
                case UNEXPORTED, DELETED, POLICY, NAMESPACE_GONE -> takenBack.add(removal.getName());
                case UNKNOWN, UNRECOGNIZED -> {
                    if (held.has(removal.getName())) {
                        guard.doubt(removal.getName(), now);
                    }
                }
            }
        }
        takenBack.forEach(refused::remove);
        takenBack.removeIf(name -> !held.has(name));
        List<String> admitted = guard.pause().admitted(takenBack, held.services(), now);
        admitted.forEach(held::remove);
        if (admitted.size() < takenBack.size()) {
            events.add(new PeerEvent.RemovalsHeld(guard.held().all()));
        }
    }

    private void refuse(String name, long hash, PeerRefusal.OfResource why, List<PeerEvent> events) {
        String shown = name.substring(0, Math.min(name.length(), PeerLimits.NAME_CHARS_MAX));
        if (refused.size() < authority.limits().services()) {
            refused.put(shown, hash);
        }
        if (rejections.size() < REJECTIONS_MAX) {
            rejections.add(Ack.Rejection.newBuilder()
                    .setName(shown)
                    .setReason(why.reason())
                    .build());
        }
        events.add(new PeerEvent.ResourceRefused(shown, why));
    }

    /** The newest position says all; what was refused since the last one comes with it. */
    private Frame ack() {
        Ack.Builder ack = Ack.newBuilder().setPosition(position).addAllRejected(rejections);
        rejections.clear();
        isAckDue = false;
        return Frame.newBuilder().setAck(ack).build();
    }
}
