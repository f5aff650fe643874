package io.beringia.trust.ledger;

/** What became of an event that was given to a ledger. */
public sealed interface WriteResult {
    /** It lasts, as this entry of this log. */
    record Written(String log, long index, Hash leaf) implements WriteResult {}

    /** It stands nowhere, whatever the reason; strict callers refuse what it was about. */
    record NotWritten(String why) implements WriteResult {}
}
