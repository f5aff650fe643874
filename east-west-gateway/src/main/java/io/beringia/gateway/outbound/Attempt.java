package io.beringia.gateway.outbound;

import io.beringia.gateway.relay.RelayEnd;
import java.net.InetSocketAddress;

/** One dial under way. Lives on the event loop that began it. */
@FunctionalInterface
public interface Attempt {
    /** Not wanted any more. Its {@link Outcome} is not called after this. */
    void cancel();

    /** Told once how the dial ended. */
    interface Outcome {
        /** Whoever answers there has been asked, and says no more than yes or no. A plain connection asks nothing. */
        default void onAsked() {}

        void onConnected(RelayEnd end, InetSocketAddress local);

        void onFailed(DialFailure why);
    }
}
