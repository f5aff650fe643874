package io.beringia.trust.rotator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.rotator.RotationOrder.Author;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import tools.jackson.databind.node.ObjectNode;

/**
 * What operators may ask of a rotation, over mutual TLS: {@code GET /v1/rotation} and {@code POST /v1/rotation}, in JSON.
 * The caller's SVID is the author of every order, and only operators are heard. Any thread; each request runs on a
 * virtual thread of its own.
 */
final class RotationApi implements AutoCloseable {
    private static final int BACKLOG_CONNECTIONS = 16;

    /** A reason of 400 characters and a name. */
    private static final int BODY_BYTES_MAX = 16 * 1024;

    /** A turn of the loop writes a few files and one entry of the ledger. */
    private static final int REPLY_SECONDS_MAX = 10;

    private static final String PATH = "/v1/rotation";

    private final HttpTls tls;
    private final Set<SpiffeId> operators;
    private final BiFunction<RotationOrder, Author, CompletableFuture<RotationReply>> orders;
    private final Supplier<RotationStatus> status;
    private final HttpsServer server;
    private final ExecutorService requests = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("rotation-api/", 0).factory());

    private RotationApi(
            HttpsServer server,
            HttpTls tls,
            Set<SpiffeId> operators,
            BiFunction<RotationOrder, Author, CompletableFuture<RotationReply>> orders,
            Supplier<RotationStatus> status) {
        this.server = server;
        this.tls = tls;
        this.operators = operators;
        this.orders = orders;
        this.status = status;
    }

    /** An answer: HTTP status and body. */
    private record Answer(int status, ObjectNode body) {
        static Answer of(int status, String outcome, String detail) {
            ObjectNode body = RotationJson.object();
            body.put("outcome", outcome);
            body.put("detail", detail);
            return new Answer(status, body);
        }

        Answer beside(RotationStatus status) {
            body.set("status", RotationJson.status(status));
            return this;
        }
    }

    /** Listens at once. Throws {@link UncheckedIOException} where the address cannot be had. */
    static RotationApi start(
            RotationConfig.Operators config,
            HttpTls tls,
            BiFunction<RotationOrder, Author, CompletableFuture<RotationReply>> orders,
            Supplier<RotationStatus> status) {
        try {
            HttpsServer server = HttpsServer.create(config.listen(), BACKLOG_CONNECTIONS);
            RotationApi api = new RotationApi(server, tls, config.ids(), orders, status);
            server.setExecutor(api.requests);
            server.setHttpsConfigurator(new HttpsConfigurator(tls.server()) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters ours = HttpTls.newest(getSSLContext());
                    ours.setNeedClientAuth(true);
                    parameters.setSSLParameters(ours);
                }
            });
            server.createContext("/", api::handle);
            server.start();
            return api;
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "rotation.operator-api: " + config.listen() + " (expected: a free address)", refused);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = (answer.body().toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        Optional<SpiffeId> caller =
                tls.caller(((HttpsExchange) exchange).getSSLSession()).map(PeerVerdict.Verified::id);
        Optional<SpiffeId> operator = caller.filter(operators::contains);
        if (operator.isEmpty()) {
            return Answer.of(
                    403, "forbidden", caller.map(SpiffeId::toString).orElse("unproven") + " (expected: an operator)");
        }
        String asked =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        return switch (asked) {
            case "GET " + PATH -> Answer.of(200, "shown", "").beside(status.get());
            case "POST " + PATH -> ordered(exchange, operator.get());
            default -> Answer.of(404, "unknown", "request (expected: GET or POST " + PATH + ")");
        };
    }

    private Answer ordered(HttpExchange exchange, SpiffeId author) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            return Answer.of(400, "malformed", "body: larger than " + BODY_BYTES_MAX + " bytes (expected: smaller)");
        }
        return switch (RotationRequest.parse(
                body, author.toString(), tls.clock().instant())) {
            case RotationRequest.Malformed(String why) -> Answer.of(400, "malformed", why);
            case RotationRequest.Wish(RotationOrder order, Author by) -> to(reply(order, by));
        };
    }

    private static Answer to(RotationReply reply) {
        return switch (reply) {
            case RotationReply.Done(RotationStatus newest) ->
                Answer.of(200, "applied", "now " + newest.phase().word()).beside(newest);
            case RotationReply.Blocked(RotationStatus newest, var missing) -> {
                Answer answer = Answer.of(
                                409,
                                "blocked",
                                "still " + newest.phase().word() + ", not yet: "
                                        + missing.getFirst().gate().words())
                        .beside(newest);
                answer.body().set("missing", RotationJson.missing(missing));
                yield answer;
            }
            case RotationReply.Refused(String why) -> Answer.of(422, "refused", why);
            case RotationReply.Failed(String why) -> Answer.of(500, "failed", why);
        };
    }

    private RotationReply reply(RotationOrder order, Author by) {
        try {
            return orders.apply(order, by).get(REPLY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return new RotationReply.Failed("no reply within " + REPLY_SECONDS_MAX + " s; it may still be done");
        } catch (ExecutionException failed) {
            return new RotationReply.Failed("failed: " + failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new RotationReply.Failed("closing");
        }
    }
}
