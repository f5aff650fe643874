package io.beringia.trust.ledger;

/** What became of something that was asked for. Numbers are for ever. */
public enum Decision {
    DENY(0),
    ALLOW(1),
    CLOSE(2);

    /** Of the numbers, for counting by them. */
    static final int COUNT = 3;

    private final int number;

    Decision(int number) {
        this.number = number;
    }

    /** As {@link Field#DECISION} has it. */
    public int number() {
        return number;
    }
}
