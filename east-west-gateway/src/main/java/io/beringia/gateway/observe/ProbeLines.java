package io.beringia.gateway.observe;

import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.time.LoopClocks;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.identity.SpiffeId;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What connections to be asked are made of. Any thread.
 *
 * @param identity our own, by which gateways elsewhere know us
 * @param wall by which certificates end
 * @param random used by all loops at once
 * @param connections gets every connection that is made, for whoever judges their peers again
 */
public record ProbeLines(
        Self self,
        Supplier<SpiffeId> identity,
        EventLoopGroup loops,
        Sockets sockets,
        Supplier<TlsContexts> contexts,
        ChannelGroup connections,
        GatewayTelemetry telemetry,
        LoopClocks clocks,
        InstantSource wall,
        RandomGenerator random) {
    /** Until then. */
    Duration left(Instant end) {
        return Duration.between(wall.instant(), end);
    }

    /** @param number tells this connection from every other one of the same observer */
    ProbeConnection open(Look look, long number, ProbeConnection.Use use, Consumer<Sighting> sightings) {
        ProbeConnection connection = new ProbeConnection(this, look, number, use, sightings);
        connection.begin();
        return connection;
    }
}
