package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustDomain;
import java.util.Optional;

/**
 * What became of one question to a foreign trust domain's endpoint.
 *
 * @param detail a sentence where something is wrong, else empty; may quote the peer, escaped and cut
 * @param sequence of the document, where one came that counts
 */
public record Fetch(TrustDomain trustDomain, Outcome outcome, String detail, Optional<Long> sequence) {
    /** Tag, log word and reason in the ledger. */
    public enum Outcome {
        /** The roots that we have. */
        SAME("same"),
        /** Other roots, in force from now on. */
        TAKEN("taken"),
        /** No roots any more: nobody of the trust domain is believed from now on. */
        WITHDRAWN("withdrawn"),
        /** No bundle of that trust domain, or an older one: the last good one stays. */
        REFUSED("refused"),
        /** No answer, or no disk to keep it on: the last good one stays. */
        FAILED("failed");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
