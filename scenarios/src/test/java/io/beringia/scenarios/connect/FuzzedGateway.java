package io.beringia.scenarios.connect;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.inbound.LiveTunnels;
import io.beringia.gateway.inbound.ServedChannel;
import io.beringia.gateway.inbound.TunnelLoop;
import io.beringia.gateway.journal.TunnelJournal;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.gateway.observe.LoopOutcomes;
import io.beringia.gateway.observe.Outcomes;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.TunnelCounts;
import io.beringia.gateway.outbound.Attempt;
import io.beringia.gateway.outbound.Budgets;
import io.beringia.gateway.outbound.Cost;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.outbound.Dialer;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.overload.OverloadLevel;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A connection of the gateway above TLS: all that is built on it, routing, dials and relays, with pods in memory, on a loop
 * whose time the input turns. Owned by one run.
 */
final class FuzzedGateway {
    private static final Catalog CATALOG = FileCatalog.parse("""
            services:
            - {namespace: demo, hostname: echo.demo.svc.cluster.local, ports: {80: 8080}}
            workloads:
            - {uid: east//Pod/demo/client, namespace: demo, name: client, cluster: east, network: n-east,
               addresses: [10.0.0.1], service-account: client}
            - {uid: east//Pod/demo/echo-0, namespace: demo, name: echo-0, cluster: east, network: n-east,
               addresses: [10.0.0.2], service-account: echo,
               services: {demo/echo.demo.svc.cluster.local: {80: 8080}}}
            - {uid: east//Pod/demo/echo-1, namespace: demo, name: echo-1, cluster: east, network: n-east,
               addresses: [10.0.0.3], service-account: echo,
               services: {demo/echo.demo.svc.cluster.local: {80: 8080}}}
            exported:
            - {service: demo/echo.demo.svc.cluster.local, ports: [80], consumers: [east], clients: []}
            clusters:
            - {cluster: east, region: r-east, network: n-east, trust-domains: [cluster.local]}
            """);
    private static final Catalog NOTHING = FileCatalog.parse("""
            clusters:
            - {cluster: east, region: r-east, network: n-east, trust-domains: [cluster.local]}
            """);
    private static final Self SELF = new Self(
            new ClusterId("east"),
            new RegionId("r-east"),
            new Network("n-east"),
            "gw",
            Set.of(),
            IpAddress.parse("10.0.9.9"),
            false);
    private static final PeerVerdict.Verified PEER = new PeerVerdict.Verified(
            SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client"),
            Optional.of("east"),
            "leaf",
            "root",
            1,
            Instant.MAX);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("10.0.9.9", 40_000);
    private static final InetSocketAddress REMOTE = new InetSocketAddress("10.0.0.1", 50_000);
    private static final GatewayTelemetry TELEMETRY = new GatewayTelemetry(new SimpleMeterRegistry());

    private static final long BUDGET_BYTES = 512 * 1024;
    /** So little that it runs out. */
    private static final LimitsConfig LIMITS = new LimitsConfig(
            BUDGET_BYTES * 2,
            Duration.ofMinutes(1),
            1,
            20,
            HandshakeRates.DEFAULT,
            FrameRates.DEFAULT,
            new PeerAllowance(1, 10, 20),
            new PeerAllowance(1, 10, 20));

