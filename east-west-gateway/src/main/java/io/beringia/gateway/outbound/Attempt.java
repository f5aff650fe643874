package io.beringia.gateway.outbound;

import io.beringia.gateway.relay.RelayEnd;
import java.net.InetSocketAddress;

/** One dial under way. Lives on the event loop that began it. */
@FunctionalInterface
public interface Attempt {
    /** Not wanted any more. Its {@link Outcome} is not called after this. */
    void cancel();

    /** It has not answered in time: somebody else is asked beside it, or would be, or nobody waits for it any more. */
    default void onLate() {}

    /** Told once how the dial ended. */
    interface Outcome {
        /** Whoever answers there has been asked, and says no more than yes or no. A plain connection asks nothing. */
        default void onAsked() {}

        void onConnected(RelayEnd end, InetSocketAddress local);

        void onFailed(DialFailure why);
    }
}
