package io.beringia.discovery.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small Kubernetes API over a directory of manifests: discovery documents, list, watch over chunked HTTP (never over
 * WebSocket), get, create, replace, patch, delete, status, TokenReview of static tokens. Plain HTTP without
 * authentication, so it binds loopback only. Every request has a virtual thread; the state has one writer,
 * {@link LabStore}.
 */
public final class LabApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LabApiServer.class);

    /** The largest object etcd would take (its default request limit). */
    private static final int BODY_BYTES_MAX = 3 << 19;

    /** Five watches of a hundred clients; each holds one connection. */
    private static final int WATCHES_MAX = 512;

    /** Clients that do not say: shorter than the 30 to 60 minutes of a real server, so that renewal is seen. */
    private static final Duration WATCH_LIFETIME = Duration.ofMinutes(10);

    private final LabStore store;
    private final ManifestDirectory manifests;
    private final ApiRequests requests;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("lab/request-", 0).factory());
    private final Semaphore watches = new Semaphore(WATCHES_MAX);
    private final FaultSwitch faults = new FaultSwitch();

    /**
     * Where it listens and what it serves.
     *
     * @param bind a loopback address; port 0 takes a free one
     * @param manifestPeriod how often the directory is looked at
     */
    public record Options(Path directory, InetSocketAddress bind, Duration manifestPeriod, List<LabToken> tokens) {
        public Options {
            tokens = List.copyOf(tokens);
            if (bind.getAddress() == null || !bind.getAddress().isLoopbackAddress()) {
                throw new IllegalArgumentException(
                        "kube.bind: " + bind + " (expected: a loopback address, since the lab authenticates nobody)");
            }
        }
    }

    private LabApiServer(Options options, InstantSource clock) throws IOException {
        this.store = new LabStore(() -> clock.instant().plus(faults.clockSkew()));
        this.manifests = new ManifestDirectory(options.directory(), store, options.manifestPeriod());
        this.requests = new ApiRequests(
                store, options.tokens().stream().collect(Collectors.toMap(LabToken::secret, Function.identity())));
        this.http = HttpServer.create(options.bind(), 0);
    }

    /** Serves what the directory says when this returns. */
    public static LabApiServer start(Options options, InstantSource clock) throws IOException, InterruptedException {
        LabApiServer server = new LabApiServer(options, clock);
        try {
            server.manifests.start();
        } catch (IOException unreadable) {
            server.close();
            throw unreadable;
        }
        server.http.createContext("/", server::handle);
        server.http.setExecutor(server.threads);
        server.http.start();
        return server;
    }

    /** Any thread. */
    public URI uri() {
        InetSocketAddress bound = http.getAddress();
        return URI.create("http://" + bound.getAddress().getHostAddress() + ":" + bound.getPort());
    }

    /** Any thread. A kubeconfig for {@code kubectl}; it holds no secret. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: lab
                clusters:
                - name: lab
                  cluster:
                    server: %s
                contexts:
                - name: lab
                  context:
                    cluster: lab
                    user: lab
                users:
                - name: lab
                  user: {}
                """.formatted(uri());
    }

    /** Any thread. What in the directory is broken at the moment. */
    public List<ManifestProblem> problems() {
        return manifests.problems();
    }

    /** Any thread. From here on this is wrong; {@link LabFault.None} heals. */
    public void fail(LabFault with) {
        faults.set(with);
    }

    /** Any thread. Forgets the history: watches that are behind must list again. */
    public void compact() throws InterruptedException {
        store.write(new LabWrite.Compact());
    }

    /** Any thread. All that is served now, for {@link #restore}. */
    public Backup backup() {
        return new Backup(store.latest());
    }

    /** Any thread. As etcd does it from a backup: objects and versions are those of then, and what came after never was. */
    public void restore(Backup backup) throws InterruptedException {
        store.write(new LabWrite.Restore(backup.state()));
    }

    /** What was served at one moment. */
    public static final class Backup {
        private final LabState state;

        private Backup(LabState state) {
            this.state = state;
        }

        private LabState state() {
            return state;
        }
    }

    LabStore store() {
        return store;
    }

    /** Any thread. Open watches end. */
    @Override
    public void close() {
        manifests.close();
        http.stop(0);
        threads.shutdownNow();
        store.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            faults.awaitThaw();
            if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
                send(exchange, ApiRequests.Response.refused(Refusal.UNAVAILABLE, "the lab speaks no WebSocket"));
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
            if (body.length > BODY_BYTES_MAX) {
                send(exchange, ApiRequests.Response.refused(Refusal.TOO_LARGE, "body (expected: at most 1.5 MiB)"));
                return;
            }
            answer(exchange, request(exchange, body));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            LOG.atError().setCause(bug).log("lab request failed");
            throw bug;
        }
    }

    private void answer(HttpExchange exchange, ApiRequests.Request request) throws IOException, InterruptedException {
        boolean health = request.path() instanceof ApiPath.Document(String path)
                && List.of("/healthz", "/livez", "/readyz").contains(path);
        if (health) {
            sendBytes(exchange, 200, "text/plain", "ok".getBytes(StandardCharsets.UTF_8));
        } else if (faults.current() instanceof LabFault.Busy(Duration retryAfter)) {
            exchange.getResponseHeaders().set("Retry-After", Long.toString(retryAfter.toSeconds()));
            send(exchange, ApiRequests.Response.refused(Refusal.TOO_MANY_REQUESTS, "too many requests"));
        } else if (isWatch(request)
                && request.path() instanceof ApiPath.Collection collection
                && requests.isServed(collection)) {
            watch(exchange, request, collection);
        } else {
            ApiRequests.Response answer = requests.answer(request);
            send(
                    exchange,
                    request.method().equals("GET") && request.path() instanceof ApiPath.Collection listed
                            ? faults.list(listed.kind().plural(), answer)
                            : answer);
        }
    }

    private static boolean isWatch(ApiRequests.Request request) {
        String watch = request.parameter("watch").orElse("");
        return request.method().equals("GET") && (watch.equals("true") || watch.equals("1"));
    }

    private void watch(HttpExchange exchange, ApiRequests.Request request, ApiPath.Collection collection)
            throws IOException, InterruptedException {
        if (request.parameter("sendInitialEvents").isPresent()
                && request.parameter("resourceVersionMatch")
                        .filter("NotOlderThan"::equals)
                        .isEmpty()) {
            send(
                    exchange,
                    ApiRequests.Response.refused(
                            Refusal.INVALID, "sendInitialEvents requires resourceVersionMatch NotOlderThan"));
            return;
        }
        if (request.parameter("resourceVersion")
                .filter(version -> !version.matches("\\d{1,18}"))
                .isPresent()) {
            // What is no version is found out only where it is looked up.
            send(exchange, ApiRequests.Response.refused(Refusal.INTERNAL, "resourceVersion (expected: a number)"));
            return;
        }
        if (!watches.tryAcquire()) {
            send(exchange, ApiRequests.Response.refused(Refusal.TOO_MANY_REQUESTS, WATCHES_MAX + " watches are open"));
            return;
        }
        try (LabStore.Bell bell = store.bell()) {
            WatchStream.Options options = watchOptions(request, collection);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.flush();
                new WatchStream(options, store::latest, out).run(bell, faults::current);
            }
        } catch (IllegalArgumentException unfit) {
            send(exchange, ApiRequests.Response.refused(Refusal.BAD_REQUEST, String.valueOf(unfit.getMessage())));
        } finally {
            watches.release();
        }
    }

    private static WatchStream.Options watchOptions(ApiRequests.Request request, ApiPath.Collection collection) {
        return new WatchStream.Options(
                ApiRequests.selection(request, collection),
                request.parameter("resourceVersion").map(Long::parseLong).filter(version -> version > 0),
                request.parameter("sendInitialEvents").isPresent(),
                request.parameter("allowWatchBookmarks").filter("true"::equals).isPresent(),
                request.parameter("timeoutSeconds")
                        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                        .orElse(WATCH_LIFETIME));
    }

    private static ApiRequests.Request request(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI();
        return new ApiRequests.Request(
                exchange.getRequestMethod(),
                ApiPath.parse(uri.getPath()),
                query(Optional.ofNullable(uri.getRawQuery()).orElse("")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                        .orElse(""),
                new String(body, StandardCharsets.UTF_8));
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "true");
        }
        return Map.copyOf(query);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private void send(HttpExchange exchange, ApiRequests.Response response) throws IOException {
        sendBytes(exchange, response.status(), "application/json", faults.answer(JsonText.write(response.json())));
    }

    private static void sendBytes(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
