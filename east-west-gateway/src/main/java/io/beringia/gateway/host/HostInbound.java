package io.beringia.gateway.host;

import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.limits.HandshakesUnderWay;
import io.beringia.gateway.limits.PeerConnection;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.tls.HandshakeResult;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.util.Map;

/**
 * The workload's own HBONE listener: ends the tunnel, decides by the caller's proved identity, dials the local
 * application. Immutable once bound; each connection lives on the event loop that accepted it.
 */
final class HostInbound {
    private final HostWorld world;
    private final HostConfig.Inbound inbound;
    private final InboundRules rules;
    private final Map<EventLoop, HostLoop> loops;
    private final HandshakesUnderWay handshakes;

    HostInbound(HostWorld world, HostConfig.Inbound inbound, Map<EventLoop, HostLoop> loops) {
        this.world = world;
        this.inbound = inbound;
        this.rules = new InboundRules(inbound, world.config().ownPorts());
        this.loops = Map.copyOf(loops);
        this.handshakes = new HandshakesUnderWay(world.config().limits().handshakes());
    }

    /** Throws if the address is taken. */
    Channel bind(EventLoopGroup group) {
        return world.sockets()
                .transport()
                .listener(group)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        handshakes
                                .enter(HostOutbound.address(channel.remoteAddress())
                                        .ip())
                                .ifPresentOrElse(place -> shakeHands(channel, place), () -> {
                                    world.telemetry().tooManyHandshakes();
                                    channel.close();
                                });
                    }
                })
                .bind(Sockets.inet(inbound.listen().ip(), inbound.listen().port()))
                .syncUninterruptibly()
                .channel();
    }

    private void shakeHands(SocketChannel channel, HandshakesUnderWay.Place place) {
        channel.closeFuture().addListener(_ -> place.leave());
        world.peers().connections().add(channel);
        world.contexts().get().accept(channel, here(channel).clock(), (_, result) -> {
            place.leave();
            onHandshake(channel, result);
        });
    }

    private HostLoop here(SocketChannel channel) {
        return HostLoop.of(loops, channel);
    }

    private void onHandshake(SocketChannel channel, HandshakeResult result) {
        switch (result) {
            case HandshakeResult.Trusted trusted -> serve(channel, trusted);
            case HandshakeResult.Failed failed -> world.telemetry().handshakeFailed(failed.word(), failed.detail());
        }
    }

    private void serve(SocketChannel channel, HandshakeResult.Trusted trusted) {
        HostLoop host = here(channel);
        InboundRules.Caller caller = new InboundRules.Caller(
                trusted.peer().id(),
                HostOutbound.address(channel.remoteAddress()),
                HostOutbound.address(channel.localAddress()));
        host.limits()
                .connect(
                        caller.peer(),
                        caller.source().ip(),
                        host.limits().config().client())
                .ifPresentOrElse(share -> serve(channel, host, caller, share), () -> HboneConnection.refuse(channel));
    }

    private void serve(SocketChannel channel, HostLoop host, InboundRules.Caller caller, PeerConnection share) {
        channel.closeFuture().addListener(_ -> share.disconnected());
        boolean late = host.live().isLeaving();
        HboneConnection connection =
                HboneConnection.serve(channel, host.clock(), host.budget(), share, (opened, headers, ended) -> {
                    InboundStream stream = new InboundStream(world, host, rules, caller, late);
                    stream.begin(opened, headers, ended);
                });
        connection.tellGoAways(said -> world.telemetry().goAwayHeard("inbound", caller.peer(), said));
        if (!late) {
            host.live().add(connection);
            connection.retireAfter(world.config().maxAge().drawn(host.random()), world.telemetry()::connectionRetired);
        }
    }
}
