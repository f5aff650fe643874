package io.beringia.trust.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources {@code makefile/}: what the Makefile's recipes made with OpenSSL 3.0; keys of nobody. */
final class MakefileProfileTest {
    private static final MakefileProfile PROFILE = MakefileProfile.of(MakefileVariables.of(Map.of()));

    @Test
    void a_root_equals_openssls_octet_for_octet() {
        X509Certificate golden = certificate("root-cert.pem");

        assertThat(Pem.write(PROFILE.root(golden.getPublicKey(), issue(golden)).selfSigned(key("root-key.pem"))))
                .isEqualTo(text("root-cert.pem"));
    }

    @Test
    void so_does_its_request() {
        X509Certificate golden = certificate("root-cert.pem");

        assertThat(PROFILE.root(golden.getPublicKey(), issue(golden)).request(key("root-key.pem")))
                .isEqualTo(text("root-cert.csr"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east", "shop"})
    void so_does_an_intermediate(String name) {
        X509Certificate golden = certificate(name + "/ca-cert.pem");
        CaSigner root = CaSigner.inMemory(certificate("root-cert.pem"), key("root-key.pem"));

        CertificateDraft draft = PROFILE.intermediate(name, golden.getPublicKey(), issue(golden));

        assertThat(Pem.write(draft.signedBy(root))).isEqualTo(text(name + "/ca-cert.pem"));
    }

    @Test
    void so_does_a_workload() {
        X509Certificate golden = certificate("shop/workload-cert.pem");
        CaSigner signer = CaSigner.inMemory(certificate("shop/ca-cert.pem"), key("shop/ca-key.pem"));

        CertificateDraft draft = PROFILE.workload("shop", golden.getPublicKey(), issue(golden));

        assertThat(Pem.write(draft.signedBy(signer))).isEqualTo(text("shop/workload-cert.pem"));
    }

    @Test
    void a_root_that_signs_revocation_lists_differs_in_that_alone() {
        X509Certificate golden = certificate("root-cert.pem");

        X509Certificate other =
                PROFILE.signingCrls().root(golden.getPublicKey(), issue(golden)).selfSigned(key("root-key.pem"));

        assertThat(other.getKeyUsage()).containsExactly(true, true, true, false, false, true, true, false, false);
        assertThat(golden.getKeyUsage()).containsExactly(true, true, true, false, false, true, false, false, false);
    }

    @Test
    void variables_have_the_makefiles_names() {
        MakefileVariables variables = MakefileVariables.of(Map.ofEntries(
                Map.entry("ROOTCA_DAYS", "1"),
                Map.entry("ROOTCA_KEYSZ", "2"),
                Map.entry("ROOTCA_ORG", "a"),
                Map.entry("ROOTCA_CN", "b"),
                Map.entry("INTERMEDIATE_DAYS", "3"),
                Map.entry("INTERMEDIATE_ORG", "c"),
                Map.entry("INTERMEDIATE_CN", "d"),
                Map.entry("INTERMEDIATE_SAN_DNS", "e"),
                Map.entry("WORKLOAD_DAYS", "4"),
                Map.entry("SERVICE_ACCOUNT", "f"),
                Map.entry("WORKLOAD_CN", "g")));

        assertThat(variables)
                .hasToString("MakefileVariables[rootLife=PT24H, rootBits=2, rootOrganization=a, rootName=b,"
                        + " intermediateLife=PT72H, intermediateOrganization=c, intermediateName=d, intermediateDns=e,"
                        + " workloadLife=PT96H, serviceAccount=f, workloadName=g]");
        assertThatThrownBy(() -> MakefileVariables.of(Map.of("ROOTCA_DAYS", "ten")))
                .hasMessage("ROOTCA_DAYS: \"ten\" (expected: a number from 1 to 999999)");
    }

    private static Profile.Issue issue(X509Certificate golden) {
        return new Profile.Issue(golden.getSerialNumber(), golden.getNotBefore().toInstant());
    }

    private static X509Certificate certificate(String name) {
        return Pem.certificates(text(name)).getFirst();
    }

    private static PrivateKey key(String name) {
        return Pem.privateKey(text(name));
    }

    private static String text(String name) {
        try (InputStream in =
                Objects.requireNonNull(MakefileProfileTest.class.getResourceAsStream("/makefile/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
