package io.beringia.trust.ledger;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A log that somebody serves below a prefix. Any thread. */
public record HttpSource(HttpClient client, URI prefix) implements LogSource {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** A bundle of 256 of the longest entries. */
    private static final int FILE_BYTES_MAX = 256 * (2 + 65_535);

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    public HttpSource {
        if (!prefix.toString().endsWith("/")) {
            prefix = URI.create(prefix + "/");
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(prefix.resolve(path))
                .timeout(ANSWER)
                .header("Accept-Encoding", "gzip, identity")
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case OK -> Optional.of(octets(path, response, body));
                    case NOT_FOUND, GONE -> Optional.empty();
                    default ->
                        throw new IOException(
                                prefix.resolve(path) + ": status " + response.statusCode() + " (expected: 200 or 404)");
                };
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        }
    }

    private static byte[] octets(String path, HttpResponse<InputStream> response, InputStream body) throws IOException {
        boolean gzip = response.headers()
                .firstValue("Content-Encoding")
                .filter("gzip"::equals)
                .isPresent();
        byte[] octets = bounded(path, body);
        return gzip ? bounded(path, new GZIPInputStream(new ByteArrayInputStream(octets))) : octets;
    }

    private static byte[] bounded(String path, InputStream body) throws IOException {
        byte[] octets = body.readNBytes(FILE_BYTES_MAX + 1);
        if (octets.length > FILE_BYTES_MAX) {
            throw new IOException(path + ": longer than " + FILE_BYTES_MAX + " octets (expected: a file of a log)");
        }
        return octets;
    }
}
