package io.beringia.discovery.hosts;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.hosts.Stay.Presence;
import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.ApiUnreachable;
import io.beringia.discovery.kube.HostEntry;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.kube.OwnApiWrites;
import io.beringia.discovery.xds.HostClaim;
import io.beringia.discovery.xds.HostWatch;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes our API say of each WorkloadEntry what its host says, and that it is unhealthy once its host is gone. What should be
 * is compared with what is, so nothing has to be queued. The thread in {@link #run()} owns all of it; {@link HostWatch} is
 * the door, and waits while that thread is busy.
 */
public final class HostKeeper implements HostWatch, Runnable {
    private static final int INBOX_EVENTS = 1_024;

    /** Graces and retries are looked at so often. */
    private static final Duration TICK = Duration.ofMillis(500);

    /** So that our lease is renewed between; the rest comes with the next turn. */
    private static final int ACTS_MAX = 100;

    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    /** Hosts that were lost together with their replica are looked for so often. */
    private static final Duration SWEEP_EVERY = ReplicaLeases.DURATION;

    private final BlockingQueue<Event> inbox = new ArrayBlockingQueue<>(INBOX_EVENTS);
    private final Map<Stream, KeptStay> kept = new LinkedHashMap<>();
    private final HostsConfig config;
    private final Surroundings around;
    private final EntrySteps steps;
    private final ReplicaLeases leases;
    private Instant sweepAt;
    private boolean isMoreDue;
    private Instant notBefore = Instant.MIN;
    private Duration retry = RETRY_MIN;

    /**
     * What it needs of the rest.
     *
     * @param told how our clients are told that a host is; empty where they are not told of it
     * @param wall what is written down, for all replicas
     * @param steady must not jump; graces are told by it
     */
    public record Surroundings(
            OwnApiWrites api,
            Function<HostClaim, Optional<Health>> told,
            HostsListener listener,
            InstantSource wall,
            InstantSource steady) {}

    public HostKeeper(HostsConfig config, TrustDomain domain, Surroundings around) {
        this.config = config;
        this.around = around;
        this.steps = new EntrySteps(
                around.api(),
                new HostRules(domain, config.replica()),
                around.listener(),
                around.wall(),
                config.grace());
        this.leases = new ReplicaLeases(around.api(), config.replica());
        this.sweepAt = around.steady().instant().plus(SWEEP_EVERY);
    }

    private sealed interface Event {
        record Came(Stream stream, HostClaim host) implements Event {}

        record Reported(Stream stream, HostReport report) implements Event {}

        record Left(Stream stream) implements Event {}
    }

    /** Names one stream; says nothing of itself. */
    private final class Stream implements Visit {
        @Override
        public void onReport(HostReport report) throws InterruptedException {
            inbox.put(new Event.Reported(this, report));
        }

        @Override
        public void onLeft() {
            try {
                inbox.put(new Event.Left(this));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Any thread. */
    @Override
    public Visit onHost(HostClaim host) throws InterruptedException {
        Stream stream = new Stream();
        inbox.put(new Event.Came(stream, host));
        return stream;
    }

    @Override
    public void run() {
        try {
            while (true) {
                takeIn();
                Instant now = around.steady().instant();
                kept.replaceAll((stream, it) -> looked(it, now));
                act(now);
                tend(now);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeIn() throws InterruptedException {
        Duration patience = isMoreDue && notBefore.isBefore(around.steady().instant()) ? Duration.ZERO : TICK;
        List<Event> events = new ArrayList<>();
        Optional.ofNullable(inbox.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
                .ifPresent(events::add);
        inbox.drainTo(events);
        Instant now = around.steady().instant();
        events.forEach(event -> onEvent(event, now));
        around.listener().onStreams((int) kept.values().stream()
                .filter(it -> it.stay().presence() instanceof Presence.Here)
                .count());
    }

    private void onEvent(Event event, Instant now) {
        switch (event) {
            case Event.Came(Stream stream, HostClaim host) -> kept.put(stream, KeptStay.begun(host, now));
            case Event.Reported(Stream stream, HostReport report) ->
                kept.computeIfPresent(
                        stream, (same, it) -> it.with(it.stay().said(report)).dueSoon(now));
            case Event.Left(Stream stream) ->
                kept.computeIfPresent(
                        stream, (same, it) -> it.left(around.wall().instant(), now, config.grace()));
        }
    }

    /** A grace may be over, or somebody may have written something else. */
    private KeptStay looked(KeptStay it, Instant now) {
        if (it.isGone(now) && it.stay().presence() instanceof Presence.Left(Instant at)) {
            return it.with(it.stay().is(new Presence.Gone(at))).dueAt(now);
        }
        return it.isSettled(now) && isToldOtherwise(it.stay()) ? it.dueAt(now) : it;
    }

    private boolean isToldOtherwise(Stay stay) {
        Optional<Health> said = stay.report().map(HostReport::health);
        return said.isPresent() && !around.told().apply(stay.host()).equals(said);
    }

    private void act(Instant now) {
        List<Stream> due = kept.entrySet().stream()
                .filter(it -> !now.isBefore(it.getValue().due()))
                .map(Map.Entry::getKey)
                .toList();
        isMoreDue = due.size() > ACTS_MAX;
        for (Stream stream : due.subList(0, Math.min(due.size(), ACTS_MAX))) {
            KeptStay it = kept.get(stream);
            if (it != null && !now.isBefore(notBefore)) {
                act(stream, it, now);
            }
        }
    }

    private void act(Stream stream, KeptStay it, Instant now) {
        try {
            keep(stream, steps.taken(it, now));
            retry = RETRY_MIN;
        } catch (ApiUnreachable silent) {
            later(silent, now);
        } catch (RuntimeException bug) {
            around.listener().onBug(bug);
            kept.put(stream, it.dueAt(now.plus(RETRY_MAX)));
        }
    }

    private void later(ApiUnreachable silent, Instant now) {
        around.listener().onSilent(String.valueOf(silent.getMessage()));
        notBefore = now.plus(retry);
        retry = retry.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
    }

    /** Says that we live, and takes over what dead replicas have left. */
    private void tend(Instant now) {
        if (now.isBefore(notBefore)) {
            return;
        }
        try {
            leases.renew(now, around.wall().instant()).ifPresent(this::onRenewed);
            if (!now.isBefore(sweepAt)) {
                sweepAt = now.plus(SWEEP_EVERY);
                sweep(now);
            }
        } catch (ApiUnreachable silent) {
            later(silent, now);
        } catch (RuntimeException bug) {
            around.listener().onBug(bug);
        }
    }

    /** Without its lease nobody would see that we are gone. */
    private void onRenewed(ApiAnswer answer) {
        switch (answer) {
            case ApiAnswer.Done() -> {}
            case ApiAnswer.Outdated(String why) -> around.listener().onSilent(why);
            case ApiAnswer.Refused(String why) -> around.listener().onSilent(why);
            case ApiAnswer.Failed(String why) -> around.listener().onSilent(why);
        }
    }

    private void sweep(Instant now) {
        List<HostEntry> believed =
                around.api().entries().stream().filter(HostRules::isBelieved).toList();
        Set<String> gone = believed.stream()
                .flatMap(entry -> entry.controller().stream())
                .distinct()
                .filter(replica -> replica.equals(config.replica()) || leases.isOver(replica, now))
                .collect(Collectors.toSet());
        believed.stream()
                .filter(entry -> entry.controller().filter(gone::contains).isPresent() && !isKept(entry.name()))
                .forEach(entry -> steps.adopted(entry, now).ifPresent(it -> kept.put(new Stream(), it)));
    }

    /** Then it is no leftover of an earlier life of ours, or its host has come from there. */
    private boolean isKept(ObjectName entry) {
        return kept.values().stream().anyMatch(it -> it.isOf(entry));
    }

    private void keep(Stream stream, Optional<KeptStay> next) {
        next.ifPresentOrElse(it -> kept.put(stream, it), () -> kept.remove(stream));
    }
}
