package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.failover.cli.CandidateStatus;
import io.beringia.failover.cli.StaleOffer;
import io.beringia.scenarios.drill.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Looks at the candidates as an operator does, four times a second, and notes what each observer says of each region, what
 * the leader makes of it, and how far the sites have followed. A thread for each candidate.
 */
public final class MeshWatch implements AutoCloseable {
    public static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Timeline timeline;
    private final long origin;
    private final List<Thread> threads = new ArrayList<>();
    private volatile long epoch;

    private MeshWatch(Timeline timeline, long origin) {
        this.timeline = timeline;
        this.origin = origin;
    }

    /** Of these sites' candidates. */
    public static MeshWatch start(DemoFiles files, Collection<DemoRegion> sites, Timeline timeline, long origin) {
        MeshWatch watch = new MeshWatch(timeline, origin);
        for (DemoRegion site : sites) {
            watch.threads.add(
                    Thread.ofVirtual().name("watch/" + site.region()).start(() -> watch.follow(files.candidate(site))));
        }
        return watch;
    }

    /** Until the leader says so of that region. Throws if it does not within that time. */
    public void await(RegionId region, RegionPhase phase, Duration within) throws IOException, InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (!says(region, phase)) {
            if (System.nanoTime() > end) {
                throw new IOException(region + ": " + timeline.lastWord(Timeline.LEADER, region.name()) + " after "
                        + within.toSeconds() + " s (expected: " + phase + ")");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    /** Whether that is the leader's last word on that region. */
    public boolean says(RegionId region, RegionPhase phase) {
        return timeline.lastWord(Timeline.LEADER, region.name()).equals(phase.name());
    }

    /** How many writes under an older epoch ZooKeeper refused: 1 as it must be, or 0. */
    public long offerUnderAnOlderEpoch() throws IOException, InterruptedException {
        String zookeeper = DemoRegion.WITNESS.at(DemoRegion.Door.ZOOKEEPER).toString();
        return StaleOffer.isRefused(zookeeper, DemoFiles.MESH, epoch) ? 1 : 0;
    }

    private void follow(CandidateStatus candidate) {
        try (candidate) {
            while (true) {
                look(candidate);
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(CandidateStatus candidate) throws InterruptedException {
        try {
            JsonNode status = candidate.read();
            long now = System.nanoTime() - origin;
            if (status.has("epoch")) {
                epoch = Long.parseUnsignedLong(status.path("epoch").asString());
            }
            status.path("regions").forEach(region -> noteRegion(now, region));
            status.path("evidence").forEach(site -> note(now, site));
        } catch (IOException silent) {
            // It is stopped, or starts: the other candidate sees the same.
        }
    }

    private void noteRegion(long now, JsonNode region) {
        say(now, Timeline.LEADER, region.path("region"), region.path("state"));
        if (region.path("ramp").asInt() > 0) {
            String subject = region.path("region").asString() + Timeline.RAMP;
            timeline.note(new Timeline.Event(
                    now, Timeline.LEADER, subject, region.path("ramp").toString()));
        }
    }

    private void note(long now, JsonNode site) {
        boolean isFollowed =
                site.path("acknowledged").asInt() >= site.path("proxies").asInt();
        timeline.note(new Timeline.Event(
                now,
                site.path("site").asString(),
                Timeline.PLAN,
                site.path("acceptedPlan").asString() + (isFollowed ? " " + Timeline.ACKNOWLEDGED : "")));
        for (JsonNode observer : site.path("observers")) {
            observer.path("paths")
                    .forEach(path ->
                            say(now, observer.path("observer").asString(), path.path("region"), path.path("state")));
        }
    }

    private void say(long now, String observer, JsonNode region, JsonNode word) {
        timeline.note(new Timeline.Event(now, observer, region.asString(), word.asString()));
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
