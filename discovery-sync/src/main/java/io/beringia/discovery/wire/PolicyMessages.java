package io.beringia.discovery.wire;

import com.google.protobuf.Empty;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.wire.security.proto.Action;
import io.beringia.discovery.wire.security.proto.Address;
import io.beringia.discovery.wire.security.proto.Authorization;
import io.beringia.discovery.wire.security.proto.Clause;
import io.beringia.discovery.wire.security.proto.Match;
import io.beringia.discovery.wire.security.proto.Rule;
import io.beringia.discovery.wire.security.proto.Scope;
import io.beringia.discovery.wire.security.proto.ServiceAccountMatch;
import io.beringia.discovery.wire.security.proto.StringMatch;
import java.util.List;

/** Policies as messages of Istio's {@code authorization.proto}. Any thread. */
final class PolicyMessages {
    private PolicyMessages() {}

    static Authorization authorization(Policy it) {
        return Authorization.newBuilder()
                .setNamespace(it.namespace())
                .setName(it.name())
                .setScope(scope(it.scope()))
                .setAction(it.action() == Policy.Action.ALLOW ? Action.ALLOW : Action.DENY)
                .addAllRules(it.rules().stream().map(PolicyMessages::rule).toList())
                .setDryRun(it.dryRun())
                .build();
    }

    static Policy policy(Authorization it) {
        return new Policy(
                it.getNamespace(),
                it.getName(),
                scope(it.getScope()),
                action(it.getAction()),
                it.getRulesList().stream().map(PolicyMessages::rule).toList(),
                it.getDryRun());
    }

    private static Scope scope(Policy.Scope scope) {
        return switch (scope) {
            case GLOBAL -> Scope.GLOBAL;
            case NAMESPACE -> Scope.NAMESPACE;
            case WORKLOAD_SELECTOR -> Scope.WORKLOAD_SELECTOR;
        };
    }

    private static Policy.Scope scope(Scope scope) {
        return switch (scope) {
            case GLOBAL -> Policy.Scope.GLOBAL;
            case NAMESPACE -> Policy.Scope.NAMESPACE;
            case WORKLOAD_SELECTOR -> Policy.Scope.WORKLOAD_SELECTOR;
            case UNRECOGNIZED -> throw ServiceMessages.unknown("policy scope", -1);
        };
    }

    private static Policy.Action action(Action action) {
        return switch (action) {
            case ALLOW -> Policy.Action.ALLOW;
            case DENY -> Policy.Action.DENY;
            case UNRECOGNIZED -> throw ServiceMessages.unknown("policy action", -1);
        };
    }

    private static Rule rule(Policy.Rule it) {
        return Rule.newBuilder()
                .addAllClauses(it.clauses().stream().map(PolicyMessages::clause).toList())
                .build();
    }

    private static Policy.Rule rule(Rule it) {
        return new Policy.Rule(
                it.getClausesList().stream().map(PolicyMessages::clause).toList());
    }

    private static Clause clause(Policy.Clause it) {
        return Clause.newBuilder()
                .addAllMatches(it.matches().stream().map(PolicyMessages::match).toList())
                .build();
    }

    private static Policy.Clause clause(Clause it) {
        return new Policy.Clause(
                it.getMatchesList().stream().map(PolicyMessages::match).toList());
    }

    private static Match match(Policy.Match it) {
        return Match.newBuilder()
                .addAllNamespaces(texts(it.namespaces()))
                .addAllNotNamespaces(texts(it.notNamespaces()))
                .addAllPrincipals(texts(it.principals()))
                .addAllNotPrincipals(texts(it.notPrincipals()))
                .addAllSourceIps(blocks(it.sourceIps()))
                .addAllNotSourceIps(blocks(it.notSourceIps()))
                .addAllDestinationIps(blocks(it.destinationIps()))
                .addAllNotDestinationIps(blocks(it.notDestinationIps()))
                .addAllDestinationPorts(it.destinationPorts())
                .addAllNotDestinationPorts(it.notDestinationPorts())
                .addAllServiceAccounts(accounts(it.serviceAccounts()))
                .addAllNotServiceAccounts(accounts(it.notServiceAccounts()))
                .build();
    }

    private static Policy.Match match(Match it) {
        return new Policy.Match(
                parsedTexts(it.getNamespacesList()),
                parsedTexts(it.getNotNamespacesList()),
                parsedTexts(it.getPrincipalsList()),
                parsedTexts(it.getNotPrincipalsList()),
                parsedBlocks(it.getSourceIpsList()),
                parsedBlocks(it.getNotSourceIpsList()),
                parsedBlocks(it.getDestinationIpsList()),
                parsedBlocks(it.getNotDestinationIpsList()),
                it.getDestinationPortsList(),
                it.getNotDestinationPortsList(),
                parsedAccounts(it.getServiceAccountsList()),
                parsedAccounts(it.getNotServiceAccountsList()));
    }

    private static List<StringMatch> texts(List<Policy.Text> texts) {
        return texts.stream().map(PolicyMessages::text).toList();
    }

    private static List<Policy.Text> parsedTexts(List<StringMatch> texts) {
        return texts.stream().map(PolicyMessages::text).toList();
    }

    private static StringMatch text(Policy.Text it) {
        StringMatch.Builder message = StringMatch.newBuilder();
        return switch (it) {
            case Policy.Text.Exact exact -> message.setExact(exact.text()).build();
            case Policy.Text.Prefix prefix -> message.setPrefix(prefix.text()).build();
            case Policy.Text.Suffix suffix -> message.setSuffix(suffix.text()).build();
            case Policy.Text.Present present ->
                message.setPresence(Empty.getDefaultInstance()).build();
        };
    }

    private static Policy.Text text(StringMatch it) {
        return switch (it.getMatchTypeCase()) {
            case EXACT -> new Policy.Text.Exact(it.getExact());
            case PREFIX -> new Policy.Text.Prefix(it.getPrefix());
            case SUFFIX -> new Policy.Text.Suffix(it.getSuffix());
            case PRESENCE -> new Policy.Text.Present();
            case MATCHTYPE_NOT_SET ->
                throw new IllegalArgumentException("text match: empty (expected: exact, prefix, suffix or presence)");
        };
    }

    private static List<Address> blocks(List<Policy.Cidr> blocks) {
        return blocks.stream()
                .map(it -> Address.newBuilder()
                        .setAddress(ServiceMessages.bytes(it.ip()))
                        .setLength(it.length())
                        .build())
                .toList();
    }

    private static List<Policy.Cidr> parsedBlocks(List<Address> blocks) {
        return blocks.stream()
                .map(it -> new Policy.Cidr(ServiceMessages.ip(it.getAddress()), it.getLength()))
                .toList();
    }

    private static List<ServiceAccountMatch> accounts(List<Policy.Account> accounts) {
        return accounts.stream()
                .map(it -> ServiceAccountMatch.newBuilder()
                        .setNamespace(it.namespace())
                        .setServiceAccount(it.name())
                        .build())
                .toList();
    }

    private static List<Policy.Account> parsedAccounts(List<ServiceAccountMatch> accounts) {
        return accounts.stream()
                .map(it -> new Policy.Account(it.getNamespace(), it.getServiceAccount()))
                .toList();
    }
}
