package io.beringia.trust.federation;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.WebTls;
import io.beringia.trust.identity.TrustBundles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Asks a bundle endpoint by HTTPS. Any thread. Each question has a connection and a handshake of its own, so nobody speaks
 * for roots that were withdrawn since.
 *
 * @param patience for the whole answer
 */
record HttpsBundleSource(ForeignDomain domain, Duration patience, InstantSource clock) implements BundleSource {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int OK = 200;

    HttpsBundleSource(ForeignDomain domain, InstantSource clock) {
        this(domain, PATIENCE, clock);
    }

    @Override
    public byte[] fetch(TrustBundles believed) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(domain.url())
                .header("Accept", "application/json")
                .build();
        HttpClient client = HttpClient.newBuilder()
                .sslContext(context(believed))
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            return body(client.sendAsync(
                    request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), JwkSetReader.DOCUMENT_BYTES_MAX)));
        } finally {
            client.shutdownNow();
        }
    }

    private byte[] body(CompletableFuture<HttpResponse<byte[]>> answer) throws IOException, InterruptedException {
        try {
            HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException(
                        domain.url() + ": status " + response.statusCode() + " (expected: 200, and no redirect)");
            }
            return response.body();
        } catch (TimeoutException slow) {
            throw new IOException(domain.url() + ": no whole answer within " + patience + " (expected: one)", slow);
        } catch (ExecutionException failed) {
            throw new IOException(domain.url() + ": " + reason(failed), failed);
        }
    }

    /** The innermost sentence: those around it only repeat it. */
    private static String reason(Throwable failed) {
        Throwable innermost = failed;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }

    private SSLContext context(TrustBundles believed) {
        return switch (domain.profile()) {
            case ForeignDomain.Profile.Web web -> WebTls.client(web.roots());
            case ForeignDomain.Profile.Spiffe spiffe ->
                HttpTls.anonymous(believed, new SpiffeVerifier(), clock, spiffe.endpoint()::equals);
        };
    }
}
