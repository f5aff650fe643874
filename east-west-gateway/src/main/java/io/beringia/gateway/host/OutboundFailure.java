package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Way;
import io.beringia.gateway.outbound.DialFailure;
import java.util.Locale;

/** Why one attempt, or a whole connection, did not come about. Nothing of the application was sent. */
sealed interface OutboundFailure {
    /** The catalog knows no way. */
    record NoWay(Way.Reason reason, String detail) implements OutboundFailure {}

    /** The destination speaks no HBONE, and plain TCP is not allowed. */
    record PlainForbidden() implements OutboundFailure {}

    /** We do not know ourselves yet. */
    record NotReady() implements OutboundFailure {}

    /** This process is about to end. */
    record Draining() implements OutboundFailure {}

    record Dial(DialFailure why, Tunnel tunnel) implements OutboundFailure {
        /** Of what the host itself reached for. */
        Dial(DialFailure why) {
            this(why, Tunnel.OUTER);
        }
    }

    /** Which tunnel of two failed. */
    enum Tunnel {
        OUTER,
        /** Behind a gateway's 200, where only the host can try again. */
        INNER
    }

    /** Whether another endpoint or gateway may do better; a peer that understood and refused does not change its mind. */
    default boolean isWorthAnother() {
        return switch (this) {
            case NoWay _, PlainForbidden _, NotReady _, Draining _ -> false;
            case Dial dial ->
                switch (dial.why()) {
                    case DialFailure.Refused _,
                            DialFailure.TimedOut _,
                            DialFailure.TlsFailed _,
                            DialFailure.Lost _,
                            DialFailure.Dropped _,
                            DialFailure.Full _,
                            DialFailure.TooLong _ -> true;
                    case DialFailure.Exhausted _ -> false;
                    case DialFailure.Answered answered -> answered.status() >= 500;
                };
        };
    }

    /** Which tunnel did not come about, as it stands in metric tags. */
    default String tunnelWord() {
        return switch (this) {
            case NoWay _, PlainForbidden _, NotReady _, Draining _ -> "none";
            case Dial dial -> dial.tunnel().name().toLowerCase(Locale.ROOT);
        };
    }

    /** As it stands in logs and metric tags. */
    default String word() {
        return switch (this) {
            case NoWay noWay -> noWay.reason().word();
            case PlainForbidden _ -> "plain-forbidden";
            case NotReady _ -> "not-ready";
            case Draining _ -> "draining";
            case Dial dial -> dial.why().word();
        };
    }
}
