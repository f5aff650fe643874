package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.cli.FederatedSite.Part;
import io.beringia.cli.FederatedSite.Side;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two regions, each a trust domain of its own, that recognise one another by their bundle endpoints. A connection goes from
 * one's host proxy through both gateways to the other's; at each hop each end is believed by the roots of the domain that
 * its name is of, and by no others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoTrustDomainsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<AutoCloseable> open = new ArrayList<>();
    private FederatedSite east;
    private FederatedSite west;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        String net = "127." + ThreadLocalRandom.current().nextInt(120, 250) + ".";
        int first = ThreadLocalRandom.current().nextInt(1, 125);
        east = FederatedSite.in(directory, Side.EAST, net + 2 * first + ".");
        west = FederatedSite.in(directory, Side.WEST, net + (2 * first + 1) + ".");
        open.addAll(List.of(east, west));
        east.write(west);
        west.write(east);
        open.add(east.application());
        open.add(west.application());
        east.start(Part.CA);
        west.start(Part.CA);
        awaitFetched(west, east, "taken");
        restart(east);
        east.start(Part.CONTROL);
        west.start(Part.CONTROL, Part.SERVER, Part.CLIENT);
        east.start(Part.SERVER, Part.CLIENT);
        await("all roles").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(east.awaited()).isEmpty();
            assertThat(west.awaited()).isEmpty();
        });
        awaitTalking();
    }

    @AfterAll
    void end() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void a_connection_crosses_from_each_trust_domain_into_the_other_and_says_whose_it_is() {
        assertThat(east.heardThere())
                .as("relayed")
                .contains(east.id("web").toString())
                .endsWith("hello");
        assertThat(west.heardThere())
                .as("dialled")
                .contains(west.id("web").toString())
                .endsWith("hello");
    }

    @Test
    void a_ca_speaks_for_nobody_of_the_other_trust_domain() throws Exception {
        west.stop(Part.SERVER);
        shown(west.directory(), forged(east, west.id("echo")));
        west.start(Part.IMPOSTER);
        assertThat(east.heardThere()).as("of a server by the wrong CA").isEmpty();
        assertThat(east.figures(Part.CLIENT))
                .contains("host_attempts_failed_total{tunnel=\"inner\",why=\"foreign-issuer\"}");
        west.stop(Part.IMPOSTER);

        shown(west.directory(), forged(east, east.id("echo")));
        west.start(Part.IMPOSTER);
        assertThat(east.heardThere()).as("of a namesake in the other domain").isEmpty();
        assertThat(east.figures(Part.CLIENT))
                .contains("host_attempts_failed_total{tunnel=\"inner\",why=\"identity-mismatch\"}");
        west.stop(Part.IMPOSTER);

        knock(west, forged(east, west.id("web")));
        await("a client by the wrong CA")
                .atMost(PATIENCE)
                .until(() -> west.figures(Part.CONTROL)
                        .contains("gateway_handshakes_failed_total{listener=\"hbone\",reason=\"foreign-issuer\"}"));
        west.start(Part.SERVER);
        awaitTalking();
    }

    @Test
    void while_a_partner_does_not_answer_its_last_bundle_counts_over_a_restart_too() throws Exception {
        west.stop(Part.CA);
        restart(east);
        awaitFetched(east, west, "failed");
        awaitFollowed(east);

        awaitTalking();

        west.start(Part.CA);
        awaitFollowed(west);
    }

    @Test
    void connections_end_with_the_relationship_and_come_about_again_with_another() throws Exception {
        try (Socket there = talking(east);
                Socket back = talking(west)) {
            west.endFederation(east);
            restart(west);

            assertThat(isCutOff(there)).as("a connection that came in").isTrue();
            assertThat(isCutOff(back)).as("a connection that went out").isTrue();
        }
        assertThat(east.heardThere()).as("of a new one, from there").isEmpty();
        assertThat(west.heardThere()).as("of a new one, from here").isEmpty();
        await("the end of the link between the control planes")
                .atMost(PATIENCE)
                .until(() -> west.figures(Part.CONTROL).contains("discovery_peer_refused_total{reason=\"unproved\"}"));

        west.write(east);
        restart(west);
        awaitFetched(west, east, "taken");
        awaitTalking();
    }

    private void awaitTalking() {
        for (FederatedSite site : List.of(east, west)) {
            await("a connection from the " + site.side())
                    .atMost(PATIENCE)
                    .until(() -> site.heardThere().contains(site.id("web").toString()));
        }
    }

    private static void awaitFetched(FederatedSite from, FederatedSite of, String outcome) {
        await("bundle of " + of.domain() + " " + outcome)
                .atMost(PATIENCE)
                .until(() -> from.figures(Part.CA)
                        .contains("trust_bundle_fetches_total{domain=\"" + of.domain() + "\",outcome=\"" + outcome
                                + "\"} 1"));
    }

    /** Everybody has heard of the roots from the CA that was started last: discovery, the gateway and two hosts. */
    private static void awaitFollowed(FederatedSite site) {
        await("followers of the CA in the " + site.side()).atMost(PATIENCE).until(() -> {
            String figures = site.figures(Part.CA);
            return figures.contains("trust_bundle_watchers 4.0") && figures.contains("trust_bundle_laggards 0.0");
        });
    }

    private static void restart(FederatedSite site) throws IOException {
        site.stop(Part.CA);
        site.start(Part.CA);
    }

    private static Socket talking(FederatedSite from) throws IOException {
        Socket socket = from.call();
        socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf("hello") < 0) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("an octet after %s", heard).isNotNegative();
            heard.append((char) octet);
        }
        return socket;
    }

    /** Waits until nothing comes any more; throws where that lasts too long. */
    private static boolean isCutOff(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** A leaf of that name which the intermediate of {@code signer} signed: no authority of ours would. */
    private static Forged forged(FederatedSite signer, SpiffeId name) {
        Path ca = signer.directory().resolve(signer.cluster());
        X509Certificate certificate =
                PemFile.certificates(ca.resolve("ca-cert.pem")).getFirst();
        KeyPair pair = KeyPairs.p256(new SecureRandom());
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        X509Certificate leaf = new CertificateDraft(
                        Optional.empty(),
                        pair.getPublic(),
                        BigInteger.TWO,
                        now.minus(Duration.ofMinutes(2)),
                        now.plus(Duration.ofHours(1)),
                        new CertificateDraft.Purpose.Workload(),
                        List.of(name.toString()),
                        List.of())
                .signedBy(CaSigner.inMemory(certificate, PemFile.privateKey(ca.resolve("ca-key.pem"))));
        return new Forged(List.of(leaf, certificate), pair);
    }

    private record Forged(List<X509Certificate> chain, KeyPair pair) {}

    private static void shown(Path directory, Forged forged) throws IOException {
        Files.writeString(directory.resolve("imposter.pem"), Pem.write(forged.chain()));
        Path key = directory.resolve("imposter-key.pem");
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, Pem.write(forged.pair().getPrivate()));
    }

    /** Shakes hands with a gateway; what it thinks of that it says after the handshake. */
    private static void knock(FederatedSite site, Forged forged) throws IOException {
        shown(site.directory(), forged);
        FileCredentials credentials = FileCredentials.load(new CredentialFiles(
                site.directory().resolve("imposter.pem"),
                site.directory().resolve("imposter-key.pem"),
                Map.of(site.domain(), site.directory().resolve("root-cert.pem"))));
        SSLContext tls = new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system()).client(id -> true);
        InetSocketAddress gateway = site.gateway();
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(gateway.getAddress(), gateway.getPort())) {
            SSLParameters parameters = HttpTls.newest(tls);
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }
}
