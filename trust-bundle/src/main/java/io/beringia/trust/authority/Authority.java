package io.beringia.trust.authority;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.DistinguishedName;
import io.beringia.trust.pki.GeneralName;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.UnsignedKey;
import io.beringia.trust.pki.X509;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Signs for one trust domain: a root that signs intermediates, or an intermediate that signs workloads. Any thread.
 *
 * <p>{@code Authority.root(domain).intermediate("us-east").svid(id, ttl)} is a whole mesh in memory.
 */
public final class Authority {
    private final CaSigner signer;
    private final X509Certificate root;
    private final TrustDomain trustDomain;
    private final Profile profile;
    private final Entropy entropy;

    private Authority(CaSigner signer, X509Certificate root, TrustDomain trustDomain, Entropy entropy) {
        this.signer = signer;
        this.root = root;
        this.trustDomain = trustDomain;
        this.profile = isDemo(root) ? Profile.DEMO : Profile.SPIFFE;
        this.entropy = entropy;
    }

    /** A new root in memory for ten years. */
    public static Authority root(TrustDomain domain, Profile profile, InstantSource clock) {
        Entropy entropy = new Entropy(new SecureRandom(), clock);
        CaSigner signer = newRoot(domain, profile, Profile.ROOT_LIFE, entropy);
        return new Authority(signer, signer.certificate(), domain, entropy);
    }

    /** A new demo root in memory: subject {@code O=Beringia demo}. */
    public static Authority root(TrustDomain domain) {
        return root(domain, Profile.DEMO, InstantSource.system());
    }

    /**
     * An authority whose key already exists; {@code root} is its own certificate where it is the root. Throws
     * {@link IllegalArgumentException} where the certificate is no CA of one trust domain.
     */
    public static Authority of(CaSigner signer, X509Certificate root, InstantSource clock) {
        return new Authority(signer, root, trustDomainOf(signer.certificate()), new Entropy(new SecureRandom(), clock));
    }

    /** Makes the first root of a trust domain. */
    public static CaSigner.InMemory newRoot(TrustDomain domain, Profile profile, Duration life, Entropy entropy) {
        return newRoot(domain, 1, profile, life, entropy);
    }

    /** Makes a root key and its certificate, for whoever stores them; {@code generation} from 1 on tells it from others. */
    public static CaSigner.InMemory newRoot(
            TrustDomain domain, int generation, Profile profile, Duration life, Entropy entropy) {
        KeyPair pair = KeyPairs.p256(entropy.random());
        return new CaSigner.InMemory(
                root(domain, generation, profile, life, entropy, UnsignedKey.of(pair)), pair.getPrivate());
    }

    /** The certificate of a root whose key somebody else stores, or has already. */
    public static X509Certificate root(
            TrustDomain domain, int generation, Profile profile, Duration life, Entropy entropy, UnsignedKey key) {
        return profile.root(domain, generation, key.key(), life, entropy.next()).selfSigned(key.signing());
    }

    /** Makes the key and certificate of an intermediate below this root, for whoever stores them. */
    public CaSigner.InMemory newIntermediate(String cluster, Duration life) {
        KeyPair pair = KeyPairs.p256(entropy.random());
        return new CaSigner.InMemory(intermediate(cluster, pair.getPublic(), life), pair.getPrivate());
    }

    /** The certificate of an intermediate whose key somebody else has, as a token. */
    public X509Certificate intermediate(String cluster, PublicKey key, Duration life) {
        return profile.intermediate(trustDomain, cluster, Profile.generationOf(root), key, life, end(), entropy.next())
                .signedBy(signer);
    }

    /** An intermediate in memory that speaks for {@code cluster}: 90 days, or less where the root ends before. */
    public Authority intermediate(String cluster) {
        Duration left = Duration.between(entropy.now(), end());
        Duration life = left.compareTo(Profile.INTERMEDIATE_LIFE) < 0 ? left : Profile.INTERMEDIATE_LIFE;
        return new Authority(newIntermediate(cluster, life), root, trustDomain, entropy);
    }

    /** A new P-256 key and its chain, {@code dnsNames} beside the ID; valid for {@code ttl} or until we end. */
    public X509Svid svid(SpiffeId id, Duration ttl, String... dnsNames) {
        KeyPair pair = KeyPairs.p256(entropy.random());
        return new X509Svid(id, issue(id, pair.getPublic(), ttl, List.of(dnsNames)), pair.getPrivate());
    }

    /**
     * The chain for somebody else's key: leaf first, then intermediates, never the root. Throws
     * {@link IllegalArgumentException} on an ID of another trust domain or without a path.
     */
    public List<X509Certificate> issue(SpiffeId id, PublicKey key, Duration ttl, List<String> dnsNames) {
        if (!id.trustDomain().equals(trustDomain) || id.path().isEmpty()) {
            throw new IllegalArgumentException("SPIFFE ID: " + id + " (expected: a workload of " + trustDomain + ")");
        }
        X509Certificate leaf =
                profile.workload(id, dnsNames, key, ttl, end(), entropy.next()).signedBy(signer);
        return Stream.concat(Stream.of(leaf), intermediates()).toList();
    }

    /** The certificate that signs. */
    public X509Certificate certificate() {
        return signer.certificate();
    }

    /** The root that the chains lead to. */
    public X509Certificate root() {
        return root;
    }

    public TrustDomain trustDomain() {
        return trustDomain;
    }

    /** The bundle of this root alone, as generation 1. */
    public TrustBundles bundles() {
        return new TrustBundles(1, Map.of(trustDomain, List.of(root)));
    }

    /** True where the root is marked for demos, so that nothing below it is meant to be secret. */
    public boolean isDemo() {
        return isDemo(root);
    }

    /** See {@link #isDemo()}. */
    public static boolean isDemo(X509Certificate root) {
        return DistinguishedName.of(root.getSubjectX500Principal())
                .filter(name -> name.organization().equals(Profile.DEMO.organization()))
                .isPresent();
    }

    /** The domain in the URI name of a CA; throws {@link IllegalArgumentException} where it has none. */
    public static TrustDomain trustDomainOf(X509Certificate ca) {
        return idOf(ca).filter(id -> id.path().isEmpty())
                .map(SpiffeId::trustDomain)
                .orElseThrow(() -> new IllegalArgumentException(
                        "CA: " + ca.getSubjectX500Principal() + " (expected: a URI name spiffe://<trust domain>)"));
    }

    /** The one SPIFFE ID that a certificate names; verifies nothing. */
    public static Optional<SpiffeId> idOf(X509Certificate certificate) {
        List<GeneralName> uris = ParsedCertificate.parse(X509.encoded(certificate)).extensions().names().stream()
                .filter(name -> name.type() == GeneralName.URI)
                .toList();
        return uris.size() == 1 ? uris.getFirst().ascii().flatMap(SpiffeId::tryParse) : Optional.empty();
    }

    private Instant end() {
        return signer.certificate().getNotAfter().toInstant();
    }

    private Stream<X509Certificate> intermediates() {
        return signer.certificate().equals(root) ? Stream.empty() : Stream.of(signer.certificate());
    }

    @Override
    public String toString() {
        return "Authority[" + signer.certificate().getSubjectX500Principal() + "]";
    }
}
