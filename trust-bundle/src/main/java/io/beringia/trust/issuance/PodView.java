package io.beringia.trust.issuance;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The pods of our cluster at one moment.
 *
 * @param seenAt when the API server last agreed; empty where it never did
 * @param byUid all pods
 */
public record PodView(Optional<Instant> seenAt, Map<String, Pod> byUid) {
    public static final PodView NEVER = new PodView(Optional.empty(), Map.of());

    public PodView {
        byUid = Map.copyOf(byUid);
    }

    /** Of pods that were all there at {@code seenAt}. */
    public static PodView of(Instant seenAt, Collection<Pod> pods) {
        return new PodView(
                Optional.of(seenAt),
                pods.stream().collect(Collectors.toMap(Pod::uid, Function.identity(), (one, other) -> other)));
    }

    /** How far a pod is. */
    public enum Phase {
        PENDING,
        RUNNING,
        /** Succeeded, failed, or something that we do not know. */
        OVER
    }

    /**
     * A pod.
     *
     * @param node where it was placed on one
     */
    public record Pod(
            String namespace, String name, String uid, String serviceAccount, Optional<String> node, Phase phase) {
        /** As the token of a pod on {@code node} would say: {@code account} of {@code namespace}, and not over. */
        boolean isOn(String where, String ofNamespace, String account) {
            return node.equals(Optional.of(where))
                    && namespace.equals(ofNamespace)
                    && serviceAccount.equals(account)
                    && phase != Phase.OVER;
        }
    }
}
