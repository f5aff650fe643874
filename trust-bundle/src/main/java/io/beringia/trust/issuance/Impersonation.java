package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a node's proxy may have the certificate of a pod: only of one that is on its own node now. Pure.
 *
 * @param nodeAccounts {@code namespace/account} of node proxies, exact
 */
record Impersonation(Set<String> nodeAccounts) {
    /** An API server that is away for longer than this may have moved every pod. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    Impersonation {
        nodeAccounts = Set.copyOf(nodeAccounts);
    }

    sealed interface Outcome {}

    record Granted() implements Outcome {}

    record Refused(Refusal why, String detail) implements Outcome {}

    /** {@code wanted} is canonical and of our own trust domain: whoever calls has seen to that. */
    Outcome decide(Caller caller, SpiffeId.ServiceAccount wanted, PodView pods, Instant now) {
        if (!isNodeProxy(caller)) {
            return refused(caller.id() + ": no node proxy");
        }
        if (caller.pod().isEmpty()) {
            return refused(caller.id() + ": a token of no pod (expected: a bound one)");
        }
        if (!isFresh(pods, now)) {
            return new Refused(
                    Refusal.PODS_UNKNOWN, "pods: last seen " + pods.seenAt() + " (expected: within " + FRESH + ")");
        }
        return decide(caller.id().serviceAccount().orElseThrow(), caller.pod().get(), wanted, pods);
    }

    private static Outcome decide(
            SpiffeId.ServiceAccount proxy, BoundPod bound, SpiffeId.ServiceAccount wanted, PodView pods) {
        Optional<String> node = Optional.ofNullable(pods.byUid().get(bound.uid()))
                .filter(pod -> pod.name().equals(bound.name()))
                .filter(pod -> pod.namespace().equals(proxy.namespace()))
                .filter(pod -> pod.serviceAccount().equals(proxy.name()))
                .filter(pod -> pod.phase() == PodView.Phase.RUNNING)
                .flatMap(PodView.Pod::node)
                .filter(where -> bound.node().isEmpty() || bound.node().get().equals(where));
        if (node.isEmpty()) {
            return refused("pod " + bound.uid() + " of the caller: not running as its token says");
        }
        return pods.byUid().values().stream().anyMatch(pod -> pod.isOn(node.get(), wanted.namespace(), wanted.name()))
                ? new Granted()
                : refused("node " + node.get() + ": no pod of " + wanted.namespace() + "/" + wanted.name());
    }

    private boolean isNodeProxy(Caller caller) {
        return caller.id()
                .serviceAccount()
                .filter(account -> nodeAccounts.contains(account.namespace() + "/" + account.name()))
                .isPresent();
    }

    private static boolean isFresh(PodView pods, Instant now) {
        return pods.seenAt().filter(seen -> !now.isAfter(seen.plus(FRESH))).isPresent();
    }

    private static Refused refused(String detail) {
        return new Refused(Refusal.IMPERSONATION, detail);
    }
}
