package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.guard.RemovalGuard;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.PeerStatus.Link;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.trust.identity.TrustBundles;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * All links to one peer, and what is held of it. Its thread {@code peer/<cluster>} owns them all; {@link #inbox} and
 * {@link #status()} are the doors. One link at a time is asked for what the peer exports, the others stand by.
 */
final class PeerLoop implements Runnable {
    /** Between two looks at beats, silence and dials. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** A dial over half the world, with a handshake, and then some. */
    private static final Duration GREETING_MAX = Duration.ofSeconds(10);

    private static final int BATCH_EVENTS = 64;

    /** Long enough for a transfer or two. */
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final PeerAuthority authority;
    private final Surroundings around;
    private final PeerInbox inbox = new PeerInbox();
    private final HeldPart held = new HeldPart();
    private final RemovalGuard guard = new RemovalGuard(PeerResource.OfService::isOne);
    private final Map<PeerStream, Linked> links = new LinkedHashMap<>();
    private final List<PeerDial> dials = new ArrayList<>();
    private final Set<Linked> transfers = new HashSet<>();
    private final PartNews news = new PartNews();
    private Optional<Linked> active = Optional.empty();
    private Optional<Instant> heardAt = Optional.empty();
    private Optional<Instant> listedAt = Optional.empty();
    private boolean isSynced;
    private boolean isForgotten;
    private TrustBundles trusted;
    private volatile PeerStatus status;

    /**
     * What a peer's loop needs of the rest.
     *
     * @param outlook what our side has to tell, newest
     * @param transfers so many peers may take over all of it at a time
     * @param clock must not jump, ages are told by it
     */
    record Surroundings(
            Hello hello,
            Supplier<PeerSession.Outlook> outlook,
            Semaphore transfers,
            PeerDialler dialler,
            PartSink parts,
            PeerListener listener,
            InstantSource clock) {}

    /** Where parts go, one after the other; may wait. */
    interface PartSink {
        void post(ClusterExports part) throws InterruptedException;

        void forget(ClusterId peer) throws InterruptedException;
    }

    PeerLoop(PeerAuthority authority, Surroundings around, RandomGenerator random) {
        this.authority = authority;
        this.around = around;
        this.trusted = around.dialler().trusted();
        this.status = new PeerStatus(
                authority.peer().cluster(),
                authority.peer().region(),
                Link.LOST,
                Optional.empty(),
                Optional.empty(),
                false,
                0,
                0,
                new Freshness.Unknown(),
                RemovalGuard.Held.NOTHING);
        authority.peer().addresses().forEach(address -> dials.add(new PeerDial(address, random)));
    }

    /** Before the start. What was held of the peer in an earlier life: a link then costs what has changed since. */
    void restore(ClusterExports part) {
        held.restore(part);
    }

    /** One link and, where we opened it, how. */
    private record Linked(PeerStream stream, PeerSession session, Optional<Dialled> dialled) {
        boolean isBy(PeerDial dial) {
            return dialled.filter(it -> it.by().equals(dial)).isPresent();
        }
    }

    /** @param shown the certificate by which the peer knows us on this link */
    private record Dialled(PeerDial by, X509Certificate shown) {}

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
                judgeAgain(now);
                endUngreeted(now);
                dialDue(now);
                renewDue(now);
                chooseActive(now);
                speak(now);
                letGo(now);
                publish(now);
            }
        } catch (InterruptedException stop) {
            links.keySet().forEach(stream -> stream.end("stopping", Duration.ZERO));
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
            case Event.NotThePeer other -> refuse(other.stream(), other.why(), now);
            case Event.Forgotten forgotten -> forget(now);
            case Event.Nudged nudged -> {}
        }
    }

    /** Links that stand end: one of a peer that is alive after all begins with everything again. */
    private void forget(Instant now) {
        held.clear();
        guard.clear();
        news.forget();
        isSynced = false;
        isForgotten = true;
        List.copyOf(links.keySet()).forEach(stream -> onEnded(stream, "forgotten", now));
    }

    private Linked link(PeerStream stream, Optional<Dialled> dialled, Instant now) {
        Linked link = new Linked(stream, new PeerSession(hello(dialled), authority, held, guard, now), dialled);
        links.put(stream, link);
        return link;
    }

    /** Who is dialled by us is listened to where we dialled, lest two links carry the same. */
    private Hello hello(Optional<Dialled> dialled) {
        if (dialled.isPresent() || !authority.peer().isDialled()) {
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
            listedAt = Stream.of(listedAt, link.session().listedAt())
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder());
            isSynced |= link.session().isSynced();
            if (!wasOpen && link.session().isOpen()) {
                onGreeted(link, now);
                judge(link, now); // whom we trust may have changed since its handshake
            }
        }
    }

    /** A link that shows a newer certificate replaces the one before, and only now that it speaks. */
    private void onGreeted(Linked link, Instant now) {
        around.listener().onLinked(authority.peer().cluster());
        link.dialled().map(Dialled::by).ifPresent(dial -> {
            dial.greeted();
            List<Linked> older = links.values().stream()
                    .filter(other -> other.isBy(dial) && !other.equals(link))
                    .toList();
            older.forEach(other -> onEnded(other.stream(), "renewed", now));
        });
    }

    private void onEvent(Linked link, PeerEvent event, Instant now) {
        switch (event) {
            case PeerEvent.PartChanged changed -> news.changed();
            case PeerEvent.ResourceRefused refused ->
                around.listener().onResourceRefused(authority.peer().cluster(), refused.name(), refused.why());
            case PeerEvent.RefusedByPeer refused ->
                around.listener().onRefusedByPeer(authority.peer().cluster(), refused.name(), refused.reason());
            case PeerEvent.RemovalsHeld kept ->
                around.listener().onRemovalsHeld(authority.peer().cluster(), kept.services());
            case PeerEvent.LinkRefused refused -> refuse(link.stream(), refused.why(), now);
            case PeerEvent.Left left ->
                onEnded(link.stream(), "bye: " + left.reason(), Duration.ZERO, left.retryAfter(), now);
        }
    }

    private void onEnded(PeerStream stream, String why, Instant now) {
        onEnded(stream, why, Duration.ZERO, Duration.ZERO, now);
    }

    /** @param ours after which the peer should come again; {@code theirs}, after which we should */
    private void onEnded(PeerStream stream, String why, Duration ours, Duration theirs, Instant now) {
        Linked link = links.remove(stream);
        if (link == null) {
            return;
        }
        stream.end(why, ours);
        boolean wasOpen = link.session().isOpen();
        link.dialled().ifPresentOrElse(it -> it.by().ended(wasOpen, theirs, now), inbox::released);
        active = active.filter(it -> !it.equals(link));
        if (transfers.remove(link)) {
            around.transfers().release();
        }
        if (wasOpen) {
            around.listener().onUnlinked(authority.peer().cluster(), why);
        }
    }

    private void refuse(PeerStream stream, PeerRefusal.OfLink why, Instant now) {
        around.listener().onLinkRefused(authority.peer().cluster().name(), why);
        onEnded(stream, why.reason(), now);
    }

    /** Where whom we trust has changed, a link that stands may be one to nobody. What it brought stays. */
    private void judgeAgain(Instant now) {
        TrustBundles newest = around.dialler().trusted();
        if (!newest.equals(trusted)) {
            trusted = newest;
            links.values().stream()
                    .filter(link -> link.session().isOpen())
                    .toList()
                    .forEach(link -> judge(link, now));
        }
    }

    private void judge(Linked link, Instant now) {
        link.stream().refusal().ifPresent(why -> refuse(link.stream(), why, now));
    }

    private void endUngreeted(Instant now) {
        List<Linked> late = links.values().stream()
                .filter(link -> !link.session().isOpen()
                        && !now.isBefore(link.session().heardAt().plus(GREETING_MAX)))
                .toList();
        late.forEach(link -> onEnded(link.stream(), "no greeting", now));
    }

    private void dialDue(Instant now) {
        dials.stream().filter(dial -> dial.isDue(now)).forEach(dial -> dial(dial, now));
    }

    /** Make before break: a link that shows an old certificate stays until one with the new certificate speaks. */
    private void renewDue(Instant now) {
        List<PeerDial> due = links.values().stream()
                .filter(link -> link.session().isOpen())
                .flatMap(link -> link.dialled().stream())
                .filter(dialled -> !dialled.shown().equals(around.dialler().shown()))
                .map(Dialled::by)
                .filter(dial -> dial.isReplaceable(now))
                .toList();
        due.forEach(dial -> dial(dial, now));
    }

    private void dial(PeerDial dial, Instant now) {
        Dialled dialled = new Dialled(dial, around.dialler().shown());
        dial.opened();
        link(DialledStream.open(around.dialler(), authority, dial.address(), inbox), Optional.of(dialled), now);
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
        return PeerStatus.isSilent(link.session().heardAt(), now);
    }

    private void speak(Instant now) {
        PeerSession.Outlook outlook = around.outlook().get();
        List<Linked> tooMany = new ArrayList<>();
        for (Linked link : links.values()) {
            if (!hasPlace(link)) {
                tooMany.add(link);
            } else if (link.stream().isReady()) {
                link.session().due(outlook, now).forEach(link.stream()::send);
            }
        }
        tooMany.forEach(link -> onEnded(link.stream(), "busy", BUSY_RETRY, Duration.ZERO, now));
    }

    /** Whether a link that takes over everything is one of the few that may at a time. */
    private boolean hasPlace(Linked link) {
        if (!link.session().isTransferring()) {
            if (transfers.remove(link)) {
                around.transfers().release();
            }
            return true;
        }
        if (transfers.contains(link)) {
            return true;
        }
        return around.transfers().tryAcquire() && transfers.add(link);
    }

    /** What was taken back and is not undone goes. */
    private void letGo(Instant now) {
        List<String> due = guard.pause().due(now);
        due.forEach(held::remove);
        if (!due.isEmpty()) {
            news.changed();
        }
    }

    private void publish(Instant now) throws InterruptedException {
        if (isForgotten) {
            isForgotten = false;
            around.parts().forget(authority.peer().cluster());
        }
        if (isSynced && heardAt.isPresent()) {
            Optional<ClusterExports> part = news.next(held, freshness(heardAt.get(), now));
            if (part.isPresent()) {
                around.parts().post(part.get());
            }
        }
        status = new PeerStatus(
                authority.peer().cluster(),
                authority.peer().region(),
                linkState(now),
                heardAt,
                listedAt,
                isSynced,
                held.services(),
                links.values().stream()
                        .mapToLong(link -> link.session().acknowledged())
                        .max()
                        .orElse(0),
                active.map(link -> link.session().peerApi()).orElse(status.api()),
                guard.held());
    }

    private Link linkState(Instant now) {
        if (links.values().stream().noneMatch(link -> link.session().isOpen())) {
            return Link.LOST;
        }
        return heardAt.filter(at -> !PeerStatus.isSilent(at, now)).isPresent() ? Link.LIVE : Link.SUSPECT;
    }

    /** A short gap is nobody's business: links are lost and found whenever something restarts. */
    private Freshness freshness(Instant heard, Instant now) {
        return PeerStatus.isSilent(heard, now)
                ? new Freshness.Stale(Duration.between(heard, now))
                : active.map(link -> link.session().peerApi()).orElse(new Freshness.Live());
    }
}
