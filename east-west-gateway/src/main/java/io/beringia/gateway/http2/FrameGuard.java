package io.beringia.gateway.http2;

import io.beringia.gateway.limits.FrameLimits;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Looks at the head of each frame before the codec does, which answers or swallows many kinds without a word to anybody: how
 * many of them come, and whether fields that were begun are also ended. Lives on its connection's event loop.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
    /** From the read in which HEADERS show themselves to the last of their fields. */
    static final Duration FIELDS_TIMEOUT = Duration.ofSeconds(5);

    private static final int HEAD_BYTES = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int ACK_OR_END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int WITH_PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;

    private final FrameLimits limits;
    private final LongSupplier awakeNanos;
    private final Consumer<String> onExcess;
    private final byte[] head = new byte[HEAD_BYTES];
    private final SizeUpdates updates = new SizeUpdates();
    private int headBytes;
    /** Until the next head. */
    private long skipped;

    private boolean inFields;
    private boolean lastFields;
    /** Frames until now, those that only go on with fields not counted: so a slow one is told from many. */
    private long begun;

    private long slow = -1;
    private long slowSinceNanos;
    private Optional<AwakeTimer> deadline = Optional.empty();
    private boolean over;

    /** @param onExcess called once, with what the peer did; nothing that it sends is read after that */
    FrameGuard(boolean server, FrameLimits limits, LongSupplier awakeNanos, Consumer<String> onExcess) {
        this.limits = limits;
        this.awakeNanos = awakeNanos;
        this.onExcess = onExcess;
        this.skipped = server ? Http2CodecUtil.connectionPrefaceBuf().readableBytes() : 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        Optional<String> excess = message instanceof ByteBuf bytes ? walk(bytes) : Optional.empty();
        if (excess.isPresent()) {
            ReferenceCountUtil.release(message);
            end(excess.get());
        } else {
            watchFields(ctx);
            ctx.fireChannelRead(message);
        }
    }

    private void end(String why) {
        over = true;
        deadline.ifPresent(AwakeTimer::cancel);
        onExcess.accept(why);
    }

    private Optional<String> walk(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skipped > 0) {
                int step = (int) Math.min(skipped, end - at);
                if (inFields && !updates.admits(bytes, at, step)) {
                    return Optional.of("size updates: too many (expected: at most " + SizeUpdates.MAX + ")");
                }
                at += step;
                skipped -= step;
            } else {
                int step = Math.min(HEAD_BYTES - headBytes, end - at);
                begun += headBytes == 0 && !inFields ? 1 : 0;
                bytes.getBytes(at, head, headBytes, step);
                at += step;
                headBytes += step;
                if (headBytes == HEAD_BYTES) {
                    headBytes = 0;
                    Optional<String> excess = onHead();
                    if (excess.isPresent()) {
                        return excess;
                    }
                }
            }
            if (skipped == 0 && headBytes == 0 && lastFields) {
                inFields = false;
                lastFields = false;
            }
        }
        return Optional.empty();
    }

    private Optional<String> onHead() {
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            length = length << Byte.SIZE | head[i] & 0xff;
        }
        skipped = length;
        return judge(head[TYPE_AT], head[FLAGS_AT], length);
    }

    private Optional<String> judge(byte type, byte flags, int length) {
        boolean marked = (flags & ACK_OR_END_STREAM) != 0;
        return switch (type) {
            case Http2FrameTypes.DATA -> excess(length > 0 || marked || limits.admitsOther(now()), "empty DATA");
            case Http2FrameTypes.HEADERS -> {
                limits.onStream();
                updates.begin(((flags & PADDED) != 0 ? 1 : 0) + ((flags & WITH_PRIORITY) != 0 ? PRIORITY_BYTES : 0));
                yield onFields(flags);
            }
            case Http2FrameTypes.CONTINUATION -> onFields(flags);
            case Http2FrameTypes.PRIORITY -> excess(limits.admitsPriority(), "PRIORITY");
            case Http2FrameTypes.RST_STREAM -> excess(limits.admitsReset(), "RST_STREAM");
            case Http2FrameTypes.WINDOW_UPDATE -> excess(limits.admitsWindowUpdate(), "WINDOW_UPDATE");
            case Http2FrameTypes.SETTINGS ->
                excess(marked ? limits.admitsOther(now()) : limits.admitsSettings(now()), "SETTINGS");
            case Http2FrameTypes.PING -> excess(marked ? limits.admitsOther(now()) : limits.admitsPing(now()), "PING");
            default -> excess(limits.admitsOther(now()), "other");
        };
    }

    private long now() {
        return awakeNanos.getAsLong();
    }

    private Optional<String> onFields(byte flags) {
        inFields = true;
        lastFields = (flags & END_HEADERS) != 0;
        return Optional.empty();
    }

    private static Optional<String> excess(boolean admitted, String what) {
        return admitted ? Optional.empty() : Optional.of(what + " frames: too many (expected: fewer)");
    }

    /** A read that ends within fields, or within the head of some, is what every slow request looks like. */
    private void watchFields(ChannelHandlerContext ctx) {
        if (!inFields && !isHeadOfFields()) {
            slow = -1;
        } else if (slow != begun) {
            slow = begun;
            slowSinceNanos = awakeNanos.getAsLong();
            if (deadline.isEmpty()) {
                await(ctx, FIELDS_TIMEOUT);
            }
        }
    }

    /** Half a head of DATA holds nothing up but its own stream, and a head whose type did not come yet holds nothing. */
    private boolean isHeadOfFields() {
        return headBytes > TYPE_AT
                && (head[TYPE_AT] == Http2FrameTypes.HEADERS || head[TYPE_AT] == Http2FrameTypes.CONTINUATION);
    }

    private void await(ChannelHandlerContext ctx, Duration left) {
        deadline = Optional.of(AwakeTimer.start(ctx.channel().eventLoop(), awakeNanos, left, () -> look(ctx)));
    }

    private void look(ChannelHandlerContext ctx) {
        deadline = Optional.empty();
        if (slow < 0 || over) {
            return;
        }
        Duration left = FIELDS_TIMEOUT.minusNanos(awakeNanos.getAsLong() - slowSinceNanos);
        if (left.isPositive()) {
            await(ctx, left);
        } else {
            end("fields: not whole after " + FIELDS_TIMEOUT.toSeconds() + " s (expected: sooner)");
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        over = true;
        deadline.ifPresent(AwakeTimer::cancel);
    }
}
