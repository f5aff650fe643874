package io.beringia.discovery.catalog;

/** What is known of a way to a gateway besides its state: what somebody should look for. It moves nothing by itself. */
public enum PathTrouble {
    /**
     * Small packets come through, those of full size do not, and nobody says so (RFC 2923, section 2.1): somewhere on the
     * way the MTU is less than its ends believe.
     */
    MTU,
    /** The kernel over there acknowledges, and no process answers: one that is stopped or locked, on a host that lives. */
    STUCK,
    /** The gateway over there shows a certificate that ends within half a minute: nobody has renewed it. */
    EXPIRING
}
