package io.beringia.trust.workload;

import io.grpc.Status;
import java.util.Locale;

/** Every reason for which a workload gets nothing: status, metric tag and log word in one place. */
public enum WorkloadRefusal {
    /** Without {@code workload.spiffe.io: true}: perhaps somebody whom another made ask. */
    NO_HEADER(Status.INVALID_ARGUMENT, "security header missing from request"),
    /** No entry is for this user and group. */
    NOT_ATTESTED(Status.PERMISSION_DENIED, "no identity issued"),
    /** It has an identity, and we cannot sign it now. */
    NOT_READY(Status.UNAVAILABLE, "identity not available"),
    /** More streams than one user, or all together, may have. */
    BUSY(Status.RESOURCE_EXHAUSTED, "too many streams");

    private final Status.Code code;
    private final String text;

    WorkloadRefusal(Status status, String text) {
        this.code = status.getCode();
        this.text = text;
    }

    /** What the caller gets to hear. */
    Status status() {
        return code.toStatus().withDescription(text);
    }

    /** Lower-case-dashed, as it stands in logs and metric tags. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