    /** Longer than whatever a connection still waits for at its end. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected SocketAddress remoteAddress0() {
            return REMOTE;
        }
    };
    private final AtomicLong awake = new AtomicLong();
    private final ByteBudget budget = new ByteBudget(BUDGET_BYTES, () -> {});
    private final LoopLimits.Shared limits =
            new LoopLimits.Shared(LIMITS, awake::get, new Random(0), (peer, word) -> {});
    private final AnswerCheck answers = new AnswerCheck();
    private final List<Pod> pods = new ArrayList<>();
    private final LiveTunnels live = new LiveTunnels();
    private final TunnelLoop here;
    private boolean serviceGone;
    private OverloadLevel overload = OverloadLevel.NONE;

    FuzzedGateway() {
        channel.freezeTime();
        channel.config().setAllocator(memory);
        Dialer dialer = new Dialer(
                channel.eventLoop(),
                (candidate, leg, outcome) -> new Pod(outcome),
                () -> PathTable.EMPTY,
                new Budgets(),
                awake::get,
                awake::get,
                new Unwatched());
        here = new TunnelLoop(
                channel.eventLoop(),
                SELF,
                this::catalog,
                () -> PathTable.EMPTY,
                dialer,
                live,
                new TunnelCounts(),
                new LoopOutcomes(new Outcomes()),
                new LoopLimits(limits),
                budget,
                new Random(0),
                awake::get,
                awake::get,
                MaxAge.DEFAULT,
                () -> overload,
                TunnelJournal.NONE,
                TELEMETRY);
        ServedChannel.serve(channel, here, PEER);
    }

    void receives(byte[] bytes) {
        answers.asked(bytes.length);
        if (channel.isOpen()) {
            channel.writeInbound(memory.buffer().writeBytes(bytes));
            said();
        }
    }

    void passes(Duration time) {
        awake.addAndGet(time.toNanos());
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        happens(live::look);
    }

    void answers(int which) {
        with(which, Pod::answer);
    }

    void refuses(int which) {
        with(which, Pod::refuse);
    }

    void backendSays(int which, int bytes) {
        answers.asked(bytes);
        with(which, pod -> pod.socket.says(bytes));
    }

    void backendTakes(int which) {
        with(which, pod -> pod.socket.takes());
    }

    void backendFinishes(int which) {
        with(which, pod -> pod.socket.finishes());
    }

    void backendResets(int which, Reset why) {
        with(which, pod -> pod.socket.resets(why));
    }

    private void with(int which, Consumer<Pod> act) {
        if (!pods.isEmpty()) {
            happens(() -> act.accept(pods.get(which % pods.size())));
        }
    }

    void goesAway() {
        happens(() -> live.leave(Duration.ZERO, here));
    }

    /** The service is there no more, or again; who must not call it any longer loses its tunnels. */
    void catalogChanges() {
        serviceGone = !serviceGone;
        happens(() -> live.onCatalog(catalog()));
    }

    private Catalog catalog() {
        return serviceGone ? NOTHING : CATALOG;
    }

    void overloadChanges() {
        overload = overload == OverloadLevel.NONE ? OverloadLevel.REFUSING : OverloadLevel.NONE;
    }

    void cutsOff() {
        happens(() -> HboneConnection.cutOff(channel));
    }

    void peerEndsTls() {
        happens(() -> channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS));
    }

    void peerIsGone() {
        happens(() -> channel.unsafe().close(channel.newPromise()));
    }

    private void happens(Runnable act) {
        act.run();
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
        said();
    }

    private void said() {
        channel.checkException();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            answers.said(bytes);
            bytes.release();
        }
    }

    /** All of it ends, and then nothing may be left. */
    void close() {
        peerIsGone();
        pods.forEach(pod -> happens(pod.socket::fails));
        passes(LONGEST_WAIT);
        channel.finishAndReleaseAll();
        require(live.size(), "live tunnels");
        require(pods.stream().filter(Pod::isAsked).count(), "dials");
        require(limits.peers().tunnels(), "tunnels of the peer");
        require(budget.heldBytes(), "bytes of the budget");
        require(budget.grownBytes(), "bytes of grown windows");
        require(memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory(), "bytes of buffers");
    }

    private static void require(long left, String what) {
        if (left != 0) {
            throw new IllegalStateException("left at the end: " + left + " " + what + " (expected: none)");
        }
    }

    /** One dial, and the pod that it may reach. */
    private final class Pod implements Attempt {
        private final FuzzedBackend socket = new FuzzedBackend(channel, memory);
        private final Outcome outcome;
        private boolean asked = true;

        private Pod(Outcome outcome) {
            this.outcome = outcome;
            pods.add(this);
        }

        private void answer() {
            if (asked) {
                asked = false;
                outcome.onConnected(socket, LOCAL);
            }
        }

        private void refuse() {
            if (asked) {
                asked = false;
                outcome.onFailed(new DialFailure.Refused("nobody listens"));
            }
        }

        private boolean isAsked() {
            return asked;
        }

        @Override
        public void cancel() {
            asked = false;
        }
    }

    /** What becomes of dials is seen elsewhere. */
    private static final class Unwatched implements Dialer.Watcher {
        @Override
        public void onAttempt(Cost cost) {}

        @Override
        public void onConnected(Candidate candidate, Leg leg) {}

        @Override
        public void onFailed(Candidate candidate, Leg leg, DialFailure why) {}

        @Override
        public void onOutrun(Candidate candidate, Leg leg) {}
    }
}
