package io.beringia.trust.client;

import static io.beringia.trust.client.Forge.NOW;
import static io.beringia.trust.client.Forge.ca;
import static io.beringia.trust.client.Forge.constraint;
import static io.beringia.trust.client.Forge.dns;
import static io.beringia.trust.client.Forge.leaf;
import static io.beringia.trust.client.Forge.name;
import static io.beringia.trust.client.Forge.purposes;
import static io.beringia.trust.client.Forge.uri;
import static io.beringia.trust.client.SpiffeCase.accepts;
import static io.beringia.trust.client.SpiffeCase.refuses;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** The sentences of the SPIFFE suite, each a chain that a peer might send. */
final class SpiffeSuite {
    private static final String ID = "spiffe://td/ns/shop/sa/cart";
    private static final ASN1ObjectIdentifier PRIVATE_OID = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");

    private final Forged root = ca("O=T, CN=root", 1).selfSigned();
    private final Forged ca = issue(ca("O=T, CN=ca, L=us-east", 0), root);

    private final Forged towerRoot = ca("CN=tower", 9).selfSigned();

    static Stream<SpiffeCase> all() {
        SpiffeSuite suite = new SpiffeSuite();
        return Stream.of(
                        suite.honestChains(),
                        suite.names(),
                        suite.trustDomains(),
                        suite.leafUsages(),
                        suite.keysAndTimes(),
                        suite.issuers(),
                        suite.roots(),
                        suite.sameNameOtherKey(),
                        suite.nameConstraints(),
                        suite.encodings(),
                        suite.sizes())
                .flatMap(List::stream);
    }

    private List<SpiffeCase> honestChains() {
        Forged p384 = issue(leaf(ID).with(f -> f.pair = Forge.ec("secp384r1")), ca);
        Forged rsa = issue(leaf(ID).with(f -> f.pair = Forge.other("RSA", 2048)), ca);
        Forged rsaRoot = ca("O=T, CN=rsa", 1)
                .with(f -> f.pair = Forge.other("RSA", 2048))
                .with(f -> f.algorithm = "SHA256withRSA")
                .selfSigned();
        Forged belowRsa = leaf(ID).with(f -> f.algorithm = "SHA256withRSA").signedBy(rsaRoot);
        Forged svidCa = issue(ca("O=T, CN=svid", 0).with(f -> f.names(false, uri("spiffe://td"))), root);
        return List.of(
                accepts("a leaf below an intermediate", root, honest(), ca),
                accepts("a server as well", root, honest(), ca).as(PeerRole.SERVER),
                accepts("a leaf directly below the root", root, issue(leaf(ID), root)),
                accepts("a chain that carries its root", root, honest(), ca, root),
                accepts("intermediates in any order", root, honest(), root, ca),
                accepts(
                        "an unrelated certificate in the chain",
                        root,
                        honest(),
                        ca,
                        ca("CN=other", 0).selfSigned()),
                accepts("a P-384 leaf", root, p384, ca),
                accepts("an RSA-2048 leaf", root, rsa, ca),
                accepts("an RSA root", rsaRoot, belowRsa),
                accepts(
                        "a leaf without extended key usage",
                        root,
                        changed(f -> f.remove(Extension.extendedKeyUsage)),
                        ca),
                accepts(
                        "a leaf without basic constraints",
                        root,
                        changed(f -> f.remove(Extension.basicConstraints)),
                        ca),
                accepts("a CA that is an SVID of the same domain", root, issue(leaf(ID), svidCa), svidCa));
    }

