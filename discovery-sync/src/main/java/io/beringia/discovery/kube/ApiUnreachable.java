package io.beringia.discovery.kube;

/** Our own API did not answer a question, so nothing is known; ask again later. */
public final class ApiUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    ApiUnreachable(Throwable cause) {
        super("own API: " + cause.getMessage() + " (expected: an answer)", cause);
    }
}
