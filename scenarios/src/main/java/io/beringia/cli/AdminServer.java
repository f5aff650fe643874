package io.beringia.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What one process shows of itself: {@code /healthz/ready} (200 when nothing is awaited, else 503 with the names of
 * what is) and {@code /metrics} (Prometheus text). It reads and never changes anything. Any thread; each request runs
 * on a virtual thread of its own.
 */
public final class AdminServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int BACKLOG_CONNECTIONS = 64;

    private final ExecutorService requests;
    private final HttpServer server;

    private AdminServer(HttpServer server, ExecutorService requests) {
        this.server = server;
        this.requests = requests;
    }

    /** Listens at once; port 0 takes any free one, see {@link #address()}. */
    public static AdminServer start(
            InetSocketAddress address, Supplier<List<String>> awaited, PrometheusMeterRegistry meters) {
        HttpServer server = bind(address);
        ExecutorService requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("admin/", 0).factory());
        server.setExecutor(requests);
        server.createContext("/healthz/ready", get(exchange -> answerReady(exchange, awaited.get())));
        server.createContext("/metrics", get(exchange -> answer(exchange, 200, meters.scrape())));
        server.start();
        return new AdminServer(server, requests);
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        requests.close();
    }

    private static HttpServer bind(InetSocketAddress address) {
        try {
            return HttpServer.create(address, BACKLOG_CONNECTIONS);
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "admin: cannot listen on " + address + " (expected: a free address of this machine): "
                            + refused.getMessage(),
                    refused);
        }
    }

    private static HttpHandler get(HttpHandler handler) {
        return exchange -> {
            if (exchange.getRequestMethod().equals("GET")) {
                handler.handle(exchange);
            } else {
                answer(exchange, 405, "only GET\n");
            }
        };
    }

    private static void answerReady(HttpExchange exchange, List<String> awaited) throws IOException {
        if (awaited.isEmpty()) {
            answer(exchange, 200, "ready\n");
        } else {
            answer(exchange, 503, "awaiting: " + String.join(", ", awaited) + "\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
