package io.beringia.trust.client;

import io.beringia.trust.client.proto.IstioCertificateRequest;
import io.beringia.trust.client.proto.IstioCertificateResponse;
import io.beringia.trust.client.proto.IstioCertificateServiceGrpc;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.CertificateRequest;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One CreateCertificate call: a new key, a request, and an answer that is believed only as far as it verifies. */
record CertificateFetch(RemoteSource source, PeerVerifier verifier, SecureRandom random, String instance) {
    /** The server signs in a millisecond; what takes longer is a server to try again. */
    private static final long DEADLINE_SECONDS = 10;

    private static final int CHAIN_ELEMENTS_MIN = 2;

    /** What an answer gave. */
    record Fetched(X509Svid svid, List<X509Certificate> roots) {}

    /**
     * Blocks for 10 s at most. Throws {@link io.grpc.StatusRuntimeException} where the server refuses or does not
     * answer, {@link IllegalArgumentException} where its answer is none for us. {@code wanted} is who we are to be;
     * empty takes whoever the server says.
     */
    Fetched fetch(ChannelCredentials credentials, String token, Optional<SpiffeId> wanted, Instant now) {
        KeyPair pair = KeyPairs.p256(random);
        // The name in a request counts for nothing; some parsers insist on one.
        String name = wanted.orElse(source.server()).toString();
        Fetched fetched = read(ask(credentials, token, CertificateRequest.write(pair, name)), pair, now);
        if (wanted.isPresent() && !wanted.get().equals(fetched.svid().id())) {
            throw new IllegalArgumentException(
                    "answer: for " + fetched.svid().id() + " (expected: for " + wanted.get() + ")");
        }
        return fetched;
    }

    private List<String> ask(ChannelCredentials credentials, String token, String csr) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(source.host(), source.port(), credentials)
                .build();
        try {
            IstioCertificateResponse response = IstioCertificateServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .withInterceptors(BearerToken.attached(token, instance))
                    .createCertificate(IstioCertificateRequest.newBuilder()
                            .setCsr(csr)
                            .setValidityDuration(source.ttl().toSeconds())
                            .build());
            return response.getCertChainList();
        } finally {
            channel.shutdownNow();
        }
    }

    private Fetched read(List<String> answer, KeyPair pair, Instant now) {
        if (answer.size() < CHAIN_ELEMENTS_MIN) {
            throw new IllegalArgumentException("answer: " + answer.size() + " elements (expected: leaf, ..., roots)");
        }
        List<X509Certificate> chain = answer.subList(0, answer.size() - 1).stream()
                .map(element -> Pem.certificates(element).getFirst())
                .toList();
        List<X509Certificate> roots = Pem.certificates(answer.getLast());
        if (!chain.getFirst().getPublicKey().equals(pair.getPublic())) {
            throw new IllegalArgumentException("answer: another key (expected: ours)");
        }
        return new Fetched(new X509Svid(idOf(chain, roots, now), chain, pair.getPrivate()), roots);
    }

    /** What we are to show others must convince ourselves first. */
    private SpiffeId idOf(List<X509Certificate> chain, List<X509Certificate> roots, Instant now) {
        TrustDomain domain = source.server().trustDomain();
        TrustBundles bundles = new TrustBundles(0, Map.of(domain, roots));
        return switch (verifier.verify(X509.encoded(chain), PeerRole.CLIENT, bundles, now)) {
            case PeerVerdict.Verified own -> own.id();
            case PeerVerdict.Rejected rejected -> throw new IllegalArgumentException("answer: " + rejected.detail());
        };
    }
}
