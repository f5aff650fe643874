package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.ChannelCredentials;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BundlesWatchTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    /** Roots that are followed no more would be believed for ever. */
    @Test
    void whoever_fails_ends_no_watch() throws InterruptedException {
        try (BundlesWatch watch =
                new BundlesWatch(source(), new Failing(), new SecureRandom(), "instance", System::nanoTime)) {
            watch.start();

            next("shown");
            next("broken: no certificate of ours");
            next("shown again");
        }
    }

    private void next(String expected) throws InterruptedException {
        assertThat(heard.poll(20, TimeUnit.SECONDS)).as("what comes").isEqualTo(expected);
    }

    private static RemoteSource source() {
        return new RemoteSource(
                "127.0.0.1",
                1,
                SpiffeId.parse("spiffe://corp.example/ns/beringia/sa/trust"),
                Path.of("roots.pem"),
                Path.of("token"),
                Duration.ofHours(1),
                Optional.empty());
    }

    /** Can show nothing to a server, and hears of nothing without failing. */
    private final class Failing implements BundlesWatch.Holder {
        @Override
        public ChannelCredentials shown(boolean again) {
            heard.add(again ? "shown again" : "shown");
            throw new IllegalStateException("no certificate of ours");
        }

        @Override
        public BundlesInForce inForce() {
            return BundlesInForce.getDefaultInstance();
        }

        @Override
        public void offered(BundlesState state) {
            heard.add("offered");
        }

        @Override
        public void broken(String why) {
            heard.add("broken: " + why);
            throw new IllegalStateException("nobody hears");
        }
    }
}
