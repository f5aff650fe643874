package io.beringia.gateway.tls;

import io.beringia.scenarios.fuzz.Choices;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;

/**
 * A peer that sends anything instead of a handshake, or that somebody on the way changes: nobody is ever trusted, the
 * connection ends within the time it has, and nothing of it is left.
 */
public final class HandshakeFuzz {
    private static final TrustDomain MESH = new TrustDomain("cluster.local");
    private static final SpiffeId US = SpiffeId.ofWorkload(MESH, "beringia-system", "gateway");
    private static final SpiffeId PEER = SpiffeId.ofWorkload(MESH, "demo", "peer");
    private static final Authority ROOT = Authority.root(MESH);
    private static final TlsContexts OURS = contexts(US);
    private static final TlsContexts THEIRS = contexts(PEER);
    /** RFC 8446, 5.1: neither is protected in the first record. */
    private static final int RECORD_HEAD_BYTES = 5;

    private static final int FLIGHTS_MAX = 20;

    private HandshakeFuzz() {}

    private static TlsContexts contexts(SpiffeId id) {
        HandshakeVerdict verdict = new HandshakeVerdict(new SpiffeVerifier(), ROOT::bundles, InstantSource.system());
        return TlsContexts.of(ROOT.svid(id, Duration.ofHours(12)), verdict);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        switch (choices.below(4)) {
            case 0 -> anything(choices, new End());
            case 1 -> records(choices, new End());
            default -> onTheWay(choices);
        }
    }

    /** Bytes as they come, in one piece or in many. */
    private static void anything(Choices choices, End server) {
        int size = choices.oneIn(2) ? Integer.MAX_VALUE : 1 + choices.octet();
        byte[] bytes = choices.rest();
        for (int from = 0; from < bytes.length; from += Math.min(size, bytes.length - from)) {
            server.hears(bytes, from, Math.min(size, bytes.length - from));
        }
        server.ends(false);
    }

    /** Records whose head says what it likes. */
    private static void records(Choices choices, End server) {
        while (choices.isLeft()) {
            byte[] body = choices.bytes();
            int length = choices.oneIn(4) ? choices.octet() << 8 | choices.octet() : body.length;
            int type = choices.oneIn(4) ? choices.octet() : 20 + choices.below(5);
            byte[] head = {(byte) type, 3, (byte) choices.below(5), (byte) (length >> 8), (byte) length};
            server.hears(head, 0, head.length);
            server.hears(body, 0, body.length);
        }
        server.ends(false);
    }

    /** A good peer, of whose records one byte is changed; or of ours. */
    private static void onTheWay(Choices choices) {
        boolean ours = choices.oneIn(2);
        int flight = choices.below(3);
        int at = choices.octet() << 8 | choices.octet();
        int change = choices.octet();
        End server = new End();
        End client = new End(Set.of(US));
        boolean changed = false;
        for (int next = 0; next < FLIGHTS_MAX; next++) {
            byte[] up = client.says();
            byte[] down = server.says();
            if (next == flight) {
                changed = change(ours ? down : up, at, change);
            }
            server.hears(up, 0, up.length);
            client.hears(down, 0, down.length);
        }
        // A client is done before its own certificate was judged: only what it was told counts for it.
        server.ends(!changed || ours);
        client.ends(!changed || !ours);
    }

    /** Whether a byte was changed that the handshake protects. */
    private static boolean change(byte[] bytes, int at, int change) {
        int place = RECORD_HEAD_BYTES + at % Math.max(1, bytes.length - RECORD_HEAD_BYTES);
        if (place >= bytes.length || change == 0 || isHead(bytes, place)) {
            return false;
        }
        bytes[place] ^= (byte) change;
        return true;
    }

    private static boolean isHead(byte[] bytes, int place) {
        int start = 0;
        while (start + RECORD_HEAD_BYTES <= bytes.length && start <= place) {
            if (place < start + RECORD_HEAD_BYTES) {
                return true;
            }
            start += RECORD_HEAD_BYTES + ((bytes[start + 3] & 0xff) << 8 | bytes[start + 4] & 0xff);
        }
        return false;
    }

    /** One of ours, on a channel whose time stands still. Owned by one run. */
    private static final class End {
        private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final AtomicLong awake = new AtomicLong();
        private final List<HandshakeResult> results = new ArrayList<>();

        /** A server. */
        private End() {
            prepare();
            OURS.accept(channel, awake::get, (_, result) -> onResult(result));
        }

        /** A client. */
        private End(Set<SpiffeId> expected) {
            prepare();
            THEIRS.connect(channel, expected, awake::get, (_, result) -> onResult(result));
        }

        private void prepare() {
            channel.freezeTime();
            channel.config().setAllocator(memory);
        }

        /** As the protocol above would do it, an error of TLS after the handshake is the end. */
        private void onResult(HandshakeResult result) {
            results.add(result);
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
                    if (cause.getCause() instanceof SSLException) {
                        ctx.close();
                    } else {
                        super.exceptionCaught(ctx, cause);
                    }
                }
            });
        }

        private void hears(byte[] bytes, int from, int count) {
            if (channel.isOpen() && count > 0) {
                channel.writeInbound(memory.buffer(count).writeBytes(bytes, from, count));
            }
        }

        private byte[] says() {
            ByteBuf all = memory.buffer();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                all.writeBytes(part);
                part.release();
            }
            byte[] bytes = new byte[all.readableBytes()];
            all.readBytes(bytes).release();
            return bytes;
        }

        private void ends(boolean mayBeTrusted) {
            awake.set(TlsContexts.HANDSHAKE_TIMEOUT.toNanos());
            channel.advanceTimeBy(TlsContexts.HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            channel.checkException();
            boolean trusted = results.stream().anyMatch(HandshakeResult.Trusted.class::isInstance);
            require(results.size() == 1, "results: " + results + " (expected: one)");
            require(mayBeTrusted || !trusted, "peer: trusted (expected: refused)");
            require(trusted || !channel.isOpen(), "channel: open (expected: closed after " + results + ")");
            channel.finishAndReleaseAll();
            long left = memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
            require(left == 0, "left at the end: " + left + " bytes of buffers (expected: none)");
        }

        private static void require(boolean met, String otherwise) {
            if (!met) {
                throw new IllegalStateException(otherwise);
            }
        }
    }
}
