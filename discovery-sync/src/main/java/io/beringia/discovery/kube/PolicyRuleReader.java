package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Policy.Account;
import io.beringia.discovery.catalog.Policy.Cidr;
import io.beringia.discovery.catalog.Policy.Clause;
import io.beringia.discovery.catalog.Policy.Match;
import io.beringia.discovery.catalog.Policy.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of one AuthorizationPolicy as layer 4 can tell them (istio/api {@code security/v1beta1/authorization_policy.proto}).
 * Of what it cannot tell, or cannot read, it takes the stricter reading: such a rule of an ALLOW is left out, one of a DENY
 * covers more. Owned by who reads the policy.
 */
final class PolicyRuleReader {
    private static final int PORT_MAX = 65_535;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    private static final Set<String> RULE = Set.of("from", "to", "when");
    private static final Set<String> OPERATION = Set.of("ports", "notPorts");
    private static final Set<String> SOURCE = Set.of(
            "principals",
            "notPrincipals",
            "namespaces",
            "notNamespaces",
            "serviceAccounts",
            "notServiceAccounts",
            "ipBlocks",
            "notIpBlocks");
    private static final Set<String> CONDITION = Set.of("key", "values", "notValues");

    private final String namespace;
    private final Policy.Action action;
    private final Set<String> untold = new TreeSet<>();

    /** @param namespace of the policy, which a service account without one is of */
    PolicyRuleReader(String namespace, Policy.Action action) {
        this.namespace = namespace;
        this.action = action;
    }

    List<Policy.Rule> rules(RawFields spec) {
        return spec.elements("rules")
                .map(rule -> rule(RawFields.of(rule)))
                .flatMap(Optional::stream)
                .toList();
    }

    /** What the rules that were read so far say beyond layer 4. */
    List<String> remarks() {
        String kind = action == Policy.Action.ALLOW
                ? "rules with it allow nobody at layer 4"
                : "rules with it deny at layer 4 whatever else they cover";
        return untold.stream().map(what -> what + ": " + kind).toList();
    }

    private Optional<Policy.Rule> rule(RawFields rule) {
        Set<String> here = new HashSet<>();
        List<Clause> clauses = new ArrayList<>();
        unknown(rule, RULE, here);
        RULE.stream().filter(name -> rule.has(name) && !rule.isList(name)).forEach(here::add);
        clause(rule, "to", here, this::operation).ifPresent(clauses::add);
        clause(rule, "from", here, this::source).ifPresent(clauses::add);
        rule.elements("when")
                .forEach(one -> entry(RawFields.of(one), here, this::condition)
                        .map(match -> new Clause(List.of(match)))
                        .ifPresent(clauses::add));
        untold.addAll(here);
        return action == Policy.Action.ALLOW && !here.isEmpty()
                ? Optional.empty()
                : Optional.of(new Policy.Rule(clauses));
    }

    /** None where the list is not there, or where one of its entries covers everything. */
    private Optional<Clause> clause(RawFields rule, String list, Set<String> here, EntryReader reader) {
        List<Optional<Match>> matches = rule.elements(list)
                .map(one -> entry(RawFields.of(one), here, reader))
                .toList();
        return matches.isEmpty() || matches.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(
                        new Clause(matches.stream().flatMap(Optional::stream).toList()));
    }

    private interface EntryReader {
        Match read(RawFields entry, Set<String> untold);
    }

    /** None if nothing is left of it: it covers everything then. One that said nothing from the start matches nothing. */
    private static Optional<Match> entry(RawFields entry, Set<String> here, EntryReader reader) {
        Set<String> ofEntry = new HashSet<>();
        Match match = reader.read(entry, ofEntry);
        here.addAll(ofEntry);
        return match.equals(Match.EMPTY) && !ofEntry.isEmpty() ? Optional.empty() : Optional.of(match);
    }

    private Match operation(RawFields to, Set<String> here) {
        RawFields it = to.object("operation");
        unknown(to, Set.of("operation"), here);
        unknown(it, OPERATION, here);
        return Match.EMPTY.withDestinationPorts(
                values(it, "ports", PolicyRuleReader::port, here),
                values(it, "notPorts", PolicyRuleReader::port, here));
    }

