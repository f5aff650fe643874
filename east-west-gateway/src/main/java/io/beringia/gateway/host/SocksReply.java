package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Way;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.tls.HandshakeResult;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;

/** What a SOCKS client is told of a failure (RFC 1928, section 6). Pure. */
final class SocksReply {
    private SocksReply() {}

    static Socks5CommandStatus of(OutboundFailure failure) {
        return switch (failure) {
            case OutboundFailure.NoWay noWay -> of(noWay.reason());
            case OutboundFailure.PlainForbidden _ -> Socks5CommandStatus.FORBIDDEN;
            case OutboundFailure.NotReady _, OutboundFailure.Draining _ -> Socks5CommandStatus.FAILURE;
            case OutboundFailure.Dial dial -> of(dial.why());
        };
    }

    private static Socks5CommandStatus of(DialFailure failure) {
        return switch (failure) {
            case DialFailure.Refused _ -> Socks5CommandStatus.CONNECTION_REFUSED;
            case DialFailure.TimedOut _ -> Socks5CommandStatus.TTL_EXPIRED;
            case DialFailure.TlsFailed tls
            when tls.word().equals(HandshakeResult.Failed.TIMEOUT) -> Socks5CommandStatus.TTL_EXPIRED;
            case DialFailure.TlsFailed _,
                    DialFailure.Lost _,
                    DialFailure.Dropped _,
                    DialFailure.Full _,
                    DialFailure.TooLong _,
                    DialFailure.Exhausted _ -> Socks5CommandStatus.FAILURE;
            case DialFailure.Answered answered -> of(answered.status());
        };
    }

    private static Socks5CommandStatus of(Way.Reason reason) {
        return switch (reason) {
            case UNKNOWN_HOST -> Socks5CommandStatus.HOST_UNREACHABLE;
            case NO_HEALTHY_UPSTREAM, NO_NETWORK_GATEWAY, UNKNOWN_NETWORK_GATEWAY, UNKNOWN_WAYPOINT ->
                Socks5CommandStatus.CONNECTION_REFUSED;
            case NOT_A_SERVICE, NO_EXPECTED_IDENTITY -> Socks5CommandStatus.FAILURE;
        };
    }

    private static Socks5CommandStatus of(int status) {
        return switch (status) {
            case 400, 401, 403 -> Socks5CommandStatus.FORBIDDEN;
            case 404 -> Socks5CommandStatus.HOST_UNREACHABLE;
            case 503 -> Socks5CommandStatus.CONNECTION_REFUSED;
            case 504 -> Socks5CommandStatus.TTL_EXPIRED;
            default -> Socks5CommandStatus.FAILURE;
        };
    }
}
