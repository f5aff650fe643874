package io.beringia.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.ChangingCredentials;
import io.beringia.discovery.DiscoveryTelemetry;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.kube.Reviewed;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Gateways and hosts over TLS that are served, and then are not who they were any more. */
final class XdsTrustTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TrustDomain DOMAIN = TrustDomain.parse("mesh.example");
    private static final SpiffeId GATEWAY = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway");
    private static final SpiffeId HOST = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId DISCOVERY = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "discovery");

    private final Authority root = Authority.root(DOMAIN);
    private final Authority other = Authority.root(DOMAIN);
    private final TrustBundles both = new TrustBundles(1, Map.of(DOMAIN, List.of(root.root(), other.root())));
    private final ChangingCredentials own = new ChangingCredentials(svid(root, DISCOVERY), both);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HeldCatalog catalog = new HeldCatalog();
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> encoders = new ArrayList<>();
    private XdsServer server;
    private long revision = 1;

    @BeforeEach
    void start() {
        says("cart-2", "cart");
        ClientAdmission admission = new ClientAdmission(
                new ClusterId("east-1"),
                new Network("net-east"),
                Set.of(GATEWAY),
                new ClientAdmission.Feeds(feed(), feed()),
                catalog,
                token -> new Reviewed.Refused("no token is known"));
        server = XdsServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls(own),
                new DeltaService(admission, new DiscoveryTelemetry(meters)));
    }

    @AfterEach
    void stop() {
        clients.forEach(Client::close);
        server.close();
        encoders.forEach(Thread::interrupt);
    }

    /** What becomes of one certificate. */
    enum Loss {
        DENIED("denied"),
        REVOKED("revoked"),
        WITHOUT_ROOT("no-path");

        private final String reason;

        Loss(String reason) {
            this.reason = reason;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_client_whose_certificate_is_worth_nothing_any_more_is_told_nothing_more(Loss loss) {
        Client gateway = gateway("gw-0", svid(other, GATEWAY));
        Client sibling = gateway("gw-1", svid(root, GATEWAY));
        Client host = host("cart-1", svid(root, HOST));
        Client lost = host("cart-2", svid(other, HOST));
        clients.forEach(Client::awaitCatalog);

        own.trusts(without(loss, gateway.credentials.svid(), lost.credentials.svid()));

        List.of(gateway, lost).forEach(it -> it.awaitEnd("code=UNAUTHENTICATED, description=" + loss.reason));
        says("cart-2", "cart");
        List.of(sibling, host).forEach(Client::awaitCatalog);
        assertThat(ended(loss.reason)).as("ended, by reason").isEqualTo(2);
        assertThat(connected("gateway")).as("gateways that are served").isEqualTo(1);
        assertThat(connected("host")).as("hosts that are served").isEqualTo(1);
        assertThat(gateway.knows()).as("what it held stays, no more came").isLessThan(sibling.knows());
        assertThat(sibling.ends).as("who is trusted notices nothing").isEmpty();
        assertThat(host.ends).as("who is trusted notices nothing").isEmpty();
    }

    private TrustBundles without(Loss loss, X509Svid... lost) {
        return switch (loss) {
            case DENIED ->
                both.with(new Revocations(
                        1, List.of(), CrlPolicy.OPEN, new Denylist(Set.of(), serials(lost), Set.of(), Set.of())));
            case REVOKED ->
                both.with(new Revocations(1, List.of(new Taken(serials(lost))), CrlPolicy.OPEN, Denylist.EMPTY));
            case WITHOUT_ROOT -> new TrustBundles(2, Map.of(DOMAIN, List.of(root.root())));
        };
    }

    @ParameterizedTest
    @CsvSource({"cart-2, ledger, other-account", "cart-3, cart, unknown-workload"})
    void a_host_that_is_not_the_workload_any_more_is_told_nothing_more(String workload, String account, String reason) {
        Client host = host("cart-2", svid(root, HOST));
        Client sibling = host("cart-1", svid(root, HOST));
        clients.forEach(Client::awaitCatalog);

        says(workload, account);

        host.awaitEnd("code=PERMISSION_DENIED, description=" + reason);
        sibling.awaitCatalog();
        assertThat(ended(reason)).as("ended, by reason").isEqualTo(1);
        assertThat(sibling.ends).as("who still is it notices nothing").isEmpty();
    }

    @Test
    void a_client_comes_back_with_its_next_certificate() {
        X509Svid first = svid(root, GATEWAY);
        Client gateway = gateway("gw-0", first);
        gateway.awaitCatalog();
        gateway.credentials.renews(svid(root, GATEWAY));

        own.trusts(without(Loss.DENIED, first));

        gateway.awaitEnd("code=UNAUTHENTICATED, description=denied");
        says("cart-2", "cart");
        gateway.awaitCatalog();
        assertThat(gateway.ends).as("the old connection was not tried again").hasSize(1);
    }

    @Test
    void a_server_that_is_trusted_no_more_is_followed_no_more() {
        Client gateway = gateway("gw-0", svid(root, GATEWAY));
        gateway.awaitCatalog();
        long known = gateway.knows();

        gateway.credentials.trusts(without(Loss.DENIED, own.svid()));

        gateway.awaitEnd("who answers is trusted no more: denied");
        await().atMost(PATIENCE).until(() -> connected("gateway") == 0);
        says("cart-2", "cart");
        gateway.awaitEnd("code=UNAVAILABLE");
        assertThat(gateway.knows()).as("what it held stays, no more came").isEqualTo(known);
    }

    private ResourceFeed feed() {
        ResourceFeed feed = new ResourceFeed(catalog, withheld -> {});
        encoders.add(Thread.ofVirtual().start(feed));
        return feed;
    }

    /** Of two workloads; the second is called so, and has that account. Each time something differs. */
    private void says(String workload, String account) {
        revision++;
        catalog.set(
                HeldCatalog.later(revision, FileCatalog.parse("""
                plan: {epoch: 1, seq: %d}
                workloads:
                - {uid: east-1//Pod/shop/cart-1, name: cart-1, namespace: shop, cluster: east-1, network: net-east,
                   trust-domain: mesh.example, service-account: cart, capacity: %d}
                - {uid: east-1//Pod/shop/%s, name: cart-2, namespace: shop, cluster: east-1, network: net-east,
                   trust-domain: mesh.example, service-account: %s}
                """.formatted(revision, revision, workload, account))));
    }

    private Client gateway(String pod, X509Svid svid) {
        return client(CatalogClient.Subject.gateway(place("beringia-system", pod), Optional.empty()), svid);
    }

    private Client host(String pod, X509Svid svid) {
        return client(CatalogClient.Subject.host(place("shop", pod), Optional.empty()), svid);
    }

    private Client client(CatalogClient.Subject subject, X509Svid svid) {
        Client client = new Client(subject, new ChangingCredentials(svid, both));
        clients.add(client);
        return client;
    }

    private static CatalogClient.Place place(String namespace, String pod) {
        return new CatalogClient.Place(
                new ClusterId("east-1"), new Network("net-east"), IpAddress.parse("127.0.0.1"), namespace, pod);
    }

    private double ended(String reason) {
        return meters.find("discovery.xds.ended").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private int connected(String kind) {
        return (int)
                meters.get("discovery.xds.clients").tag("kind", kind).gauge().value();
    }

    private static Set<BigInteger> serials(X509Svid... svids) {
        return Set.of(svids).stream().map(it -> it.leaf().getSerialNumber()).collect(Collectors.toSet());
    }

    private static X509Svid svid(Authority authority, SpiffeId id) {
        return authority.intermediate("east-1").svid(id, HOUR);
    }

    private static GrpcTls tls(ChangingCredentials credentials) {
        return new GrpcTls(credentials, new SpiffeVerifier(), InstantSource.system());
    }

    /** Everybody's list, which everybody signed. */
    private record Taken(Set<BigInteger> serials) implements RevocationList {
        @Override
        public String name() {
            return "taken";
        }

        @Override
        public Instant nextUpdate() {
            return Instant.MAX;
        }

        @Override
        public boolean isOf(byte[] name) {
            return true;
        }

        @Override
        public boolean isSignedBy(byte[] key) {
            return true;
        }

        @Override
        public boolean takesBack(BigInteger serial) {
            return serials.contains(serial);
        }
    }

    /** One that follows, and what it hears. */
    private final class Client implements CatalogClient.Listener, AutoCloseable {
        private final List<String> ends = new CopyOnWriteArrayList<>();
        private final ChangingCredentials credentials;
        private final RemoteCatalog followed;

        private Client(CatalogClient.Subject subject, ChangingCredentials credentials) {
            this.credentials = credentials;
            this.followed = RemoteCatalog.start(
                    new RemoteCatalog.Server("127.0.0.1", server.port(), DISCOVERY),
                    subject,
                    tls(credentials),
                    new Random(1),
                    this);
        }

        private long knows() {
            return followed.latest().plan().seq();
        }

        private void awaitCatalog() {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(knows()).as("the newest").isEqualTo(revision));
        }

        private void awaitEnd(String why) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ends)
                            .as("ends")
                            .anySatisfy(it -> assertThat(it).contains(why)));
        }

        @Override
        public void onDisconnected(String why) {
            ends.add(why);
        }

        @Override
        public void onRefused(String what) {
            ends.add(what);
        }

        @Override
        public void close() {
            followed.close();
        }
    }
}
