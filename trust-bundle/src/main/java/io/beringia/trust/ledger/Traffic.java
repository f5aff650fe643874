package io.beringia.trust.ledger;

/**
 * What somebody other than the ledger counted, for its heartbeats.
 *
 * @param accepted TLS handshakes ever
 * @param failed TLS handshakes ever
 * @param active connections now
 */
public record Traffic(long accepted, long failed, long active) {
    public static final Traffic NONE = new Traffic(0, 0, 0);
}
