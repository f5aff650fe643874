package io.beringia.trust.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.CertificateLint.Finding;
import io.beringia.trust.authority.CertificateLint.Level;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.DistinguishedName;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.X509;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CertificateLintTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final SpiffeId CART = SpiffeId.parse("spiffe://corp.example/ns/shop/sa/cart");

    private final Authority root = Authority.root(TrustDomain.parse("corp.example"), Profile.SPIFFE, () -> NOW);
    private final Authority east = root.intermediate("us-east");

    @Test
    void our_own_certificates_have_no_findings() {
        assertThat(findings(root.root(), NOW)).isEmpty();
        assertThat(findings(east.certificate(), NOW)).isEmpty();
        assertThat(findings(leaf(Duration.ofHours(24)), NOW)).isEmpty();
    }

    @Test
    void an_end_is_a_warning_in_its_last_third_and_an_error_behind_it() {
        X509Certificate leaf = leaf(Duration.ofHours(24));

        assertThat(levels(leaf, NOW.plus(Duration.ofHours(15)))).isEmpty();
        assertThat(levels(leaf, NOW.plus(Duration.ofHours(17)))).containsExactly(Level.WARNING);
        assertThat(levels(leaf, NOW.plus(Duration.ofHours(25)))).containsExactly(Level.ERROR);
        assertThat(levels(leaf, NOW.minus(Duration.ofHours(1)))).containsExactly(Level.ERROR);
    }

    @Test
    void a_ca_is_warned_of_for_two_weeks_at_most() {
        assertThat(levels(east.certificate(), NOW.plus(Duration.ofDays(75)))).isEmpty();
        assertThat(levels(east.certificate(), NOW.plus(Duration.ofDays(77)))).containsExactly(Level.WARNING);
    }

    @Test
    void a_long_life_is_worth_a_note() {
        assertThat(findings(leaf(Duration.ofDays(30)), NOW))
                .containsExactly(new Finding(Level.NOTE, "life: 720 h (a rotation of roots has to wait for its end)"));
    }

    @Test
    void a_ca_that_may_sign_nothing_and_ends_nowhere_is_no_ca() {
        KeyPair pair = KeyPairs.p256(new SecureRandom());
        X509Certificate odd = new CertificateDraft(
                        Optional.of(new DistinguishedName("Odd", "CA", Optional.empty())),
                        pair.getPublic(),
                        BigInteger.ONE,
                        NOW.minusSeconds(1),
                        NOW.plus(Duration.ofDays(365)),
                        new CertificateDraft.Purpose.Ca(OptionalInt.empty(), Set.of()),
                        List.of(),
                        List.of())
                .selfSigned(pair.getPrivate());

        assertThat(findings(odd, NOW))
                .extracting(Finding::what)
                .contains("key usage: no keyCertSign (expected: it in every CA)")
                .contains("key usage: no cRLSign (its revocation lists are refused by ztunnel)");
    }

    @Test
    void the_makefiles_workloads_are_refused_by_our_own_processes() {
        KeyPair pair = KeyPairs.p256(new SecureRandom());
        X509Certificate machine = MakefileProfile.of(MakefileVariables.of(Map.of()))
                .workload("shop", pair.getPublic(), new Profile.Issue(BigInteger.TEN, NOW))
                .selfSigned(pair.getPrivate());

        assertThat(findings(machine, NOW))
                .containsExactly(new Finding(
                        Level.ERROR,
                        "key usage: not critical (expected: critical, gateways and hosts of ours refuse it)"));
    }

    private X509Certificate leaf(Duration life) {
        return east.svid(CART, life).leaf();
    }

    private static List<Level> levels(X509Certificate certificate, Instant now) {
        return findings(certificate, now).stream().map(Finding::level).toList();
    }

    private static List<Finding> findings(X509Certificate certificate, Instant now) {
        return CertificateLint.of(ParsedCertificate.parse(X509.encoded(certificate)), now);
    }
}