    private List<SpiffeCase> names() {
        return List.of(
                identity("no names at all", issue(leaf(), ca)),
                identity("a DNS name alone", named(dns("cart.shop.svc"))),
                accepts("DNS names beside the one URI", root, named(uri(ID), dns("cart.shop.svc")), ca),
                identity("two SPIFFE IDs", named(uri(ID), uri("spiffe://td/other"))),
                identity("the same ID twice", named(uri(ID), uri(ID))),
                identity("a second URI of another scheme", named(uri(ID), uri("https://td/"))),
                identity("a second URI that is empty", named(uri(ID), uri(""))),
                identity("a URI of another scheme", named(uri("https://td/ns/shop"))),
                identity("an upper-case scheme", named(uri("SPIFFE://td/ns/shop"))),
                identity("no path", named(uri("spiffe://td"))),
                identity("a path of one slash", named(uri("spiffe://td/"))),
                identity("a trailing slash", named(uri(ID + "/"))),
                identity("an empty segment", named(uri("spiffe://td/ns//sa"))),
                identity("a dot segment", named(uri("spiffe://td/ns/./sa"))),
                identity("a double-dot segment", named(uri("spiffe://td/ns/../sa"))),
                identity("percent-encoding", named(uri("spiffe://td/ns/sh%6fp"))),
                identity("a query", named(uri(ID + "?a=b"))),
                identity("a fragment", named(uri(ID + "#a"))),
                identity("a NUL in the path", named(uri("spiffe://td/ns/shop\0/sa"))),
                identity("a byte beyond ASCII", named(uri("spiffe://td/ns/sh\u00f6p"))),
                identity("a line break", named(uri(ID + "\n"))),
                accepts("an ID of 2,048 bytes", root, named(uri(padded(2048))), ca),
                identity("an ID of 2,049 bytes", named(uri(padded(2049)))),
                identity(
                        "names that are not critical below an empty subject",
                        issue(leaf().with(f -> f.names(false, uri(ID))), ca)),
                accepts(
                        "names that are not critical below a subject",
                        root,
                        issue(
                                leaf().with(f -> f.names(false, uri(ID))).with(f -> f.subject = new X500Name("CN=x")),
                                ca),
                        ca),
                refuses(
                        "a name of an unknown kind",
                        RejectReason.MALFORMED,
                        root,
                        named(uri(ID), name(9, bytes())),
                        ca),
                refuses("an empty list of names", RejectReason.MALFORMED, root, named(), ca));
    }

    private List<SpiffeCase> trustDomains() {
        String longest = "a".repeat(255);
        return List.of(
                within("an underscore in the trust domain", "a_b"),
                within("an IPv4 trust domain", "10.1.2.3"),
                within("a trust domain of odd dots and dashes", "a..b.-c-"),
                within("a trust domain of 255 bytes", longest),
                identity("a trust domain of 256 bytes", named(uri("spiffe://" + longest + "a/x"))),
                identity("an upper-case trust domain", named(uri("spiffe://TD/x"))),
                identity("an empty trust domain", named(uri("spiffe:///x"))),
                identity("an IPv6 trust domain", named(uri("spiffe://[::1]/x"))),
                identity("a port", named(uri("spiffe://td:443/x"))),
                identity("user info", named(uri("spiffe://me@td/x"))),
                identity("a percent-encoded trust domain", named(uri("spiffe://t%64/x"))));
    }

