package io.beringia.trust.pki;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why an issuer takes a certificate back, by the numbers of RFC 5280, 5.3.1. */
public enum RevocationReason {
    UNSPECIFIED(0),
    KEY_COMPROMISE(1),
    CA_COMPROMISE(2),
    AFFILIATION_CHANGED(3),
    SUPERSEDED(4),
    CESSATION_OF_OPERATION(5),
    PRIVILEGE_WITHDRAWN(9);

    private final int number;

    RevocationReason(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The inverse of {@link #toString()}; throws {@link IllegalArgumentException} on anything else. */
    public static RevocationReason parse(String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" (expected: one of "
                        + Arrays.stream(values())
                                .map(RevocationReason::toString)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    /** Lower-case-dashed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
