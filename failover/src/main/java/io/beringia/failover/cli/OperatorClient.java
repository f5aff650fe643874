package io.beringia.failover.cli;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks candidates one after the other until the leader answers. Owned by the command that asks. */
record OperatorClient(List<String> addresses, HttpTls tls, Predicate<SpiffeId> expected) {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

    static final String STATUS = "/v1/status";

    /** A candidate itself gives up after ten. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

    /**
     * What came back in the end.
     *
     * @param outcome of a command as the answer names it; {@code shown} or {@code no-leader} of a status
     */
    record Answer(String outcome, JsonNode body) {
        RegionExit exit() {
            return RegionExit.of(outcome);
        }
    }

    /** The leader's status; else that of a candidate that leads nothing. Throws if nobody answers. */
    Answer status() throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder().GET(), STATUS);
    }

    /** The leader's answer; else why there is none. Throws if nobody answers. */
    Answer command(ObjectNode body) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body.toString())), "/v1/commands");
    }

    private Answer ask(HttpRequest.Builder request, String path) throws IOException, InterruptedException {
        Optional<Answer> follower = Optional.empty();
        List<String> failures = new ArrayList<>();
        try (HttpClient client = client()) {
            for (String address : addresses) {
                try {
                    Answer answer = answer(client, request.copy(), address, path);
                    if (answer.exit() != RegionExit.NO_LEADER) {
                        return answer;
                    }
                    follower = follower.or(() -> Optional.of(answer));
                } catch (IOException | IllegalArgumentException failed) {
                    failures.add(address + ": " + reason(failed));
                }
            }
        }
        return follower.orElseThrow(() -> new IOException("nobody answers: " + String.join("; ", failures)));
    }

    HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(tls.client(expected))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .build();
    }

    static Answer answer(HttpClient client, HttpRequest.Builder request, String address, String path)
            throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request.uri(URI.create("https://" + address + path))
                        .header("Content-Type", "application/json")
                        .timeout(ANSWER_MAX)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        try {
            JsonNode body = JsonMapper.shared().readTree(response.body());
            return new Answer(outcome(body), body);
        } catch (JacksonException noJson) {
            throw new IOException("status " + response.statusCode() + " without JSON", noJson);
        }
    }

    private static String outcome(JsonNode body) {
        String leading = body.path("leading").asBoolean(false) ? "shown" : "no-leader";
        return body.path("outcome").asString(leading);
    }

    /** Of a failed handshake the cause says what the verifier saw. */
    private static String reason(Throwable failed) {
        Throwable cause = failed;
        for (Throwable next = failed.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    }
}
