package io.beringia.trust.cli;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every command about a rotation is told: whom to ask, as whom, and how to show the answer. */
final class RotateOptions {
    private static final int IDENTITY_FILES = 3;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

    /** The server itself gives up after ten. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

    @Option(
            names = "--api",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:15040",
            description = "The rotation.operator-api of the role trust (default: ${DEFAULT-VALUE}).")
    private String api = "";

    @Option(
            names = "--identity",
            required = true,
            split = ",",
            paramLabel = "CHAIN,KEY,BUNDLE",
            description = "The operator's SVID: three PEM files.")
    private List<Path> identity = List.of();

    @Option(
            names = "--server",
            paramLabel = "ID",
            description = "The identity that must answer (default: account trust of beringia-system in the operator's"
                    + " trust domain).")
    private Optional<String> server = Optional.empty();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** The answer to {@code request}, which lacks its address only. */
    JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (identity.size() != IDENTITY_FILES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--identity: " + identity.size() + " files (expected: chain, key and bundle, separated by commas)");
        }
        Credentials own =
                FileCredentials.load(CredentialFiles.ofOwnDomain(identity.get(0), identity.get(1), identity.get(2)));
        SpiffeId expected = server.map(SpiffeId::parse)
                .orElseGet(() -> SpiffeId.ofWorkload(own.svid().id().trustDomain(), "beringia-system", "trust"));
        HttpTls tls = new HttpTls(own, new SpiffeVerifier(), InstantSource.system());
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(tls.client(expected::equals))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .build()) {
            return body(client.send(
                    request.uri(URI.create("https://" + api + "/v1/rotation"))
                            .timeout(ANSWER_MAX)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failed) {
            throw new IOException(api + ": " + reason(failed) + " (expected: the role trust of a rotation)", failed);
        }
    }

    private static JsonNode body(HttpResponse<String> response) throws IOException {
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException noJson) {
            throw new IOException("status " + response.statusCode() + " without JSON", noJson);
        }
    }

    /** Of a failed handshake the cause says what the verifier saw. */
    private static String reason(Throwable failed) {
        Throwable cause = failed;
        for (Throwable next = failed.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    }

    /** Shows an answer; what the shell sees of it. */
    int show(JsonNode answer, Function<JsonNode, List<String>> table) {
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case json -> out.println(answer.toPrettyString());
            case table -> table.apply(answer).forEach(out::println);
        }
        return switch (answer.path("outcome").asString("")) {
            case "applied", "shown" -> 0;
            case "malformed" -> 2;
            case "blocked" -> 3;
            default -> 1;
        };
    }
}
