package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ProbeQuestion;
import io.beringia.gateway.drain.DrainConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a host finds out of its application, and tells. */
final class ReadinessTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final ProbeQuestion TCP = new ProbeQuestion.Tcp("127.0.0.1", 8080);
    private static final SocketAddress HBONE = SocketAddress.parse("127.0.0.1:15008");

    /** How often an application is asked here. */
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final BlockingQueue<HostReport> reports = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @CsvSource({
        // needed in a row: good, bad; answers (+ good, - bad); what was said in the end
        "1, 3, '', ''",
        "1, 3, +, healthy",
        "1, 3, --, ''",
        "1, 3, ---, unhealthy",
        "1, 3, +--, healthy",
        "1, 3, +--+--, healthy",
        "1, 3, +---, unhealthy",
        "1, 3, +---+, healthy",
        "2, 1, +, ''",
        "2, 1, ++, healthy",
        "2, 1, ++-, unhealthy",
        "2, 1, ++-+, unhealthy",
        "2, 1, ++-+-+, unhealthy"
    })
    void so_many_answers_in_a_row_say_something(int successes, int failures, String answers, String expected) {
        Readiness rules = new Readiness(TCP, OFTEN, OFTEN, successes, failures);
        ReadinessCount count = ReadinessCount.NOTHING;
        for (int i = 0; i < answers.length(); i++) {
            count = count.after(answers.charAt(i) == '+', rules);
        }
        assertThat(count.said().map(it -> it ? "healthy" : "unhealthy").orElse(""))
                .isEqualTo(expected);
    }

    @Test
    void what_an_application_says_is_told_when_it_changes() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/healthz", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        application.start();
        URI uri = URI.create("http://127.0.0.1:" + application.getAddress().getPort() + "/healthz");
        Readiness rules = new Readiness(new ProbeQuestion.Http(uri), OFTEN, Duration.ofSeconds(5), 1, 2);
        try (ReadinessLoop loop = ReadinessLoop.start(rules, reports::add, telemetry())) {
            assertThat(next()).isEqualTo(HostReport.unhealthy(uri + " was not answered well 2 times"));
            status.set(200);
            assertThat(next()).isEqualTo(HostReport.HEALTHY);
            application.stop(0);
            assertThat(next().health()).as("nobody answers").isEqualTo(Health.UNHEALTHY);
            assertThat(reports).as("each once").isEmpty();
            loop.drain();
            assertThat(next()).isEqualTo(HostReport.unhealthy("its host drains"));
        }
    }

    @Test
    void a_host_that_drains_says_so_first() throws Exception {
        try (HostLab lab = new HostLab();
                Application application = new Application(lab.ip(1), 8080, Application::echo)) {
            HostConfig config = new HostConfig(
                            "west-1/networking.istio.io/WorkloadEntry/demo/vm-1",
                            IpAddress.parse(lab.ip(1)),
                            1,
                            Optional.empty(),
                            List.of(),
                            false,
                            Optional.of(inbound(lab.ip(1))))
                    .with(new Readiness(new ProbeQuestion.Tcp(lab.ip(1), 8080), OFTEN, Duration.ofSeconds(5), 1, 1))
                    .with(DrainConfig.AT_ONCE);
            HostMain host = lab.start(config, lab.credentials(HostLab.id("demo", "vm")), lab.catalog(), reports::add);
            assertThat(next()).as("it accepts").isEqualTo(HostReport.HEALTHY);
            assertThat(application.accepted()).isPositive();
            host.drain();
            assertThat(next()).isEqualTo(HostReport.unhealthy("its host drains"));
            host.close();
            assertThat(reports).as("nothing after that").isEmpty();
        }
    }

    private static HostConfig.Inbound inbound(String ip) {
        return new HostConfig.Inbound(
                new SocketAddress(IpAddress.parse(ip), 15_008), IpAddress.parse(ip), Set.of(), Set.of(), false);
    }

    private HostReport next() throws InterruptedException {
        HostReport report = reports.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(report).as("a report in time").isNotNull();
        return report;
    }

    private static HostTelemetry telemetry() {
        return new HostTelemetry(new SimpleMeterRegistry());
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.05S, PT1S, 1, 3, host.readiness.period: PT0.05S (expected: PT0.1S to PT5M)",
        "PT10S, PT6M, 1, 3, host.readiness.timeout: PT6M (expected: PT0.1S to PT5M)",
        "PT10S, PT1S, 0, 3, host.readiness.successes: 0 (expected: 1..100)",
        "PT10S, PT1S, 1, 101, host.readiness.failures: 101 (expected: 1..100)"
    })
    void what_cannot_be_meant_is_refused(
            Duration period, Duration timeout, int successes, int failures, String message) {
        assertThatThrownBy(() -> new Readiness(TCP, period, timeout, successes, failures))
                .hasMessage(message);
    }

    @Test
    void only_a_workload_entry_that_may_be_called_says_how_it_is() {
        Readiness rules = new Readiness(TCP, OFTEN, OFTEN, 1, 1);
        assertThatThrownBy(() -> config("west-1//Pod/demo/vm-1", Optional.of(inbound("127.0.0.1")))
                        .with(rules))
                .hasMessageContaining("host.readiness: of west-1//Pod/demo/vm-1 (expected: a host of a WorkloadEntry");
        assertThatThrownBy(() -> config("west-1/networking.istio.io/WorkloadEntry/demo/vm-1", Optional.empty())
                        .with(rules))
                .hasMessageContaining("host.readiness: without host.inbound");
    }

    private static HostConfig config(String workload, Optional<HostConfig.Inbound> inbound) {
        return new HostConfig(workload, HBONE.ip(), 1, Optional.empty(), List.of(), false, inbound);
    }
}