    private List<SpiffeCase> leafUsages() {
        return List.of(
                badLeaf(
                        "a CA as leaf",
                        changed(f -> f.replace(Extension.basicConstraints, true, new BasicConstraints(true)))),
                badLeaf("an intermediate as leaf", issue(ca("CN=ca", 0).with(f -> f.names(true, uri(ID))), root)),
                badLeaf("a leaf without key usage", changed(f -> f.remove(Extension.keyUsage))),
                badLeaf("key usage that is not critical", usage(false, KeyUsage.digitalSignature)),
                badLeaf("key usage without digitalSignature", usage(true, KeyUsage.keyEncipherment)),
                badLeaf("a leaf with keyCertSign", usage(true, KeyUsage.digitalSignature | KeyUsage.keyCertSign)),
                badLeaf("a leaf with cRLSign", usage(true, KeyUsage.digitalSignature | KeyUsage.cRLSign)),
                badLeaf("a client with serverAuth only", extended(KeyPurposeId.id_kp_serverAuth)),
                badLeaf("a server with clientAuth only", extended(KeyPurposeId.id_kp_clientAuth))
                        .as(PeerRole.SERVER),
                badLeaf("anyExtendedKeyUsage alone", extended(KeyPurposeId.anyExtendedKeyUsage)),
                accepts("a client with clientAuth only", root, extended(KeyPurposeId.id_kp_clientAuth), ca),
                accepts("a server with serverAuth only", root, extended(KeyPurposeId.id_kp_serverAuth), ca)
                        .as(PeerRole.SERVER),
                badLeaf("an unknown critical extension", changed(f -> f.add(PRIVATE_OID, true, DERNull.INSTANCE))),
                accepts("an unknown extension", root, changed(f -> f.add(PRIVATE_OID, false, DERNull.INSTANCE)), ca),
                badLeaf(
                        "name constraints on a leaf",
                        changed(f -> f.add(Extension.nameConstraints, true, constraint(0, uri("td"))))));
    }

    private List<SpiffeCase> keysAndTimes() {
        Forged atEnd = changed(f -> f.notAfter = NOW);
        Forged atStart = changed(f -> f.notBefore = NOW);
        Forged sha1 = changed(f -> f.algorithm = "SHA1withECDSA");
        return List.of(
                badLeaf("an RSA-1024 leaf", changed(f -> f.pair = Forge.other("RSA", 1024))),
                badLeaf("an Ed25519 leaf", changed(f -> f.pair = Forge.other("Ed25519", 0))),
                badLeaf("a P-521 leaf", changed(f -> f.pair = Forge.ec("secp521r1"))),
                refuses("an expired leaf", RejectReason.EXPIRED, root, changed(Forge::expire), ca),
                refuses("a leaf that is not yet valid", RejectReason.NOT_YET_VALID, root, changed(Forge::postpone), ca),
                accepts("a leaf in its last second", root, atEnd, ca),
                accepts("a leaf in its first second", root, atStart, ca),
                refuses("a SHA-1 signature", RejectReason.BAD_ISSUER, root, sha1, ca));
    }

