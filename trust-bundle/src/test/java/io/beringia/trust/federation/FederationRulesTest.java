package io.beringia.trust.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FederationRulesTest {
    private static final TrustDomain OWN = TrustDomain.parse("corp.example");
    private static final TrustDomain EAST = TrustDomain.parse("east.example");
    private static final TrustDomain WEST = TrustDomain.parse("west.example");

    private final X509Certificate own = Authority.root(OWN).root();
    private final X509Certificate east = Authority.root(EAST).root();
    private final X509Certificate west = Authority.root(WEST).root();

    @Test
    void a_document_is_taken_unless_its_sequence_goes_back() {
        assertThat(judged(Optional.empty(), document(3, east))).as("first").isInstanceOf(SequenceRules.Taken.class);
        assertThat(judged(3, east, document(4, east, west))).as("higher").isInstanceOf(SequenceRules.Taken.class);
        assertThat(judged(3, east, document(4, east)))
                .as("higher, and kept so that nothing lower comes after it")
                .isInstanceOf(SequenceRules.Taken.class);
        assertThat(judged(3, east, document(3, east))).as("same").isInstanceOf(SequenceRules.Same.class);
        refuses(document(2, east), "spiffe_sequence: 2 (expected: >= 3;");
        refuses(document(3, west), "others by the same spiffe_sequence, 3");
        refuses(document(3), "others by the same spiffe_sequence, 3");
        refuses(uncounted(east), "spiffe_sequence: none (expected: >= 3;");
    }

    @Test
    void who_counts_nothing_may_change_at_will() {
        assertThat(judged(Optional.of(uncounted(east)), uncounted(west)))
                .as("other roots")
                .isInstanceOf(SequenceRules.Taken.class);
        assertThat(judged(Optional.of(uncounted(east)), uncounted(east)))
                .as("the same")
                .isInstanceOf(SequenceRules.Same.class);
        assertThat(judged(Optional.of(uncounted(east)), document(0, east)))
                .as("begins to count")
                .isInstanceOf(SequenceRules.Taken.class);
    }

    @Test
    void no_roots_are_obeyed_and_told() {
        assertThat(judged(3, east, document(4))).as("counted").isInstanceOf(SequenceRules.Withdrawn.class);
        assertThat(judged(Optional.of(uncounted(east)), uncounted()))
                .as("uncounted")
                .isInstanceOf(SequenceRules.Withdrawn.class);
        assertThat(judged(Optional.of(document(4)), document(4)))
                .as("told once")
                .isInstanceOf(SequenceRules.Same.class);
    }

    @Test
    void roots_of_domains_stand_beside_one_another_and_are_never_pooled() {
        assertThat(ForeignRoots.beside(List.of(own), Map.of(EAST, List.of(east), WEST, List.of(west))))
                .as("foreign roots")
                .isEqualTo(new ForeignRoots(Map.of(EAST, List.of(east), WEST, List.of(west)), List.of()));
    }

    @Test
    void a_key_of_ours_is_nobody_elses() {
        assertThat(ForeignRoots.beside(List.of(own), Map.of(EAST, List.of(east, own), WEST, List.of(own))))
                .as("foreign roots")
                .isEqualTo(new ForeignRoots(
                        Map.of(EAST, List.of(east)),
                        List.of(
                                "bundle of east.example: a root key of our own (expected: none, it is dropped)",
                                "bundle of west.example: a root key of our own (expected: none, it is dropped)")));
    }

    @Test
    void a_neighbours_root_is_taken_away_by_nobody_who_shows_it_too() {
        Map<TrustDomain, List<X509Certificate>> offered = Map.of(EAST, List.of(east), WEST, List.of(west, east));

        assertThat(ForeignRoots.beside(List.of(own), offered))
                .as("foreign roots")
                .isEqualTo(new ForeignRoots(
                        offered,
                        List.of("bundles of east.example and west.example: one root key in both"
                                + " (expected: a key in one domain only)")));
    }

    private void refuses(BundleDocument offered, String why) {
        assertThat(judged(3, east, offered))
                .as(why)
                .isInstanceOfSatisfying(
                        SequenceRules.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    private static SequenceRules.Outcome judged(long sequence, X509Certificate root, BundleDocument offered) {
        return judged(Optional.of(document(sequence, root)), offered);
    }

    private static SequenceRules.Outcome judged(Optional<BundleDocument> held, BundleDocument offered) {
        return SequenceRules.judge(held, offered);
    }

    private static BundleDocument document(long sequence, X509Certificate... roots) {
        return new BundleDocument(EAST, Optional.of(sequence), Optional.empty(), List.of(roots), List.of());
    }

    private static BundleDocument uncounted(X509Certificate... roots) {
        return new BundleDocument(EAST, Optional.empty(), Optional.empty(), List.of(roots), List.of());
    }
}
