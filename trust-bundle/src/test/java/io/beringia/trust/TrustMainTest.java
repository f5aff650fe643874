package io.beringia.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.client.RevocationWatch;
import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.federation.BundleEndpoint;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.Federation;
import io.beringia.trust.federation.FederationConfig;
import io.beringia.trust.federation.Foreign;
import io.beringia.trust.federation.ForeignDomain;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.issuance.OwnCredentials;
import io.beringia.trust.issuance.StaticToken;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.NativeKeys;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class TrustMainTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path dir = Path.of("");

    @Test
    void serves_certificates_from_the_files_of_the_ca_commands() throws IOException {
        ca("root", "--trust-domain", "corp.example", "--demo");
        ca("intermediate", "--name", "us-east");
        Files.writeString(dir.resolve("token"), "cart-token");

        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (TrustMain trust = TrustMain.start(config(SERVER), meters, InstantSource.system());
                RemoteCredentials cart = RemoteCredentials.open(
                        new RemoteSource(
                                "127.0.0.1",
                                trust.port(),
                                SERVER,
                                dir.resolve("root-cert.pem"),
                                dir.resolve("token"),
                                Duration.ofHours(1),
                                Optional.of(CART)),
                        InstantSource.system(),
                        renewal -> {})) {
            assertThat(trust.awaited()).as("ready").isEmpty();
            assertThat(cart.svid().id()).as("who").isEqualTo(CART);
            double expected = NativeKeys.load().startsWith("BoringSSL") ? 1 : 0;
            Awaitility.await("signatures in native code, where this machine has it")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> meters.get("trust.signatures.native").gauge().value() == expected);
        }
    }

    @Test
    void the_certificate_of_a_workload_that_is_denied_renews_nothing() throws IOException {
        ca("root", "--trust-domain", "corp.example", "--demo");
        ca("intermediate", "--name", "us-east");
        Files.writeString(dir.resolve("token"), "cart-token");
        Path denylist = Files.writeString(dir.resolve("denylist.txt"), "");
        RevocationFiles denied =
                new RevocationFiles(Optional.empty(), Optional.empty(), CrlPolicy.OPEN, Optional.of(denylist));
        InstantSource clock = InstantSource.system();
        try (RevocationWatch watch = RevocationWatch.open(denied, clock, news -> {});
                TrustMain trust = TrustMain.start(config(SERVER), watch, new SimpleMeterRegistry(), clock);
                RemoteCredentials cart = cart(trust)) {
            Files.writeString(dir.resolve("token"), "nobody's token");
            assertThat(cart.renew()).as("by its certificate").isInstanceOf(RemoteCredentials.Renewal.Renewed.class);

            Files.writeString(denylist, "id " + CART);

            Awaitility.await("the refusal")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> cart.renew() instanceof RemoteCredentials.Renewal.Kept);
        }
    }

    @Test
    void a_root_that_stands_twice_in_its_file_is_told_once_and_never_in_a_chain() throws IOException {
        ca("root", "--trust-domain", "corp.example", "--demo");
        ca("intermediate", "--name", "us-east");
        Files.writeString(dir.resolve("token"), "cart-token");
        TrustConfig config = config(SERVER);
        X509Certificate root = PemFile.certificates(config.ca().roots()).getFirst();
        X509Certificate older = Authority.root(DOMAIN).root();
        Files.writeString(config.ca().roots(), Pem.write(List.of(root, older, root)));

        try (TrustMain trust = TrustMain.start(config, new SimpleMeterRegistry(), InstantSource.system());
                RemoteCredentials cart = cart(trust)) {
            assertThat(cart.bundles().rootsOf(DOMAIN)).as("in the answer").containsExactly(root, older);
            assertThat(cart.svid().chain())
                    .as("leaf and intermediate")
                    .hasSize(2)
                    .doesNotContain(root);
        }
    }

    @Test
    void refuses_an_identity_of_another_trust_domain() {
        ca("root", "--trust-domain", "corp.example", "--demo");
        ca("intermediate", "--name", "us-east");
        TrustConfig config = config(SpiffeId.parse("spiffe://other.example/trust"));

        assertThatThrownBy(() -> TrustMain.start(config, new SimpleMeterRegistry(), InstantSource.system()))
                .as("another domain")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("trust domain: other.example (expected: that of ");
    }

    @Test
    void two_trust_domains_recognise_each_other_and_still_do_when_one_is_away() throws Exception {
        Path west = dir.resolve("west");
        ca("root", "--trust-domain", "corp.example", "--demo");
        ca("intermediate", "--name", "us-east");
        made(west, "root", "--trust-domain", "partner.example", "--demo");
        made(west, "intermediate", "--name", "us-west");
        Files.writeString(dir.resolve("token"), "cart-token");
        TrustDomain partner = TrustDomain.parse("partner.example");
        X509Certificate theirs =
                PemFile.certificates(west.resolve("root-cert.pem")).getFirst();
        Path bootstrap = Files.write(
                dir.resolve("partner.json"),
                BundleDocument.of(partner, 1, Duration.ofMinutes(5), List.of(theirs))
                        .json());
        TrustConfig federated;
        try (TrustMain other = TrustMain.start(
                serving(west, SpiffeId.ofWorkload(partner, "beringia", "trust")),
                new SimpleMeterRegistry(),
                InstantSource.system())) {
            federated = config(SERVER)
                    .with(federation(
                            other.bundlePort().orElseThrow(),
                            new ForeignDomain.Profile.Spiffe(BundleEndpoint.idOf(partner), Optional.of(bootstrap))));
            recognises(federated, partner, theirs);
        }
        recognises(federated, partner, theirs);

        recognisesNobody(config(SERVER), partner);
    }

    /** A workload of ours learns the partner's roots, and our own are not among them. */
    private void recognises(TrustConfig config, TrustDomain partner, X509Certificate theirs) {
        try (TrustMain trust = TrustMain.start(config, new SimpleMeterRegistry(), InstantSource.system());
                RemoteCredentials cart = cart(trust)) {
            Awaitility.await("the partner's roots")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> cart.bundles().rootsOf(partner).equals(List.of(theirs)));
            assertThat(cart.bundles().rootsOf(DOMAIN))
                    .as("ours")
                    .isEqualTo(PemFile.certificates(dir.resolve("root-cert.pem")));
        }
    }

    /** Whoever followed the roots before hears that the partner is gone, since their generation grows. */
    private static void recognisesNobody(TrustConfig config, TrustDomain partner) throws IOException {
        Path folder = TrustConfig.defaultDir(config.ca());
        long before = Files.getLastModifiedTime(folder).toMillis();
        Foreign none = Federation.open(config.federation()).latest();
        InstantSource clock = InstantSource.system();
        TrustBundles after = Issuer.of(
                        config.ca().open(clock), SERVER, config.ca().roots(), none, config.issuance(), clock)
                .own()
                .bundles();

        assertThat(after.rootsOf(partner)).as("partner").isEmpty();
        assertThat(after.generation()).as("generation").isGreaterThan(before);
    }

    private RemoteCredentials cart(TrustMain trust) {
        RemoteSource source = new RemoteSource(
                "127.0.0.1",
                trust.port(),
                SERVER,
                dir.resolve("root-cert.pem"),
                dir.resolve("token"),
                Duration.ofHours(1),
                Optional.of(CART));
        return RemoteCredentials.open(source, InstantSource.system(), news -> {});
    }

    private static TrustConfig serving(Path folder, SpiffeId id) {
        IssuanceConfig issuance = new IssuanceConfig(
                false, IssuanceConfig.DEFAULT_TTL, IssuanceConfig.DEFAULT_TTL, List.of(), Map.of(), Optional.empty());
        return TrustConfig.inFolder(LOOPBACK, id, folder.resolve("us-west"), issuance)
                .with(new BundleEndpointConfig(LOOPBACK, "/", Duration.ofMinutes(5), Optional.empty()));
    }

    private FederationConfig federation(int port, ForeignDomain.Profile profile) {
        return new FederationConfig(
                TrustConfig.defaultDir(CaFiles.in(dir.resolve("us-east"))),
                List.of(new ForeignDomain(
                        TrustDomain.parse("partner.example"), URI.create("https://localhost:" + port + "/"), profile)));
    }

    @Test
    void its_own_trust_domain_is_no_foreign_one() {
        FederationConfig own = new FederationConfig(
                dir,
                List.of(new ForeignDomain(
                        DOMAIN, URI.create("https://localhost/"), new ForeignDomain.Profile.Web(Optional.empty()))));

        assertThatThrownBy(() -> config(SERVER).with(own))
                .as("own")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("federation.domains: corp.example is our own (expected: other trust domains");
    }

    @Test
    void signs_its_own_certificate_anew_in_the_second_half_of_its_life() {
        Authority authority = Authority.root(DOMAIN).intermediate("us-east");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        OwnCredentials own =
                new OwnCredentials(authority, SERVER, List.of(), Duration.ofHours(2), authority.bundles(), now::get);
        var first = own.svid();

        now.set(first.notBefore().plus(Duration.ofMinutes(30)));
        assertThat(own.svid()).as("first half").isSameAs(first);
        now.set(first.notBefore().plus(Duration.ofMinutes(90)));
        assertThat(own.svid()).as("second half").isNotEqualTo(first);
    }

    private TrustConfig config(SpiffeId id) {
        StaticToken token =
                new StaticToken(Fingerprint.sha256("cart-token".getBytes(StandardCharsets.US_ASCII)), CART, Set.of());
        return new TrustConfig(
                LOOPBACK,
                id,
                CaFiles.in(dir.resolve("us-east")),
                new IssuanceConfig(
                        true,
                        IssuanceConfig.DEFAULT_TTL,
                        IssuanceConfig.DEFAULT_TTL,
                        List.of(token),
                        Map.of(),
                        Optional.empty()));
    }

    private void ca(String command, String... args) {
        made(dir, command, args);
    }

    private static void made(Path folder, String command, String... args) {
        String[] all = new String[args.length + 3];
        all[0] = command;
        all[1] = "--dir";
        all[2] = folder.toString();
        System.arraycopy(args, 0, all, 3, args.length);
        assertThat(new CommandLine(new CaCommand()).execute(all)).as(command).isZero();
    }
}
