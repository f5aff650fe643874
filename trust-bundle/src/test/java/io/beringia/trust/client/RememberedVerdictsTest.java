package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RememberedVerdictsTest {
    private static final String ID = "spiffe://td/ns/shop/sa/cart";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final RememberedVerdicts verifier = new RememberedVerdicts(4);
    private final Forged root = Forge.ca("CN=root", 1).selfSigned();
    private final TrustBundles bundles = bundles(root);

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.beringia.trust.client.SpiffeSuite#all")
    void says_of_each_chain_twice_what_the_suite_says(SpiffeCase each) {
        TrustBundles same = each.bundles();
        for (int i = 0; i < 2; i++) {
            PeerVerdict verdict = verifier.verify(each.chain(), each.role(), same, Forge.NOW);

            assertThat(reasonOf(verdict)).as("%s: %s", each, verdict).isEqualTo(each.refusal());
        }
    }

    @Test
    void does_not_look_twice_at_a_chain_that_it_verified() {
        List<byte[]> chain = List.of(leaf(root).der());

        PeerVerdict first = verifier.verify(chain, PeerRole.CLIENT, bundles, Forge.NOW);
        PeerVerdict second = verifier.verify(copies(chain), PeerRole.CLIENT, bundles, Forge.NOW.plusSeconds(1));

        assertThat(first).as("a right chain").isInstanceOf(Verified.class);
        assertThat(second).as("the same octets in other arrays").isSameAs(first);
    }

    /** The roots of one generation begin and end at different times, one CA has two certificates, and clocks jump. */
    @Test
    void says_at_every_moment_what_a_verifier_without_memory_says() {
        Forge maker = Forge.ca("CN=ca, L=us-east", 0);
        Forged early = lasting(maker, -30, 5).signedBy(root);
        Forge again = Forge.ca("CN=ca, L=us-east", 0).with(f -> f.pair = maker.pair);
        Forged late = lasting(again, 2, 40).signedBy(root);
        Forged leaf = lasting(Forge.leaf(ID), -20, 20).signedBy(early);
        Forged passing = lasting(Forge.ca("CN=root", 1), -3, 3).selfSigned();
        TrustBundles both = bundles(passing, root);
        List<byte[]> chain = List.of(leaf.der(), late.der(), early.der());
        SpiffeVerifier without = new SpiffeVerifier();
        Random random = new Random(20261130);
        List<Integer> edges = List.of(-30, -20, -3, 2, 3, 5, 20, 40, 60);

        for (int i = 0; i < 400; i++) {
            Instant now = Forge.NOW
                    .plus(MINUTE.multipliedBy(edges.get(random.nextInt(edges.size()))))
                    .plusMillis(List.of(-1_000, -1, 0, 1, 1_000, 30_000).get(random.nextInt(6)));

            assertThat(verifier.verify(chain, PeerRole.CLIENT, both, now))
                    .as("seed 20261130, step %d, at %s", i, now)
                    .isEqualTo(without.verify(chain, PeerRole.CLIENT, both, now));
        }
    }

    @Test
    void believes_nothing_that_other_roots_once_proved() {
        List<byte[]> chain = List.of(leaf(root).der());
        verifier.verify(chain, PeerRole.CLIENT, bundles, Forge.NOW);

        PeerVerdict verdict = verifier.verify(
                chain, PeerRole.CLIENT, bundles(Forge.ca("CN=root", 1).selfSigned()), Forge.NOW);

        assertThat(reasonOf(verdict))
                .as("the root is gone, whatever number the generation bears")
                .contains(RejectReason.NO_PATH);
    }

    @Test
    void remembers_a_client_as_a_client_only() {
        Forged client = Forge.leaf(ID)
                .replace(Extension.extendedKeyUsage, false, Forge.purposes(KeyPurposeId.id_kp_clientAuth))
                .signedBy(root);
        List<byte[]> chain = List.of(client.der());
        verifier.verify(chain, PeerRole.CLIENT, bundles, Forge.NOW);

        assertThat(verifier.verify(chain, PeerRole.SERVER, bundles, Forge.NOW))
                .as("it may not serve")
                .isInstanceOf(Rejected.class);
    }

    @Test
    void knows_no_chain_in_which_a_bit_was_flipped() {
        byte[] der = leaf(root).der();
        verifier.verify(List.of(der), PeerRole.CLIENT, bundles, Forge.NOW);
        Random random = new Random(20261130);

        for (int i = 0; i < 500; i++) {
            byte[] broken = der.clone();
            broken[random.nextInt(der.length)] ^= (byte) (1 << random.nextInt(8));

            assertThat(verifier.verify(List.of(broken), PeerRole.CLIENT, bundles, Forge.NOW))
                    .as("seed 20261130, step %d", i)
                    .isInstanceOf(Rejected.class);
        }
    }

    @Test
    void forgets_whom_it_did_not_see_for_long_and_keeps_whom_it_sees() {
        List<byte[]> regular = List.of(leaf(root).der());
        PeerVerdict first = verifier.verify(regular, PeerRole.CLIENT, bundles, Forge.NOW);

        for (int i = 0; i < 20; i++) {
            verifier.verify(List.of(leaf(root).der()), PeerRole.CLIENT, bundles, Forge.NOW);
            assertThat(verifier.verify(regular, PeerRole.CLIENT, bundles, Forge.NOW))
                    .as("after %d others", i + 1)
                    .isSameAs(first);
        }

        assertThat(verifier.size()).as("two shelves of four").isLessThanOrEqualTo(8);
    }

    @Test
    void remembers_nobody_whom_it_refused() {
        verifier.verify(List.of(leaf(Forge.ca("CN=root", 1).selfSigned()).der()), PeerRole.CLIENT, bundles, Forge.NOW);

        assertThat(verifier.size()).as("verdicts").isZero();
    }

    @Test
    void rejects_whatever_fails_inside() {
        List<byte[]> explosive = new AbstractList<>() {
            @Override
            public byte[] get(int index) {
                throw new IllegalStateException("boom");
            }

            @Override
            public int size() {
                return 1;
            }
        };

        assertThat(verifier.verify(explosive, PeerRole.CLIENT, bundles, Forge.NOW))
                .as("the class alone, no message")
                .isEqualTo(new Rejected(RejectReason.INTERNAL, "IllegalStateException"));
    }

    private static Forged leaf(Forged issuer) {
        return Forge.leaf(ID).signedBy(issuer);
    }

    private static Forge lasting(Forge made, int fromMinute, int toMinute) {
        made.notBefore = Forge.NOW.plus(MINUTE.multipliedBy(fromMinute));
        made.notAfter = Forge.NOW.plus(MINUTE.multipliedBy(toMinute));
        return made;
    }

    private static List<byte[]> copies(List<byte[]> chain) {
        List<byte[]> copies = new ArrayList<>();
        chain.forEach(der -> copies.add(der.clone()));
        return copies;
    }

    private static TrustBundles bundles(Forged... roots) {
        return new TrustBundles(
                7,
                Map.of(
                        TrustDomain.parse("td"),
                        Stream.of(roots).map(Forged::certificate).toList()));
    }

    private static Optional<RejectReason> reasonOf(PeerVerdict verdict) {
        return switch (verdict) {
            case Verified _ -> Optional.empty();
            case Rejected rejected -> Optional.of(rejected.reason());
        };
    }
}
