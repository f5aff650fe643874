package io.beringia.scenarios.bench;

import java.net.InetSocketAddress;

/** How a client comes through a proxy to the backend. */
sealed interface Door {
    InetSocketAddress at();

    /** Many tunnels on one connection: CONNECT to this authority, over mutual TLS. */
    record Hbone(InetSocketAddress at, String authority) implements Door {}

    /** A connection for each tunnel, over mutual TLS. */
    record Tls(InetSocketAddress at) implements Door {}

    /** A connection for each tunnel, and nothing around the bytes. */
    record Plain(InetSocketAddress at) implements Door {}

    /** Whether one connection carries many tunnels. */
    default boolean isShared() {
        return switch (this) {
            case Hbone _ -> true;
            case Tls _, Plain _ -> false;
        };
    }

    default boolean isSecured() {
        return switch (this) {
            case Hbone _, Tls _ -> true;
            case Plain _ -> false;
        };
    }
}
