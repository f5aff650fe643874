package io.beringia.trust.ledger;

/** A claim that does not hold, where, and why. */
public record Finding(Claim claim, String where, String why) {
    @Override
    public String toString() {
        return claim + " " + where + ": " + why;
    }
}
