package io.beringia.trust.ledger;

/** What became of something that was asked for. The ordinal is what an entry says. */
public enum Decision {
    DENY,
    ALLOW,
    CLOSE
}
