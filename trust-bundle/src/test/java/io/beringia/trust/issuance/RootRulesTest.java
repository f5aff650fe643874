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
import java.util.function.Consumer;
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
        assertThat(rules.next(published, List.of(signer, next), Map.of(PARTNER, List.of(foreign)), WRITTEN))
                .as("published")
                .contains(new TrustBundles(5_000, Map.of(DOMAIN, List.of(signer, next), PARTNER, List.of(foreign))));
    }

    @Test
    void publishes_what_foreign_domains_withdraw_and_add() {
        assertThat(rules.next(published, List.of(signer), Map.of(), WRITTEN))
                .as("withdrawn")
                .contains(new TrustBundles(5_000, Map.of(DOMAIN, List.of(signer))));
        assertThat(rules.next(published, List.of(signer), Map.of(PARTNER, List.of(foreign, next)), Instant.EPOCH))
                .as("added, by a folder whose clock is behind")
                .contains(new TrustBundles(1_001, Map.of(DOMAIN, List.of(signer), PARTNER, List.of(foreign, next))));
    }

    @Test
    void the_same_roots_are_no_news() {
        assertThat(rules.next(published, List.of(signer), Map.of(PARTNER, List.of(foreign)), WRITTEN))
                .as("published")
                .isEmpty();
    }

    @Test
    void a_sequence_grows_even_if_the_clock_of_the_files_does_not() {
        assertThat(RootRules.sequence(5_000, WRITTEN)).as("same tick").isEqualTo(5_001);
        assertThat(RootRules.sequence(9_000, WRITTEN)).as("clock went back").isEqualTo(9_001);
        assertThat(RootRules.sequence(0, WRITTEN)).as("after a restart").isEqualTo(5_000);
    }

    @Test
    void our_signers_root_is_missed_and_one_that_does_not_belong_here_is_found() {
        assertThat(rules.fault(List.of(next)))
                .as("without the signer's")
                .hasValueSatisfying(holds("our signer's root"));
        assertThat(rules.fault(List.of(signer, foreign)))
                .as("a root of another domain")
                .hasValueSatisfying(holds("one of partner.example"));
        assertThat(rules.fault(List.of(signer, real)))
                .as("a real root beside static tokens")
                .hasValueSatisfying(holds("a root made with --demo"));
        assertThat(new RootRules(DOMAIN, signer, false).fault(List.of(signer, real)))
                .as("without static tokens")
                .isEmpty();
        assertThat(rules.fault(List.of(signer, next))).as("two of ours").isEmpty();
    }

    private static Consumer<String> holds(String part) {
        return fault -> assertThat(fault).as("why").contains(part);
    }
}
