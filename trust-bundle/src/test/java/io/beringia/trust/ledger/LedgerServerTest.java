package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LedgerServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private SmallLog log;
    private LedgerServer server;

    @BeforeEach
    void serve() throws IOException {
        log = new SmallLog("corp.example/beringia/east-1/issuance").add(LedgerEvent.of(EntryKind.BOOT));
        for (int i = 0; i < 300; i++) {
            log.add(LedgerEvent.of(EntryKind.SVID_ISSUED).with(Decision.ALLOW));
        }
        server = LedgerServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Map.of("issuance", log.publish()),
                Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    @Test
    void a_served_log_verifies_and_proves() throws IOException {
        HttpSource source = new HttpSource(client, uri("/issuance"));

        assertThat(new LedgerVerifier(log.policy(), Optional.empty())
                        .verify(List.of(source))
                        .getFirst())
                .satisfies(report -> {
                    assertThat(report.findings()).isEmpty();
                    assertThat(report.size()).isEqualTo(301);
                });
        assertThat(LedgerProver.of(source).prove(entry -> entry.seq() == 290)).hasSize(1);
    }

    @Test
    void checkpoints_are_asked_anew_and_tiles_are_kept() throws Exception {
        assertThat(get("/issuance/checkpoint").headers().map())
                .containsEntry("cache-control", List.of("no-cache"))
                .containsEntry("content-type", List.of("text/plain; charset=utf-8"));
        assertThat(get("/issuance/tile/0/000").headers().map())
                .containsEntry("cache-control", List.of("public, max-age=31536000, immutable"))
                .containsEntry("content-type", List.of("application/octet-stream"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/issuance",
                "/issuance/",
                "/issuance/log.key",
                "/issuance/../log.key",
                "/issuance/%2e%2e/log.key",
                "/issuance/tile/0/00",
                "/issuance/tile/0/001",
                "/other/checkpoint",
                "/witness/add-checkpoint"
            })
    void nothing_else_is_served(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }
}
