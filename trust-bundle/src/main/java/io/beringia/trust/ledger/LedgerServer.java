package io.beringia.trust.ledger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Serves logs by C2SP tlog-tiles, each below its own name, and a witness by tlog-witness below {@code /witness}. Any
 * thread.
 */
public final class LedgerServer implements AutoCloseable {
    private static final int REQUESTS_MAX = 64;

    /** A checkpoint of 64 signatures and its proof, or an attestation with 8 certificates. */
    private static final int BODY_BYTES_MAX = 64 << 10;

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final String WITNESS = "/witness";
    private static final String LATEST = "/checkpoint";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int BUSY = 503;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, LogSource> logs;
    private final Optional<Witness> witness;
    private final Semaphore requests = new Semaphore(REQUESTS_MAX);

    private LedgerServer(HttpServer server, Map<String, LogSource> logs, Optional<Witness> witness) {
        this.server = server;
        this.logs = Map.copyOf(logs);
        this.witness = witness;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ledger-http/", 0).factory());
    }

    /**
     * @param tls asks every caller for a certificate and judges it; empty serves without, for one computer
     * @param logs by the one path segment below which each is served
     */
    public static LedgerServer start(
            InetSocketAddress address,
            Optional<SSLContext> tls,
            Map<String, LogSource> logs,
            Optional<Witness> witness) {
        try {
            HttpServer http = tls.isPresent() ? secured(address, tls.get()) : HttpServer.create(address, 0);
            LedgerServer server = new LedgerServer(http, logs, witness);
            http.setExecutor(server.threads);
            http.createContext("/", server::handle);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("ledger.listen: " + address + " (expected: a free address)", e);
        }
    }

    private static HttpServer secured(InetSocketAddress address, SSLContext tls) throws IOException {
        HttpsServer https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters asked = tls.getDefaultSSLParameters();
                asked.setProtocols(new String[] {"TLSv1.3"});
                asked.setNeedClientAuth(true);
                parameters.setSSLParameters(asked);
            }
        });
        return https;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!requests.tryAcquire()) {
                answer(exchange, BUSY, TEXT, "busy\n".getBytes(StandardCharsets.UTF_8));
                return;
            }
            try {
                route(exchange, exchange.getRequestURI().getPath());
            } finally {
                requests.release();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void route(HttpExchange exchange, String path) throws IOException, InterruptedException {
        if (witness.isPresent() && path.startsWith(WITNESS + "/")) {
            Witness.Answer answer = witness(exchange, witness.get(), path.substring(WITNESS.length() + 1));
            answer(exchange, answer.status(), answer.type(), answer.body().getBytes(StandardCharsets.UTF_8));
            return;
        }
        int end = path.indexOf('/', 1);
        LogSource log = end < 0 ? null : logs.get(path.substring(1, end));
        if (log == null || !exchange.getRequestMethod().equals("GET")) {
            notFound(exchange);
        } else {
            file(exchange, log, path.substring(end + 1));
        }
    }

    private Witness.Answer witness(HttpExchange exchange, Witness own, String path)
            throws IOException, InterruptedException {
        String hash = path.endsWith(LATEST) ? path.substring(0, path.length() - LATEST.length()) : "";
        String asked = exchange.getRequestMethod() + " " + (HEX.matcher(hash).matches() ? LATEST : path);
        return switch (asked) {
            case "POST add-checkpoint" -> own.addCheckpoint(body(exchange));
            case "POST add-log" -> own.addLog(body(exchange));
            case "GET " + LATEST -> own.latest(hash);
            case "GET witness.vkey" -> new Witness.Answer(OK, TEXT, own.key() + "\n");
            default -> new Witness.Answer(NOT_FOUND, TEXT, "not found\n");
        };
    }

    /** A longer one is cut, and then is no request. */
    private static byte[] body(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
    }

    /** Nothing but a checkpoint and what {@link Tile} can spell. */
    private static void file(HttpExchange exchange, LogSource log, String path) throws IOException {
        boolean isCheckpoint = path.equals("checkpoint");
        Optional<byte[]> octets = isCheckpoint || Tile.parse(path).isPresent() ? log.read(path) : Optional.empty();
        if (octets.isEmpty()) {
            notFound(exchange);
            return;
        }
        exchange.getResponseHeaders()
                .set("Cache-Control", isCheckpoint ? "no-cache" : "public, max-age=31536000, immutable");
        answer(exchange, OK, isCheckpoint ? TEXT : "application/octet-stream", octets.get());
    }

    private static void notFound(HttpExchange exchange) throws IOException {
        answer(exchange, NOT_FOUND, TEXT, "not found\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
