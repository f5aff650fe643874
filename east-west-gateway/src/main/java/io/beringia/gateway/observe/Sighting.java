package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;

/** Something noticed about one path, on some event loop: the observer's own clock says when, as it takes it in. */
record Sighting(Path path, Seen seen) {
    /** A gateway: whoever takes over its address under another name is somebody else. */
    record Path(SocketAddress address, SpiffeId identity) {
        static Path to(GatewayAddress gateway) {
            return new Path(gateway.address(), gateway.identity());
        }
    }

    /** What was noticed. */
    sealed interface Seen {
        /** All dials to one gateway count as one connection: several may have waited for the same. */
        long DIALS = 0;

        /** A word out of a dial: how long it took is the pod's time as well. */
        Seen ALIVE = new Answered(1, false);

        /**
         * What a dial that failed shows of the way: any answer, that the gateway lives; silence and strangers show nothing,
         * and neither does what we ourselves could not do or say.
         */
        static Optional<Seen> in(DialFailure why) {
            return switch (why) {
                case DialFailure.Answered _ -> Optional.of(ALIVE);
                case DialFailure.Refused _, DialFailure.Lost _ -> Optional.of(new Refused(DIALS));
                case DialFailure.TimedOut _,
                        DialFailure.TlsFailed _,
                        DialFailure.Dropped _,
                        DialFailure.Full _,
                        DialFailure.TooLong _,
                        DialFailure.Exhausted _ -> Optional.empty();
            };
        }

        /**
         * The right one answered.
         *
         * @param roundTripNanos above 0
         * @param measured whether that is the round trip of the path alone, and may be learned
         */
        record Answered(long roundTripNanos, boolean measured) implements Seen {}

        /** Packets of full size came through, or did not in all the time that they had. */
        record Large(boolean isThrough) implements Seen {}

        /** The other kernel has acknowledged what nobody answers. */
        record Acknowledged() implements Seen {}

        /** @param left until what it showed in a handshake ends; after its end, which clocks may see differently, negative */
        record Proven(Duration left) implements Seen {}

        /** @param connection tells connections of one observer apart */
        record Refused(long connection) implements Seen {}
    }
}
