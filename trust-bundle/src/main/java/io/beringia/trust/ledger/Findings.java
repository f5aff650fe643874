package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.List;

/** Collects what does not hold; a log that is wrong everywhere fills no memory. Owned by one verification. */
final class Findings {
    private final List<Finding> first = new ArrayList<>();

    void add(Claim claim, String where, String why) {
        if (first.size() < LogReport.FINDINGS_MAX) {
            first.add(new Finding(claim, where, why));
        }
    }

    List<Finding> list() {
        return first;
    }
}
