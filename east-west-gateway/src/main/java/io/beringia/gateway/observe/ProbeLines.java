package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.time.LoopClocks;
import io.beringia.gateway.tls.TlsContexts;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What connections to be asked are made of. Any thread.
 *
 * @param connections gets every connection that is made, for whoever judges their peers again
 */
public record ProbeLines(
        EventLoopGroup loops,
        Sockets sockets,
        Supplier<TlsContexts> contexts,
        ChannelGroup connections,
        GatewayTelemetry telemetry,
        LoopClocks clocks) {

    /** @param number tells this connection from every other one of the same observer */
    ProbeConnection open(GatewayAddress gateway, long number, ProbeConnection.Use use, Consumer<Sighting> sightings) {
        ProbeConnection connection = new ProbeConnection(this, gateway, number, use, sightings);
        connection.begin();
        return connection;
    }
}
