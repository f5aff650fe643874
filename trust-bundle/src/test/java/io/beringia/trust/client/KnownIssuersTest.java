package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.ParsedCertificate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KnownIssuersTest {
    private static final String ID = "spiffe://td/ns/shop/sa/cart";

    private final Forged root = Forge.ca("CN=root", 1).selfSigned();
    private final Forged ca = Forge.ca("CN=ca, L=us-east", 0).signedBy(root);
    private final TrustBundles bundles =
            new TrustBundles(7, Map.of(TrustDomain.parse("td"), List.of(root.certificate())));
    private final KnownIssuers known = new KnownIssuers(bundles);

    /** All sentences of the suite, each chain again when the CAs of the others and its own are known. */
    @ParameterizedTest
    @EnumSource(PeerRole.class)
    void changes_no_verdict_of_the_suite(PeerRole role) {
        SpiffeSuite.all().forEach(each -> {
            TrustBundles same = each.bundles();
            KnownIssuers memory = new KnownIssuers(same);
            PeerVerdict without = new SpiffeVerifier().verify(each.chain(), role, same, Forge.NOW);
            for (int i = 0; i < 2; i++) {
                assertThat(SpiffeVerifier.judge(each.chain(), role, memory, Forge.NOW)
                                .verdict())
                        .as("%s, time %d", each, i)
                        .isEqualTo(without);
            }
        });
    }

    @Test
    void reads_a_known_ca_and_a_root_once_and_each_leaf_anew() {
        List<byte[]> first = List.of(leaf(ca).der(), ca.der());
        assertThat(judged(first)).as("a right chain").isInstanceOf(Verified.class);
        ParsedCertificate read = known.parse(first).getLast();

        List<ParsedCertificate> second =
                known.parse(List.of(leaf(ca).der(), ca.der().clone()));

        assertThat(second.getLast()).as("the CA in another array").isSameAs(read);
        assertThat(known.anchors(TrustDomain.parse("td")).getFirst())
                .as("the root")
                .isSameAs(known.anchors(TrustDomain.parse("td")).getFirst());
        assertThat(known.parse(first).getFirst())
                .as("the leaf")
                .isNotSameAs(known.parse(first).getFirst());
    }

    @Test
    void asks_once_whose_key_signed_a_ca_and_each_time_whose_signed_a_leaf() {
        ParsedCertificate stranger = parsed(Forge.ca("CN=root", 1).selfSigned());
        ParsedCertificate leaf = parsed(leaf(root));
        assertThat(known.isSigned(parsed(ca), stranger)).as("asked").isFalse();

        known.remember(List.of(leaf, parsed(ca), stranger));

        assertThat(known.isSigned(parsed(ca), stranger)).as("remembered").isTrue();
        assertThat(known.isSigned(leaf, parsed(ca))).as("a leaf, by its CA").isFalse();
        assertThat(known.isSigned(parsed(ca), leaf)).as("another pair").isFalse();
    }

    @Test
    void knows_no_ca_in_which_a_bit_was_flipped() {
        Forged leaf = leaf(ca);
        judged(List.of(leaf.der(), ca.der()));
        Random random = new Random(20261201);

        for (int i = 0; i < 500; i++) {
            byte[] broken = ca.der().clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));

            assertThat(judged(List.of(leaf.der(), broken)))
                    .as("seed 20261201, step %d", i)
                    .isInstanceOf(Rejected.class);
        }
        assertThat(known.size()).as("CAs").isEqualTo(1);
    }

    @Test
    void learns_no_ca_from_a_chain_that_it_refuses() {
        Forged own = Forge.ca("CN=root", 1).selfSigned();
        Forged stranger = Forge.ca("CN=ca, L=us-east", 0).signedBy(own);
        judged(List.of(leaf(stranger).der(), stranger.der(), own.der()));
        judged(List.of(Forge.leaf(ID).with(Forge::expire).signedBy(ca).der(), ca.der()));

        assertThat(known.size()).as("CAs").isZero();
    }

    @Test
    void asks_the_rules_of_a_known_ca_at_each_time_anew() {
        judged(List.of(leaf(ca).der(), ca.der()));
        Forged lasting = Forge.leaf(ID)
                .with(leaf -> leaf.notAfter = Forge.NOW.plusSeconds(100_000))
                .signedBy(ca);

        PeerVerdict later = SpiffeVerifier.judge(
                        List.of(lasting.der(), ca.der()), PeerRole.CLIENT, known, Forge.NOW.plusSeconds(50_000))
                .verdict();

        assertThat(later)
                .isInstanceOfSatisfying(
                        Rejected.class, why -> assertThat(why.reason()).isEqualTo(RejectReason.EXPIRED));
    }

    @Test
    void a_denylist_that_names_a_known_ca_counts_at_once() {
        RememberedVerdicts verifier = new RememberedVerdicts();
        assertThat(verifier.verify(List.of(leaf(ca).der(), ca.der()), PeerRole.CLIENT, bundles, Forge.NOW))
                .isInstanceOf(Verified.class);
        Denylist denied =
                new Denylist(Set.of(), Set.of(), Set.of(), Set.of(parsed(ca).sha256()));

        PeerVerdict after = verifier.verify(
                List.of(leaf(ca).der(), ca.der()),
                PeerRole.CLIENT,
                bundles.with(new Revocations(1, List.of(), CrlPolicy.OPEN, denied)),
                Forge.NOW);

        assertThat(after)
                .isInstanceOfSatisfying(
                        Rejected.class, why -> assertThat(why.reason()).isEqualTo(RejectReason.DENIED));
    }

    @Test
    void has_room_for_a_few_cas_and_knows_the_newest() {
        KnownIssuers small = new KnownIssuers(bundles, 4);
        List<Forged> cas = IntStream.range(0, 10)
                .mapToObj(i -> Forge.ca("CN=ca " + i, 0).signedBy(root))
                .toList();
        for (Forged each : cas) {
            SpiffeVerifier.judge(List.of(leaf(each).der(), each.der()), PeerRole.CLIENT, small, Forge.NOW);
            assertThat(small.size()).as("CAs").isBetween(1, 4);
            assertThat(Stream.generate(() ->
                                    small.parse(List.of(root.der(), each.der())).getLast())
                            .limit(2)
                            .distinct())
                    .as("read once")
                    .hasSize(1);
        }
    }

    private PeerVerdict judged(List<byte[]> chain) {
        return SpiffeVerifier.judge(chain, PeerRole.CLIENT, known, Forge.NOW).verdict();
    }

    private static Forged leaf(Forged issuer) {
        return Forge.leaf(ID).signedBy(issuer);
    }

    private static ParsedCertificate parsed(Forged certificate) {
        return ParsedCertificate.parse(certificate.der());
    }
}
