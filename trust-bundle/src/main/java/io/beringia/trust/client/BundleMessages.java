package io.beringia.trust.client;

import com.google.protobuf.ByteString;
import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.client.proto.DomainRoots;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.X509;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Accepted roots as messages of {@code beringia.trust.v1.Bundles}, and back. Any thread. */
public final class BundleMessages {
    /** More domains or roots than a federation has; a message with more is a mistake. */
    private static final int DOMAINS_MAX = 64;

    private static final int ROOTS_MAX = 32;

    private BundleMessages() {}

    /** All of {@code bundles}; domains in order, so that equal bundles are equal messages. */
    public static BundlesState state(TrustBundles bundles) {
        BundlesState.Builder state = BundlesState.newBuilder().setSequence(bundles.generation());
        inOrder(bundles).forEach(domain -> {
            DomainRoots.Builder roots = DomainRoots.newBuilder().setTrustDomain(domain.name());
            X509.encoded(bundles.rootsOf(domain)).forEach(der -> roots.addRoots(ByteString.copyFrom(der)));
            state.addDomains(roots);
        });
        return state.build();
    }

    /** What {@code bundles} are, in few bytes: the sequence by which they came, 0 for none, and their digest. */
    public static BundlesInForce inForce(long sequence, TrustBundles bundles) {
        return BundlesInForce.newBuilder()
                .setSequence(sequence)
                .setSha256(ByteString.copyFrom(sha256(bundles)))
                .build();
    }

    /**
     * The roots of a message, not yet judged. Throws {@link IllegalArgumentException} on a domain that is none or stands
     * there twice, on a certificate that is none, and on too many.
     */
    static Map<TrustDomain, List<X509Certificate>> roots(BundlesState state) {
        if (state.getDomainsCount() > DOMAINS_MAX) {
            throw new IllegalArgumentException(
                    "bundles: " + state.getDomainsCount() + " domains (expected: <= " + DOMAINS_MAX + ")");
        }
        Map<TrustDomain, List<X509Certificate>> roots = new HashMap<>();
        for (DomainRoots domain : state.getDomainsList()) {
            TrustDomain name = TrustDomain.parse(domain.getTrustDomain());
            if (roots.put(name, certificates(name, domain.getRootsList())) != null) {
                throw new IllegalArgumentException("bundles: " + name + " twice (expected: once)");
            }
        }
        return Map.copyOf(roots);
    }

    private static List<X509Certificate> certificates(TrustDomain domain, List<ByteString> ders) {
        if (ders.size() > ROOTS_MAX) {
            throw new IllegalArgumentException(
                    "bundles: " + ders.size() + " roots of " + domain + " (expected: <= " + ROOTS_MAX + ")");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        ders.forEach(der -> certificates.add(X509.read(der.toByteArray())));
        return certificates;
    }

    /** Of the roots of all domains, in order. */
    public static byte[] sha256(TrustBundles bundles) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (TrustDomain domain : inOrder(bundles)) {
                digest.update((domain.name() + "\n").getBytes(StandardCharsets.US_ASCII));
                X509.encoded(bundles.rootsOf(domain)).forEach(digest::update);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every JDK)", e);
        }
    }

    private static List<TrustDomain> inOrder(TrustBundles bundles) {
        return bundles.roots().keySet().stream().sorted().toList();
    }
}
