package io.beringia.trust.ledger;

/** What a verifier checks of a log. */
public enum Claim {
    /** Within a boot entries are numbered without a gap and each names the one before it. */
    C1("chain"),
    /** Heartbeats count what stands between them. */
    C2("heartbeats"),
    /** A boot follows a shutdown, or names the last entry before a crash. */
    C3("restarts"),
    /** A connection between two gateways of ours stands in the logs of both. */
    C4("both ends"),
    /** Entries, tiles and checkpoint make one tree, which the policy accepts. */
    C5("tree");

    private final String word;

    Claim(String word) {
        this.word = word;
    }

    /** What it is about, for tables. */
    public String word() {
        return word;
    }
}
