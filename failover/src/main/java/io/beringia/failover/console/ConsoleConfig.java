package io.beringia.failover.console;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where the console is shown, and to whom. Inert.
 *
 * @param readers who may look, over mutual TLS; none of them: whoever is on this computer, over HTTP on loopback
 * @param drill a file that stands there while a drill runs; empty looks for none
 */
public record ConsoleConfig(SocketAddress listen, Set<SpiffeId> readers, Optional<Path> drill) {
    public static final int DEFAULT_PORT = 15_037;

    public ConsoleConfig {
        readers = Set.copyOf(readers);
        if (readers.isEmpty() && !listen.ip().isLoopback()) {
            throw new IllegalArgumentException(
                    "console.listen: " + listen
                            + " without readers (expected: a loopback address, or console.readers: who may look from elsewhere)");
        }
    }
}
