package io.beringia.discovery.dns;

/** How a question was answered (RFC 1035 §4.1.1, RFC 6891). */
public enum Rcode {
    NO_ERROR(0),
    FORMAT_ERROR(1),
    SERVER_FAILURE(2),
    NAME_ERROR(3),
    NOT_IMPLEMENTED(4),
    REFUSED(5),
    /** Needs EDNS to be said. */
    BAD_VERSION(16);

    private final int number;

    Rcode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
