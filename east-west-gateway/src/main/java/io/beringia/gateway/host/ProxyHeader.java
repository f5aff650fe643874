package io.beringia.gateway.host;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What an application behind an application tunnel is told of its caller: a PROXY protocol header, version 2, for a
 * TCP stream, with the caller's SPIFFE ID as TLV 0xD0, as ztunnel writes it ({@code istio/ztunnel src/proxy.rs}).
 *
 * @param source TCP peer of the tunnel
 * @param destination what the caller asked for
 * @param peer as the handshake proved it
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol, section 2.2</a>
 */
record ProxyHeader(SocketAddress source, SocketAddress destination, SpiffeId peer) {
    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final byte VERSION_2_PROXY = 0x21;
    private static final byte TCP_V4 = 0x11;
    private static final byte TCP_V6 = 0x21;
    private static final byte SPIFFE_ID_TLV = (byte) 0xD0;
    private static final int TLV_HEAD_BYTES = 3;
    private static final int PORTS_BYTES = 4;
    private static final int V6_BYTES = 16;

    byte[] bytes() {
        byte[] id = peer.toString().getBytes(StandardCharsets.US_ASCII);
        boolean v6 = source.ip().isV6() || destination.ip().isV6();
        byte[] from = address(source.ip(), v6);
        byte[] to = address(destination.ip(), v6);
        int length = from.length + to.length + PORTS_BYTES + TLV_HEAD_BYTES + id.length;
        return ByteBuffer.allocate(SIGNATURE.length + 4 + length)
                .put(SIGNATURE)
                .put(VERSION_2_PROXY)
                .put(v6 ? TCP_V6 : TCP_V4)
                .putShort((short) length)
                .put(from)
                .put(to)
                .putShort((short) source.port())
                .putShort((short) destination.port())
                .put(SPIFFE_ID_TLV)
                .putShort((short) id.length)
                .put(id)
                .array();
    }

    /** Both addresses have one family: IPv4 beside IPv6 is written as {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2). */
    private static byte[] address(IpAddress ip, boolean v6) {
        if (ip.isV6() || !v6) {
            return ip.bytes();
        }
        return ByteBuffer.allocate(V6_BYTES)
                .position(10)
                .putShort((short) 0xffff)
                .put(ip.bytes())
                .array();
    }
}
