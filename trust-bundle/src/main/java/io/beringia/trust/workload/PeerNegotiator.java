package io.beringia.trust.workload;

import io.grpc.Attributes;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.util.AsciiString;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Learns who connects before the first octet of HTTP/2 is read, and hands it on with each call. The standard wants no TLS
 * here, so this stands where TLS would. On the event loop of its connection.
 */
final class PeerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    static final Attributes.Key<UnixPeer> PEER = Attributes.Key.create("io.beringia.trust.workload.peer");

    private static final AsciiString SCHEME = AsciiString.of("http");

    private final Allowance connections;

    private PeerNegotiator(Allowance connections) {
        this.connections = connections;
    }

    /** For a server on a unix socket; connections beyond {@code connections} are closed at once. */
    static ServerCredentials credentials(Allowance connections) {
        return InternalNettyServerCredentials.create(new PeerNegotiator(connections));
    }

    @Override
    public AsciiString scheme() {
        return SCHEME;
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        return InternalProtocolNegotiators.waitUntilActiveHandler(
                new Attest(InternalProtocolNegotiators.grpcNegotiationHandler(grpc)), grpc.getNegotiationLogger());
    }

    @Override
    public void close() {}

    private final class Attest extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;

        Attest(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof ProtocolNegotiationEvent negotiated)) {
                context.fireUserEventTriggered(event);
                return;
            }
            Optional<UnixPeer> peer = peer(context);
            String user = peer.map(it -> it.user().getName()).orElse("");
            if (peer.isEmpty() || !connections.take(user)) {
                context.close();
                return;
            }
            context.channel().closeFuture().addListener(closed -> connections.give(user));
            Attributes known = InternalProtocolNegotiationEvent.getAttributes(negotiated).toBuilder()
                    .set(PEER, peer.get())
                    .build();
            context.pipeline().replace(this, null, next);
            context.fireUserEventTriggered(InternalProtocolNegotiationEvent.withAttributes(negotiated, known));
        }
    }

    private static Optional<UnixPeer> peer(ChannelHandlerContext context) {
        try {
            UnixDomainPrincipal principal =
                    context.channel().config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
            return Optional.ofNullable(principal).map(it -> new UnixPeer(it.user(), it.group()));
        } catch (ChannelException goneAlready) {
            return Optional.empty();
        }
    }
}
