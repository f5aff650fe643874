package io.beringia.discovery.evidence;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The newest of everything that our site has seen. An observer's report replaces its last one; an observer that is silent
 * for ten seconds is gone. Any thread.
 */
public final class EvidenceBoard {
    /** Far more gateways than a site has; a thousand names of one stolen identity would be a thousand observers. */
    static final int OBSERVERS_MAX = 64;

    /** As many regions as a mesh will have. */
    static final int PATHS_MAX = 256;

    /** As many as a gateway reports; the evidence of a site, all observers together, has to fit one message. */
    static final int OUTCOMES_MAX = 64;

    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private final RegionId site;
    private final Sources sources;
    private final LongSupplier nanoTime;
    private final Map<Observer, Slot> slots = new ConcurrentSkipListMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public EvidenceBoard(RegionId site, Sources sources, LongSupplier nanoTime) {
        this.site = site;
        this.sources = sources;
        this.nanoTime = nanoTime;
    }

    /** What is not reported but asked for, with every evidence; none of it may wait. */
    public record Sources(
            Supplier<List<Heartbeat>> heartbeats, Supplier<List<Readiness>> readiness, Supplier<Proxies> proxies) {}

    /** Observers are told apart by who proved to send, and by the name that they give themselves. */
    private record Observer(SpiffeId caller, String name) implements Comparable<Observer> {
        private static final Comparator<Observer> ORDER = Comparator.comparing(Observer::name)
                .thenComparing(it -> it.caller().toString());

        @Override
        public int compareTo(Observer other) {
            return ORDER.compare(this, other);
        }
    }

    private record Slot(ObserverReport report, long atNanos) {}

    /**
     * Any thread. Takes a report; followers hear of it at once where it changes how a path stands. Throws
     * {@link IllegalArgumentException} where it is one observer or one path too many.
     */
    public void onReport(SpiffeId caller, ObserverReport report) {
        requireFew(report.observer(), "paths", report.paths().size(), PATHS_MAX);
        requireFew(report.observer(), "regions with tunnels", report.tunnels().size(), PATHS_MAX);
        requireFew(
                report.observer(), "endpoints with outcomes", report.outcomes().size(), OUTCOMES_MAX);
        Observer observer = new Observer(caller, report.observer());
        Slot slot = new Slot(report, nanoTime.getAsLong());
        makeRoom(observer, slot.atNanos());
        boolean isNews = Optional.ofNullable(slots.put(observer, slot))
                .map(old -> !states(old.report()).equals(states(report)))
                .orElse(true);
        if (isNews) {
            listeners.forEach(listener -> listener.onChange.run());
        }
    }

    /** Any thread. With ages of this moment. */
    public RegionEvidence latest() {
        long now = nanoTime.getAsLong();
        return new RegionEvidence(
                site,
                slots.values().stream()
                        .filter(slot -> !isGone(slot, now))
                        .map(slot -> slot.report().olderBy(waited(slot, now)))
                        .toList(),
                sources.heartbeats().get(),
                sources.readiness().get(),
                sources.proxies().get());
    }

    /** Any thread. Calls {@code onChange} after every change of state, on the thread that brought it: it must only post. */
    public CatalogSource.Subscription subscribe(Runnable onChange) {
        Listener listener = new Listener(onChange);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private static void requireFew(String observer, String what, int count, int max) {
        if (count > max) {
            throw new IllegalArgumentException(
                    "observer " + observer + ": " + count + " " + what + " (expected: at most " + max + ")");
        }
    }

    private void makeRoom(Observer observer, long nowNanos) {
        slots.values().removeIf(old -> isGone(old, nowNanos));
        if (slots.size() >= OBSERVERS_MAX && !slots.containsKey(observer)) {
            throw new IllegalArgumentException(
                    "observer " + observer.name() + ": one too many (expected: at most " + OBSERVERS_MAX + ")");
        }
    }

    private static boolean isGone(Slot slot, long nowNanos) {
        return waited(slot, nowNanos).compareTo(SILENCE_MAX) > 0;
    }

    private static Duration waited(Slot slot, long nowNanos) {
        return Duration.ofNanos(Math.max(0, nowNanos - slot.atNanos()));
    }

    private static Map<RegionId, PathState> states(ObserverReport report) {
        return report.paths().stream()
                .collect(Collectors.toMap(PathReport::target, PathReport::state, (first, again) -> again));
    }

    /** Compared by identity: the same callback may be subscribed twice. */
    private static final class Listener {
        private final Runnable onChange;

        private Listener(Runnable onChange) {
            this.onChange = onChange;
        }
    }
}
