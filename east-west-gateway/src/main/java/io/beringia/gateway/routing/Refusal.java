package io.beringia.gateway.routing;

/**
 * Every reason for which a tunnel is not opened: HTTP status, and the word that stands in {@code x-beringia-reason},
 * in logs and in metrics. A ztunnel reads only whether the status is 200.
 */
public enum Refusal {
    BAD_REQUEST(400, "bad-request"),
    BAD_AUTHORITY(400, "bad-authority"),
    RBAC_DENIED(401, "rbac-denied"),
    NOT_ALLOWED(403, "not-allowed"),
    UNKNOWN_SERVICE(404, "unknown-service"),
    /** Nothing here can serve; a relaying gateway tries elsewhere. */
    NO_ENDPOINT(503, "no-endpoint"),
    /** Something serves here, but nothing that could end the inner tunnel. */
    NO_HBONE_ENDPOINT(503, "no-hbone-endpoint"),
    DRAINING(503, "draining"),
    OVERLOADED(503, "overloaded"),
    HOP_LIMIT(503, "hop-limit"),
    /** Our ledger does not take it, and nothing may happen here without its entry. */
    NOT_RECORDED(503, "not-recorded"),
    CONNECT_TIMEOUT(504, "connect-timeout");

    private final int status;
    private final String reason;

    Refusal(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }
}
