package io.beringia.trust.client;

import io.beringia.trust.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a process gets its identity on line.
 *
 * @param host of the issuance server
 * @param port of the issuance server, 1 to 65535
 * @param server who must answer there; its trust domain is ours
 * @param roots PEM of the roots to believe at the first fetch; later ones come with each answer
 * @param token file with our bearer token; read at each fetch, because such files are rotated
 * @param ttl life to ask for, whole seconds, 3 minutes or more
 * @param id who we are to be: an answer for anybody else is refused; empty takes whoever the token says
 */
public record RemoteSource(
        String host, int port, SpiffeId server, Path roots, Path token, Duration ttl, Optional<SpiffeId> id) {
    private static final Duration TTL_MIN = Duration.ofMinutes(3);

    public RemoteSource {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if (ttl.compareTo(TTL_MIN) < 0) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: >= " + TTL_MIN + ")");
        }
        if (id.isPresent() && !id.get().trustDomain().equals(server.trustDomain())) {
            throw new IllegalArgumentException(
                    "id: " + id.get() + " (expected: of " + server.trustDomain() + ", as " + server + ")");
        }
    }

    /** As people name it: host and port. */
    public String address() {
        return host + ":" + port;
    }
}
