package io.beringia.failover.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.trust.client.BriefTasks;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What operators may ask of a candidate, over mutual TLS: {@code GET /v1/status} and {@code POST /v1/commands}, both in
 * JSON. The caller's SVID is the author of every command, and only operators are heard. Any thread; each request runs
 * on a virtual thread of its own, few at once and not for long, and of those that command only a few wait for the leader.
 */
public final class OperatorApi implements AutoCloseable {
    private static final int BACKLOG_CONNECTIONS = 16;

    /** A reason of 400 characters and a few names. */
    private static final int BODY_BYTES_MAX = 16 * 1024;

    private final HttpTls tls;
    private final Set<SpiffeId> operators;
    private final OperatorDesk desk;
    private final Listener listener;
    private final Bounds bounds;
    private final HttpsServer server;
    private final BriefTasks requests;
    private final Semaphore free;

    private OperatorApi(
            HttpsServer server,
            HttpTls tls,
            Set<SpiffeId> operators,
            OperatorDesk desk,
            Listener listener,
            Bounds bounds) {
        this.server = server;
        this.bounds = bounds;
        this.requests = new BriefTasks("operator", bounds.request());
        this.free = new Semaphore(bounds.waiting());
        this.tls = tls;
        this.operators = Set.copyOf(operators);
        this.desk = desk;
        this.listener = listener;
    }

    /**
     * How much of it is used at once. Whoever comes too many is told so at once, and nothing is asked of the leader for him.
     *
     * @param waiting commands that wait for the leader
     * @param reply how long each of them waits
     * @param request from a connection's first octet to the last of its answer; more than a reply takes
     */
    public record Bounds(int waiting, Duration reply, Duration request) {
        /** Operators are few. A look comes ten times a second; what takes longer waits for ZooKeeper. */
        public static final Bounds STANDARD = new Bounds(8, Duration.ofSeconds(10), Duration.ofSeconds(20));

        public Bounds {
            if (waiting < 1 || request.compareTo(reply) <= 0) {
                throw new IllegalArgumentException("operator-api: " + waiting + " waiting, " + reply + " of " + request
                        + " (expected: at least 1, and a reply within a request)");
            }
        }
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
            InetSocketAddress address,
            HttpTls tls,
            Set<SpiffeId> operators,
            OperatorDesk desk,
            Listener listener,
            Bounds bounds) {
        HttpsServer server = bind(address);
        OperatorApi api = new OperatorApi(server, tls, operators, desk, listener, bounds);
        server.setExecutor(api.requests);
        server.setHttpsConfigurator(new CallersProven(tls));
        server.createContext("/", api::handle);
        server.start();
        return api;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Any thread. Commands that wait for the leader now. */
    public int waiting() {
        return bounds.waiting() - free.availablePermits();
    }

    @Override
    public void close() {
        server.stop(0);
        requests.close();
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
            case OperatorRequest.Wish wish -> command(wish);
        };
    }

    private OperatorAnswer command(OperatorRequest.Wish wish) {
        if (!free.tryAcquire()) {
            return OperatorAnswer.busy(wish, bounds.waiting());
        }
        try {
            return OperatorAnswer.to(wish, reply(wish));
        } catch (TimeoutException late) {
            return OperatorAnswer.late(wish, bounds.reply());
        } finally {
            free.release();
        }
    }

    private Reply reply(OperatorRequest.Wish wish) throws TimeoutException {
        try {
            return (wish.isDryRun() ? desk.whatIf(wish.command()) : desk.ask(wish.command()))
                    .get(bounds.reply().toMillis(), TimeUnit.MILLISECONDS);
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
        answer.retryAfter()
                .ifPresent(seconds -> exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds)));
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
