package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.Enforcement;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.VirtualConstraints;
import io.beringia.trust.pki.Fingerprint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class IssuerRulesTest {
    private static final Pattern KEY = Pattern.compile("(?m)^key (\\S+)");

    private final Mesh mesh = new Mesh();
    private final SpiffeVerifier verifier = new SpiffeVerifier();

    @Test
    void refuses_and_names_clusters_as_the_script_says() {
        for (Script.Block block : Script.read("issuers.txt").blocks()) {
            TrustBundles bundles = mesh.bundles(Enforcement.ENFORCE, block.commands());

            assertThat(block.expected().stream()
                            .map(line -> line.replaceFirst(" .*", ""))
                            .map(peer -> peer + " " + said(mesh.verdict(verifier, peer, bundles)))
                            .toList())
                    .as(String.join("; ", block.commands()))
                    .isEqualTo(block.expected());
        }
    }

    /** Whoever turns observing into enforcing loses just those of whom it told, and nobody changes his cluster. */
    @Test
    void observes_just_whom_it_would_refuse() {
        for (Script.Block block : Script.read("issuers.txt").blocks()) {
            for (String peer : Mesh.CHAINS.keySet()) {
                PeerVerdict enforced =
                        mesh.verdict(verifier, peer, mesh.bundles(Enforcement.ENFORCE, block.commands()));
                Verified observed =
                        (Verified) mesh.verdict(verifier, peer, mesh.bundles(Enforcement.OBSERVE, block.commands()));

                switch (enforced) {
                    case Rejected why ->
                        assertThat(observed.observed())
                                .as("%s: %s", peer, block)
                                .contains(why);
                    case Verified same ->
                        assertThat(observed).as("%s: %s", peer, block).isEqualTo(same);
                }
            }
        }
    }

    @Test
    void says_who_spoke_for_whom() {
        TrustBundles bundles = mesh.bundles(Enforcement.ENFORCE, List.of("key west namespace=shop"));

        assertThat(mesh.verdict(verifier, "west-web", bundles))
                .isEqualTo(new Rejected(
                        RejectReason.VIRTUAL_CONSTRAINT,
                        "issuer: speaks for spiffe://td/ns/web/sa/one (expected: of namespace shop)"));
    }

    /** Whoever may make CAs below a root chooses their names. */
    @Test
    void a_name_of_an_issuer_breaks_no_line_of_a_log() {
        Forged odd = Forge.ca("CN=odd, L=us\\0Awest", 0).signedBy(mesh.forged("root"));
        Forged leaf = Forge.leaf("spiffe://td/ns/web/sa/one").signedBy(odd);

        assertThat(verifier.verify(
                        List.of(leaf.der(), odd.der()),
                        PeerRole.CLIENT,
                        mesh.bundles(Enforcement.ENFORCE, List.of("domain td cluster=us-east")),
                        Forge.NOW))
                .isEqualTo(
                        new Rejected(
                                RejectReason.VIRTUAL_CONSTRAINT,
                                "issuer: speaks for spiffe://td/ns/web/sa/one of cluster us\\u000awest (expected: of us-east)"));
    }

    @Test
    void a_chain_that_is_remembered_is_judged_again_when_issuers_are_limited() {
        RememberedVerdicts remembered = new RememberedVerdicts();
        TrustBundles before = mesh.bundles(Enforcement.ENFORCE, List.of());
        TrustBundles after = mesh.bundles(Enforcement.ENFORCE, List.of("key west namespace=shop"));

        assertThat(mesh.verdict(remembered, "west-web", before)).isInstanceOf(Verified.class);
        assertThat(said(mesh.verdict(remembered, "west-web", after))).isEqualTo("virtual-constraint");
        assertThat(mesh.verdict(remembered, "west-web", before)).as("and back").isInstanceOf(Verified.class);
    }

    /** Whom a limit refuses by one path may still be proved by another. */
    @Test
    void goes_on_to_another_certificate_of_the_same_issuer() {
        Forged sub = mesh.forged("sub");
        Forge again = Forge.ca("CN=sub, L=us-east", 0).with(f -> f.pair = sub.pair());
        List<byte[]> chain = List.of(
                mesh.forged("sub-shop").der(),
                sub.der(),
                mesh.forged("loose").der(),
                again.signedBy(mesh.forged("root")).der());

        assertThat(said(verifier.verify(
                        chain, PeerRole.CLIENT, mesh.bundles(Enforcement.ENFORCE, List.of()), Forge.NOW)))
                .as("one is signed by an issuer of another cluster, one by the root")
                .isEqualTo("us-east");
    }

    private static String said(PeerVerdict verdict) {
        return switch (verdict) {
            case Verified peer -> peer.cluster().orElse("-");
            case Rejected rejected -> rejected.reason().word();
        };
    }

    /** Who issued whom; see the head of the script. */
    private static final class Mesh {
        /** Each peer, and whom it presents above itself. */
        private static final Map<String, List<String>> CHAINS = Map.of(
                "west-shop", List.of("west"),
                "west-web", List.of("west"),
                "west-odd", List.of("west"),
                "plain-shop", List.of("plain"),
                "direct-shop", List.of(),
                "sub-shop", List.of("sub", "loose"),
                "bare-shop", List.of("bare", "loose"));

        private final Map<String, Forged> all = new HashMap<>();

        private Mesh() {
            ca("root", Forge.ca("CN=root, L=nowhere", 2).selfSigned());
            ca("west", Forge.ca("CN=west, L=us-west", 0).signedBy(forged("root")));
            ca("plain", Forge.ca("CN=plain", 0).signedBy(forged("root")));
            ca("loose", Forge.ca("CN=loose, L=us-west", 1).signedBy(forged("root")));
            ca("sub", Forge.ca("CN=sub, L=us-east", 0).signedBy(forged("loose")));
            ca("bare", Forge.ca("CN=bare", 0).signedBy(forged("loose")));
            CHAINS.forEach((peer, above) -> all.put(
                    peer,
                    Forge.leaf(id(peer))
                            .signedBy(forged(above.stream().findFirst().orElse("root")))));
        }

        private void ca(String name, Forged made) {
            all.put(name, made);
        }

        private static String id(String peer) {
            String namespace = peer.substring(peer.indexOf('-') + 1);
            return namespace.equals("odd") ? "spiffe://td/odd" : "spiffe://td/ns/" + namespace + "/sa/one";
        }

        Forged forged(String name) {
            return Optional.ofNullable(all.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
        }

        TrustBundles bundles(Enforcement enforcement, List<String> issuers) {
            String text = KEY.matcher(String.join("\n", issuers)).replaceAll(it -> "key " + keyOf(it.group(1)));
            return new TrustBundles(
                            7,
                            Map.of(
                                    TrustDomain.parse("td"),
                                    List.of(forged("root").certificate())))
                    .with(new Revocations(
                            1, List.of(), CrlPolicy.OPEN, Denylist.EMPTY, VirtualConstraints.parse(enforcement, text)));
        }

        private String keyOf(String issuer) {
            return Fingerprint.sha256(forged(issuer).pair().getPublic().getEncoded());
        }

        PeerVerdict verdict(PeerVerifier asked, String peer, TrustBundles bundles) {
            List<byte[]> chain = Stream.concat(
                            Stream.of(peer), Optional.ofNullable(CHAINS.get(peer)).orElseThrow().stream())
                    .map(one -> forged(one).der())
                    .toList();
            return asked.verify(chain, PeerRole.CLIENT, bundles, Forge.NOW);
        }
    }
}
