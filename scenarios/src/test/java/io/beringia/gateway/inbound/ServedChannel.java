package io.beringia.gateway.inbound;

import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.trust.identity.PeerVerdict;
import io.netty.channel.Channel;
import io.netty.channel.group.DefaultChannelGroup;

/** A connection of the gateway as it is above TLS. */
public final class ServedChannel {
    private ServedChannel() {}

    /** Goes on where a handshake with that peer has ended. */
    public static void serve(Channel channel, TunnelLoop here, PeerVerdict.Verified peer) {
        channel.attr(HandshakeResult.PEER).set(peer);
        new TunnelPipeline(
                        ListenerRole.HBONE,
                        () -> {
                            throw new IllegalStateException("TLS: asked for (expected: to be over)");
                        },
                        _ -> here,
                        new DefaultChannelGroup(channel.eventLoop()))
                .onHandshake(channel, new HandshakeResult.Trusted(peer));
    }
}
