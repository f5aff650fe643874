package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.gateway.routing.Authority;
import io.beringia.gateway.routing.Carried;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.identity.SpiffeId;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What we say to the next gateway for one client: the only leg between gateways that there is.
 *
 * @param source the client, as we verified it
 * @param connectionId 32 hex digits that join the records of both gateways
 */
public record Leg(Self self, SpiffeId source, Authority authority, Carried carried, String connectionId) {
    private static final int ID_BYTES = 16;

    /** A leg with a new connection id. */
    public static Leg of(Self self, SpiffeId source, Authority authority, Carried carried, RandomGenerator random) {
        return new Leg(self, source, authority, carried, newConnectionId(random));
    }

    /** For a connection that no gateway has given one. */
    public static String newConnectionId(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** The CONNECT for that gateway; a new block each time, since a codec may keep it. */
    public Http2Headers toward(GatewayAddress gateway) {
        Http2Headers headers = new DefaultHttp2Headers().method("CONNECT").authority(authority.toString());
        put(headers, ConnectHeaders.BAGGAGE, carried.baggage());
        put(headers, ConnectHeaders.FORWARDED, carried.forwarded());
        put(headers, ConnectHeaders.TRACEPARENT, carried.traceparent());
        put(headers, ConnectHeaders.ISTIO_SOURCE, carried.istioSource());
        return headers.set(ConnectHeaders.HOP, ConnectHeaders.FIRST_HOP)
                .set(ConnectHeaders.ORIGIN_NETWORK, self.network().toString())
                .set(ConnectHeaders.ORIGIN_REGION, self.region().toString())
                .set(ConnectHeaders.ORIGIN_CLUSTER, self.cluster().toString())
                .set(ConnectHeaders.CHOSEN_REGION, gateway.region().toString())
                .set(ConnectHeaders.SOURCE_IDENTITY, source.toString())
                .set(ConnectHeaders.CONNECTION_ID, connectionId);
    }

    private static void put(Http2Headers headers, String name, Optional<String> value) {
        value.ifPresent(text -> headers.set(name, text));
    }
}
