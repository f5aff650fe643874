package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Way;
import io.beringia.gateway.outbound.DialFailure;

/** Why one attempt, or a whole connection, did not come about. Nothing of the application was sent. */
sealed interface OutboundFailure {
    /** The catalog knows no way. */
    record NoWay(Way.Reason reason, String detail) implements OutboundFailure {}

    /** The destination speaks no HBONE, and plain TCP is not allowed. */
    record PlainForbidden() implements OutboundFailure {}

    /** We do not know ourselves yet. */
    record NotReady() implements OutboundFailure {}

    record Dial(DialFailure why) implements OutboundFailure {}

    /** Whether another endpoint or gateway may do better; a peer that understood and refused does not change its mind. */
    default boolean isWorthAnother() {
        return switch (this) {
            case NoWay _, PlainForbidden _, NotReady _ -> false;
            case Dial dial ->
                switch (dial.why()) {
                    case DialFailure.Refused _, DialFailure.TimedOut _, DialFailure.TlsFailed _, DialFailure.Lost _ ->
                        true;
                    case DialFailure.Exhausted _ -> false;
                    case DialFailure.Answered answered -> answered.status() >= 500;
                };
        };
    }

    /** As it stands in logs and metric tags. */
    default String word() {
        return switch (this) {
            case NoWay noWay -> noWay.reason().word();
            case PlainForbidden _ -> "plain-forbidden";
            case NotReady _ -> "not-ready";
            case Dial dial -> dial.why().word();
        };
    }
}
