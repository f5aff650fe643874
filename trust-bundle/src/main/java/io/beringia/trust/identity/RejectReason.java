package io.beringia.trust.identity;

import java.util.Locale;

/** Why a peer is refused: one word for log, metric and status alike. */
public enum RejectReason {
    /** More or larger certificates than we look at. */
    TOO_LARGE,
    /** Not a certificate, not DER, or with fields that RFC 5280 forbids. */
    MALFORMED,
    /** Not exactly one URI SAN, or one that is no SPIFFE ID of a workload. */
    BAD_IDENTITY,
    /** The leaf is a CA, or its key usage or key is not that of an SVID. */
    BAD_LEAF,
    /** A CA of the path breaks RFC 5280 or SPIFFE. */
    BAD_ISSUER,
    /** We hold no root of this trust domain. */
    UNKNOWN_TRUST_DOMAIN,
    /** No path from the leaf to a root of its own trust domain. */
    NO_PATH,
    /** A certificate of the path is not valid now. */
    EXPIRED,
    NOT_YET_VALID,
    /** A name constraint of the path forbids the ID, or is of a kind we cannot judge. */
    NAME_CONSTRAINT,
    /** The issuing intermediate may not speak for this ID. */
    FOREIGN_ISSUER,
    /** The operator does not let an issuer of the path speak for this ID, or knows no cluster of it. */
    VIRTUAL_CONSTRAINT,
    /** Its issuer took back a certificate of the path. */
    REVOKED,
    /** No revocation list that can be believed speaks of a certificate of the path, and one must. */
    REVOCATION_UNKNOWN,
    /** The operator denies the ID, a certificate or a key of the path. */
    DENIED,
    /** The peer is somebody, but not the one we expected. */
    IDENTITY_MISMATCH,
    /** The verifier itself failed. */
    INTERNAL;

    /** Lower-case-dashed, as it stands in logs and metric tags. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
