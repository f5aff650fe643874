package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.gateway.routing.Refusal;
import io.beringia.trust.identity.RejectReason;
import io.netty.channel.ConnectTimeoutException;
import java.util.Optional;

/** Why one attempt failed. Each is a sample of the health of its path. */
public sealed interface DialFailure {
    /** Why a connection could not be made. */
    static DialFailure of(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException _ -> new TimedOut();
            case NoDescriptorException none -> new Exhausted(String.valueOf(none.getMessage()));
            case Throwable other -> new Refused(String.valueOf(other.getMessage()));
        };
    }

    /** Nobody listens there, or the network says no. */
    record Refused(String detail) implements DialFailure {}

    /** No answer in time. */
    record TimedOut() implements DialFailure {}

    /** The handshake failed; {@code word} says how, {@code identity-mismatch} among others. */
    record TlsFailed(String word, String detail) implements DialFailure {}

    /** The gateway answered, with something else than 200. */
    record Answered(int status, String reason) implements DialFailure {
        /** It dialled nobody for us, and will soon be gone from the catalog. */
        private boolean isDraining() {
            return reason.equals(Refusal.DRAINING.reason());
        }

        /** Whoever asks is known there, and may not. */
        private boolean isDenial() {
            return status == 401 || status == 403;
        }
    }

    /** The connection was lost before an answer. */
    record Lost(String detail) implements DialFailure {}

    /** The stream was reset before an answer, and its connection goes on. */
    record Dropped(String detail) implements DialFailure {}

    /** Our connections there take no more now: the gateway is well, and another may have room. */
    record Full(String detail) implements DialFailure {}

    /** What must be said is more than is read there. */
    record TooLong(String detail) implements DialFailure {}

    /** We have no descriptor left: nobody else is to blame. */
    record Exhausted(String detail) implements DialFailure {}

    /** What it means to {@link DialRules}. */
    default DialRace.Ending ending() {
        return switch (this) {
            case Refused _ -> DialRace.Ending.REFUSED;
            case TimedOut _ -> DialRace.Ending.TIMED_OUT;
            case Exhausted _ -> DialRace.Ending.EXHAUSTED;
            case Answered answered when answered.isDraining() -> DialRace.Ending.REFUSED;
            case TlsFailed _, Answered _, Lost _, Dropped _, Full _, TooLong _ -> DialRace.Ending.FAILED;
        };
    }

    /** What it says of whoever was tried; nothing, where we ourselves are the reason. */
    default Optional<Outcome> outcome() {
        return switch (this) {
            case Refused _ -> Optional.of(Outcome.REFUSED);
            case TimedOut _ -> Optional.of(Outcome.TIMED_OUT);
            case TlsFailed failed ->
                Optional.of(
                        failed.word().equals(RejectReason.IDENTITY_MISMATCH.word())
                                ? Outcome.IDENTITY_MISMATCH
                                : Outcome.TLS_FAILED);
            case Answered answered -> Optional.of(answered.isDenial() ? Outcome.DENIED : Outcome.UNAVAILABLE);
            case Lost _, Dropped _ -> Optional.of(Outcome.RESET);
            case Full _, TooLong _, Exhausted _ -> Optional.empty();
        };
    }

    /** As it stands in logs and metric tags. */
    default String word() {
        return switch (this) {
            case Refused _ -> "refused";
            case TimedOut _ -> "timeout";
            case TlsFailed failed -> failed.word();
            case Answered _ -> "status";
            case Lost _ -> "lost";
            case Dropped _ -> "reset";
            case Full _ -> "full";
            case TooLong _ -> "too-long";
            case Exhausted _ -> "exhausted";
        };
    }
}
