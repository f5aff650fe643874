package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.ParsedCrl;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

final class RevocationRulesTest {
    private static final Pattern LIST =
            Pattern.compile("list of (\\w+)( by another key)? takes back ([\\w-]+)(, overdue)?");
    private static final Pattern DENY = Pattern.compile("deny (\\w+) of ([\\w-]+)");
    private static final List<String> PEERS = List.of("cart", "web", "shop", "root-leaf");

    private final Mesh mesh = new Mesh();

    @Test
    void judges_each_path_as_the_script_says() {
        for (Script.Block block : Script.read("revocations.txt").blocks()) {
            TrustBundles bundles = mesh.bundles().with(revocations(block.commands()));

            assertThat(PEERS.stream()
                            .map(peer -> peer + " " + word(mesh.verdict(peer, bundles, Forge.NOW)))
                            .toList())
                    .as(String.join("; ", block.commands()))
                    .isEqualTo(block.expected());
        }
    }

    @Test
    void says_which_list_took_back_which_certificate() {
        TrustBundles bundles = mesh.bundles().with(revocations(List.of("list of root takes back east")));

        assertThat(mesh.verdict("web", bundles, Forge.NOW))
                .asString()
                .contains("CRL of CN=root, number 1: takes back certificate with serial 1389");
    }

    /** A verdict that is remembered ends with the list that it rests on. */
    @Test
    void remembers_no_longer_than_a_list_is_in_force() {
        RememberedVerdicts verifier = new RememberedVerdicts();
        TrustBundles bundles = mesh.bundles()
                .with(revocations(
                        List.of("strict", "list of root takes back nobody", "list of east takes back nobody")));
        List<byte[]> chain = mesh.chain("web");
        Instant end = Forge.NOW.plus(Mesh.IN_FORCE);

        assertThat(verifier.verify(chain, PeerRole.CLIENT, bundles, Forge.NOW)).isInstanceOf(Verified.class);
        assertThat(verifier.verify(chain, PeerRole.CLIENT, bundles, end)).isInstanceOf(Verified.class);
        assertThat(word(verifier.verify(chain, PeerRole.CLIENT, bundles, end.plusSeconds(1))))
                .as("a second later")
                .isEqualTo("revocation-unknown");
    }

    @Test
    void believes_a_remembered_chain_no_more_under_new_lists() {
        RememberedVerdicts verifier = new RememberedVerdicts();
        List<byte[]> chain = mesh.chain("web");
        verifier.verify(chain, PeerRole.CLIENT, mesh.bundles(), Forge.NOW);

        TrustBundles newer = mesh.bundles().with(revocations(List.of("list of east takes back web")));

        assertThat(word(verifier.verify(chain, PeerRole.CLIENT, newer, Forge.NOW)))
                .isEqualTo("revoked");
    }

    private Revocations revocations(List<String> commands) {
        CrlPolicy policy = commands.contains("strict") ? CrlPolicy.STRICT : CrlPolicy.OPEN;
        List<RevocationList> lists = new ArrayList<>();
        StringBuilder denied = new StringBuilder();
        commands.forEach(command -> {
            LIST.matcher(command).results().forEach(it -> lists.add(list(it)));
            DENY.matcher(command).results().forEach(it -> denied.append(entry(it.group(1), it.group(2))));
        });
        return new Revocations(1, lists, policy, Denylist.parse(denied.toString()));
    }

    private RevocationList list(MatchResult said) {
        Instant from = said.group(4) == null ? Forge.NOW : Forge.NOW.minus(Mesh.IN_FORCE.plusSeconds(1));
        ForgedList list = new ForgedList(from, from.plus(Mesh.IN_FORCE)).numbered(1);
        if (!said.group(3).equals("nobody")) {
            list.takingBack(mesh.serial(said.group(3)));
        }
        Forged issuer = mesh.forged(said.group(1));
        KeyPair signer = said.group(2) == null ? issuer.pair() : Forge.ec("secp256r1");
        return ParsedCrl.parse(list.signedBy(issuer, signer.getPrivate()));
    }

    private String entry(String kind, String whose) {
        Forged forged = mesh.forged(whose);
        return kind + " "
                + switch (kind) {
                    case "id" -> Mesh.id(whose);
                    case "serial" -> mesh.serial(whose).toString(16);
                    case "key" -> Fingerprint.sha256(forged.pair().getPublic().getEncoded());
                    case "certificate" -> Fingerprint.sha256(forged.der());
                    default -> throw new IllegalArgumentException(kind);
                }
                + "\n";
    }

    private static String word(PeerVerdict verdict) {
        return switch (verdict) {
            case Verified _ -> "verified";
            case Rejected rejected -> rejected.reason().word();
        };
    }

    /** Who issued whom; see the head of the script. */
    private static final class Mesh {
        static final Duration IN_FORCE = Duration.ofMinutes(10);
        private final Map<String, Forged> all;

        private Mesh() {
            Forged root =
                    Forge.ca("CN=root", 2).with(f -> f.serial = BigInteger.ONE).selfSigned();
            Forged east = Forge.ca("CN=east", 0)
                    .with(f -> f.serial = BigInteger.valueOf(5001))
                    .signedBy(root);
            Forged plain = Forge.ca("CN=plain", 0)
                    .with(f -> f.serial = BigInteger.valueOf(5002))
                    .replace(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                    .signedBy(root);
            all = Map.of(
                    "root", root,
                    "east", east,
                    "plain", plain,
                    "cart", leaf("cart", 1).signedBy(east),
                    "web", leaf("web", 2).signedBy(east),
                    "shop", leaf("shop", 3).signedBy(plain),
                    "root-leaf", leaf("root-leaf", 4).signedBy(root));
        }

        private static Forge leaf(String name, int serial) {
            return Forge.leaf(id(name)).with(f -> f.serial = BigInteger.valueOf(7000 + serial));
        }

        static String id(String name) {
            return "spiffe://td/ns/demo/sa/" + name;
        }

        Forged forged(String name) {
            return Optional.ofNullable(all.get(name)).orElseThrow();
        }

        BigInteger serial(String name) {
            return forged(name).certificate().getSerialNumber();
        }

        TrustBundles bundles() {
            return new TrustBundles(
                    7, Map.of(TrustDomain.parse("td"), List.of(forged("root").certificate())));
        }

        List<byte[]> chain(String peer) {
            byte[] leaf = forged(peer).der();
            return switch (peer) {
                case "cart", "web" -> List.of(leaf, forged("east").der());
                case "shop" -> List.of(leaf, forged("plain").der());
                default -> List.of(leaf);
            };
        }

        PeerVerdict verdict(String peer, TrustBundles bundles, Instant now) {
            return new SpiffeVerifier().verify(chain(peer), PeerRole.CLIENT, bundles, now);
        }
    }
}
