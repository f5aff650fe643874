package io.beringia.trust.ledger;

import java.util.List;
import java.util.Set;

/**
 * What a verifier saw of one log.
 *
 * @param size of the tree that its checkpoint claims; 0 where it claims none that counts
 * @param witnesses of the policy that cosigned it
 * @param crashes boots without a shutdown before them
 * @param lost events that its own heartbeats say it lost
 * @param legs connections to other gateways that were looked for in their logs
 * @param unseen connections to gateways of clusters of which no log was given
 * @param findings the first of them, at most 100
 */
public record LogReport(
        String origin,
        long size,
        Set<String> witnesses,
        long crashes,
        long lost,
        long legs,
        long unseen,
        List<Finding> findings) {
    static final int FINDINGS_MAX = 100;

    public LogReport {
        witnesses = Set.copyOf(witnesses);
        findings = List.copyOf(findings);
    }

    public boolean holds() {
        return findings.isEmpty();
    }

    public boolean holds(Claim claim) {
        return findings.stream().noneMatch(finding -> finding.claim() == claim);
    }
}
