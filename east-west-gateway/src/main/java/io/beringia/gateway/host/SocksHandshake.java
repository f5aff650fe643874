package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The SOCKS5 talk at the start of one connection (RFC 1928): no authentication, CONNECT only. The reply comes when the
 * tunnel stands, not before. Lives on the connection's event loop.
 */
final class SocksHandshake extends ChannelInboundHandlerAdapter {
    /** For a client that connects and says nothing. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final String ENCODER = "socks-encoder";
    private static final String DECODER = "socks-decoder";

    private final LongSupplier awakeNanos;
    private final Requests requests;
    private boolean asked;

    /** The client said where it wants to go. */
    @FunctionalInterface
    interface Requests {
        void onRequest(Destination destination, OutboundConnection.Answer answer);
    }

    /** @param awakeNanos the loop's own awake clock */
    SocksHandshake(LongSupplier awakeNanos, Requests requests) {
        this.awakeNanos = awakeNanos;
        this.requests = requests;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addBefore(ctx.name(), ENCODER, Socks5ServerEncoder.DEFAULT);
        ctx.pipeline().addBefore(ctx.name(), DECODER, new Socks5InitialRequestDecoder());
        AwakeTimer.start(ctx.channel().eventLoop(), awakeNanos, TIMEOUT, () -> giveUp(ctx));
    }

    private void giveUp(ChannelHandlerContext ctx) {
        if (!asked) {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case Socks5InitialRequest request -> onGreeting(ctx, request);
            case Socks5CommandRequest request -> onCommand(ctx, request);
            default -> pass(ctx, message);
        }
    }

    /** What the client sends behind its request is for the tunnel, whose end keeps it until the tunnel stands. */
    private void pass(ChannelHandlerContext ctx, Object message) {
        if (asked) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onGreeting(ChannelHandlerContext ctx, Socks5InitialRequest request) {
        boolean acceptable =
                request.decoderResult().isSuccess() && request.authMethods().contains(Socks5AuthMethod.NO_AUTH);
        if (!acceptable) {
            ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ctx.pipeline().replace(DECODER, DECODER, new Socks5CommandRequestDecoder());
        ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
    }

    private void onCommand(ChannelHandlerContext ctx, Socks5CommandRequest request) {
        asked = true;
        ctx.channel().config().setAutoRead(false);
        if (!request.decoderResult().isSuccess()) {
            refuse(ctx, Socks5CommandStatus.ADDRESS_UNSUPPORTED);
        } else if (!request.type().equals(Socks5CommandType.CONNECT)) {
            refuse(ctx, Socks5CommandStatus.COMMAND_UNSUPPORTED);
        } else {
            destination(request)
                    .ifPresentOrElse(
                            there -> requests.onRequest(there, answer(ctx)),
                            () -> refuse(ctx, Socks5CommandStatus.FAILURE));
        }
    }

    /** Names are compared in lower case and without the root's dot; a name that is an address is one. */
    private static Optional<Destination> destination(Socks5CommandRequest request) {
        if (request.dstPort() == 0 || request.dstAddr().isEmpty()) {
            return Optional.empty();
        }
        String host = request.dstAddr().toLowerCase(Locale.ROOT);
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return Optional.of(address(host)
                .<Destination>map(ip -> new Destination.ByAddress(new SocketAddress(ip, request.dstPort())))
                .orElseGet(() -> new Destination.ByName(name, request.dstPort())));
    }

    private static Optional<IpAddress> address(String host) {
        try {
            return Optional.of(IpAddress.parse(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    private OutboundConnection.Answer answer(ChannelHandlerContext ctx) {
        return new OutboundConnection.Answer() {
            @Override
            public void onOpen() {
                ctx.writeAndFlush(response(Socks5CommandStatus.SUCCESS));
                ctx.pipeline().remove(ENCODER);
                ctx.pipeline().remove(DECODER);
                ctx.pipeline().remove(SocksHandshake.this);
            }

            @Override
            public void onFailed(OutboundFailure why) {
                refuse(ctx, SocksReply.of(why));
            }
        };
    }

    private static void refuse(ChannelHandlerContext ctx, Socks5CommandStatus status) {
        ctx.writeAndFlush(response(status)).addListener(ChannelFutureListener.CLOSE);
    }

    private static DefaultSocks5CommandResponse response(Socks5CommandStatus status) {
        return new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4, "0.0.0.0", 0);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (asked) {
            ctx.fireExceptionCaught(cause);
        } else {
            ctx.close();
        }
    }
}
