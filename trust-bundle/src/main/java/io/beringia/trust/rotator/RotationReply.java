package io.beringia.trust.rotator;

/** What became of an order. */
public sealed interface RotationReply {
    /** It is stored, on record and being done; where the rotation stands then. */
    record Done(RotationStatus status) implements RotationReply {}

    /** Gates are closed; {@code status} says what each waits for. */
    record Blocked(RotationStatus status) implements RotationReply {}

    /** It makes no sense where the rotation stands. */
    record Refused(String why) implements RotationReply {}

    /** It may be done yet, or not: store or ledger do not work, or there are too many orders. */
    record Failed(String why) implements RotationReply {}
}
