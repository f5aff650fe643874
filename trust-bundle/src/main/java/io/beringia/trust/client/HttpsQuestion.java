package io.beringia.trust.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * One question by HTTPS, over a connection of its own, and its whole answer. Any thread.
 *
 * @param bytesMax of the answer
 * @param patience for all of it
 */
public record HttpsQuestion(SSLContext tls, int bytesMax, Duration patience) {
    private static final int OK = 200;

    /** Throws {@link IOException} on every answer but 200, one too large, and one that is not whole in time. */
    public HttpResponse<byte[]> ask(HttpRequest request) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            return whole(
                    request, client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytesMax)));
        } finally {
            client.shutdownNow();
        }
    }

    private HttpResponse<byte[]> whole(HttpRequest request, CompletableFuture<HttpResponse<byte[]>> answer)
            throws IOException, InterruptedException {
        try {
            HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException(
                        request.uri() + ": status " + response.statusCode() + " (expected: 200, and no redirect)");
            }
            return response;
        } catch (TimeoutException slow) {
            throw new IOException(request.uri() + ": no whole answer within " + patience + " (expected: one)", slow);
        } catch (ExecutionException failed) {
            throw new IOException(request.uri() + ": " + reason(failed), failed);
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
}
