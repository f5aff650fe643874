package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Istio's L4 policies at the door of one workload ({@code istio/ztunnel src/rbac.rs}): a matching DENY denies; without
 * ALLOW policies all is allowed; else one of them must match. Policies under dry run never decide. Pure.
 *
 * <p>Stricter than ztunnel in one point: a policy that the workload names and that nobody knows denies.
 */
public final class AuthorizationRules {
    private static final String SPIFFE_SCHEME = "spiffe://";

    private AuthorizationRules() {}

    /**
     * One connection as policies see it.
     *
     * @param peer proved by the TLS handshake; empty for plain text
     * @param source TCP peer: across networks that is the gateway
     * @param targetPort after all port mapping, not the service port
     */
    public record Attempt(Optional<SpiffeId> peer, IpAddress source, IpAddress destination, int targetPort) {}

    public sealed interface Verdict {
        record Allow() implements Verdict {}

        /** {@code policy} is {@code namespace/name} of who denied, or of the ALLOW policies that do not match, joined by commas. */
        record Deny(Cause cause, String policy) implements Verdict {}
    }

    public enum Cause {
        DENY_MATCHED,
        NO_ALLOW_MATCHED,
        UNKNOWN_POLICY
    }

    public static Verdict judge(Catalog catalog, Workload destination, Attempt attempt) {
        Optional<String> unknown = destination.policies().stream()
                .filter(key -> !catalog.policies().containsKey(key))
                .findFirst();
        if (unknown.isPresent()) {
            return new Verdict.Deny(Cause.UNKNOWN_POLICY, unknown.get());
        }
        return judge(
                applicable(catalog, destination).stream()
                        .filter(policy -> !policy.dryRun())
                        .toList(),
                attempt);
    }

    /** Policies under dry run that match: they are logged and decide nothing. */
    public static List<Policy> dryRunMatches(Catalog catalog, Workload destination, Attempt attempt) {
        return applicable(catalog, destination).stream()
                .filter(policy -> policy.dryRun() && matches(policy, attempt))
                .toList();
    }

    private static Verdict judge(List<Policy> policies, Attempt attempt) {
        Optional<Policy> denying = policies.stream()
                .filter(policy -> policy.action() == Policy.Action.DENY && matches(policy, attempt))
                .findFirst();
        if (denying.isPresent()) {
            return new Verdict.Deny(Cause.DENY_MATCHED, denying.get().key());
        }
        List<Policy> allowing = policies.stream()
                .filter(policy -> policy.action() == Policy.Action.ALLOW)
                .toList();
        return allowing.isEmpty() || allowing.stream().anyMatch(policy -> matches(policy, attempt))
                ? new Verdict.Allow()
                : new Verdict.Deny(
                        Cause.NO_ALLOW_MATCHED,
                        String.join(",", allowing.stream().map(Policy::key).toList()));
    }

    /** Of the namespace, of the whole mesh, and those that the workload names, in order of key. */
    private static List<Policy> applicable(Catalog catalog, Workload destination) {
        return catalog.policies().values().stream()
                .filter(policy ->
                        isByScope(policy, destination) || destination.policies().contains(policy.key()))
                .sorted(Comparator.comparing(Policy::key))
                .toList();
    }

    private static boolean isByScope(Policy policy, Workload destination) {
        return switch (policy.scope()) {
            case GLOBAL -> true;
            case NAMESPACE -> policy.namespace().equals(destination.namespace());
            case WORKLOAD_SELECTOR -> false;
        };
    }

    static boolean matches(Policy policy, Attempt attempt) {
        return policy.rules().stream()
                .anyMatch(rule -> rule.clauses().stream().allMatch(clause -> matches(clause, attempt)));
    }

    private static boolean matches(Policy.Clause clause, Attempt attempt) {
        return clause.matches().isEmpty()
                || clause.matches().stream()
                        .filter(match -> !match.equals(Policy.Match.EMPTY))
                        .anyMatch(match -> matches(match, attempt));
    }

    private static boolean matches(Policy.Match match, Attempt attempt) {
        String principal = attempt.peer()
                .map(id -> id.toString().substring(SPIFFE_SCHEME.length()))
                .orElse("");
        Optional<SpiffeId.ServiceAccount> account = attempt.peer().flatMap(SpiffeId::serviceAccount);
        String namespace = account.map(SpiffeId.ServiceAccount::namespace).orElse("");
        return fits(match.namespaces(), match.notNamespaces(), text -> fits(text, namespace))
                && fits(
                        match.principals(),
                        match.notPrincipals(),
                        text -> !principal.isEmpty() && fits(text, principal))
                && fits(match.sourceIps(), match.notSourceIps(), block -> contains(block, attempt.source()))
                && fits(
                        match.destinationIps(),
                        match.notDestinationIps(),
                        block -> contains(block, attempt.destination()))
                && fits(match.destinationPorts(), match.notDestinationPorts(), port -> port == attempt.targetPort())
                && fits(match.serviceAccounts(), match.notServiceAccounts(), wanted -> isAccount(wanted, account));
    }

    /** One of the positive list, if there is one, and none of the negative. */
    private static <T> boolean fits(List<T> positive, List<T> negative, Predicate<T> test) {
        return (positive.isEmpty() || positive.stream().anyMatch(test))
                && negative.stream().noneMatch(test);
    }

    private static boolean fits(Policy.Text text, String value) {
        return switch (text) {
            case Policy.Text.Exact(String exact) -> value.equals(exact);
            case Policy.Text.Prefix(String prefix) -> value.startsWith(prefix);
            case Policy.Text.Suffix(String suffix) -> value.endsWith(suffix);
            case Policy.Text.Present() -> !value.isEmpty();
        };
    }

    private static boolean isAccount(Policy.Account wanted, Optional<SpiffeId.ServiceAccount> account) {
        return account.filter(it ->
                        it.namespace().equals(wanted.namespace()) && it.name().equals(wanted.name()))
                .isPresent();
    }

    private static boolean contains(Policy.Cidr block, IpAddress ip) {
        if (block.ip().isV6() != ip.isV6()) {
            return false;
        }
        byte[] wanted = block.ip().bytes();
        byte[] given = ip.bytes();
        for (int bit = 0; bit < block.length(); bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((wanted[bit / 8] & mask) != (given[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
