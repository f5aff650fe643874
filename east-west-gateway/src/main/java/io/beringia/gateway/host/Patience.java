package io.beringia.gateway.host;

import io.beringia.gateway.tls.TlsContexts;
import java.time.Duration;

/**
 * How long one attempt of a host proxy waits for others; a stock ztunnel waits ten seconds for TCP and for the rest for
 * ever. Inert.
 *
 * @param connect for a TCP connection to stand
 * @param answer for the answer to a CONNECT, from when it was asked
 * @param withAnother for all of the outer tunnel, while another endpoint or gateway is left to try: a frozen one keeps its
 *     connections open and says nothing, and whoever waits for it must not have used up its own patience
 */
public record Patience(Duration connect, Duration answer, Duration withAnother) {
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(2));

    /** For the address of whom it dials, as long as for a TCP connection there. */
    Duration name(boolean isAnotherLeft) {
        return isAnotherLeft ? withAnother : connect;
    }

    /** For all of the outer tunnel. */
    Duration outer(boolean isAnotherLeft) {
        return isAnotherLeft
                ? withAnother
                : connect.plus(TlsContexts.HANDSHAKE_TIMEOUT).plus(answer);
    }
}
