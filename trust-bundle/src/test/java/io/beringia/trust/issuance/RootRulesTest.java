package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RootRulesTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");
    private static final Instant WRITTEN = Instant.ofEpochMilli(5_000);

    private final X509Certificate signer = Authority.root(DOMAIN).root();
    private final X509Certificate next = Authority.root(DOMAIN).root();
    private final X509Certificate foreign = Authority.root(PARTNER).root();
    private final X509Certificate real =
            Authority.root(DOMAIN, Profile.SPIFFE, InstantSource.system()).root();
    private final TrustBundles published =
            new TrustBundles(1_000, Map.of(DOMAIN, List.of(signer), PARTNER, List.of(foreign)));
    private final RootRules rules = new RootRules(DOMAIN, signer, true);

    @Test
    void publishes_other_roots_of_our_domain_and_leaves_the_others_alone() {
        assertThat(rules.next(published, List.of(signer, next), WRITTEN))
                .as("outcome")
                .isEqualTo(new RootRules.Publish(
                        new TrustBundles(5_000, Map.of(DOMAIN, List.of(signer, next), PARTNER, List.of(foreign)))));
    }

    @Test
    void the_same_roots_are_no_news() {
        assertThat(rules.next(published, List.of(signer), WRITTEN))
                .as("outcome")
                .isEqualTo(new RootRules.Same());
    }

    @Test
    void a_sequence_grows_even_if_the_clock_of_the_files_does_not() {
        assertThat(RootRules.sequence(5_000, WRITTEN)).as("same tick").isEqualTo(5_001);
        assertThat(RootRules.sequence(9_000, WRITTEN)).as("clock went back").isEqualTo(9_001);
        assertThat(RootRules.sequence(0, WRITTEN)).as("after a restart").isEqualTo(5_000);
    }

    @Test
    void keeps_what_it_has_where_our_signers_root_is_missing_or_another_does_not_belong_here() {
        assertThat(rules.next(published, List.of(next), WRITTEN))
                .as("without the signer's")
                .isInstanceOfSatisfying(
                        RootRules.Keep.class, keep -> assertThat(keep.why()).contains("our signer's root"));
        assertThat(rules.next(published, List.of(signer, foreign), WRITTEN))
                .as("a root of another domain")
                .isInstanceOfSatisfying(
                        RootRules.Keep.class, keep -> assertThat(keep.why()).contains("one of partner.example"));
        assertThat(rules.next(published, List.of(signer, real), WRITTEN))
                .as("a real root beside static tokens")
                .isInstanceOfSatisfying(
                        RootRules.Keep.class, keep -> assertThat(keep.why()).contains("a root made with --demo"));
        assertThat(new RootRules(DOMAIN, signer, false).next(published, List.of(signer, real), WRITTEN))
                .as("without static tokens")
                .isInstanceOf(RootRules.Publish.class);
    }
}
