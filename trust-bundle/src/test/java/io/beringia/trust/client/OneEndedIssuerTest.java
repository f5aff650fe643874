package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.authority.PlugInCa;
import io.beringia.trust.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A CA of somebody else that is good for servers or for clients alone is refused where it comes in, not in a handshake. */
final class OneEndedIssuerTest {
    private static final String REFUSED =
            "extended key usage: one end only (expected: none, or serverAuth and clientAuth)";

    private final Forge.Forged root = Forge.ca("O=Corp,CN=root", 1)
            .with(ca -> ca.names(false, Forge.uri("spiffe://corp.example")))
            .selfSigned();

    @TempDir
    private Path dir = Path.of("");

    static Stream<Arguments> usages() {
        return Stream.of(
                Arguments.of(false, true, List.of(KeyPurposeId.id_kp_serverAuth)),
                Arguments.of(false, true, List.of(KeyPurposeId.id_kp_clientAuth)),
                Arguments.of(false, true, List.of(KeyPurposeId.id_kp_emailProtection)),
                Arguments.of(true, true, List.of(KeyPurposeId.id_kp_emailProtection)),
                Arguments.of(false, false, List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)),
                Arguments.of(false, false, List.of(KeyPurposeId.anyExtendedKeyUsage)));
    }

    @ParameterizedTest
    @MethodSource("usages")
    void a_usage_for_one_end_is_a_problem_of_the_secret_and_stops_the_issuance_server(
            boolean isCritical, boolean isRefused, List<KeyPurposeId> purposes) throws IOException {
        Forge.Forged issuer = issuer(ca -> ca.add(
                Extension.extendedKeyUsage, isCritical, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new))));

        List<String> problems = PlugInCa.of(files(issuer)).problems(Forge.NOW);
        if (isRefused) {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .startsWith("cert-chain.pem: ")
                    .endsWith(REFUSED);
            assertThatThrownBy(() -> written(issuer).open(() -> Forge.NOW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("ca-cert.pem: " + REFUSED);
        } else {
            assertThat(problems).isEmpty();
            assertThat(written(issuer).open(() -> Forge.NOW).certificate()).isEqualTo(issuer.certificate());
        }
    }

    @Test
    void no_usage_is_every_usage() throws IOException {
        Forge.Forged issuer = issuer(ca -> {});

        assertThat(PlugInCa.of(files(issuer)).problems(Forge.NOW)).isEmpty();
        assertThat(written(issuer).open(() -> Forge.NOW).certificate()).isEqualTo(issuer.certificate());
    }

    private Forge.Forged issuer(Consumer<Forge> change) {
        return Forge.ca("O=Corp,CN=issuer,L=us-east", 0)
                .with(ca -> ca.names(false, Forge.uri("spiffe://corp.example")))
                .with(change)
                .signedBy(root);
    }

    private Map<String, String> files(Forge.Forged issuer) {
        return Map.of(
                PlugInCa.CERTIFICATE, Pem.write(issuer.certificate()),
                PlugInCa.KEY, Pem.write(issuer.pair().getPrivate()),
                PlugInCa.CHAIN, Pem.write(issuer.certificate()),
                PlugInCa.ROOTS, Pem.write(root.certificate()));
    }

    private CaFiles written(Forge.Forged issuer) throws IOException {
        for (Map.Entry<String, String> file : files(issuer).entrySet()) {
            DurableFile.write(dir.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.US_ASCII));
        }
        return CaFiles.in(dir);
    }
}
