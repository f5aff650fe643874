package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdminServerTest {
    private final AtomicReference<List<String>> awaited = new AtomicReference<>(List.of());
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AdminServer server =
            AdminServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), awaited::get, meters);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void is_ready_when_nothing_is_awaited() throws Exception {
        assertThat(get("/healthz/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void names_what_is_awaited_until_it_is_there() throws Exception {
        awaited.set(List.of("gateway: first catalog"));
        HttpResponse<String> answer = get("/healthz/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("awaiting: gateway: first catalog\n");
    }

    @Test
    void shows_the_meters_as_prometheus_reads_them() throws Exception {
        meters.counter("gateway.tunnels.opened").increment();
        assertThat(get("/metrics").body()).contains("gateway_tunnels_opened_total 1.0");
    }

    @Test
    void changes_nothing_on_a_post() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/healthz/ready"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void a_port_in_use_is_one_clear_sentence() {
        assertThatThrownBy(() -> AdminServer.start(server.address(), awaited::get, meters))
                .hasMessageContaining("admin: cannot listen on")
                .hasMessageContaining("expected: a free address");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
