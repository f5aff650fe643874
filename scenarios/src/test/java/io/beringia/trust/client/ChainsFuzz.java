package io.beringia.trust.client;

import io.beringia.scenarios.fuzz.Choices;
import io.beringia.scenarios.fuzz.Resigned;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CaSigner;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Chains bent below their signatures, which are good again: whoever is believed is also believed by the JDK's own path
 * check, under the one name in its leaf, and nothing is ever thrown.
 */
public final class ChainsFuzz {
    private static final TrustDomain MESH = new TrustDomain("cluster.local");
    private static final Authority ROOT = Authority.root(MESH);
    private static final CaSigner.InMemory EAST = ROOT.newIntermediate("east", Duration.ofDays(1));
    private static final List<X509Certificate> GOOD = Authority.of(EAST, ROOT.root(), InstantSource.system())
            .svid(SpiffeId.ofWorkload(MESH, "demo", "client"), Duration.ofHours(12))
            .chain();
    private static final TrustBundles BUNDLES = new TrustBundles(1, Map.of(MESH, List.of(ROOT.root())));
    private static final Instant NOW =
            GOOD.getFirst().getNotBefore().toInstant().plus(Duration.ofHours(1));
    private static final int URI = 6;

    private ChainsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        PeerRole role = choices.of(List.of(PeerRole.CLIENT, PeerRole.SERVER));
        List<byte[]> chain = chain(choices);
        switch (new SpiffeVerifier().verify(chain, role, BUNDLES, NOW)) {
            case PeerVerdict.Rejected rejected -> {
                if (rejected.reason() == RejectReason.INTERNAL) {
                    throw new IllegalStateException("verdict: " + rejected + " (expected: a reason)");
                }
            }
            case PeerVerdict.Verified verified -> requireAgreed(chain, verified);
        }
    }

    private static List<byte[]> chain(Choices choices) throws GeneralSecurityException {
        List<byte[]> chain = new ArrayList<>();
        byte[] leaf = GOOD.getFirst().getEncoded();
        chain.add(choices.oneIn(8) ? choices.bent(leaf) : Resigned.bent(choices, leaf, EAST.key()));
        byte[] intermediate = EAST.certificate().getEncoded();
        chain.add(choices.oneIn(4) ? choices.bent(intermediate) : intermediate);
        while (choices.isLeft() && chain.size() < 8) {
            chain.add(choices.oneIn(2) ? choices.bytes() : ROOT.root().getEncoded());
        }
        return chain;
    }

    private static void requireAgreed(List<byte[]> chain, PeerVerdict.Verified verified) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate leaf = read(factory, chain.getFirst());
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ROOT.root(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        CertPathValidator.getInstance("PKIX")
                .validate(factory.generateCertPath(List.of(leaf, read(factory, chain.get(1)))), parameters);
        Collection<List<?>> names = Objects.requireNonNull(leaf.getSubjectAlternativeNames());
        List<?> uris = names.stream()
                .filter(name -> Objects.equals(name.getFirst(), URI))
                .map(name -> name.get(1))
                .toList();
        if (!uris.equals(List.of(verified.id().toString())) || leaf.getBasicConstraints() >= 0) {
            throw new IllegalStateException("verified: " + verified.id() + " (expected: the one of " + uris + ")");
        }
    }

    private static X509Certificate read(CertificateFactory factory, byte[] der) throws GeneralSecurityException {
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }
}
