package io.beringia.trust.federation;

import java.util.Optional;

/** Whether a document of a foreign trust domain takes the place of the one we have. Pure. */
final class SequenceRules {
    private static final String RESET = "; beringia trust federate reset forgets what we have";

    private SequenceRules() {}

    sealed interface Outcome {}

    /** Nothing is new but perhaps how often to ask. */
    record Same() implements Outcome {}

    record Taken() implements Outcome {}

    /** The publisher has withdrawn every root: obeyed at once, and somebody should know. */
    record Withdrawn() implements Outcome {}

    /** The one that we have stays. */
    record Refused(String why) implements Outcome {}

    static Outcome judge(Optional<BundleDocument> held, BundleDocument offered) {
        return held.flatMap(before -> objection(before, offered))
                .<Outcome>map(Refused::new)
                .orElseGet(() -> accepted(held, offered));
    }

    private static Outcome accepted(Optional<BundleDocument> held, BundleDocument offered) {
        boolean isSame = held.filter(before -> before.roots().equals(offered.roots())
                        && before.sequence().equals(offered.sequence()))
                .isPresent();
        if (isSame) {
            return new Same();
        }
        return offered.roots().isEmpty() ? new Withdrawn() : new Taken();
    }

    /** Who never counted may change at will; who counts may neither go back nor change without counting. */
    private static Optional<String> objection(BundleDocument held, BundleDocument offered) {
        if (held.sequence().isEmpty()) {
            return Optional.empty();
        }
        long before = held.sequence().get();
        if (offered.sequence().isEmpty()) {
            return Optional.of("spiffe_sequence: none (expected: >= " + before + RESET + ")");
        }
        long now = offered.sequence().get();
        if (now < before) {
            return Optional.of("spiffe_sequence: " + now + " (expected: >= " + before + RESET + ")");
        }
        return now == before && !held.roots().equals(offered.roots())
                ? Optional.of(
                        "roots: others by the same spiffe_sequence, " + now + " (expected: a higher one" + RESET + ")")
                : Optional.empty();
    }
}
