package io.beringia.gateway.inbound;

import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.overload.Descriptors;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.time.AwakeTimer;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.gateway.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The stack of one accepted connection, in order:
 *
 * <pre>
 *   socket    keep-alive, TCP_USER_TIMEOUT, TCP_NODELAY
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
        if (Descriptors.isReserved(channel)) {
            loops.apply(channel.eventLoop()).telemetry().connectionRefused();
            channel.close();
            return;
        }
        connections.add(channel);
        Transport.tune(channel);
        contexts.get().accept(channel, loops.apply(channel.eventLoop()).awakeNanos(), this::onHandshake);
    }

    private void onHandshake(Channel channel, HandshakeResult result) {
        TunnelLoop here = loops.apply(channel.eventLoop());
        switch (result) {
            case HandshakeResult.Failed failed -> here.telemetry().handshakeFailed(role, failed);
            case HandshakeResult.Trusted trusted -> serve(channel, here, PeerIdentity.of(trusted.peer()));
        }
    }

    private void serve(Channel channel, TunnelLoop here, PeerIdentity peer) {
        here.telemetry().connectionOpened(role);
        boolean late = here.live().isLeaving();
        HboneConnection connection = HboneConnection.serve(
                channel,
                here.awakeNanos(),
                here.budget(),
                here.limits().of(peer.id(), here.awakeNanos().getAsLong()),
                (opened, headers, ended) -> ConnectStream.begin(here, role, peer, late, opened, headers, ended));
        if (!late) {
            here.live().add(connection);
            retireLater(connection, here);
        }
    }

    private static void retireLater(HboneConnection connection, TunnelLoop here) {
        AwakeTimer timer = AwakeTimer.start(
                here.loop(), here.awakeNanos(), here.maxAge().drawn(here.random()), () -> retire(connection, here));
        connection.channel().closeFuture().addListener(_ -> timer.cancel());
    }

    private static void retire(HboneConnection connection, TunnelLoop here) {
        here.telemetry().connectionRetired();
        connection.goAway();
    }
}
