package io.beringia.gateway.host;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.wire.ProbeQuestion;
import java.net.http.HttpClient;
import java.util.function.Consumer;

/**
 * Asks the application again and again, and tells when what is known of it changes. Its virtual thread {@code readiness} owns
 * the count; {@link #drain} and {@link #close} are for whoever owns the proxy.
 */
final class ReadinessLoop implements AutoCloseable {
    private final Readiness rules;
    private final Consumer<HostReport> told;
    private final HostTelemetry telemetry;
    private final HttpClient http = ProbeQuestion.client();
    private final Thread thread;

    private ReadinessLoop(Readiness rules, Consumer<HostReport> told, HostTelemetry telemetry) {
        this.rules = rules;
        this.told = told;
        this.telemetry = telemetry;
        this.thread = Thread.ofVirtual().name("readiness").unstarted(this::run);
    }

    static ReadinessLoop start(Readiness rules, Consumer<HostReport> told, HostTelemetry telemetry) {
        ReadinessLoop loop = new ReadinessLoop(rules, told, telemetry);
        loop.thread.start();
        return loop;
    }

    private void run() {
        ReadinessCount count = ReadinessCount.NOTHING;
        try {
            while (true) {
                ReadinessCount next = count.after(rules.question().isAnswered(http, rules.timeout()), rules);
                if (!next.said().equals(count.said())) {
                    next.said().map(this::report).ifPresent(this::tell);
                }
                count = next;
                Thread.sleep(rules.period());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private HostReport report(boolean isHealthy) {
        return isHealthy
                ? HostReport.HEALTHY
                : HostReport.unhealthy(rules.question() + " was not answered well " + rules.failures() + " times");
    }

    private void tell(HostReport report) {
        telemetry.applicationIs(report);
        told.accept(report);
    }

    /** From now on peers are to go elsewhere, whatever the application says. */
    void drain() throws InterruptedException {
        thread.interrupt();
        thread.join();
        tell(HostReport.unhealthy("its host drains"));
    }

    @Override
    public void close() {
        thread.interrupt();
        http.shutdownNow();
    }
}
