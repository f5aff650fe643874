package io.beringia.gateway.tls;

import io.beringia.gateway.time.AwakeTimer;
import io.beringia.trust.identity.PeerVerdict;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Stands behind the TLS handler until the handshake is over: opens for a verified peer that speaks HTTP/2, and closes
 * the connection for everything else. Lives on its connection's event loop.
 */
final class HandshakeGate extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final Handshake handshake;
    private final Runnable forget;
    private final BiConsumer<Channel, HandshakeResult> whenDone;
    private final LongSupplier awakeNanos;
    private Optional<AwakeTimer> deadline = Optional.empty();
    private boolean over;

    HandshakeGate(
            SslHandler tls,
            Handshake handshake,
            Runnable forget,
            LongSupplier awakeNanos,
            BiConsumer<Channel, HandshakeResult> whenDone) {
        this.tls = tls;
        this.handshake = handshake;
        this.forget = forget;
        this.awakeNanos = awakeNanos;
        this.whenDone = whenDone;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            startDeadline(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startDeadline(ctx);
        ctx.fireChannelActive();
    }

    /** From when TCP stands; a connection that was accepted is active already. */
    private void startDeadline(ChannelHandlerContext ctx) {
        if (deadline.isEmpty() && !over) {
            deadline = Optional.of(AwakeTimer.start(
                    ctx.channel().eventLoop(), awakeNanos, TlsContexts.HANDSHAKE_TIMEOUT, () -> end(ctx, late())));
        }
    }

    private static HandshakeResult late() {
        return new HandshakeResult.Failed(
                HandshakeResult.Failed.TIMEOUT,
                "handshake: not over after " + TlsContexts.HANDSHAKE_TIMEOUT.toSeconds() + " s (expected: sooner)");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            end(ctx, completion.isSuccess() ? judge() : failed(completion.cause()));
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private HandshakeResult judge() {
        if (!TlsContexts.HTTP2.equals(tls.applicationProtocol())) {
            return new HandshakeResult.Failed("no-h2", "ALPN: nothing negotiated (expected: h2)");
        }
        return handshake
                .verdict()
                .map(HandshakeGate::result)
                .orElseGet(() -> new HandshakeResult.Failed(
                        "unverified", "peer: not verified in this handshake (expected: a full handshake)"));
    }

    private static HandshakeResult result(PeerVerdict verdict) {
        return switch (verdict) {
            case PeerVerdict.Verified peer -> new HandshakeResult.Trusted(peer);
            case PeerVerdict.Rejected refused ->
                new HandshakeResult.Failed(refused.reason().word(), refused.detail());
        };
    }

    private HandshakeResult failed(Throwable cause) {
        return handshake
                .verdict()
                .map(HandshakeGate::result)
                .filter(HandshakeResult.Failed.class::isInstance)
                .orElseGet(() -> new HandshakeResult.Failed("tls", String.valueOf(cause.getMessage())));
    }

    private void end(ChannelHandlerContext ctx, HandshakeResult result) {
        if (over) {
            return;
        }
        over = true;
        deadline.ifPresent(AwakeTimer::cancel);
        forget.run();
        switch (result) {
            case HandshakeResult.Trusted trusted -> {
                ctx.channel().attr(HandshakeResult.PEER).set(trusted.peer());
                handshake.presented().ifPresent(ctx.channel().attr(PresentedChain.KEY)::set);
                whenDone.accept(ctx.channel(), trusted);
                ctx.pipeline().remove(this);
            }
            case HandshakeResult.Failed failed -> {
                whenDone.accept(ctx.channel(), failed);
                ctx.close();
            }
        }
    }

    /** Nothing may pass before the verdict. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(ctx, new HandshakeResult.Failed(HandshakeResult.Failed.CLOSED, "connection: closed in its handshake"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, failed(cause));
    }
}
