package io.beringia.discovery.catalog;

import java.util.List;

/**
 * An L4 authorization policy as it reaches a data plane (Istio {@code authorization.proto}). Rules are ORed, clauses
 * ANDed, the matches of a clause ORed, and the fields of one match ANDed.
 *
 * @param rules none: the policy never matches, so an ALLOW without rules denies everything
 */
public record Policy(String namespace, String name, Scope scope, Action action, List<Rule> rules, boolean dryRun) {
    public Policy {
        rules = List.copyOf(rules);
    }

    /** As a workload names it. */
    public String key() {
        return namespace + "/" + name;
    }

    public enum Scope {
        /** Every workload of the mesh. */
        GLOBAL,
        /** Every workload of the policy's namespace. */
        NAMESPACE,
        /** Workloads that name it. */
        WORKLOAD_SELECTOR
    }

    public enum Action {
        ALLOW,
        DENY
    }

    /** Matches where each of its clauses does; without clauses it always matches. */
    public record Rule(List<Clause> clauses) {
        public Rule {
            clauses = List.copyOf(clauses);
        }
    }

    /** Matches where one of its matches does; without matches it does, with only empty ones it does not. */
    public record Clause(List<Match> matches) {
        public Clause {
            matches = List.copyOf(matches);
        }
    }

    /** One of every positive list that is not empty, and none of the negative ones. */
    public record Match(
            List<Text> namespaces,
            List<Text> notNamespaces,
            List<Text> principals,
            List<Text> notPrincipals,
            List<Cidr> sourceIps,
            List<Cidr> notSourceIps,
            List<Cidr> destinationIps,
            List<Cidr> notDestinationIps,
            List<Integer> destinationPorts,
            List<Integer> notDestinationPorts,
            List<Account> serviceAccounts,
            List<Account> notServiceAccounts) {
        public static final Match EMPTY = new Match(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of(), List.of(), List.of());

        public Match {
            namespaces = List.copyOf(namespaces);
            notNamespaces = List.copyOf(notNamespaces);
            principals = List.copyOf(principals);
            notPrincipals = List.copyOf(notPrincipals);
            sourceIps = List.copyOf(sourceIps);
            notSourceIps = List.copyOf(notSourceIps);
            destinationIps = List.copyOf(destinationIps);
            notDestinationIps = List.copyOf(notDestinationIps);
            destinationPorts = List.copyOf(destinationPorts);
            notDestinationPorts = List.copyOf(notDestinationPorts);
            serviceAccounts = List.copyOf(serviceAccounts);
            notServiceAccounts = List.copyOf(notServiceAccounts);
        }

        /** Only principals; the commonest match. Written without {@code spiffe://}, as Istio does. */
        public static Match ofPrincipals(List<Text> principals) {
            return EMPTY.withPrincipals(principals, List.of());
        }

        public Match withNamespaces(List<Text> wanted, List<Text> unwanted) {
            return new Match(
                    wanted,
                    unwanted,
                    principals,
                    notPrincipals,
                    sourceIps,
                    notSourceIps,
                    destinationIps,
                    notDestinationIps,
                    destinationPorts,
                    notDestinationPorts,
                    serviceAccounts,
                    notServiceAccounts);
        }

        public Match withPrincipals(List<Text> wanted, List<Text> unwanted) {
            return new Match(
                    namespaces,
                    notNamespaces,
                    wanted,
                    unwanted,
                    sourceIps,
                    notSourceIps,
                    destinationIps,
                    notDestinationIps,
                    destinationPorts,
                    notDestinationPorts,
                    serviceAccounts,
                    notServiceAccounts);
        }

        public Match withSourceIps(List<Cidr> wanted, List<Cidr> unwanted) {
            return new Match(
                    namespaces,
                    notNamespaces,
                    principals,
                    notPrincipals,
                    wanted,
                    unwanted,
                    destinationIps,
                    notDestinationIps,
                    destinationPorts,
                    notDestinationPorts,
                    serviceAccounts,
                    notServiceAccounts);
        }

        public Match withDestinationIps(List<Cidr> wanted, List<Cidr> unwanted) {
            return new Match(
                    namespaces,
                    notNamespaces,
                    principals,
                    notPrincipals,
                    sourceIps,
                    notSourceIps,
                    wanted,
                    unwanted,
                    destinationPorts,
                    notDestinationPorts,
                    serviceAccounts,
                    notServiceAccounts);
        }

        public Match withDestinationPorts(List<Integer> wanted, List<Integer> unwanted) {
            return new Match(
                    namespaces,
                    notNamespaces,
                    principals,
                    notPrincipals,
                    sourceIps,
                    notSourceIps,
                    destinationIps,
                    notDestinationIps,
                    wanted,
                    unwanted,
                    serviceAccounts,
                    notServiceAccounts);
        }

        public Match withServiceAccounts(List<Account> wanted, List<Account> unwanted) {
            return new Match(
                    namespaces,
                    notNamespaces,
                    principals,
                    notPrincipals,
                    sourceIps,
                    notSourceIps,
                    destinationIps,
                    notDestinationIps,
                    destinationPorts,
                    notDestinationPorts,
                    wanted,
                    unwanted);
        }
    }

    /** How a text is compared. */
    public sealed interface Text {
        record Exact(String text) implements Text {}

        record Prefix(String text) implements Text {}

        record Suffix(String text) implements Text {}

        /** Anything, as long as there is something. */
        record Present() implements Text {}
    }

    /** An address block; {@code length} in bits. */
    public record Cidr(IpAddress ip, int length) {
        private static final int BITS_V4 = 32;
        private static final int BITS_V6 = 128;

        public Cidr {
            if (length < 0 || length > (ip.isV6() ? BITS_V6 : BITS_V4)) {
                throw new IllegalArgumentException(
                        "block: " + ip + "/" + length + " (expected: a length within the address)");
            }
        }
    }

    /** A service account of any trust domain. */
    public record Account(String namespace, String name) {}
}
