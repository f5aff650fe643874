package io.beringia.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.GatewayMain;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostMain;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.TrustMain;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.StaticToken;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.Pem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** A gateway, or a host proxy, whose certificate comes from a certificate server, while certificate and roots change. */
final class RenewedIdentityTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId GATEWAY = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "trust");
    private static final SpiffeId PEER = SpiffeId.ofWorkload(DOMAIN, "demo", "web");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String TOKEN = "token-of-the-gateway";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** What the host proxy stands for; its account is the gateway's, so that one token is enough. */
    private static final Workload WORKLOAD = Workload.named(
                    "east-1//Pod/beringia-system/machine",
                    "beringia-system",
                    "machine",
                    new ClusterId("east-1"),
                    new Network("net-east"))
            .identity(DOMAIN, "gateway")
            .addresses(List.of(IpAddress.parse("127.0.0.1")))
            .build();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void write_files() throws IOException {
        ca("root", "--demo", "--trust-domain", DOMAIN.name());
        ca("intermediate", "--name", "east-1");
        Files.writeString(directory.resolve("token"), TOKEN);
        Files.writeString(
                directory.resolve("catalog.yaml"),
                FileCatalog.print(Catalog.of(
                        1,
                        PlanVersion.NONE,
                        List.of(WORKLOAD),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())));
    }

    /** Who shows the certificate. */
    enum Role {
        GATEWAY,
        HOST
    }

    @ParameterizedTest
    @EnumSource
    void a_renewed_certificate_is_shown_to_the_next_peer_and_the_connections_of_others_live_on(Role role)
            throws Exception {
        int port = freePort();
        try (TrustMain trust = TrustMain.start(trustConfig(), new SimpleMeterRegistry(), CLOCK);
                RemoteCredentials credentials = RemoteCredentials.open(source(trust.port()), CLOCK, news -> {});
                FileCatalog catalog = FileCatalog.open(directory.resolve("catalog.yaml"), (file, problems) -> {});
                AutoCloseable shower = start(role, port, credentials, catalog);
                Peer before = new Peer(port, peer())) {
            assertThat(shower).as("runs").isNotNull();
            assertThat(before.shown()).as("first").isEqualTo(credentials.svid().leaf());
            before.ping();

            assertThat(credentials.renew()).as("renewal").isInstanceOf(RemoteCredentials.Renewal.Renewed.class);

            try (Peer after = new Peer(port, peer())) {
                assertThat(after.shown())
                        .as("to the next one")
                        .isEqualTo(credentials.svid().leaf())
                        .isNotEqualTo(before.shown());
                after.ping();
            }
            before.ping();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_second_root_is_believed_beside_the_first_without_a_renewal(Role role) throws Exception {
        int port = freePort();
        Authority second = Authority.root(DOMAIN).intermediate("west-1");
        try (TrustMain trust = TrustMain.start(trustConfig(), new SimpleMeterRegistry(), CLOCK);
                RemoteCredentials credentials = RemoteCredentials.open(source(trust.port()), CLOCK, news -> {});
                FileCatalog catalog = FileCatalog.open(directory.resolve("catalog.yaml"), (file, problems) -> {});
                AutoCloseable shower = start(role, port, credentials, catalog);
                Peer before = new Peer(port, peer())) {
            assertThat(shower).as("runs").isNotNull();
            try (Peer early = new Peer(port, second.svid(PEER, Duration.ofHours(1)))) {
                assertThatThrownBy(early::ping)
                        .as("a root that nobody published")
                        .isInstanceOf(IOException.class);
            }
            X509Certificate shown = credentials.svid().leaf();

            Path roots = directory.resolve("east-1/root-cert.pem");
            Files.writeString(roots, Files.readString(roots) + Pem.write(second.root()));
            await().atMost(PATIENCE)
                    .until(() -> credentials.bundles().rootsOf(DOMAIN).size() == 2);

            try (Peer below = new Peer(port, second.svid(PEER, Duration.ofHours(1)))) {
                below.ping();
                assertThat(below.shown()).as("not renewed").isEqualTo(shown);
            }
            before.ping();
        }
    }

    private AutoCloseable start(Role role, int port, RemoteCredentials credentials, CatalogSource catalog) {
        return switch (role) {
            case GATEWAY -> {
                GatewayMain gateway = gateway(port, credentials, catalog);
                assertThat(gateway.awaited()).as("ready").isEmpty();
                yield gateway;
            }
            case HOST -> {
                HostMain host = host(port, credentials, catalog);
                assertThat(host.awaited()).as("ready").isEmpty();
                yield host;
            }
        };
    }

    private HostMain host(int port, RemoteCredentials credentials, CatalogSource catalog) {
        IpAddress local = IpAddress.parse("127.0.0.1");
        return HostMain.start(
                new HostConfig(
                        WORKLOAD.uid(),
                        local,
                        1,
                        Optional.empty(),
                        List.of(),
                        false,
                        Optional.of(new HostConfig.Inbound(
                                new SocketAddress(local, port), local, Set.of(), Set.of(), false))),
                credentials,
                new SpiffeVerifier(),
                catalog,
                new SimpleMeterRegistry(),
                CLOCK);
    }

    private GatewayMain gateway(int port, RemoteCredentials credentials, CatalogSource catalog) {
        return GatewayMain.start(
                new GatewayConfig(
                        new RegionId("us-east"),
                        new ClusterId("east-1"),
                        new Network("net-east"),
                        "gateway-0",
                        SocketAddress.parse("127.0.0.1:" + port),
                        Optional.empty(),
                        IpAddress.parse("127.0.0.1"),
                        1,
                        true),
                credentials,
                new SpiffeVerifier(),
                catalog,
                new SimpleMeterRegistry(),
                CLOCK);
    }

    private TrustConfig trustConfig() {
        StaticToken token =
                new StaticToken(Fingerprint.sha256(TOKEN.getBytes(StandardCharsets.US_ASCII)), GATEWAY, Set.of());
        return new TrustConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                SERVER,
                CaFiles.in(directory.resolve("east-1")),
                new IssuanceConfig(
                        true,
                        IssuanceConfig.DEFAULT_TTL,
                        IssuanceConfig.DEFAULT_TTL,
                        List.of(token),
                        Map.of(),
                        Optional.empty()));
    }

    private RemoteSource source(int port) {
        return new RemoteSource(
                "127.0.0.1",
                port,
                SERVER,
                directory.resolve("root-cert.pem"),
                directory.resolve("token"),
                Duration.ofHours(1),
                Optional.of(GATEWAY));
    }

    private X509Svid peer() {
        Authority authority = CaFiles.in(directory.resolve("east-1")).open(CLOCK);
        return authority.svid(PEER, Duration.ofHours(1));
    }

    private void ca(String command, String... options) {
        String[] all = new String[options.length + 3];
        all[0] = command;
        all[1] = "--dir";
        all[2] = directory.toString();
        System.arraycopy(options, 0, all, 3, options.length);
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute(all);
        assertThat(code).as(command).isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** A peer that shakes hands, speaks HTTP/2 no further than PING, and keeps what it was shown. */
    private static final class Peer implements AutoCloseable {
        private static final int TIMEOUT_MILLIS = 20_000;
        private static final int FRAME_HEADER_BYTES = 9;
        private static final int PING = 6;
        private static final int ACK = 1;
        private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final SSLSocket socket;

        Peer(int port, X509Svid own) throws IOException, GeneralSecurityException {
            socket = (SSLSocket) context(own).getSocketFactory().createSocket("127.0.0.1", port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write(PREFACE);
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS
            socket.getOutputStream().flush();
        }

        X509Certificate shown() throws IOException {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }

        /** Returns when the other end answered. */
        void ping() throws IOException {
            socket.getOutputStream().write(new byte[] {0, 0, 8, PING, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
            socket.getOutputStream().flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] header = new byte[FRAME_HEADER_BYTES];
            do {
                in.readFully(header);
                in.readNBytes((header[1] & 0xFF) << 8 | header[2] & 0xFF);
            } while (header[3] != PING || header[4] != ACK);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        private static SSLContext context(X509Svid own) throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
            return context;
        }
    }

    /** Trusts anybody: here it only matters what is shown. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
