package io.beringia.trust.bench;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.KeyPairs;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;

/** A CA and keys of workloads, made beforehand. Immutable. */
record BenchMesh(Authority root, Authority authority, List<KeyPair> keys) {
    private static final TrustDomain DOMAIN = TrustDomain.parse("bench.example");

    static BenchMesh of(int workloads) {
        SecureRandom random = new SecureRandom();
        Authority root = Authority.root(DOMAIN);
        return new BenchMesh(
                root,
                root.intermediate("bench"),
                IntStream.range(0, workloads)
                        .mapToObj(_ -> KeyPairs.p256(random))
                        .toList());
    }

    static SpiffeId id(int workload) {
        return SpiffeId.ofWorkload(DOMAIN, "shop", "workload-" + workload);
    }
}
