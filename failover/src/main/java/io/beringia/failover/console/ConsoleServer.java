package io.beringia.failover.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.failover.operator.CallersProven;
import io.beringia.trust.client.BriefTasks;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The console: a page, {@code GET /v1/console} (one picture in JSON) and {@code GET /v1/events} (a picture each second
 * and whenever something happens, as server-sent events). Nothing can be changed here. On loopback whoever is on this
 * computer may look, elsewhere the readers over mutual TLS. Any thread; each request runs on a virtual thread of its
 * own, few at once and not for long, and those who watch on one each.
 */
public final class ConsoleServer implements AutoCloseable {
    private static final int BACKLOG_CONNECTIONS = 16;

    /** A picture is made in milliseconds. */
    private static final Duration REQUEST_MAX = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    /** A picture each second while nothing happens: ages grow, and silence would look like a broken line. */
    private static final int LOOKS_PER_PICTURE = 5;

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    /** Everything of the page comes from here, and nothing becomes markup or script by being inserted (CSP level 3). */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'; trusted-types 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final ConsoleConfig config;
    private final HttpTls tls;
    private final Supplier<ConsoleView> views;
    private final Listener listener;
    private final Map<String, ConsoleFile> files = ConsoleFile.all();
    private final Streams streams;
    private final HttpServer server;
    private final BriefTasks requests = new BriefTasks("console", REQUEST_MAX);
    private final Thread publisher;

    private ConsoleServer(
            ConsoleConfig config, HttpTls tls, Supplier<ConsoleView> views, Listener listener, HttpServer server) {
        this.config = config;
        this.tls = tls;
        this.views = views;
        this.listener = listener;
        this.server = server;
        this.streams = new Streams(listener::onDropped);
        this.publisher = Thread.ofVirtual().name("console-publisher").unstarted(this::publish);
    }

    /** Hears of every request. Any thread. */
    public interface Listener {
        /** @param caller a SPIFFE ID, {@code loopback} or {@code unproven} */
        void onAnswered(int status, String caller);

        /** Somebody who watched did not read what came. */
        void onDropped();
    }

    /** Listens at once. Throws {@link UncheckedIOException} where the address cannot be had. */
    public static ConsoleServer start(
            ConsoleConfig config, HttpTls tls, Supplier<ConsoleView> views, Listener listener) {
        ConsoleServer console = new ConsoleServer(config, tls, views, listener, bind(config, tls));
        console.server.setExecutor(console.requests);
        console.server.createContext("/", console::handle);
        console.server.start();
        console.publisher.start();
        return console;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** How many watch now. Any thread. */
    public int watching() {
        return streams.count();
    }

    @Override
    public void close() {
        publisher.interrupt();
        streams.close();
        server.stop(0);
        requests.close();
    }

    private static HttpServer bind(ConsoleConfig config, HttpTls tls) {
        try {
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getByAddress(config.listen().ip().bytes()),
                    config.listen().port());
            if (config.readers().isEmpty()) {
                return HttpServer.create(address, BACKLOG_CONNECTIONS);
            }
            HttpsServer secured = HttpsServer.create(address, BACKLOG_CONNECTIONS);
            secured.setHttpsConfigurator(new CallersProven(tls));
            return secured;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(config.listen() + ": neither 4 nor 16 bytes", impossible);
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "console.listen: cannot listen on " + config.listen()
                            + " (expected: a free address of this machine): " + refused.getMessage(),
                    refused);
        }
    }

    private void publish() {
        Optional<ConsoleView.Standing> last = Optional.empty();
        try {
            for (int looks = 1; ; looks++) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
                if (streams.count() > 0) {
                    ConsoleView view = views.get();
                    Optional<ConsoleView.Standing> now = Optional.of(view.standing());
                    if (looks % LOOKS_PER_PICTURE == 0 || !now.equals(last)) {
                        streams.publish(event(view));
                    }
                    last = now;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to do with a request. */
    private sealed interface Answer {
        record Content(int status, String type, String text) implements Answer {}

        record Watch() implements Answer {}
    }

    private void handle(HttpExchange exchange) throws IOException {
        Optional<SpiffeId> caller = caller(exchange);
        Headers headers = exchange.getResponseHeaders();
        HEADERS.forEach(headers::set);
        switch (answer(exchange, caller)) {
            case Answer.Content content -> send(exchange, content, name(caller));
            case Answer.Watch _ -> watch(exchange, name(caller));
        }
    }

    /** Who asks: nobody in particular on loopback. */
    private Optional<SpiffeId> caller(HttpExchange exchange) {
        return exchange instanceof HttpsExchange secured
                ? tls.caller(secured.getSSLSession()).map(PeerVerdict.Verified::id)
                : Optional.empty();
    }

    private Answer answer(HttpExchange exchange, Optional<SpiffeId> caller) {
        Headers asked = exchange.getRequestHeaders();
        List<String> hosts = asked.getOrDefault("Host", List.of());
        if (isSecured() && caller.filter(config.readers()::contains).isEmpty()) {
            return text(403, name(caller) + " (expected: one of console.readers)");
        }
        if (!isSecured() && !HostRule.isOurs(hosts)) {
            return text(421, "host: " + hosts + " (expected: localhost or a loopback address)");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            return text(405, "only GET: nothing can be changed here");
        }
        String path = exchange.getRequestURI().getPath();
        return path.startsWith("/v1/") && isOfAnotherPage(asked.getOrDefault("Sec-Fetch-Site", List.of()))
                ? text(403, "a page of another origin asks (expected: ours)")
                : answer(path);
    }

    /** A browser says for which page it asks (Fetch Metadata Request Headers); nobody else has to. */
    private static boolean isOfAnotherPage(List<String> sites) {
        return !Set.of("same-origin", "none").containsAll(sites);
    }

    private Answer answer(String path) {
        return switch (path) {
            case "/v1/console" -> new Answer.Content(200, JSON, ConsoleJson.picture(views.get()) + "\n");
            case "/v1/events" -> new Answer.Watch();
            default ->
                Optional.ofNullable(files.get(path))
                        .<Answer>map(file -> new Answer.Content(200, file.type(), file.text()))
                        .orElseGet(() -> text(404, "not found (expected: /, /v1/console or /v1/events)"));
        };
    }

    private boolean isSecured() {
        return !config.readers().isEmpty();
    }

    private String name(Optional<SpiffeId> caller) {
        return caller.map(SpiffeId::toString).orElse(isSecured() ? "unproven" : "loopback");
    }

    private static Answer.Content text(int status, String text) {
        return new Answer.Content(status, TEXT, text + "\n");
    }

    private void send(HttpExchange exchange, Answer.Content content, String caller) throws IOException {
        try (exchange) {
            byte[] body = octets(content.text());
            listener.onAnswered(content.status(), caller);
            exchange.getResponseHeaders().set("Content-Type", content.type());
            exchange.sendResponseHeaders(content.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void watch(HttpExchange exchange, String caller) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        if (streams.join(exchange, event(views.get()))) {
            listener.onAnswered(200, caller);
        } else {
            exchange.getResponseHeaders().set("Retry-After", "5");
            send(exchange, text(503, Streams.STREAMS_MAX + " watch already (expected: fewer)"), caller);
        }
    }

    /** One server-sent event (WHATWG HTML section 9.2); its JSON is one line. */
    private static byte[] event(ConsoleView view) {
        return octets("retry: 2000\nevent: picture\ndata: " + ConsoleJson.picture(view) + "\n\n");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
