package io.beringia.discovery.plan;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.PlanCodec;

/** Which plan was accepted: a pair, and the digest of the one plan that may bear it. */
public record AcceptedPlan(PlanVersion version, String digest) {
    static AcceptedPlan of(PlanCodec.Opened opened) {
        return new AcceptedPlan(opened.plan().version(), opened.digest());
    }

    @Override
    public String toString() {
        return version + " (" + digest.substring(0, Math.min(digest.length(), 12)) + ")";
    }
}
