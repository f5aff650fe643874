package io.beringia.trust.federation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.trust.client.BriefTasks;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Serves the bundle of our own trust domain to anybody: it is no secret, and nobody is asked who he is. Any thread.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md">SPIFFE Federation, section 5</a>
 */
public final class BundleEndpoint implements AutoCloseable {
    /** An honest question is one handshake and one line. */
    private static final Duration EXCHANGE_MAX = Duration.ofSeconds(10);

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NO_BODY = -1;

    private final HttpsServer server;
    private final BriefTasks tasks;
    private final String path;
    private final Supplier<BundleDocument> bundle;

    private BundleEndpoint(HttpsServer server, BriefTasks tasks, String path, Supplier<BundleDocument> bundle) {
        this.server = server;
        this.tasks = tasks;
        this.path = path;
        this.bundle = bundle;
    }

    /** Who an endpoint of {@code https_spiffe} is. */
    public static SpiffeId idOf(TrustDomain domain) {
        return SpiffeId.parse("spiffe://" + domain + "/beringia/bundle-endpoint");
    }

    /**
     * Serves what {@code bundle} says at each question. Throws {@link UncheckedIOException} where the address cannot be
     * had; port 0 takes a free one.
     */
    public static BundleEndpoint start(
            InetSocketAddress listen, String path, SSLContext tls, Supplier<BundleDocument> bundle) {
        return start(listen, path, tls, bundle, EXCHANGE_MAX);
    }

    static BundleEndpoint start(
            InetSocketAddress listen,
            String path,
            SSLContext tls,
            Supplier<BundleDocument> bundle,
            Duration exchangeMax) {
        try {
            HttpsServer https = HttpsServer.create(listen, 0);
            BundleEndpoint endpoint =
                    new BundleEndpoint(https, new BriefTasks("bundle-http", exchangeMax), path, bundle);
            https.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    parameters.setSSLParameters(HttpTls.newest(tls));
                }
            });
            https.setExecutor(endpoint.tasks);
            https.createContext("/", endpoint::handle);
            https.start();
            return endpoint;
        } catch (IOException e) {
            throw new UncheckedIOException("bundle-endpoint.listen: " + listen + " (expected: a free address)", e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
            } else {
                answer(exchange, bundle.get());
            }
        }
    }

    private static void answer(HttpExchange exchange, BundleDocument newest) throws IOException {
        byte[] json = newest.json();
        Optional<Long> sequence = newest.sequence();
        sequence.ifPresent(it -> exchange.getResponseHeaders().set("ETag", "\"" + it + "\""));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(OK, json.length);
        exchange.getResponseBody().write(json);
    }

    @Override
    public void close() {
        server.stop(0);
        tasks.close();
    }
}
