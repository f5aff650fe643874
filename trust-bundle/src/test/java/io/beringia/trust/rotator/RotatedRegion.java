package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.TrustConfig;
import io.beringia.trust.TrustMain;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.cli.LedgerCommand;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.StaticToken;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.pki.X509;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationTiming;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A role trust whose root is rotated, processes that have their identity from it, the first of which can be probed, and
 * an operator, who is the last. All on one clock, which a test turns.
 */
final class RotatedRegion implements AutoCloseable {
    static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    static final SpiffeId WEB = SpiffeId.ofWorkload(DOMAIN, "shop", "web");
    static final SpiffeId OPERATOR = SpiffeId.ofWorkload(DOMAIN, "ops", "ann");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "trust");
    private static final Duration LEAF_LIFE = Duration.ofMinutes(4);
    private static final RotationTiming TIMING = new RotationTiming(
            Duration.ofMinutes(10), Duration.ofSeconds(40), Duration.ofSeconds(20), Duration.ofSeconds(10), 1);

    private final Path dir;
    private final Place place;
    private final int port;
    private final InetSocketAddress doorAddress;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<RemoteCredentials> planes = new ArrayList<>();
    private final PlaneServer door;
    private final Map<X509Svid, HttpClient> clients = new HashMap<>();
    private Optional<TrustMain> trust;
    private int apiPort;

    /**
     * One of several clusters, or the only one.
     *
     * @param listens the port of the operator API of each
     * @param reaches the port at which others reach it
     */
    record Place(
            String cluster,
            Map<String, Integer> listens,
            Map<String, Integer> reaches,
            List<SpiffeId> planes,
            KeyCustody custody,
            AtomicReference<Instant> now) {
        Place at(String another) {
            return new Place(another, listens, reaches, planes, custody, now);
        }

        Place reaching(String other, int port) {
            Map<String, Integer> more = new HashMap<>(reaches);
            more.put(other, port);
            return new Place(cluster, listens, Map.copyOf(more), planes, custody, now);
        }

        List<RotationConfig.Peer> peers() {
            return reaches.entrySet().stream()
                    .filter(one -> !one.getKey().equals(cluster))
                    .map(one -> new RotationConfig.Peer(
                            one.getKey(),
                            SERVER,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), one.getValue())))
                    .toList();
        }

        List<String> clusters() {
            return listens.size() == 1
                    ? List.of()
                    : listens.keySet().stream().sorted().toList();
        }
    }

    /** The only cluster. */
    RotatedRegion(Path dir) throws IOException {
        this(dir, alone(dir));
    }

    /** In a folder in which {@link #made} was before. */
    RotatedRegion(Path dir, Place place) throws IOException {
        this.dir = dir;
        this.place = place;
        port = freePort();
        doorAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        trust = Optional.of(start());
        for (SpiffeId id : place.planes()) {
            planes.add(open(id));
        }
        door = new PlaneServer(planes.getFirst(), this::now, doorAddress.getPort());
    }

    private static Place alone(Path dir) throws IOException {
        return made(dir, List.of(CART, WEB, OPERATOR), "us-east").at("us-east");
    }

    /** The only cluster, whose keys are kept otherwise. */
    static Place alone(Path dir, KeyCustody custody) throws IOException {
        Place plain = alone(dir);
        return new Place(plain.cluster(), plain.listens(), plain.reaches(), plain.planes(), custody, plain.now());
    }

    /** Both roots, and under each an intermediate for every cluster. */
    static Place made(Path dir, List<SpiffeId> planes, String... clusters) throws IOException {
        made(dir, "root", "--trust-domain", DOMAIN.name(), "--demo");
        made(dir.resolve("new"), "root", "--trust-domain", DOMAIN.name(), "--demo", "--generation", "2");
        Map<String, Integer> ports = new HashMap<>();
        for (String cluster : clusters) {
            made(dir, "intermediate", "--name", cluster);
            made(dir.resolve("new"), "intermediate", "--name", cluster);
            ports.put(cluster, clusters.length == 1 ? 0 : freePort());
        }
        Files.copy(dir.resolve("root-cert.pem"), dir.resolve("first-root.pem"));
        return new Place(
                clusters[0],
                Map.copyOf(ports),
                Map.copyOf(ports),
                planes,
                KeyCustody.plain(),
                new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    Instant now() {
        return Objects.requireNonNull(place.now().get());
    }

    private TrustMain start() {
        return TrustMain.start(config(), meters, this::now);
    }

    /** Nothing is remembered but what lies on disk. */
    void restart() {
        stop();
        begin();
    }

    void stop() {
        clients.values().forEach(HttpClient::shutdownNow);
        clients.clear();
        trust.ifPresent(TrustMain::close);
        trust = Optional.empty();
    }

    void begin() {
        trust = Optional.of(start());
    }

    TrustConfig config() {
        IssuanceConfig issuance = new IssuanceConfig(
                true,
                LEAF_LIFE,
                LEAF_LIFE,
                List.of(token("cart", CART), token("web", WEB), token("ann", OPERATOR)),
                Map.of(),
                Optional.empty());
        return new TrustConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SERVER, ca(), issuance)
                .with(new RoleLedger(ledger(), LedgerMode.STRICT, Optional.empty(), List.of()))
                .with(new RotationConfig(
                        store(),
                        next(),
                        place.clusters(),
                        TIMING,
                        List.of(new RotationConfig.ProbeTarget(CART, doorAddress)),
                        Optional.of(new RotationConfig.Operators(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(),
                                        Objects.requireNonNull(place.listens().get(place.cluster()))),
                                Set.of(OPERATOR))),
                        place.peers()));
    }

    CaFiles ca() {
        return CaFiles.in(dir.resolve(place.cluster())).with(place.custody());
    }

    Path next() {
        return dir.resolve("new").resolve(place.cluster());
    }

    Path store() {
        return dir.resolve("rotation-" + place.cluster());
    }

    Path ledger() {
        return dir.resolve("ledger-" + place.cluster());
    }

    private StaticToken token(String account, SpiffeId id) {
        String secret = "token-of-" + account;
        try {
            Files.writeString(dir.resolve(account + ".token"), secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new StaticToken(Fingerprint.sha256(secret.getBytes(StandardCharsets.US_ASCII)), id, Set.of());
    }

    private RemoteCredentials open(SpiffeId id) {
        return open(id, dir.resolve("first-root.pem"));
    }

    /** A process that believes what lies where everybody looks. */
    RemoteCredentials newcomer() {
        return open(WEB, ca().roots());
    }

    /** Whether this root alone is enough to believe it. */
    boolean isUnder(X509Svid svid, RootId root) {
        List<X509Certificate> one = List.of(oldRoot(), newRoot()).stream()
                .filter(it -> Roots.id(it).equals(root))
                .toList();
        TrustBundles alone = new TrustBundles(1, Map.of(DOMAIN, one));
        return new SpiffeVerifier().verify(X509.encoded(svid.chain()), PeerRole.CLIENT, alone, now())
                instanceof PeerVerdict.Verified;
    }

    private RemoteCredentials open(SpiffeId id, Path roots) {
        String account = id.path().substring(id.path().lastIndexOf('/') + 1);
        return RemoteCredentials.open(
                new RemoteSource(
                        "127.0.0.1", port, SERVER, roots, dir.resolve(account + ".token"), LEAF_LIFE, Optional.of(id)),
                this::now,
                news -> {});
    }

    X509Certificate oldRoot() {
        return PemFile.certificates(dir.resolve("first-root.pem")).getFirst();
    }

    X509Certificate newRoot() {
        return PemFile.certificates(dir.resolve("new/root-cert.pem")).getFirst();
    }

    List<X509Certificate> published() {
        return ca().allRoots();
    }

    /** Time goes on; who has to renews his leaf; and everybody convinces everybody. */
    void pass(Duration time) {
        place.now().updateAndGet(before -> Objects.requireNonNull(before).plus(time));
        renew();
        allTalk(planes);
    }

    /** Everybody is away that long, and comes back by his token. */
    void awayFor(Duration time) {
        place.now().updateAndGet(before -> Objects.requireNonNull(before).plus(time));
        planes.replaceAll(plane -> {
            plane.close();
            return open(plane.svid().id());
        });
    }

    /** Whoever has to. */
    void renew() {
        for (RemoteCredentials plane : planes) {
            X509Svid svid = plane.svid();
            if (now().isAfter(svid.notAfter().minus(LEAF_LIFE.dividedBy(2)))) {
                assertThat(plane.renew()).as("renewal").isInstanceOf(RemoteCredentials.Renewal.Renewed.class);
            }
        }
    }

    void allTalk(List<RemoteCredentials> all) {
        for (RemoteCredentials one : all) {
            for (RemoteCredentials other : all) {
                PeerVerdict verdict = new SpiffeVerifier()
                        .verify(X509.encoded(one.svid().chain()), PeerRole.CLIENT, other.bundles(), now());
                assertThat(verdict)
                        .as("%s to %s", one.svid().id(), other.svid().id())
                        .isInstanceOf(PeerVerdict.Verified.class);
            }
        }
    }

    /** The last one, where the role is stopped. */
    int apiPort() {
        apiPort = trust.flatMap(TrustMain::rotationPort).orElse(apiPort);
        return apiPort;
    }

    JsonNode status() {
        return ask(HttpRequest.newBuilder().GET()).path("status");
    }

    String phase() {
        return status().path("phase").asString();
    }

    JsonNode order(String verb) {
        return order("{\"verb\": \"" + verb + "\", \"reason\": \"a test\"}", planes.getLast());
    }

    JsonNode start(boolean isByHand) {
        return order("{\"verb\": \"start\", \"reason\": \"a test\", \"by-hand\": " + isByHand + "}", planes.getLast());
    }

    JsonNode order(String body, RemoteCredentials as) {
        return ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)), as);
    }

    private JsonNode ask(HttpRequest.Builder request) {
        return ask(request, planes.getLast());
    }

    /** As if it were the trust role of another cluster. */
    JsonNode call(String body, RemoteCredentials as) {
        return ask("/v1/rotation/peer", HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)), as);
    }

    private JsonNode ask(HttpRequest.Builder request, RemoteCredentials as) {
        return ask("/v1/rotation", request, as);
    }

    private JsonNode ask(String path, HttpRequest.Builder request, RemoteCredentials as) {
        URI uri = URI.create("https://127.0.0.1:" + apiPort() + path);
        HttpClient client = clients.computeIfAbsent(as.svid(), _ -> client(as));
        try {
            return JsonMapper.shared()
                    .readTree(client.send(
                                    request.uri(uri)
                                            .timeout(Duration.ofSeconds(20))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private HttpClient client(RemoteCredentials as) {
        HttpTls tls = new HttpTls(as, new SpiffeVerifier(), this::now);
        return HttpClient.newBuilder().sslContext(tls.client(SERVER::equals)).build();
    }

    /** As an operator does in time. */
    void layNextUnderTheSameRoot() throws IOException {
        Path again = Files.createDirectories(dir.resolve("again"));
        for (String file : List.of("root-key.pem", "root-cert.pem")) {
            Files.copy(dir.resolve(file), again.resolve(file));
        }
        made(again, "intermediate", "--name", place.cluster(), "--days", "180");
        Files.move(again.resolve(place.cluster()), next());
    }

    /** Stops; 0 where every entry of its ledger is in its place. */
    int verified() throws IOException {
        stop();
        Path log = ledger().resolve("issuance");
        Path policy = Files.writeString(
                dir.resolve("policy.txt"), "log " + Files.readString(log.resolve("log.vkey")) + "quorum none\n");
        return new CommandLine(new LedgerCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .execute("verify", "--policy", policy.toString(), "--log", log.toString());
    }

    private static void made(Path folder, String command, String... args) {
        List<String> all = new ArrayList<>(List.of(command, "--dir", folder.toString()));
        all.addAll(List.of(args));
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute(all.toArray(String[]::new));
        assertThat(code).as(command).isZero();
    }

    @Override
    public void close() throws IOException {
        door.close();
        planes.forEach(RemoteCredentials::close);
        stop();
    }
}
