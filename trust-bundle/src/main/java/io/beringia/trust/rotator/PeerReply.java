package io.beringia.trust.rotator;

/** What a trust role answers to that of another cluster. */
sealed interface PeerReply {
    /** It is as the other wants, or on its way there: where it stands. */
    record Agreed(PeerReport report) implements PeerReply {}

    /** @param lead whom it obeys instead */
    record Refused(PeerRefusal why, String detail, Lead lead) implements PeerReply {}

    /** Store, ledger or files do not work there. */
    record Failed(String why) implements PeerReply {}
}
