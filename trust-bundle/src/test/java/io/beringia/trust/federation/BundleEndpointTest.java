package io.beringia.trust.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.beringia.trust.SpokenTls;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.WebTls;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our endpoint and our client over real TLS, and our client against others. */
final class BundleEndpointTest {
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");
    private static final SpiffeId ENDPOINT = BundleEndpoint.idOf(PARTNER);
    private static final InstantSource CLOCK = InstantSource.system();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Nothing that answers takes so long, and what does not is given up soon. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Authority authority = Authority.root(PARTNER);
    private final BundleDocument bundle =
            BundleDocument.of(PARTNER, 7, Duration.ofMinutes(5), List.of(authority.root()));
    private final List<Runnable> ends = new ArrayList<>();

    @TempDir
    private Path dir = Path.of("");

    @AfterEach
    void end() {
        ends.reversed().forEach(Runnable::run);
    }

    @Test
    void serves_and_fetches_by_spiffe_id() throws Exception {
        int port = serve(svid(authority, ENDPOINT));

        assertThat(fetched(spiffe(port, ENDPOINT), authority.bundles()))
                .as("document")
                .isEqualTo(bundle);
    }

    @Test
    void believes_no_endpoint_but_the_one_that_it_was_told() throws Exception {
        int port = serve(svid(authority, SpiffeId.ofWorkload(PARTNER, "shop", "cart")));
        int imposter = serve(svid(Authority.root(PARTNER), ENDPOINT));
        int other = serve(svid(
                Authority.root(TrustDomain.parse("other.example")),
                BundleEndpoint.idOf(TrustDomain.parse("other.example"))));

        refuses(spiffe(port, ENDPOINT), authority.bundles(), "spiffe://partner.example/ns/shop/sa/cart");
        refuses(spiffe(imposter, ENDPOINT), authority.bundles(), "no-path");
        refuses(spiffe(other, ENDPOINT), authority.bundles(), "other.example");
        refuses(spiffe(imposter, ENDPOINT), TrustBundles.EMPTY, "no root of partner.example");
    }

    @Test
    void serves_and_fetches_by_host_name_with_a_certificate_that_is_renewed_in_place() throws Exception {
        writeWeb("localhost");
        int port = serve(WebTls.server(dir.resolve("chain.pem"), dir.resolve("key.pem")));
        Path roots = Files.writeString(dir.resolve("web-roots.pem"), Pem.write(authority.root()));

        assertThat(fetched(web(port, Optional.of(roots)), TrustBundles.EMPTY))
                .as("document")
                .isEqualTo(bundle);
        refuses(web(port, Optional.empty()), TrustBundles.EMPTY, "unable to find valid certification path");
        writeWeb("elsewhere.example");
        refuses(web(port, Optional.of(roots)), TrustBundles.EMPTY, "localhost");
    }

    @Test
    void speaks_tls_1_3_and_no_older_one() throws Exception {
        int port = serve(svid(authority, ENDPOINT));

        SpokenTls.assertNewestOnly(
                HttpTls.anonymous(authority.bundles(), new SpiffeVerifier(), CLOCK, ENDPOINT::equals), port);
    }

    @Test
    void answers_get_of_one_path_alone() throws Exception {
        int port = serve(svid(authority, ENDPOINT));

        HttpResponse<String> got = request(port, "GET", "/");
        assertThat(got.headers().firstValue("Content-Type")).as("type").contains("application/json");
        assertThat(got.headers().firstValue("ETag")).as("tag").contains("\"7\"");
        assertThat(request(port, "POST", "/").statusCode()).as("POST").isEqualTo(405);
        assertThat(request(port, "GET", "/other").statusCode()).as("path").isEqualTo(404);
    }

