package io.beringia.trust.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CertificateRequest;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");

    private final Authority root = Authority.root(DOMAIN, Profile.SPIFFE, InstantSource.fixed(NOW));
    private final Authority usEast = root.intermediate("us-east");

    @Test
    void signs_workloads_that_our_own_verifier_accepts_in_both_roles() {
        X509Svid svid = usEast.svid(CART, Duration.ofHours(1), "cart.shop.svc");

        for (PeerRole role : PeerRole.values()) {
            PeerVerdict verdict = new SpiffeVerifier().verify(X509.encoded(svid.chain()), role, root.bundles(), NOW);

            assertThat(verdict).as("%s", role).isInstanceOfSatisfying(Verified.class, peer -> {
                assertThat(peer.id()).as("who").isEqualTo(CART);
                assertThat(peer.cluster()).as("where").isEqualTo(Optional.of("us-east"));
            });
        }
    }

    @Test
    void a_leaf_has_the_octets_of_istiods_leaves() {
        X509Certificate leaf = usEast.svid(CART, Duration.ofHours(1)).leaf();

        assertThat(leaf.getSubjectX500Principal().getName()).as("subject").isEmpty();
        assertThat(leaf.getCriticalExtensionOIDs())
                .as("critical: key usage, basic constraints, names")
                .isEqualTo(Set.of("2.5.29.15", "2.5.29.19", "2.5.29.17"));
        assertThat(leaf.getNonCriticalExtensionOIDs())
                .as("not critical: extended key usage, authority key; no subject key")
                .isEqualTo(Set.of("2.5.29.37", "2.5.29.35"));
        assertThat(hex(leaf, "2.5.29.15"))
                .as("digitalSignature, keyEncipherment")
                .isEqualTo("0404030205a0");
        assertThat(hex(leaf, "2.5.29.19")).as("an empty sequence").isEqualTo("04023000");
        assertThat(leaf.getSerialNumber().signum()).as("serial").isPositive();
        assertThat(leaf.getNotBefore().toInstant()).as("two minutes back").isEqualTo(NOW.minusSeconds(120));
        assertThat(leaf.getNotAfter().toInstant()).as("its life").isEqualTo(NOW.plusSeconds(3600));
    }

    @Test
    void a_leaf_ends_with_its_signer() {
        X509Certificate leaf = usEast.svid(CART, Duration.ofDays(400)).leaf();

        assertThat(leaf.getNotAfter()).as("end").isEqualTo(usEast.certificate().getNotAfter());
    }

    @Test
    void an_intermediate_ends_before_its_root_or_is_refused() {
        assertThatThrownBy(() -> Authority.of(shortRoot(), shortRoot().certificate(), InstantSource.fixed(NOW))
                        .newIntermediate("us-east", Duration.ofDays(90)))
                .as("90 days below a root of 30")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("intermediate: valid until 2026-08-30T12:00:00Z (expected: <= ");
    }

    @Test
    void cas_have_the_constraints_of_the_profile() {
        assertThat(root.root().getBasicConstraints()).as("root: one CA below").isEqualTo(1);
        assertThat(usEast.certificate().getBasicConstraints())
                .as("intermediate: none below")
                .isEqualTo(0);
        assertThat(hex(usEast.certificate(), "2.5.29.15"))
                .as("keyCertSign, cRLSign")
                .isEqualTo("040403020106");
        assertThat(usEast.certificate().getSubjectX500Principal().getName())
                .as("its cluster")
                .isEqualTo("L=us-east,CN=corp.example intermediate G1,O=Beringia");
        assertThat(usEast.certificate().getExtensionValue("2.5.29.30"))
                .as("no name constraints")
                .isNull();
    }

    @Test
    void speaks_for_no_other_trust_domain() {
        assertThatThrownBy(() -> usEast.svid(SpiffeId.parse("spiffe://other/ns/shop/sa/cart"), Duration.ofHours(1)))
                .as("a foreign ID")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void marks_a_demo_root_and_no_other() {
        assertThat(Authority.root(DOMAIN).isDemo()).as("demo").isTrue();
        assertThat(usEast.isDemo()).as("spiffe").isFalse();
    }

    @Test
    void a_request_proves_its_key_and_contributes_nothing_else() {
        KeyPair pair = KeyPairs.p256(new SecureRandom());
        String pem = CertificateRequest.write(pair, "spiffe://other/admin");

        assertThat(CertificateRequest.parse(pem))
                .as("the key alone")
                .isEqualTo(new CertificateRequest(pair.getPublic()));
        assertThatThrownBy(() -> CertificateRequest.parse(pem.replace("A", "B")))
                .as("a changed request")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_next_root_and_what_is_below_it_have_names_of_their_own() {
        CaSigner.InMemory next = Authority.newRoot(
                DOMAIN, 2, Profile.SPIFFE, Duration.ofDays(30), new Entropy(new SecureRandom(), () -> NOW));
        Authority below = Authority.of(next, next.certificate(), () -> NOW).intermediate("us-east");

        assertThat(List.of(root.root(), next.certificate(), usEast.certificate(), below.certificate()))
                .extracting(one -> one.getSubjectX500Principal().getName())
                .containsExactly(
                        "CN=corp.example root G1,O=Beringia",
                        "CN=corp.example root G2,O=Beringia",
                        "L=us-east,CN=corp.example intermediate G1,O=Beringia",
                        "L=us-east,CN=corp.example intermediate G2,O=Beringia");
    }

    @Test
    void pem_is_read_as_it_was_written() {
        X509Svid svid = usEast.svid(CART, Duration.ofHours(1));

        assertThat(Pem.certificates(Pem.write(svid.chain()))).as("chain").isEqualTo(svid.chain());
        assertThat(Pem.privateKey(Pem.write(svid.key()))).as("key").isEqualTo(svid.key());
    }

    @Test
    void nothing_that_is_printed_shows_a_key() {
        X509Svid svid = usEast.svid(CART, Duration.ofHours(1));

        assertThat(List.of(svid, root, usEast, shortRoot()).toString())
                .as("names only")
                .doesNotContain("PrivateKey", "BEGIN");
    }

    private CaSigner.InMemory shortRoot() {
        return Authority.newRoot(
                DOMAIN, Profile.SPIFFE, Duration.ofDays(30), new Entropy(new SecureRandom(), InstantSource.fixed(NOW)));
    }

    private static String hex(X509Certificate certificate, String oid) {
        return HexFormat.of().formatHex(certificate.getExtensionValue(oid));
    }
}
