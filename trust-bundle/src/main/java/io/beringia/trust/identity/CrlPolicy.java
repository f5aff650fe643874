package io.beringia.trust.identity;

/** What becomes of a certificate of which no revocation list says anything that can be believed today. */
public enum CrlPolicy {
    /** It is accepted, as Istio's ztunnel does; a list that fails us raises an alarm. */
    OPEN,
    /** It is refused: no list, no trust. */
    STRICT
}
