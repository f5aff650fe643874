package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SpiffeVerifierTest {
    private static final String ID = "spiffe://td/ns/shop/sa/cart";
    private final SpiffeVerifier verifier = new SpiffeVerifier();

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.beringia.trust.client.SpiffeSuite#all")
    void says_of_each_chain_what_the_suite_says(SpiffeCase each) {
        PeerVerdict verdict = verifier.verify(each.chain(), each.role(), each.bundles(), Forge.NOW);

        assertThat(reasonOf(verdict)).as("%s: %s", each, verdict).isEqualTo(each.refusal());
    }

    @Test
    void names_identity_cluster_fingerprints_generation_and_earliest_end() {
        Forged root = Forge.ca("CN=root", 1).selfSigned();
        Forged ca = Forge.ca("CN=ca, L=us-east", 0)
                .with(f -> f.notAfter = Forge.NOW.plus(Duration.ofMinutes(5)))
                .signedBy(root);
        Forged leaf = Forge.leaf(ID).signedBy(ca);

        PeerVerdict verdict = verifier.verify(List.of(leaf.der(), ca.der()), PeerRole.CLIENT, bundles(root), Forge.NOW);

        assertThat(verdict)
                .as("the whole verdict")
                .isEqualTo(new Verified(
                        SpiffeId.parse(ID),
                        Optional.of("us-east"),
                        io.beringia.trust.pki.Fingerprint.sha256(leaf.der()),
                        io.beringia.trust.pki.Fingerprint.sha256(root.der()),
                        7,
                        Forge.NOW.plus(Duration.ofMinutes(5))));
    }

    @Test
    void names_no_cluster_where_the_root_issued_the_leaf() {
        Forged root = Forge.ca("CN=root, L=us-east", 1).selfSigned();
        Forged leaf = Forge.leaf(ID).signedBy(root);

        PeerVerdict verdict = verifier.verify(List.of(leaf.der()), PeerRole.CLIENT, bundles(root), Forge.NOW);

        assertThat(((Verified) verdict).cluster())
                .as("a root speaks for no cluster")
                .isEmpty();
    }

    @Test
    void rejects_whatever_fails_inside() {
        List<byte[]> explosive = new java.util.AbstractList<>() {
            @Override
            public byte[] get(int index) {
                throw new IllegalStateException("boom");
            }

            @Override
            public int size() {
                return 1;
            }
        };

        PeerVerdict verdict = verifier.verify(explosive, PeerRole.CLIENT, TrustBundles.EMPTY, Forge.NOW);

        assertThat(verdict)
                .as("the class alone, no message")
                .isEqualTo(new Rejected(RejectReason.INTERNAL, "IllegalStateException"));
    }

    @Test
    void no_flipped_bit_of_a_chain_changes_who_somebody_is() {
        Forged root = Forge.ca("CN=root", 1).selfSigned();
        Forged ca = Forge.ca("CN=ca", 0).knowing(root).signedBy(root);
        Forged leaf = Forge.leaf(ID).knowing(ca).signedBy(ca);
        Random random = new Random(20260601);

        for (int i = 0; i < 2_000; i++) {
            byte[] broken = flip(i % 2 == 0 ? leaf.der() : ca.der(), random);
            List<byte[]> chain = i % 2 == 0 ? List.of(broken, ca.der()) : List.of(leaf.der(), broken);

            PeerVerdict verdict = verifier.verify(chain, PeerRole.CLIENT, bundles(root), Forge.NOW);

            assertThat(verdict).as("seed 20260601, step %d", i).isInstanceOf(Rejected.class);
        }
    }

    private static byte[] flip(byte[] der, Random random) {
        byte[] broken = Arrays.copyOf(der, der.length);
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
        return broken;
    }

    private static TrustBundles bundles(Forged root) {
        return new TrustBundles(7, Map.of(TrustDomain.parse("td"), List.of(root.certificate())));
    }

    private static Optional<RejectReason> reasonOf(PeerVerdict verdict) {
        return switch (verdict) {
            case Verified verified -> Optional.empty();
            case Rejected rejected -> Optional.of(rejected.reason());
        };
    }
}
