package io.beringia.gateway;

import io.beringia.gateway.observe.ProbeLines;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.time.LoopClocks;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.client.SpiffeVerifier;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;

/** How an observer called {@code eyes} asks, from one site of a world. */
public final class TestLines {
    private TestLines() {}

    public static ProbeLines of(World.Site site, EventLoopGroup group) {
        FakeCredentials credentials = site.credentials();
        TlsContexts contexts = TlsContexts.of(
                credentials.svid(),
                new HandshakeVerdict(new SpiffeVerifier(), credentials::bundles, InstantSource.system()));
        return new ProbeLines(
                self(site),
                site::gatewayId,
                group,
                new Sockets(Transport.best(), site.source(), Sockets.OF_GATEWAY),
                () -> contexts,
                new DefaultChannelGroup(GlobalEventExecutor.INSTANCE),
                new GatewayTelemetry(site.meters),
                LoopClocks.of(group, System::nanoTime),
                InstantSource.system(),
                new SecureRandom());
    }

    private static Self self(World.Site site) {
        return new Self(site.cluster(), site.region(), site.network(), "eyes", Set.of(), site.source(), true);
    }
}
