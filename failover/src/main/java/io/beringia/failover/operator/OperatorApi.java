package io.beringia.failover.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What operators may ask of a candidate, over mutual TLS: {@code GET /v1/status} and {@code POST /v1/commands}, both in
 * JSON. The caller's SVID is the author of every command, and only operators are heard. Any thread; each request runs
 * on a virtual thread of its own.
 */
public final class OperatorApi implements AutoCloseable {
    private static final int BACKLOG_CONNECTIONS = 16;

    /** A reason of 400 characters and a few names. */
    private static final int BODY_BYTES_MAX = 16 * 1024;

    /** A look comes ten times a second; what takes longer waits for ZooKeeper. */
    private static final int REPLY_SECONDS_MAX = 10;

    private final HttpTls tls;
    private final Set<SpiffeId> operators;
    private final OperatorDesk desk;
    private final Listener listener;
    private final HttpsServer server;
    private final ExecutorService requests;

    private OperatorApi(
            HttpsServer server,
            ExecutorService requests,
            HttpTls tls,
            Set<SpiffeId> operators,
            OperatorDesk desk,
            Listener listener) {
        this.server = server;
        this.requests = requests;
        this.tls = tls;
        this.operators = Set.copyOf(operators);
        this.desk = desk;
        this.listener = listener;
    }

    /** Hears of every request. Any thread. */
    @FunctionalInterface
    public interface Listener {
        /** @param caller a SPIFFE ID, or {@code unproven} */
        void onAnswered(String verb, String outcome, String caller);
    }

    /**
     * Listens at once; port 0 takes any free one, see {@link #address()}.
     *
     * @param operators who is heard
     */
    public static OperatorApi start(
            InetSocketAddress address, HttpTls tls, Set<SpiffeId> operators, OperatorDesk desk, Listener listener) {
        HttpsServer server = bind(address);
        ExecutorService requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("operator/", 0).factory());
        OperatorApi api = new OperatorApi(server, requests, tls, operators, desk, listener);
        server.setExecutor(requests);
        server.setHttpsConfigurator(new CallersProven(tls));
        server.createContext("/", api::handle);
        server.start();
        return api;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    private static HttpsServer bind(InetSocketAddress address) {
        try {
            return HttpsServer.create(address, BACKLOG_CONNECTIONS);
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "operator-api: cannot listen on " + address + " (expected: a free address of this machine): "
                            + refused.getMessage(),
                    refused);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<SpiffeId> caller =
                    tls.caller(((HttpsExchange) exchange).getSSLSession()).map(PeerVerdict.Verified::id);
            OperatorAnswer answer = answer(exchange, caller);
            listener.onAnswered(
                    answer.verb(),
                    answer.outcome(),
                    caller.map(SpiffeId::toString).orElse("unproven"));
            send(exchange, answer);
        }
    }

    private OperatorAnswer answer(HttpExchange exchange, Optional<SpiffeId> caller) throws IOException {
        if (caller.isEmpty() || !operators.contains(caller.get())) {
            return OperatorAnswer.forbidden(
                    caller.map(SpiffeId::toString).orElse("unproven") + " (expected: an operator)");
        }
        String asked =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        return switch (asked) {
            case "GET /v1/status" -> OperatorAnswer.status(desk.status());
            case "POST /v1/commands" -> command(exchange, caller.get());
            default -> OperatorAnswer.unknown("unknown request (expected: GET /v1/status or POST /v1/commands)");
        };
    }

    private OperatorAnswer command(HttpExchange exchange, SpiffeId author) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            return OperatorAnswer.malformed("body: larger than " + BODY_BYTES_MAX + " bytes (expected: at most that)");
        }
        return switch (OperatorRequest.parse(body, author, tls.clock().instant())) {
            case OperatorRequest.Malformed malformed -> OperatorAnswer.malformed(malformed.why());
            case OperatorRequest.Wish wish -> OperatorAnswer.to(wish, reply(wish));
        };
    }

    private Reply reply(OperatorRequest.Wish wish) {
        try {
            return (wish.isDryRun() ? desk.whatIf(wish.command()) : desk.ask(wish.command()))
                    .get(REPLY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return new Reply.Failed("no reply within " + REPLY_SECONDS_MAX + " s; it may still be applied");
        } catch (ExecutionException failed) {
            return new Reply.Failed("failed: " + failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Reply.Failed("closing");
        }
    }

    private static void send(HttpExchange exchange, OperatorAnswer answer) throws IOException {
        byte[] body = (answer.body().toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
