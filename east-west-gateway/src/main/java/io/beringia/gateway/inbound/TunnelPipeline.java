package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.PeerConnection;
import io.beringia.gateway.overload.Descriptors;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.gateway.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The stack of one accepted connection, in order:
 *
 * <pre>
 *   socket    keep-alive, TCP_USER_TIMEOUT (from its listener), TCP_NODELAY; waits for its turn to shake hands
 *   TLS       1.3, our newest SVID, the peer verified within 5 s; nothing else is ever spoken here
 *   HTTP/2    windows, frame limits, PING
 *   CONNECT   one {@link ConnectStream} a stream
 * </pre>
 *
 * <p>Any thread; what it builds lives on the event loop of its connection.
 */
final class TunnelPipeline extends ChannelInitializer<Channel> {
    private final ListenerRole role;
    private final Supplier<TlsContexts> contexts;
    private final Function<EventLoop, TunnelLoop> loops;
    private final ChannelGroup connections;

    TunnelPipeline(
            ListenerRole role,
            Supplier<TlsContexts> contexts,
            Function<EventLoop, TunnelLoop> loops,
            ChannelGroup connections) {
        this.role = role;
        this.contexts = contexts;
        this.loops = loops;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        TunnelLoop here = loops.apply(channel.eventLoop());
        if (Descriptors.isReserved(channel)) {
            here.telemetry().connectionRefused("descriptors");
            channel.close();
            return;
        }
        connections.add(channel);
        takeTurn(
                channel,
                here,
                "source",
                here.limits().turnOfSource(source(channel)),
                () -> takeTurn(channel, here, "loop", here.limits().turn(), () -> shakeHands(channel, here)));
    }

    private static IpAddress source(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        return IpAddress.of(remote.getAddress().getAddress());
    }

    /** Nothing of the peer is read until then. */
    private static void takeTurn(Channel channel, TunnelLoop here, String whose, OptionalLong turn, Runnable then) {
        if (turn.isEmpty()) {
            here.telemetry().connectionRefused(whose);
            channel.close();
        } else if (turn.getAsLong() == 0) {
            then.run();
        } else {
            here.telemetry().handshakeDelayed(whose);
            channel.config().setAutoRead(false);
            here.loop().schedule(then, turn.getAsLong(), TimeUnit.NANOSECONDS);
        }
    }

    private void shakeHands(Channel channel, TunnelLoop here) {
        if (channel.isOpen()) {
            contexts.get().accept(channel, here.awakeNanos(), this::onHandshake);
            channel.config().setAutoRead(true);
        }
    }

    /** What stands above TLS, once that is there. */
    void onHandshake(Channel channel, HandshakeResult result) {
        TunnelLoop here = loops.apply(channel.eventLoop());
        switch (result) {
            case HandshakeResult.Failed failed -> here.telemetry().handshakeFailed(role, failed);
            case HandshakeResult.Trusted trusted -> admit(channel, here, PeerIdentity.of(trusted.peer()));
        }
    }

    /** A gateway that our catalog lists may have more: it stands for all clients of its cluster. */
    private void admit(Channel channel, TunnelLoop here, PeerIdentity peer) {
        LimitsConfig limits = here.limits().config();
        boolean listed = !here.catalog().get().gatewaysOf(peer.id()).isEmpty();
        here.limits()
                .connect(peer.id(), source(channel), listed ? limits.gateway() : limits.client())
                .ifPresentOrElse(share -> serve(channel, here, peer, share), () -> {
                    here.telemetry().connectionRefused("peer");
                    HboneConnection.refuse(channel);
                });
    }

    private void serve(Channel channel, TunnelLoop here, PeerIdentity peer, PeerConnection share) {
        channel.closeFuture().addListener(_ -> share.disconnected());
        here.telemetry().connectionOpened(role);
        boolean late = here.live().isLeaving();
        HboneConnection connection = HboneConnection.serve(
                channel,
                here.awakeNanos(),
                here.budget(),
                share,
                (opened, headers, ended) -> ConnectStream.begin(here, role, peer, late, opened, headers, ended));
        connection.tellGoAways(said -> here.telemetry().goAwayHeard("client", peer.id(), said));
        if (!late) {
            here.live().add(connection);
            connection.retireAfter(here.maxAge().drawn(here.random()), here.telemetry()::connectionRetired);
        }
    }
}
