package io.beringia.trust.rotator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.trust.client.BriefTasks;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.rotator.RotationOrder.Author;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import tools.jackson.databind.node.ObjectNode;

/**
 * What operators may ask of a rotation, over mutual TLS: {@code GET /v1/rotation} and {@code POST /v1/rotation}, in JSON.
 * The caller's SVID is the author of every order, and only operators are heard; the trust roles of other clusters are by
 * {@code POST /v1/rotation/peer}. Any thread; each request runs on a virtual thread of its own, few at once and not for long.
 */
final class RotationApi implements AutoCloseable {
    private static final int BACKLOG_CONNECTIONS = 16;

    /** A reason of 400 characters and a name. */
    private static final int BODY_BYTES_MAX = 16 * 1024;

    /** A state names every data plane that is waived. */
    private static final int CALL_BYTES_MAX = 1024 * 1024;

    private static final Duration REQUEST_MAX = Duration.ofSeconds(30);

    /** A turn of the loop writes a few files and one entry of the ledger. */
    private static final int REPLY_SECONDS_MAX = 10;

    private static final String PATH = "/v1/rotation";

    private final HttpTls tls;
    private final Set<SpiffeId> operators;
    private final PeerDoor peers;
    private final BiFunction<RotationOrder, Author, CompletableFuture<RotationReply>> orders;
    private final Supplier<RotationStatus> status;
    private final HttpsServer server;
    private final BriefTasks requests = new BriefTasks("rotation-api", REQUEST_MAX);

    private RotationApi(
            HttpsServer server,
            HttpTls tls,
            Set<SpiffeId> operators,
            PeerDoor peers,
            BiFunction<RotationOrder, Author, CompletableFuture<RotationReply>> orders,
            Supplier<RotationStatus> status) {
        this.server = server;
        this.tls = tls;
        this.operators = operators;
        this.peers = peers;
        this.orders = orders;
        this.status = status;
    }

    /** An answer: HTTP status and body. */
    private record Answer(int status, String body) {
        static Answer of(int status, String outcome, String detail) {
            return of(status, said(outcome, detail));
        }

        static Answer of(int status, ObjectNode body) {
            return new Answer(status, body.toPrettyString());
        }
    }

    private static ObjectNode said(String outcome, String detail) {
        return RotationJson.object().put("outcome", outcome).put("detail", detail);
    }

    private static ObjectNode said(String outcome, String detail, RotationStatus beside) {
        ObjectNode body = said(outcome, detail);
        body.set("status", RotationJson.status(beside));
        return body;
    }

    /** Listens at once. Throws {@link UncheckedIOException} where the address cannot be had. */
    static RotationApi start(
            RotationConfig.Operators config,
            HttpTls tls,
            PeerDoor peers,
            BiFunction<RotationOrder, Author, CompletableFuture<RotationReply>> orders,
            Supplier<RotationStatus> status) {
        try {
            HttpsServer server = HttpsServer.create(config.listen(), BACKLOG_CONNECTIONS);
            RotationApi api = new RotationApi(server, tls, config.ids(), peers, orders, status);
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
        requests.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = (answer.body() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        Optional<PeerVerdict.Verified> caller = tls.caller(((HttpsExchange) exchange).getSSLSession());
        String asked =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (asked.equals("POST " + PeerLink.PATH)) {
            Optional<PeerVerdict.Verified> peer = caller.filter(peers::isOpenTo);
            return peer.isPresent() ? called(exchange, peer.get()) : forbidden(caller, "the trust role of a peer");
        }
        Optional<SpiffeId> operator = caller.map(PeerVerdict.Verified::id).filter(operators::contains);
        if (operator.isEmpty()) {
            return forbidden(caller, "an operator");
        }
        return switch (asked) {
            case "GET " + PATH -> Answer.of(200, said("shown", "", status.get()));
            case "POST " + PATH -> ordered(exchange, operator.get());
            default -> Answer.of(404, "unknown", "request (expected: GET or POST " + PATH + ")");
        };
    }

    private static Answer forbidden(Optional<PeerVerdict.Verified> caller, String expected) {
        String who = caller.map(it -> it.id()
                        + it.cluster().map(name -> " of cluster " + name).orElse(""))
                .orElse("unproven");
        return Answer.of(403, "forbidden", who + " (expected: " + expected + ")");
    }

    private Answer called(HttpExchange exchange, PeerVerdict.Verified peer) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(CALL_BYTES_MAX + 1);
        if (body.length > CALL_BYTES_MAX) {
            return Answer.of(400, "malformed", "body: larger than " + CALL_BYTES_MAX + " bytes (expected: smaller)");
        }
        try {
            PeerReply reply = awaited(
                    peers.calls().apply(PeerJson.call(body), peer.cluster().orElseThrow()), PeerReply.Failed::new);
            return new Answer(200, PeerJson.write(reply).toString());
        } catch (IllegalArgumentException wrong) {
            return Answer.of(400, "malformed", String.valueOf(wrong.getMessage()));
        }
    }

    private Answer ordered(HttpExchange exchange, SpiffeId author) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            return Answer.of(400, "malformed", "body: larger than " + BODY_BYTES_MAX + " bytes (expected: smaller)");
        }
        return switch (RotationRequest.parse(
                body, author.toString(), tls.clock().instant())) {
            case RotationRequest.Malformed(String why) -> Answer.of(400, "malformed", why);
            case RotationRequest.Wish(RotationOrder order, Author by) ->
                to(awaited(orders.apply(order, by), RotationReply.Failed::new));
        };
    }

    private static Answer to(RotationReply reply) {
        return switch (reply) {
            case RotationReply.Done(RotationStatus newest) ->
                Answer.of(200, said("applied", "now " + newest.phase().word(), newest));
            case RotationReply.Blocked(RotationStatus newest) -> {
                String first = newest.missing().getFirst().gate().words();
                ObjectNode body = said("blocked", "still " + newest.phase().word() + ", not yet: " + first, newest);
                body.set("missing", RotationJson.missing(newest));
                yield Answer.of(409, body);
            }
            case RotationReply.Refused(String why) -> Answer.of(422, "refused", why);
            case RotationReply.Failed(String why) -> Answer.of(500, "failed", why);
        };
    }

    private static <T> T awaited(CompletableFuture<T> reply, Function<String, T> failed) {
        try {
            return reply.get(REPLY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return failed.apply("no reply within " + REPLY_SECONDS_MAX + " s; it may still be done");
        } catch (ExecutionException wrong) {
            return failed.apply("failed: " + wrong.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return failed.apply("closing");
        }
    }
}