    @Test
    void gives_up_what_is_no_whole_document() throws Exception {
        int redirects = otherServer(exchange -> {
            exchange.getResponseHeaders().set("Location", "https://localhost:1/");
            exchange.sendResponseHeaders(302, -1);
        });
        int floods = otherServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[(1 << 20) + 1]);
        });
        CountDownLatch ended = new CountDownLatch(1);
        ends.add(ended::countDown);
        int drips = otherServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitQuietly(ended);
        });

        refuses(spiffe(redirects, ENDPOINT), authority.bundles(), "status 302 (expected: 200, and no redirect)");
        refuses(spiffe(floods, ENDPOINT), authority.bundles(), "1048576");
        assertThatThrownBy(() -> new HttpsBundleSource(spiffe(drips, ENDPOINT), Duration.ofMillis(500), CLOCK)
                        .fetch(authority.bundles()))
                .as("a body without end")
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no whole answer within PT0.5S");
    }

    @Test
    void says_that_nobody_answers() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        refuses(spiffe(free, ENDPOINT), authority.bundles(), "https://localhost:" + free + "/: ");
    }

    @Test
    void whoever_says_nothing_is_let_go() throws Exception {
        int port = serve(svid(authority, ENDPOINT), Duration.ofMillis(200));
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
            silent.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            silent.getOutputStream().write(0x16); // the first octet of a handshake, and no second
            silent.getOutputStream().flush();

            assertThat(silent.getInputStream().read())
                    .as("end of the connection")
                    .isNegative();
        }
    }

    private int serve(SSLContext tls) {
        return serve(tls, Duration.ofSeconds(10));
    }

    private int serve(SSLContext tls, Duration exchangeMax) {
        BundleEndpoint endpoint = BundleEndpoint.start(ANY_PORT, "/", tls, () -> bundle, exchangeMax);
        ends.add(endpoint::close);
        return endpoint.port();
    }

    private int otherServer(HttpHandler handler) throws IOException {
        HttpsServer server = HttpsServer.create(ANY_PORT, 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(svid(authority, ENDPOINT)));
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
        ends.add(threads::shutdownNow);
        ends.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private static void awaitQuietly(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static SSLContext svid(Authority authority, SpiffeId id) {
        Authority issuer = authority.intermediate("us-east");
        X509Svid shown = issuer.svid(id, Duration.ofHours(1));
        return new HttpTls(new Shown(shown, authority.bundles()), new SpiffeVerifier(), CLOCK).server();
    }

    private void writeWeb(String host) throws IOException {
        X509Svid shown = authority.svid(ENDPOINT, Duration.ofHours(1), host);
        Path key = dir.resolve("key.pem");
        Files.writeString(key, Pem.write(shown.key()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(dir.resolve("chain.pem"), Pem.write(shown.chain()));
    }

    private static ForeignDomain spiffe(int port, SpiffeId endpoint) {
        return new ForeignDomain(
                PARTNER, url(port), new ForeignDomain.Profile.Spiffe(endpoint, Optional.of(Path.of("bootstrap.json"))));
    }

    private static ForeignDomain web(int port, Optional<Path> roots) {
        return new ForeignDomain(PARTNER, url(port), new ForeignDomain.Profile.Web(roots));
    }

    private static URI url(int port) {
        return URI.create("https://localhost:" + port + "/");
    }

    private static BundleDocument fetched(ForeignDomain domain, TrustBundles believed) throws Exception {
        return BundleDocument.parse(PARTNER, new HttpsBundleSource(domain, PATIENCE, CLOCK).fetch(believed));
    }

    private static void refuses(ForeignDomain domain, TrustBundles believed, String why) {
        assertThatThrownBy(() -> fetched(domain, believed))
                .as(why)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private HttpResponse<String> request(int port, String method, String path) throws Exception {
        SSLContext tls = HttpTls.anonymous(authority.bundles(), new SpiffeVerifier(), CLOCK, ENDPOINT::equals);
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            HttpRequest request = HttpRequest.newBuilder(url(port).resolve(path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private record Shown(X509Svid svid, TrustBundles bundles) implements Credentials {
        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