    private Match source(RawFields from, Set<String> here) {
        RawFields it = from.object("source");
        unknown(from, Set.of("source"), here);
        unknown(it, SOURCE, here);
        return Match.EMPTY
                .withNamespaces(texts(it, "namespaces", here), texts(it, "notNamespaces", here))
                .withPrincipals(texts(it, "principals", here), texts(it, "notPrincipals", here))
                .withSourceIps(blocks(it, "ipBlocks", here), blocks(it, "notIpBlocks", here))
                .withServiceAccounts(
                        values(it, "serviceAccounts", this::account, here),
                        values(it, "notServiceAccounts", this::account, here));
    }

    /** Of the attributes of a connection those that layer 4 has; the others are of requests. */
    private Match condition(RawFields it, Set<String> here) {
        unknown(it, CONDITION, here);
        String key = it.text("key");
        return switch (key) {
            case "source.namespace" ->
                Match.EMPTY.withNamespaces(texts(it, "values", here), texts(it, "notValues", here));
            case "source.principal" ->
                Match.EMPTY.withPrincipals(texts(it, "values", here), texts(it, "notValues", here));
            case "source.ip" -> Match.EMPTY.withSourceIps(blocks(it, "values", here), blocks(it, "notValues", here));
            case "destination.ip" ->
                Match.EMPTY.withDestinationIps(blocks(it, "values", here), blocks(it, "notValues", here));
            case "destination.port" ->
                Match.EMPTY.withDestinationPorts(
                        values(it, "values", PolicyRuleReader::port, here),
                        values(it, "notValues", PolicyRuleReader::port, here));
            default -> {
                here.add(key.isEmpty() ? "a condition without key" : key);
                yield Match.EMPTY;
            }
        };
    }

    private static List<Text> texts(RawFields it, String field, Set<String> here) {
        return values(it, field, PolicyRuleReader::text, here);
    }

    private static List<Cidr> blocks(RawFields it, String field, Set<String> here) {
        return values(it, field, PolicyRuleReader::block, here);
    }

    /** All of them or none: with one of them unread the others would be narrower, or their exception wider. */
    private static <T> List<T> values(
            RawFields it, String field, Function<String, Optional<T>> reader, Set<String> here) {
        List<?> said = it.elements(field).toList();
        List<T> read = said.stream()
                .flatMap(one -> one instanceof String word ? reader.apply(word).stream() : Stream.empty())
                .toList();
        if (read.size() == said.size() && (!it.has(field) || it.isList(field))) {
            return read;
        }
        here.add(field + " " + said);
        return List.of();
    }

    private static void unknown(RawFields it, Set<String> known, Set<String> here) {
        it.names().stream().filter(name -> !known.contains(name)).forEach(here::add);
    }

    /** {@code *} is any, {@code x*} a beginning, {@code *x} an end. */
    private static Optional<Text> text(String word) {
        if (word.isEmpty()) {
            return Optional.empty();
        }
        if (word.equals("*")) {
            return Optional.of(new Text.Present());
        }
        if (word.startsWith("*")) {
            return Optional.of(new Text.Suffix(word.substring(1)));
        }
        return Optional.of(
                word.endsWith("*") ? new Text.Prefix(word.substring(0, word.length() - 1)) : new Text.Exact(word));
    }

    /** Stars mean nothing in it. */
    private Optional<Account> account(String word) {
        int slash = word.indexOf('/');
        String name = word.substring(slash + 1);
        String of = slash < 0 ? namespace : word.substring(0, slash);
        return name.isEmpty() || of.isEmpty() || name.contains("/") || word.contains("*")
                ? Optional.empty()
                : Optional.of(new Account(of, name));
    }

    static Optional<Integer> port(String word) {
        return Optional.of(word)
                .filter(it -> NUMBER.matcher(it).matches())
                .map(Integer::valueOf)
                .filter(number -> number > 0 && number <= PORT_MAX);
    }

    private static Optional<Cidr> block(String word) {
        int slash = word.indexOf('/');
        try {
            IpAddress ip = IpAddress.parse(slash < 0 ? word : word.substring(0, slash));
            int whole = ip.bytes().length * Byte.SIZE;
            return slash < 0 ? Optional.of(new Cidr(ip, whole)) : length(word.substring(slash + 1), ip);
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Cidr> length(String word, IpAddress ip) {
        return NUMBER.matcher(word).matches() ? Optional.of(new Cidr(ip, Integer.parseInt(word))) : Optional.empty();
    }
}
