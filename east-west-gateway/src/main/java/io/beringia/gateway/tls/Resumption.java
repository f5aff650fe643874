package io.beringia.gateway.tls;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * TLS session resumption, which must be off in the whole process: a resumed handshake skips the verification of the
 * peer. Netty's OpenSSL engine reads these properties when it is loaded.
 */
public final class Resumption {
    private static final List<String> MUST_BE_FALSE = List.of(
            "jdk.tls.server.enableSessionTicketExtension",
            "jdk.tls.client.enableSessionTicketExtension",
            "io.netty.handler.ssl.openssl.sessionCacheServer",
            "io.netty.handler.ssl.openssl.sessionCacheClient");

    private Resumption() {}

    /** What is wrong with these system properties, as one sentence; empty if resumption is off. */
    public static Optional<String> fault(Function<String, Optional<String>> property) {
        List<String> open = MUST_BE_FALSE.stream()
                .filter(name -> !property.apply(name).equals(Optional.of("false")))
                .toList();
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of("TLS resumption: not switched off (expected: -D" + String.join("=false -D", open)
                        + "=false on the command line)");
    }

    /** Throws {@link IllegalStateException} unless resumption is off in this process. */
    public static void requireOff() {
        fault(name -> Optional.ofNullable(System.getProperty(name))).ifPresent(fault -> {
            throw new IllegalStateException(fault);
        });
    }
}
