package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.client.proto.DomainRoots;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BundleRulesTest {
    private static final TrustDomain OWN = TrustDomain.parse("corp.example");
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");

    private final X509Certificate root = Authority.root(OWN).root();
    private final X509Certificate next = Authority.root(OWN).root();
    private final X509Certificate foreign = Authority.root(PARTNER).root();
    private final BundleRules rules = new BundleRules(OWN);
    private final BundleRules.Held held = new BundleRules.Held(7, new TrustBundles(7, Map.of(OWN, List.of(root))));

    @Test
    void takes_other_roots_of_a_higher_sequence() {
        Map<TrustDomain, List<X509Certificate>> offered = Map.of(OWN, List.of(root, next), PARTNER, List.of(foreign));

        assertThat(rules.judge(held, 8, offered))
                .as("outcome")
                .isEqualTo(new BundleRules.Taken(new BundleRules.Held(8, new TrustBundles(8, offered))));
    }

    @Test
    void a_generation_grows_even_past_a_servers_small_sequence() {
        BundleRules.Held fetched = new BundleRules.Held(0, new TrustBundles(3, Map.of(OWN, List.of(root))));

        assertThat(rules.judge(fetched, 1, Map.of(OWN, List.of(next))))
                .as("outcome")
                .isEqualTo(new BundleRules.Taken(
                        new BundleRules.Held(1, new TrustBundles(4, Map.of(OWN, List.of(next))))));
    }

    @Test
    void the_same_roots_change_nothing_but_the_sequence_which_never_falls() {
        assertThat(rules.judge(held, 9, Map.of(OWN, List.of(root))))
                .as("higher")
                .isEqualTo(new BundleRules.Same(new BundleRules.Held(9, held.bundles())));
        assertThat(rules.judge(held, 2, Map.of(OWN, List.of(root)))).as("lower").isEqualTo(new BundleRules.Same(held));
    }

    @Test
    void refuses_other_roots_of_a_lower_or_equal_sequence() {
        for (long sequence : new long[] {0, 6, 7}) {
            refuses(sequence, Map.of(OWN, List.of(next)), "by sequence " + sequence + " (expected: > 7)");
        }
    }

    @Test
    void refuses_to_be_left_without_a_root_of_our_own_domain() {
        refuses(8, Map.of(), "no root of corp.example");
        refuses(8, Map.of(OWN, List.of(), PARTNER, List.of(foreign)), "no root of corp.example");
    }

    @Test
    void refuses_a_root_that_would_speak_for_two_domains() {
        refuses(8, Map.of(OWN, List.of(root), PARTNER, List.of(root)), "a key of ours in our domain only");
    }

    @Test
    void a_root_that_two_foreign_domains_show_holds_nothing_up() {
        Map<TrustDomain, List<X509Certificate>> offered = Map.of(
                OWN,
                List.of(root, next),
                PARTNER,
                List.of(foreign),
                TrustDomain.parse("copy.example"),
                List.of(foreign));

        assertThat(rules.judge(held, 8, offered)).as("outcome").isInstanceOf(BundleRules.Taken.class);
    }

    @Test
    void what_is_written_reads_back() {
        TrustBundles bundles = new TrustBundles(9, Map.of(OWN, List.of(root, next), PARTNER, List.of(foreign)));

        BundlesState state = BundleMessages.state(bundles);

        assertThat(state.getSequence()).as("sequence").isEqualTo(9);
        assertThat(BundleMessages.roots(state)).as("roots").isEqualTo(bundles.roots());
        assertThat(BundleMessages.inForce(9, bundles))
                .as("digest")
                .isEqualTo(BundleMessages.inForce(9, new TrustBundles(1, bundles.roots())))
                .isNotEqualTo(BundleMessages.inForce(9, held.bundles()));
    }

    @Test
    void a_message_that_is_none_of_roots_is_malformed() {
        DomainRoots own =
                DomainRoots.newBuilder().setTrustDomain("corp.example").build();
        malformed(BundlesState.newBuilder().addDomains(own).addDomains(own), "twice");
        malformed(BundlesState.newBuilder().addDomains(own.toBuilder().setTrustDomain("Corp")), "Corp");
        malformed(
                BundlesState.newBuilder().addDomains(own.toBuilder().addRoots(ByteString.copyFromUtf8("x"))),
                "certificate");
        malformed(
                BundlesState.newBuilder()
                        .addAllDomains(IntStream.range(0, 65)
                                .mapToObj(i -> own.toBuilder()
                                        .setTrustDomain("d" + i + ".example")
                                        .build())
                                .toList()),
                "65 domains (expected: <= 64)");
    }

    private static void malformed(BundlesState.Builder state, String why) {
        assertThatThrownBy(() -> BundleMessages.roots(state.build()))
                .as(why)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private void refuses(long sequence, Map<TrustDomain, List<X509Certificate>> offered, String why) {
        assertThat(rules.judge(held, sequence, offered))
                .as(why)
                .isInstanceOfSatisfying(
                        BundleRules.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }
}
