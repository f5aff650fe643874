package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.wire.MeshValue;
import io.beringia.discovery.wire.WorkloadCodec;
import io.beringia.trust.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What stands before the endpoints of an exported service: who of several clusters lets more in than the others shows by
 * it. Names of policies and how they are scoped do not matter, only what they say and whom they reach. Pure.
 */
final class GuardRules {
    private static final int DIGEST_BYTES = 8;

    private final LocalPart part;
    private final Map<String, String> fingerprints = new HashMap<>();

    GuardRules(LocalPart part) {
        this.part = part;
        part.policies().policies().forEach(policy -> fingerprints.put(policy.key(), fingerprint(policy)));
    }

    /** Without an endpoint nobody knows what would be enforced. */
    Export.Guard of(ServiceName service, List<Workload> endpoints) {
        Set<SpiffeId> waypoint = part.waypoints().identities().getOrDefault(service, Set.of());
        if (endpoints.isEmpty()) {
            return new Export.Guard("", waypoint);
        }
        String all = endpoints.stream()
                .map(endpoint -> String.join(",", before(endpoint)))
                .distinct()
                .sorted()
                .collect(Collectors.joining(";"));
        return new Export.Guard(digest(part.waypoints().identities().containsKey(service) + "|" + all), waypoint);
    }

    private Set<String> before(Workload endpoint) {
        return part.policies().policies().stream()
                .filter(policy -> reaches(policy, endpoint))
                .map(policy -> fingerprints.getOrDefault(policy.key(), ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean reaches(Policy policy, Workload endpoint) {
        return switch (policy.scope()) {
            case GLOBAL -> true;
            case NAMESPACE -> policy.namespace().equals(endpoint.namespace());
            case WORKLOAD_SELECTOR -> endpoint.policies().contains(policy.key());
        };
    }

    /** Of its message, which all versions of us write alike. */
    private static String fingerprint(Policy it) {
        return WorkloadCodec.encode(new MeshValue.OfPolicy(
                        new Policy("-", "-", Policy.Scope.GLOBAL, it.action(), it.rules(), it.dryRun())))
                .version();
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: none (expected: in every JDK)", impossible);
        }
    }
}