    private List<SpiffeCase> issuers() {
        return List.of(
                below("an expired intermediate", RejectReason.EXPIRED, Forge::expire),
                below("an intermediate that is not yet valid", RejectReason.NOT_YET_VALID, Forge::postpone),
                below(
                        "an intermediate that is no CA",
                        RejectReason.BAD_ISSUER,
                        f -> f.replace(Extension.basicConstraints, true, new BasicConstraints(false))),
                below(
                        "an intermediate without basic constraints",
                        RejectReason.BAD_ISSUER,
                        f -> f.remove(Extension.basicConstraints)),
                below(
                        "basic constraints that are not critical",
                        RejectReason.BAD_ISSUER,
                        f -> f.replace(Extension.basicConstraints, false, new BasicConstraints(0))),
                below("an intermediate without key usage", RejectReason.BAD_ISSUER, f -> f.remove(Extension.keyUsage)),
                below(
                        "an intermediate without keyCertSign",
                        RejectReason.BAD_ISSUER,
                        f -> f.replace(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))),
                below(
                        "an intermediate for servers only",
                        RejectReason.BAD_ISSUER,
                        f -> f.add(Extension.extendedKeyUsage, false, purposes(KeyPurposeId.id_kp_serverAuth))),
                allowed(
                        "an intermediate for any purpose",
                        f -> f.add(Extension.extendedKeyUsage, false, purposes(KeyPurposeId.anyExtendedKeyUsage))),
                below(
                        "an intermediate with an unknown critical extension",
                        RejectReason.BAD_ISSUER,
                        f -> f.add(PRIVATE_OID, true, DERNull.INSTANCE)),
                below("an RSA-1024 intermediate", RejectReason.BAD_ISSUER, f -> f.pair = Forge.other("RSA", 1024)),
                below(
                        "a CA of a foreign trust domain",
                        RejectReason.FOREIGN_ISSUER,
                        f -> f.names(false, uri("spiffe://other"))),
                below(
                        "a CA with a path in its ID",
                        RejectReason.FOREIGN_ISSUER,
                        f -> f.names(false, uri("spiffe://td/ca"))),
                below(
                        "a CA with two localities",
                        RejectReason.BAD_ISSUER,
                        f -> f.subject = new X500Name("CN=ca, L=us-east, L=us-west")),
                pathLength());
    }

    private List<SpiffeCase> roots() {
        Forged expired = ca("CN=old", 1).with(Forge::expire).selfSigned();
        Forged noCa = ca("CN=plain", 1).remove(Extension.basicConstraints).selfSigned();
        Forged noSign = ca("CN=nosign", 1)
                .replace(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .selfSigned();
        Forged stranger = ca("CN=stranger", 1).selfSigned();
        Forged strangersLeaf = issue(leaf(ID), stranger);
        return List.of(
                refuses("an expired root", RejectReason.EXPIRED, expired, issue(leaf(ID), expired)),
                refuses("a root that is no CA", RejectReason.BAD_ISSUER, noCa, issue(leaf(ID), noCa)),
                refuses("a root without keyCertSign", RejectReason.BAD_ISSUER, noSign, issue(leaf(ID), noSign)),
                refuses("an empty bundle", RejectReason.UNKNOWN_TRUST_DOMAIN, root, honest(), ca)
                        .trusting("td"),
                refuses("a domain that we do not know", RejectReason.UNKNOWN_TRUST_DOMAIN, root, honest(), ca)
                        .trusting("other", root),
                refuses(
                        "a root that vouches for another domain",
                        RejectReason.UNKNOWN_TRUST_DOMAIN,
                        root,
                        named(uri("spiffe://other/x")),
                        ca),
                refuses(
                        "a foreign root that the peer brings along",
                        RejectReason.NO_PATH,
                        root,
                        strangersLeaf,
                        stranger),
                refuses("a missing intermediate", RejectReason.NO_PATH, root, honest()),
                refuses(
                        "a leaf that signed itself",
                        RejectReason.NO_PATH,
                        root,
                        leaf(ID).with(f -> f.subject = new X500Name("CN=me")).selfSigned()),
                refuses(
                        "a forged signature",
                        RejectReason.NO_PATH,
                        root,
                        leaf(ID).sign(ca.subject(), Forge.ec("secp256r1")),
                        ca));
    }

    /** The root was made anew under the same name: key identifiers may help, be absent, or lie. */
    private List<SpiffeCase> sameNameOtherKey() {
        Forged older = ca("CN=twin", 1).selfSigned();
        Forged newer = ca("CN=twin", 1).selfSigned();
        List<SpiffeCase> cases = new ArrayList<>();
        for (Forged signer : List.of(older, newer)) {
            Forged liar = signer.equals(older) ? newer : older;
            for (List<Forged> order : List.of(List.of(older, newer), List.of(newer, older))) {
                Forged[] accepted = order.toArray(Forged[]::new);
                String which = (signer.equals(older) ? "older" : "newer")
                        + (order.getFirst().equals(older) ? ", in order" : ", reversed");
                cases.add(accepts(
                                "twin roots with a true AKI: " + which,
                                root,
                                leaf(ID).knowing(signer).signedBy(signer))
                        .trusting("td", accepted));
                cases.add(accepts("twin roots without an AKI: " + which, root, leaf(ID).signedBy(signer))
                        .trusting("td", accepted));
                cases.add(accepts(
                                "twin roots with a misleading AKI: " + which,
                                root,
                                leaf(ID).knowing(liar).signedBy(signer))
                        .trusting("td", accepted));
            }
            cases.add(refuses(
                            "the twin of an accepted root",
                            RejectReason.NO_PATH,
                            root,
                            leaf(ID).signedBy(signer),
                            signer)
                    .trusting("td", liar));
        }
        return cases;
    }

    private List<SpiffeCase> nameConstraints() {
        return List.of(
                allowed("a permitted host", constrained(0, uri("td"))),
                allowed("an upper-case permitted host", constrained(0, uri("TD"))),
                allowed("an excluded other host", constrained(1, uri("other"))),
                allowed("a DNS constraint without a DNS name below", constrained(0, dns("svc"))),
                constraintRefuses("a host that is not permitted", constrained(0, uri("other"))),
                constraintRefuses("an excluded host", constrained(1, uri("td"))),
                constraintRefuses("subdomains permitted, host itself used", constrained(0, uri(".td"))),
                constraintRefuses("a constraint that is a whole URI", constrained(1, uri("spiffe://other"))),
                constraintRefuses("an empty host", constrained(1, uri(""))),
                constraintRefuses("an e-mail constraint", constrained(0, name(1, bytes()))),
                rootRefuses("a directory name that may concern a subject", constrained(1, directory("O=other"))),
                constraintRefuses(
                        "a DNS name below a DNS constraint",
                        constrained(0, dns("other")),
                        leaf(ID).names(true, uri(ID), dns("a"))),
                rootRefuses("what the root excludes", constrained(1, uri("td"))),
                permitted("a subdomain", "a.b.c", ".c"),
                permitted("an underscore host", "a_b", "a_b"),
                notPermitted("a suffix that is no subdomain", "xtd", "td"),
                notPermitted("an address below a host constraint", "10.1.2.3", "10.1.2.3"));
    }

    private List<SpiffeCase> encodings() {
        byte[] good = honest().der();
        byte[] trailing = Arrays.copyOf(good, good.length + 1);
        byte[] cut = Arrays.copyOf(good, good.length - 1);
        return List.of(
                malformed("trailing bytes", trailing),
                malformed("a cut certificate", cut),
                malformed("an indefinite length", berOf(good)),
                malformed("no certificate", new byte[0]),
                malformed("noise", new byte[] {0x30, (byte) 0x82, 1, 2, 3}),
                malformed("a deep nest", nest()),
                malformed(
                        "version 1",
                        changed(f -> f.with(x -> x.version = 0).extensions.clear())
                                .der()),
                malformed(
                        "a serial of zero",
                        changed(f -> f.serial = BigInteger.ZERO).der()),
                malformed(
                        "a negative serial",
                        changed(f -> f.serial = BigInteger.ONE.negate()).der()),
                malformed(
                        "a serial of 160 bits",
                        changed(f -> f.serial = BigInteger.TWO.pow(159)).der()),
                accepts(
                        "a serial of 159 bits",
                        root,
                        changed(f -> f.serial = BigInteger.TWO.pow(159).subtract(BigInteger.ONE)),
                        ca),
                malformed(
                        "an extension twice",
                        changed(f -> f.extensions.add(f.extensions.getFirst())).der()),
                malformed(
                        "a written-out default",
                        changed(f -> f.extensions.add(
                                        Forge.sequence(PRIVATE_OID, ASN1Boolean.FALSE, new DEROctetString(bytes()))))
                                .der()),
                malformed(
                        "trailing bytes in an extension",
                        changed(f -> {
                                    f.remove(Extension.keyUsage);
                                    f.extensions.add(Forge.extension(
                                            Extension.keyUsage, true, new byte[] {3, 2, 5, (byte) 0xa0, 0}));
                                })
                                .der()),
                malformed(
                        "bits set in the padding",
                        changed(f -> {
                                    f.remove(Extension.keyUsage);
                                    f.extensions.add(Forge.extension(
                                            Extension.keyUsage, true, new byte[] {3, 2, 5, (byte) 0xa1}));
                                })
                                .der()),
                malformed(
                        "a path length on a leaf",
                        changed(f -> f.replace(Extension.basicConstraints, true, Forge.sequence(new ASN1Integer(0))))
                                .der()));
    }

    private List<SpiffeCase> sizes() {
        Forged big = changed(f -> f.add(PRIVATE_OID, false, new DEROctetString(new byte[16 * 1024])));
        Forged half = changed(f -> f.add(PRIVATE_OID, false, new DEROctetString(new byte[13 * 1024])));
        return List.of(
                refuses("an empty chain", RejectReason.TOO_LARGE, root),
                refuses("seven certificates", RejectReason.TOO_LARGE, root, honest(), ca, ca, ca, ca, ca, ca),
                refuses("a chain of 100 certificates", RejectReason.TOO_LARGE, root)
                        .sending(Collections.nCopies(100, ca.der())),
                refuses("a certificate above 16 KiB", RejectReason.TOO_LARGE, root, big, ca),
                refuses("more than 64 KiB together", RejectReason.TOO_LARGE, root, half, half, half, half, half),
                refuses("a loop of two CAs", RejectReason.NO_PATH, root, loop()),
                refuses("a maze of equal names", RejectReason.NO_PATH, root, maze()),
                refuses("five CAs above the leaf", RejectReason.NO_PATH, root, tower(5))
                        .trusting("td", towerRoot),
                accepts("four CAs above the leaf", root, tower(4)).trusting("td", towerRoot));
    }

    /** A leaf below a line of CAs, the root being the {@code height}th and not sent. */
    private Forged[] tower(int height) {
        List<Forged> chain = new ArrayList<>();
        Forged issuer = towerRoot;
        for (int i = 1; i < height; i++) {
            issuer = issue(ca("CN=floor" + i, 9 - i), issuer);
            chain.addFirst(issuer);
        }
        chain.addFirst(issue(leaf(ID), issuer));
        return chain.toArray(Forged[]::new);
    }

    private static Forged[] loop() {
        Forged a = ca("CN=a", 5).selfSigned();
        Forge b = ca("CN=b", 5);
        Forge again = ca("CN=a", 5).with(f -> f.pair = a.pair());
        Forged crossed = b.signedBy(a);
        return new Forged[] {leaf(ID).signedBy(crossed), crossed, again.signedBy(crossed)};
    }

    /** One name, one key, five certificates that all sign each other. */
    private static Forged[] maze() {
        Forged first = ca("CN=maze", 9).selfSigned();
        Stream<Forged> others = IntStream.range(0, 4)
                .mapToObj(i -> ca("CN=maze", 9)
                        .with(f -> f.pair = first.pair())
                        .with(f -> f.serial = BigInteger.valueOf(i + 1))
                        .signedBy(first));
        return Stream.concat(Stream.of(leaf(ID).signedBy(first), first), others).toArray(Forged[]::new);
    }

    private SpiffeCase pathLength() {
        Forged upper = issue(ca("CN=upper", 0), root);
        Forged lower = issue(ca("CN=lower", 0), upper);
        return refuses(
                "a path longer than a CA permits", RejectReason.BAD_ISSUER, root, issue(leaf(ID), lower), lower, upper);
    }

    private Forged honest() {
        return issue(leaf(ID), ca);
    }

    private Forged changed(Consumer<Forge> change) {
        return issue(leaf(ID).with(change), ca);
    }

    private Forged named(ASN1Encodable... names) {
        return changed(f -> f.names(true, names));
    }

    private Forged usage(boolean critical, int bits) {
        return changed(f -> f.replace(Extension.keyUsage, critical, new KeyUsage(bits)));
    }

    private Forged extended(KeyPurposeId purpose) {
        return changed(f -> f.replace(Extension.extendedKeyUsage, false, purposes(purpose)));
    }

    private SpiffeCase identity(String sentence, Forged leaf) {
        return refuses(sentence, RejectReason.BAD_IDENTITY, root, leaf, ca);
    }

    private SpiffeCase badLeaf(String sentence, Forged leaf) {
        return refuses(sentence, RejectReason.BAD_LEAF, root, leaf, ca);
    }

    private SpiffeCase malformed(String sentence, byte[] leaf) {
        return refuses(sentence, RejectReason.MALFORMED, root).sending(List.of(leaf, ca.der()));
    }

    private SpiffeCase within(String sentence, String trustDomain) {
        return accepts(sentence, root, named(uri("spiffe://" + trustDomain + "/x")), ca)
                .trusting(trustDomain, root);
    }

    private SpiffeCase below(String sentence, RejectReason why, Consumer<Forge> change) {
        Forged changed = issue(ca("CN=ca", 0).with(change), root);
        return refuses(sentence, why, root, issueAs(changed), changed);
    }

    private SpiffeCase allowed(String sentence, Consumer<Forge> change) {
        Forged changed = issue(ca("CN=ca", 0).with(change), root);
        return accepts(sentence, root, issue(leaf(ID), changed), changed);
    }

    private SpiffeCase constraintRefuses(String sentence, Consumer<Forge> change) {
        return below(sentence, RejectReason.NAME_CONSTRAINT, change);
    }

    private SpiffeCase constraintRefuses(String sentence, Consumer<Forge> change, Forge leaf) {
        Forged changed = issue(ca("CN=ca", 0).with(change), root);
        return refuses(sentence, RejectReason.NAME_CONSTRAINT, root, issue(leaf, changed), changed);
    }

    private SpiffeCase rootRefuses(String sentence, Consumer<Forge> onRoot) {
        Forged constrainedRoot = ca("CN=constrained", 1).with(onRoot).selfSigned();
        Forged changed = issue(ca("CN=ca", 0), constrainedRoot);
        return refuses(sentence, RejectReason.NAME_CONSTRAINT, constrainedRoot, issue(leaf(ID), changed), changed);
    }

    private SpiffeCase permitted(String sentence, String domain, String host) {
        Forged constrained = issue(ca("CN=ca", 0).with(constrained(0, uri(host))), root);
        Forged leaf = issue(leaf("spiffe://" + domain + "/x"), constrained);
        return accepts(sentence, root, leaf, constrained).trusting(domain, root);
    }

    private SpiffeCase notPermitted(String sentence, String domain, String host) {
        Forged constrained = issue(ca("CN=ca", 0).with(constrained(0, uri(host))), root);
        Forged leaf = issue(leaf("spiffe://" + domain + "/x"), constrained);
        return refuses(sentence, RejectReason.NAME_CONSTRAINT, root, leaf, constrained)
                .trusting(domain, root);
    }

    private static Consumer<Forge> constrained(int tag, ASN1Encodable name) {
        return f -> f.add(Extension.nameConstraints, true, constraint(tag, name));
    }

    private static ASN1Encodable directory(String name) {
        return new DERTaggedObject(true, 4, new X500Name(name));
    }

    private static Forged issue(Forge forge, Forged issuer) {
        return forge.knowing(issuer).signedBy(issuer);
    }

    /** A leaf below any key, whatever its algorithm. */
    private static Forged issueAs(Forged issuer) {
        boolean isRsa = issuer.pair().getPublic().getAlgorithm().equals("RSA");
        return leaf(ID).with(f -> f.algorithm = isRsa ? "SHA256withRSA" : Forge.EC)
                .knowing(issuer)
                .signedBy(issuer);
    }

    private static byte[] berOf(byte[] der) {
        byte[] ber = new byte[der.length];
        ber[0] = der[0];
        ber[1] = (byte) 0x80;
        System.arraycopy(der, 4, ber, 2, der.length - 4);
        return ber;
    }

    private static byte[] nest() {
        byte[] nest = new byte[16 * 1024];
        for (int i = 0; i < nest.length; i += 2) {
            nest[i] = 0x30;
            nest[i + 1] = (byte) 0x80;
        }
        return nest;
    }

    private static byte[] bytes() {
        return new byte[] {0x61};
    }

    private static String padded(int length) {
        String start = "spiffe://td/";
        return start + "a".repeat(length - start.length());
    }
}
