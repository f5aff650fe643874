package io.beringia.trust.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.CacertsChange.Existing;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.Pem;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CacertsChangeTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private final Instant now = Instant.now();

    private final Authority oldRoot = Authority.root(DOMAIN);
    private final Authority newRoot = Authority.root(DOMAIN);
    private final CaSigner.InMemory signer = oldRoot.newIntermediate("us-east", Duration.ofDays(30));

    @Test
    void good_files_have_no_problems() {
        assertThat(PlugInCa.of(files()).problems(now)).isEmpty();
        assertThat(PlugInCa.of(with(PlugInCa.CHAIN, chain(signer.certificate(), oldRoot.root())))
                        .problems(now))
                .as("with the root at the end, as Istio's Makefile has it")
                .isEmpty();
    }

    @Test
    void all_files_or_none() {
        Map<String, String> three = files();
        three.remove(PlugInCa.CHAIN);

        assertThatThrownBy(() -> PlugInCa.of(three))
                .hasMessage(
                        "cert-chain.pem: missing (expected: ca-cert.pem, ca-key.pem, cert-chain.pem, root-cert.pem)");
    }

    @Test
    void a_root_key_stays_out_of_clusters() {
        CaSigner.InMemory root = Authority.newRoot(
                DOMAIN, Profile.SPIFFE, Duration.ofDays(30), new Entropy(new SecureRandom(), () -> now));
        Map<String, String> files = Map.of(
                PlugInCa.CERTIFICATE, Pem.write(root.certificate()),
                PlugInCa.KEY, Pem.write(root.key()),
                PlugInCa.CHAIN, Pem.write(root.certificate()),
                PlugInCa.ROOTS, Pem.write(root.certificate()));

        assertThat(PlugInCa.of(files).problems(now))
                .contains("ca-cert.pem: a root (expected: an intermediate, root keys stay out of clusters)");
    }

    @Test
    void files_that_do_not_belong_together_are_named_all_at_once() {
        CaSigner.InMemory other = newRoot.newIntermediate("us-east", Duration.ofDays(30));
        Map<String, String> mixed = files();
        mixed.put(PlugInCa.KEY, Pem.write(other.key()));
        mixed.put(PlugInCa.CHAIN, Pem.write(other.certificate()));
        mixed.put(PlugInCa.ROOTS, Pem.write(newRoot.root()));

        assertThat(PlugInCa.of(mixed).problems(now))
                .containsExactly(
                        "ca-key.pem: another key (expected: the key of ca-cert.pem)",
                        "cert-chain.pem: begins with another certificate (expected: with ca-cert.pem)",
                        "cert-chain.pem: leads to no root (expected: to one in root-cert.pem)");
    }

    @Test
    void an_expired_signer_is_a_problem() {
        assertThat(PlugInCa.of(files()).problems(now.plus(Duration.ofDays(31))))
                .singleElement()
                .asString()
                .startsWith("cert-chain.pem: ")
                .endsWith("(expected: now)");
    }

    @Test
    void a_workload_is_no_ca() {
        var svid = Authority.of(signer, oldRoot.root(), () -> now)
                .svid(SpiffeId.parse("spiffe://corp.example/ns/a/sa/b"), Duration.ofHours(1));
        Map<String, String> leaf = files();
        leaf.put(PlugInCa.CERTIFICATE, Pem.write(svid.leaf()));
        leaf.put(PlugInCa.KEY, Pem.write(svid.key()));
        leaf.put(PlugInCa.CHAIN, chain(svid.leaf(), signer.certificate()));

        assertThat(PlugInCa.of(leaf).problems(now))
                .containsExactly("ca-cert.pem: no CA (expected: basic constraints CA)");
    }

    @Test
    void the_first_secret_is_created_and_an_equal_one_left_alone() {
        assertThat(change(Optional.empty(), PlugInCa.of(files()), false)).isEqualTo(new CacertsChange.Create());
        assertThat(change(existing(files()), PlugInCa.of(files()), false)).isEqualTo(new CacertsChange.Rest());
    }

    @Test
    void another_intermediate_of_the_same_root_takes_its_place() {
        CaSigner.InMemory next = oldRoot.newIntermediate("us-east", Duration.ofDays(30));

        assertThat(change(existing(files()), PlugInCa.of(files(next, oldRoot.root())), false))
                .isEqualTo(new CacertsChange.Replace("7"));
    }

    @Test
    void roots_change_only_where_istiod_takes_several_and_only_one_set_within_the_other() {
        X509Certificate old = oldRoot.root();
        X509Certificate next = newRoot.root();
        CaSigner.InMemory nextSigner = newRoot.newIntermediate("us-east", Duration.ofDays(30));
        PlugInCa both = PlugInCa.of(files(signer, old, next));
        PlugInCa flipped = PlugInCa.of(files(nextSigner, old, next));
        PlugInCa after = PlugInCa.of(files(nextSigner, next));

        assertThat(List.of(
                        change(existing(files()), both, true),
                        change(existing(both.files()), flipped, true),
                        change(existing(flipped.files()), after, true)))
                .as("a rotation")
                .containsOnly(new CacertsChange.Replace("7"));
        assertThat(change(existing(files()), both, false)).isInstanceOf(CacertsChange.Refuse.class);
        assertThat(change(existing(both.files()), flipped, false))
                .as("the same roots, another signer")
                .isEqualTo(new CacertsChange.Replace("7"));
        assertThat(change(existing(files()), after, true)).asString().contains("first old and new roots together");
    }

    @Test
    void a_layout_with_one_root_counts_too() {
        Map<String, String> second = Map.of("ca.crt", Pem.write(newRoot.root()), "tls.crt", "", "tls.key", "");

        assertThat(change(existing(second), PlugInCa.of(files()), true)).isInstanceOf(CacertsChange.Refuse.class);
    }

    @Test
    void roots_in_force_that_nobody_can_read_are_not_replaced_blindly() {
        assertThat(change(existing(with(PlugInCa.ROOTS, "noise")), PlugInCa.of(files()), true))
                .asString()
                .contains("cacerts: its roots are unreadable, PEM: no block");
    }

    @Test
    void an_immutable_secret_is_not_replaced() {
        Existing fixed = new Existing(
                files(oldRoot.newIntermediate("us-east", Duration.ofDays(1)), oldRoot.root()), Map.of(), "7", true);

        assertThat(change(Optional.of(fixed), PlugInCa.of(files()), true)).isInstanceOf(CacertsChange.Refuse.class);
    }

    @Test
    void what_somebody_else_changed_is_kept_until_an_operator_has_looked() {
        PlugInCa left = PlugInCa.of(files());
        PlugInCa next = PlugInCa.of(files(oldRoot.newIntermediate("us-east", Duration.ofDays(30)), oldRoot.root()));
        Map<String, String> byHand = files(oldRoot.newIntermediate("us-east", Duration.ofDays(9)), oldRoot.root());
        Existing untouched = new Existing(left.files(), left.checksums(), "7", false);
        Existing touched = new Existing(byHand, left.checksums(), "7", false);
        Map<String, String> one = new HashMap<>(left.files());
        one.put("notes.txt", "mine");

        assertThat(untouched.drift()).isEmpty();
        assertThat(touched.drift()).containsExactly("ca-cert.pem", "ca-key.pem", "cert-chain.pem");
        assertThat(new Existing(one, left.checksums(), "7", false).drift()).containsExactly("notes.txt");
        assertThat(new Existing(byHand, Map.of(), "7", false).drift())
                .as("never ours")
                .isEmpty();
        assertThat(change(Optional.of(untouched), next, false)).isEqualTo(new CacertsChange.Replace("7"));
        assertThat(change(Optional.of(touched), next, false))
                .isEqualTo(new CacertsChange.Refuse("cacerts: ca-cert.pem, ca-key.pem, cert-chain.pem changed since it"
                        + " was written here (expected: as we left it)"));
        assertThat(CacertsChange.of(Optional.of(touched), next, false, CacertsChange.Drift.OVERWRITTEN))
                .isEqualTo(new CacertsChange.Replace("7"));
        assertThat(change(Optional.of(touched), PlugInCa.of(byHand), false))
                .as("what we want stands there already: it is recorded")
                .isEqualTo(new CacertsChange.Replace("7"));
    }

    @Test
    void nothing_shows_the_key() {
        assertThat(PlugInCa.of(files()) + " " + existing(files())).doesNotContain("PRIVATE");
    }

    private static CacertsChange change(Optional<Existing> existing, PlugInCa wanted, boolean isMultiRoot) {
        return CacertsChange.of(existing, wanted, isMultiRoot, CacertsChange.Drift.KEPT);
    }

    private Map<String, String> files() {
        return files(signer, oldRoot.root());
    }

    private static Map<String, String> files(CaSigner.InMemory signer, X509Certificate... roots) {
        Map<String, String> files = new HashMap<>();
        files.put(PlugInCa.CERTIFICATE, Pem.write(signer.certificate()));
        files.put(PlugInCa.KEY, Pem.write(signer.key()));
        files.put(PlugInCa.CHAIN, Pem.write(signer.certificate()));
        files.put(PlugInCa.ROOTS, chain(roots));
        return files;
    }

    private Map<String, String> with(String file, String text) {
        Map<String, String> files = files();
        files.put(file, text);
        return files;
    }

    private static String chain(X509Certificate... certificates) {
        return Pem.write(List.of(certificates));
    }

    private static Optional<Existing> existing(Map<String, String> files) {
        return Optional.of(new Existing(files, Map.of(), "7", false));
    }
}
