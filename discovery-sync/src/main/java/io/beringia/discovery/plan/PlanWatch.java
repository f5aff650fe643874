package io.beringia.discovery.plan;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.plan.PlanRules.Held;
import io.beringia.discovery.plan.PlanRules.Judgement;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows the plan of the mesh in ZooKeeper and obeys only a greater one, rightly signed by somebody who may lead. Begins
 * with what was kept, and keeps each plan before anybody acts on it. While ZooKeeper is away the last plan stays.
 *
 * <p>The thread {@code plan} owns it; {@link #view()} is its door.
 */
public final class PlanWatch implements AutoCloseable {
    /** Beside the watch, which may be lost: a plan is then late by a second. */
    private static final long LOOK_SECONDS = 1;

    private final PlanConfig config;
    private final Trust trust;
    private final Sink sink;
    private final Listener listener;
    private final PlanNode node;
    private final PlanFile file;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;

    private Held held = Held.NOTHING;
    private Optional<PlanNode.Stamp> done = Optional.empty();
    private Optional<Unkept> unkept = Optional.empty();
    private String lastTrouble = "";
    private volatile View view = new View(PlanVersion.NONE, Optional.empty(), false);

    private PlanWatch(PlanConfig config, Trust trust, Sink sink, Listener listener) {
        this.config = config;
        this.trust = trust;
        this.sink = sink;
        this.listener = listener;
        this.node = PlanNode.connect(config.zookeeper(), config.session(), config.mesh());
        this.file = new PlanFile(config.file());
        this.thread = Thread.ofVirtual().name("plan").unstarted(this::follow);
    }

    /** What a plan is proven with: the bundles of the moment. */
    public record Trust(PeerVerifier verifier, Credentials credentials, InstantSource clock) {}

    /** Where accepted plans go. */
    @FunctionalInterface
    public interface Sink {
        /** On our thread; may wait. Versions only grow. */
        void onPlan(TrafficPlan plan) throws InterruptedException;
    }

    /** Hears what people must know, on our thread. The same trouble is told once. */
    public interface Listener {
        /** @param isChainExpired nobody has led for longer than the leader's certificate lived */
        void onAccepted(PlanVersion version, boolean isChainExpired);

        /** The plan that stands in ZooKeeper is not obeyed. */
        void onRefused(String why);

        /** Which plan to obey is not certain; the last one stays. */
        void onFrozen(String why);

        /** The accepted plan is not on disk; it is obeyed all the same. */
        void onNotKept(String why);

        /** ZooKeeper cannot be asked; the last plan stays. */
        void onUnreachable(String why);
    }

    /**
     * Where we stand.
     *
     * @param accepted the greatest ever, over restarts
     * @param frozen why nobody can say which plan to obey; empty when all is well
     * @param isReachable whether ZooKeeper answered the last time
     */
    public record View(PlanVersion accepted, Optional<String> frozen, boolean isReachable) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Unkept(PlanCodec.Opened opened, byte[] sealed) {}

    /** Returns once what was kept has gone to the sink, so that nobody is served without it. */
    public static PlanWatch start(PlanConfig config, Trust trust, Sink sink, Listener listener) {
        PlanWatch watch = new PlanWatch(config, trust, sink, listener);
        try {
            watch.load();
            watch.thread.start();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return watch;
    }

    /** Any thread. */
    public View view() {
        return view;
    }

    /** Any thread. */
    @Override
    public void close() {
        thread.interrupt();
        node.close();
    }

    private void follow() {
        try {
            while (true) {
                look();
                changes.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
                changes.drainPermits();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void load() throws InterruptedException {
        switch (file.load()) {
            case PlanFile.Loaded.Nothing _ -> {}
            case PlanFile.Loaded.Whole whole -> {
                held = Held.accepted(whole.opened());
                sink.onPlan(whole.opened().plan());
            }
            case PlanFile.Loaded.VersionOnly version -> {
                held = new Held(Optional.of(version.accepted()), Optional.empty(), Optional.empty());
                listener.onNotKept(version.why());
            }
            case PlanFile.Loaded.Damaged damaged -> freeze(damaged.why());
        }
        publish(false);
    }

    private void look() throws InterruptedException {
        unkept.ifPresent(this::keep);
        try {
            Optional<PlanNode.Stamp> stamp = node.stamp(changes::release);
            if (stamp.isPresent() && !stamp.equals(done)) {
                read();
            }
            publish(true);
        } catch (IOException | IllegalStateException unreachable) {
            publish(false);
            trouble("unreachable: " + unreachable.getMessage(), listener::onUnreachable);
        }
    }

    /** After a damaged file only a quorum can say what the newest plan is. */
    private void read() throws IOException, InterruptedException {
        if (held.greatest().isEmpty() && held.frozen().isPresent()) {
            node.sync();
        }
        Optional<PlanNode.Content> content = node.read();
        if (content.isPresent()) {
            judge(content.get());
        }
    }

    private void judge(PlanNode.Content content) throws InterruptedException {
        byte[] sealed = new byte[content.data().remaining()];
        content.data().duplicate().get(sealed);
        PlanCodec.Result result = PlanCodec.open(
                content.data().duplicate(),
                trust.verifier(),
                trust.credentials().bundles(),
                config.leaders()::contains,
                trust.clock().instant());
        switch (result) {
            case PlanCodec.Refused refused -> trouble(refused.why(), listener::onRefused);
            case PlanCodec.Opened opened -> {
                obey(opened, sealed);
                done = Optional.of(content.stamp());
            }
        }
    }

    private void obey(PlanCodec.Opened opened, byte[] sealed) throws InterruptedException {
        switch (PlanRules.judge(held, opened, config.mesh())) {
            case Judgement.Accept _ -> accept(opened, sealed);
            case Judgement.Known _ -> {}
            case Judgement.Refuse refused -> trouble(refused.why(), listener::onRefused);
            case Judgement.Freeze freeze -> freeze(freeze.why());
        }
    }

    private void accept(PlanCodec.Opened opened, byte[] sealed) throws InterruptedException {
        held = Held.accepted(opened);
        lastTrouble = "";
        keep(new Unkept(opened, sealed));
        publish(true);
        listener.onAccepted(opened.plan().version(), opened.isChainExpired());
        sink.onPlan(opened.plan());
    }

    /** A full disk must not stop us: what is not kept is tried again at every look. */
    private void keep(Unkept plan) {
        try {
            file.store(plan.opened(), plan.sealed());
            unkept = Optional.empty();
        } catch (IOException full) {
            unkept = Optional.of(plan);
            trouble(config.file() + ": " + full, listener::onNotKept);
        }
    }

    private void freeze(String why) {
        held = held.frozen(why);
        trouble(why, listener::onFrozen);
    }

    private void trouble(String why, Consumer<String> hearer) {
        if (!why.equals(lastTrouble)) {
            lastTrouble = why;
            hearer.accept(why);
        }
    }

    private void publish(boolean isReachable) {
        view = new View(
                held.greatest().map(AcceptedPlan::version).orElse(PlanVersion.NONE), held.frozen(), isReachable);
    }
}
