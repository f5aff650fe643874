package io.beringia.scenarios.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadClientTest {
    private static final String CALLER = "spiffe://cluster.local/ns/demo/sa/client";
    private static final int ENOUGH = 40;

    @TempDir
    private Path directory;

    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

    @Test
    void every_connection_has_one_outcome_and_one_line_in_the_journal() throws IOException {
        Path journal = directory.resolve("journal");
        try (EchoApplication application = EchoApplication.start("us-west", anyPort(), journal);
                ProxyFront front = new ProxyFront(application.address(), CALLER)) {
            try (LoadClient client = LoadClient.start(plan(front.address()), System.nanoTime(), outcomes::add)) {
                await().until(() -> outcomes.size() >= ENOUGH);
            }
            assertThat(outcomes).allSatisfy(outcome -> {
                assertThat(outcome.failure()).isEmpty();
                assertThat(outcome.isMismatch()).isFalse();
            });
            assertThat(outcomes.stream().map(Outcome::sequence)).doesNotHaveDuplicates();
            assertThat(Journal.read(journal)).hasSameSizeAs(outcomes).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_server_that_verified_somebody_else_is_a_mismatch() throws IOException {
        try (EchoApplication application = EchoApplication.start("us-west", anyPort(), directory.resolve("journal"));
                ProxyFront front = new ProxyFront(application.address(), "spiffe://cluster.local/ns/demo/sa/other")) {
            try (LoadClient client = LoadClient.start(plan(front.address()), System.nanoTime(), outcomes::add)) {
                await().until(() -> !outcomes.isEmpty());
            }
            assertThat(outcomes).allMatch(Outcome::isMismatch);
        }
    }

    @Test
    void a_closed_port_is_a_failure_and_the_schedule_goes_on() throws IOException {
        InetSocketAddress closed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        try (LoadClient client = LoadClient.start(plan(closed), System.nanoTime(), outcomes::add)) {
            await().until(() -> outcomes.size() >= ENOUGH);
        }
        assertThat(outcomes)
                .allMatch(Outcome::failed)
                .extracting(Outcome::failure)
                .containsOnly("refused");
    }

    @Test
    void latency_counts_from_the_time_at_which_a_connection_was_due() {
        LoadPlan plan = plan(anyPort());
        Outcome late = new Outcome(plan, 3, 1_000, 50_000_000, 60_000_000, Optional.empty(), "reset");
        assertThat(late.latencyNanos()).isEqualTo(59_999_000);
        assertThat(late.startedLate()).isTrue();
    }

    private static LoadPlan plan(InetSocketAddress target) {
        return new LoadPlan("web", "echo", "us-west", target, CALLER, 200, Duration.ofSeconds(5));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
