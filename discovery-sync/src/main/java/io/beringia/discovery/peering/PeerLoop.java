package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.PeerStatus.Link;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Hello;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All links to one peer, and what is held of it. Its thread {@code peer/<cluster>} owns them all; {@link #inbox} and
 * {@link #status()} are the doors. One link at a time is asked for what the peer exports, the others stand by.
 */
final class PeerLoop implements Runnable {
    /** Of silence on a link. A hint only: nothing is removed for it. */
    static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    /** Between two looks at beats, silence and dials. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** A dial over half the world, with a handshake, and then some. */
    private static final Duration GREETING_MAX = Duration.ofSeconds(10);

    private static final int BATCH_EVENTS = 64;

    private final PeerAuthority authority;
    private final Surroundings around;
    private final RandomGenerator random;
    private final PeerInbox inbox = new PeerInbox();
    private final HeldPart held = new HeldPart();
    private final RemovalGuard guard = new RemovalGuard();
    private final Map<PeerStream, Linked> links = new LinkedHashMap<>();
    private final List<Dial> dials = new ArrayList<>();
    private Optional<Linked> active = Optional.empty();
    private Optional<Instant> heardAt = Optional.empty();
    private Optional<ClusterExports> posted = Optional.empty();
    private boolean isSynced;
    private boolean isChanged;
    private volatile PeerStatus status;

    /**
     * What a peer's loop needs of the rest.
     *
     * @param outlook what our side has to tell, newest
     * @param clock must not jump, ages are told by it
     */
    record Surroundings(
            Hello hello,
            Supplier<PeerSession.Outlook> outlook,
            PeerDialler dialler,
            PartSink parts,
            PeerListener listener,
            InstantSource clock) {}

    /** Where parts go; may wait. */
    interface PartSink {
        void post(ClusterExports part) throws InterruptedException;
    }

    PeerLoop(PeerAuthority authority, Surroundings around, RandomGenerator random) {
        this.authority = authority;
        this.around = around;
        this.random = random;
        this.status = new PeerStatus(
                authority.peer().cluster(), authority.peer().region(), Link.LOST, Optional.empty(), false, 0);
        authority.peer().addresses().forEach(address -> dials.add(new Dial(address)));
    }

    /** One link and, where we opened it, by which address. */
    private record Linked(PeerStream stream, PeerSession session, Optional<Dial> dial) {}

    /** One address of the peer: dialled again and again. */
    private static final class Dial {
        private final String address;
        private Instant nextAt = Instant.MIN;
        private boolean isUp;
        private int failures;

        private Dial(String address) {
            this.address = address;
        }

        void ended(boolean wasGreeted, Instant now, RandomGenerator random) {
            isUp = false;
            nextAt = now.plus(DialRules.pause(wasGreeted ? 0 : failures, random));
            failures = wasGreeted ? 0 : failures + 1;
        }
    }

    PeerAuthority authority() {
        return authority;
    }

    /** Any thread. */
    PeerInbox inbox() {
        return inbox;
    }

    /** Any thread. */
    PeerStatus status() {
        return status;
    }

    @Override
    public void run() {
        try {
            while (true) {
                handleAll();
                Instant now = around.clock().instant();
                endUngreeted(now);
                dialDue(now);
                chooseActive(now);
                speak(now);
                publish(now);
            }
        } catch (InterruptedException stop) {
            links.keySet().forEach(stream -> stream.end("stopping"));
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever is queued, up to a batch, is one change. */
    private void handleAll() throws InterruptedException {
        Optional<Event> event = inbox.poll(TICK);
        for (int i = 0; i < BATCH_EVENTS && event.isPresent(); i++) {
            handle(event.get());
            event = inbox.poll(Duration.ZERO);
        }
        event.ifPresent(this::handle);
    }

    private void handle(Event event) {
        Instant now = around.clock().instant();
        switch (event) {
            case Event.Accepted accepted -> {
                Linked link = link(accepted.stream(), Optional.empty(), now);
                onFrame(link, accepted.hello(), now);
            }
            case Event.Received received ->
                Optional.ofNullable(links.get(received.stream()))
                        .ifPresent(link -> onFrame(link, received.frame(), now));
            case Event.Ended ended -> onEnded(ended.stream(), ended.why(), now);
            case Event.NotThePeer other -> {
                around.listener().onLinkRefused(authority.peer().cluster().name(), other.why());
                onEnded(other.stream(), other.why().reason(), now);
            }
            case Event.Nudged nudged -> {}
        }
    }

    private Linked link(PeerStream stream, Optional<Dial> dial, Instant now) {
        Linked link = new Linked(stream, new PeerSession(hello(dial), authority, held, guard, now), dial);
        links.put(stream, link);
        return link;
    }

    /** Who is dialled by us is listened to where we dialled, lest two links carry the same. */
    private Hello hello(Optional<Dial> dial) {
        if (dial.isPresent() || !authority.peer().isDialled()) {
            return around.hello();
        }
        List<Hello.Role> roles = around.hello().getRolesList().stream()
                .filter(role -> role != Hello.Role.IMPORTS)
                .toList();
        return around.hello().toBuilder().clearRoles().addAllRoles(roles).build();
    }

    private void onFrame(Linked link, Frame frame, Instant now) {
        boolean wasOpen = link.session().isOpen();
        for (PeerEvent event : link.session().onFrame(frame, now)) {
            onEvent(link, event, now);
        }
        if (links.containsKey(link.stream())) {
            link.stream().takeNext();
            heardAt = Optional.of(now);
            isSynced |= link.session().isSynced();
            if (!wasOpen && link.session().isOpen()) {
                around.listener().onLinked(authority.peer().cluster());
            }
        }
    }

    private void onEvent(Linked link, PeerEvent event, Instant now) {
        switch (event) {
            case PeerEvent.PartChanged changed -> isChanged = true;
            case PeerEvent.ResourceRefused refused ->
                around.listener().onResourceRefused(authority.peer().cluster(), refused.name(), refused.why());
            case PeerEvent.RefusedByPeer refused ->
                around.listener().onRefusedByPeer(authority.peer().cluster(), refused.name(), refused.reason());
            case PeerEvent.RemovalsHeld kept ->
                around.listener().onRemovalsHeld(authority.peer().cluster(), kept.services());
            case PeerEvent.LinkRefused refused -> {
                around.listener().onLinkRefused(authority.peer().cluster().name(), refused.why());
                onEnded(link.stream(), refused.why().reason(), now);
            }
            case PeerEvent.Left left -> onEnded(link.stream(), "bye: " + left.reason(), now);
        }
    }

    private void onEnded(PeerStream stream, String why, Instant now) {
        Linked link = links.remove(stream);
        if (link == null) {
            return;
        }
        stream.end(why);
        link.dial().ifPresentOrElse(dial -> dial.ended(link.session().isOpen(), now, random), inbox::released);
        active = active.filter(it -> !it.equals(link));
        if (link.session().isOpen()) {
            around.listener().onUnlinked(authority.peer().cluster(), why);
        }
    }

    private void endUngreeted(Instant now) {
        List<Linked> late = links.values().stream()
                .filter(link -> !link.session().isOpen()
                        && !now.isBefore(link.session().heardAt().plus(GREETING_MAX)))
                .toList();
        late.forEach(link -> onEnded(link.stream(), "no greeting", now));
    }

    private void dialDue(Instant now) {
        for (Dial dial : dials) {
            if (!dial.isUp && !now.isBefore(dial.nextAt)) {
                dial.isUp = true;
                link(DialledStream.open(around.dialler(), authority, dial.address, inbox), Optional.of(dial), now);
            }
        }
    }

    /** The link that was chosen stays chosen while it speaks: a change of replica is a change of view. */
    private void chooseActive(Instant now) {
        if (active.filter(link -> !isSilent(link, now)).isPresent()) {
            return;
        }
        Optional<Linked> next = links.values().stream()
                .filter(link -> link.session().canImport() && !isSilent(link, now))
                .findFirst();
        if (next.isPresent()) {
            active.ifPresent(silent -> onEnded(silent.stream(), "silent", now));
            next.get().session().activate();
            active = next;
        }
    }

    private static boolean isSilent(Linked link, Instant now) {
        return isSilent(link.session().heardAt(), now);
    }

    private static boolean isSilent(Instant heardAt, Instant now) {
        return !now.isBefore(heardAt.plus(SUSPECT_AFTER));
    }

    private void speak(Instant now) {
        PeerSession.Outlook outlook = around.outlook().get();
        for (Linked link : links.values()) {
            if (link.stream().isReady()) {
                link.session().due(outlook, now).forEach(link.stream()::send);
            }
        }
    }

    private void publish(Instant now) throws InterruptedException {
        if (isSynced && heardAt.isPresent()) {
            tell(told(freshness(heardAt.get(), now)));
        }
        status = new PeerStatus(
                authority.peer().cluster(),
                authority.peer().region(),
                linkState(now),
                heardAt,
                isSynced,
                held.services());
    }

    private void tell(Freshness freshness) throws InterruptedException {
        if (!isChanged
                && posted.filter(part -> part.cluster().freshness().equals(freshness))
                        .isPresent()) {
            return;
        }
        isChanged = false;
        Optional<ClusterExports> part = held.part(freshness);
        if (part.isPresent() && !part.equals(posted)) {
            around.parts().post(part.get());
            posted = part;
        }
    }

    /** An age is told again when it has doubled: each telling is a revision for every client. */
    private Freshness told(Freshness now) {
        return posted.map(part -> part.cluster().freshness())
                .filter(told -> told instanceof Freshness.Stale(Duration before)
                        && now instanceof Freshness.Stale(Duration age)
                        && age.compareTo(before) >= 0
                        && age.compareTo(before.multipliedBy(2)) < 0)
                .orElse(now);
    }

    private Link linkState(Instant now) {
        if (links.values().stream().noneMatch(link -> link.session().isOpen())) {
            return Link.LOST;
        }
        return heardAt.filter(at -> !isSilent(at, now)).isPresent() ? Link.LIVE : Link.SUSPECT;
    }

    /** A short gap is nobody's business: links are lost and found whenever something restarts. */
    private Freshness freshness(Instant heard, Instant now) {
        return isSilent(heard, now)
                ? new Freshness.Stale(Duration.between(heard, now))
                : active.map(link -> link.session().peerApi()).orElse(new Freshness.Live());
    }
}
