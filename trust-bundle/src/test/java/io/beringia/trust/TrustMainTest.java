package io.beringia.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.OwnCredentials;
import io.beringia.trust.issuance.StaticToken;
import io.beringia.trust.pki.Fingerprint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class TrustMainTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");

    @TempDir
    private Path dir = Path.of("");

    @Test
    void serves_certificates_from_the_files_of_the_ca_commands() throws IOException {
        ca("root", "--trust-domain", "corp.example", "--demo");
        ca("intermediate", "--name", "us-east");
        Files.writeString(dir.resolve("token"), "cart-token");

        try (TrustMain trust = TrustMain.start(config(SERVER), new SimpleMeterRegistry(), InstantSource.system());
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
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
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
        String[] all = new String[args.length + 3];
        all[0] = command;
        all[1] = "--dir";
        all[2] = dir.toString();
        System.arraycopy(args, 0, all, 3, args.length);
        assertThat(new CommandLine(new CaCommand()).execute(all)).as(command).isZero();
    }
}
