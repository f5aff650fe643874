package io.beringia.discovery.catalog;

/** How one attempt to reach an endpoint ended, as a gateway tells it. */
public enum Outcome {
    /** It said 200, or its TCP connection stood. */
    ANSWERED,
    /** Nobody listened there, or the network said no. */
    REFUSED,
    /** No answer in all the time that an attempt has. */
    TIMED_OUT,
    /** It was given up after somebody else had been asked as well, because it took long. */
    OUTRUN,
    /** Its connection or its stream was cut off before an answer. */
    RESET,
    /** The handshake failed. */
    TLS_FAILED,
    /** Somebody else proved to be there. */
    IDENTITY_MISMATCH,
    /** It answered that whoever asks may not. */
    DENIED,
    /** It answered with any other status. */
    UNAVAILABLE
}
