package io.beringia.scenarios.connect;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.gateway.limits.PeerConnection;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.trust.identity.SpiffeId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The gateway's server of one connection behind TLS, its relays, and backends in memory, on a loop whose time the input
 * turns. Owned by one run.
 */
final class FuzzedGateway {
    private static final SpiffeId PEER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client");
    private static final IpAddress ADDRESS = IpAddress.parse("10.0.0.1");
    private static final LimitsConfig LIMITS = LimitsConfig.ofProcess();
    /** So little that it runs out. */
    private static final PeerAllowance FEW = new PeerAllowance(1, 10, 20);

    private static final long BUDGET_BYTES = 512 * 1024;
    /** Longer than whatever a connection still waits for at its end. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong awake = new AtomicLong();
    private final ByteBudget budget = new ByteBudget(BUDGET_BYTES, () -> {});
    private final LoopLimits.Shared limits =
            new LoopLimits.Shared(LIMITS, awake::get, new Random(0), (peer, word) -> {});
    private final AnswerCheck answers = new AnswerCheck();
    private final List<Tunnel> tunnels = new ArrayList<>();
    private final HboneConnection connection;

    FuzzedGateway() {
        channel.freezeTime();
        channel.config().setAllocator(memory);
        PeerConnection peer = new LoopLimits(limits).connect(PEER, ADDRESS, FEW).orElseThrow();
        channel.closeFuture().addListener(_ -> peer.disconnected());
        connection = HboneConnection.serve(channel, awake::get, budget, peer, this::onRequest);
    }

    private void onRequest(HboneConnection.OpenedStream opened, Http2Headers headers, boolean ended) {
        Tunnel tunnel = new Tunnel(opened);
        tunnels.add(tunnel);
        if (ended) {
            tunnel.refuse("400");
            tunnel.stream.endedByPeer();
        } else if (ConnectHeaders.parse(fields(headers), false) instanceof ConnectHeaders.Parsed.Refused refused) {
            tunnel.refuse(Integer.toString(refused.why().status()));
        }
    }

    private static List<Map.Entry<String, String>> fields(Http2Headers headers) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        headers.forEach(field ->
                fields.add(Map.entry(field.getKey().toString(), field.getValue().toString())));
        return fields;
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
        happens(() -> {});
    }

    void answers(int which) {
        with(which, Tunnel::answer);
    }

    void refuses(int which) {
        with(which, tunnel -> tunnel.refuse("503"));
    }

    void backendSays(int which, int bytes) {
        answers.asked(bytes);
        with(which, tunnel -> tunnel.backend.says(bytes));
    }

    void backendTakes(int which) {
        with(which, tunnel -> tunnel.backend.takes());
    }

    void backendFinishes(int which) {
        with(which, tunnel -> tunnel.backend.finishes());
    }

    void backendResets(int which, Reset why) {
        with(which, tunnel -> tunnel.backend.resets(why));
    }

    private void with(int which, Consumer<Tunnel> act) {
        if (!tunnels.isEmpty()) {
            happens(() -> act.accept(tunnels.get(which % tunnels.size())));
        }
    }

    void goesAway() {
        happens(connection::goAway);
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
        tunnels.forEach(tunnel -> happens(tunnel.backend::fails));
        passes(LONGEST_WAIT);
        channel.finishAndReleaseAll();
        tunnels.forEach(Tunnel::requireOver);
        require(connection.streams(), "streams");
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

    /** One CONNECT and what stands behind it. */
    private final class Tunnel implements HboneStream.Head {
        private final HboneStream stream;
        private final FuzzedBackend backend = new FuzzedBackend(channel, memory);
        private boolean answered;
        private boolean started;
        private int endings;

        private Tunnel(HboneConnection.OpenedStream opened) {
            stream = opened.with(this);
        }

        private void answer() {
            if (!answered) {
                answered = true;
                started = true;
                stream.accept(new DefaultHttp2Headers().status("200"));
                Relay.of(channel.eventLoop(), awake::get, budget, stream, backend, _ -> endings++)
                        .start();
            }
        }

        private void refuse(String status) {
            if (!answered) {
                answered = true;
                endings++;
                stream.refuse(new DefaultHttp2Headers().status(status));
            }
        }

        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {
            throw new IllegalStateException("headers: as an answer (expected: none from a peer that asks)");
        }

        @Override
        public void onLost(Reset why) {
            if (started) {
                throw new IllegalStateException("stream: lost to its head (expected: to its relay)");
            }
            answered = true;
            endings++;
        }

        private void requireOver() {
            if (endings != 1) {
                throw new IllegalStateException("tunnel: ended " + endings + " times (expected: once)");
            }
        }
    }
}
