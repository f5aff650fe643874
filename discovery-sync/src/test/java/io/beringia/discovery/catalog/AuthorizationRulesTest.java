package io.beringia.discovery.catalog;

import static io.beringia.discovery.catalog.Mesh.WEST;
import static io.beringia.discovery.catalog.Mesh.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.AuthorizationRules.Attempt;
import io.beringia.discovery.catalog.AuthorizationRules.Cause;
import io.beringia.discovery.catalog.AuthorizationRules.Verdict;
import io.beringia.discovery.catalog.Policy.Action;
import io.beringia.discovery.catalog.Policy.Clause;
import io.beringia.discovery.catalog.Policy.Match;
import io.beringia.discovery.catalog.Policy.Rule;
import io.beringia.discovery.catalog.Policy.Scope;
import io.beringia.discovery.catalog.Policy.Text;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorizationRulesTest {
    private static final Attempt ATTEMPT = attempt("spiffe://cluster.local/ns/shop/sa/client");
    private static final Workload SERVER = workload("server", "demo", WEST).build();
    private static final Verdict ALLOWED = new Verdict.Allow();

    @Test
    void without_policies_everything_is_allowed() {
        assertThat(judge(SERVER)).isEqualTo(ALLOWED);
    }

    @Test
    void an_allow_policy_turns_the_default_to_deny() {
        Policy onlyOthers = policy("a", Scope.NAMESPACE, Action.ALLOW, principal(exact("cluster.local/ns/x/sa/y")));
        assertThat(judge(SERVER, onlyOthers)).isEqualTo(new Verdict.Deny(Cause.NO_ALLOW_MATCHED, "demo/a"));
        Policy us = policy("b", Scope.NAMESPACE, Action.ALLOW, principal(exact("cluster.local/ns/shop/sa/client")));
        assertThat(judge(SERVER, onlyOthers, us)).as("one of them is enough").isEqualTo(ALLOWED);
    }

    @Test
    void a_matching_deny_beats_every_allow() {
        Policy all = policy("all", Scope.NAMESPACE, Action.ALLOW, new Rule(List.of()));
        Policy deny = policy("no", Scope.NAMESPACE, Action.DENY, principal(new Text.Suffix("/sa/client")));
        assertThat(judge(SERVER, all, deny)).isEqualTo(new Verdict.Deny(Cause.DENY_MATCHED, "demo/no"));
    }

    @Test
    void an_allow_without_rules_denies_all_and_a_deny_without_rules_nothing() {
        assertThat(judge(SERVER, policy("a", Scope.NAMESPACE, Action.ALLOW))).isInstanceOf(Verdict.Deny.class);
        assertThat(judge(SERVER, policy("d", Scope.NAMESPACE, Action.DENY))).isEqualTo(ALLOWED);
    }

    @Test
    void empty_parts_match_as_ztunnel_has_them() {
        assertThat(denies(new Rule(List.of())))
                .as("a rule without clauses matches")
                .isTrue();
        assertThat(denies(clauses(List.of())))
                .as("a clause without matches is true")
                .isTrue();
        assertThat(denies(clauses(List.of(Match.EMPTY))))
                .as("one with only empty matches is false")
                .isFalse();
        assertThat(denies(clauses(List.of(Match.EMPTY, Match.ofPrincipals(List.of(new Text.Present()))))))
                .as("an empty match is skipped")
                .isTrue();
    }

    @Test
    void policies_apply_by_namespace_globally_and_by_name() {
        Rule all = new Rule(List.of());
        Policy elsewhere = new Policy("other", "d", Scope.NAMESPACE, Action.DENY, List.of(all), false);
        Policy global = new Policy("istio-system", "d", Scope.GLOBAL, Action.DENY, List.of(all), false);
        Policy selecting = policy("d", Scope.WORKLOAD_SELECTOR, Action.DENY, all);
        assertThat(judge(SERVER, elsewhere)).isEqualTo(ALLOWED);
        assertThat(judge(SERVER, global)).isEqualTo(new Verdict.Deny(Cause.DENY_MATCHED, "istio-system/d"));
        assertThat(judge(SERVER, selecting)).as("it does not select us").isEqualTo(ALLOWED);
        Workload selected =
                workload("server", "demo", WEST).policies(List.of("demo/d")).build();
        assertThat(judge(selected, selecting)).isEqualTo(new Verdict.Deny(Cause.DENY_MATCHED, "demo/d"));
    }

    @Test
    void a_policy_that_is_named_but_unknown_denies() {
        Workload naming =
                workload("server", "demo", WEST).policies(List.of("demo/lost")).build();
        assertThat(judge(naming)).isEqualTo(new Verdict.Deny(Cause.UNKNOWN_POLICY, "demo/lost"));
    }

    @Test
    void a_dry_run_is_reported_and_decides_nothing() {
        Policy dry = new Policy("demo", "dry", Scope.NAMESPACE, Action.DENY, List.of(new Rule(List.of())), true);
        Policy dryAllow = new Policy("demo", "dry2", Scope.NAMESPACE, Action.ALLOW, List.of(), true);
        assertThat(judge(SERVER, dry, dryAllow)).isEqualTo(ALLOWED);
        assertThat(AuthorizationRules.dryRunMatches(
                        new Mesh().with(dry, dryAllow).catalog(), SERVER, ATTEMPT))
                .containsExactly(dry);
    }

    @ParameterizedTest
    @CsvSource({
        "cluster.local/ns/shop/sa/client, true",
        "spiffe://cluster.local/ns/shop/sa/client, false",
        "cluster.local/ns/shop/sa/clien, false",
        "cluster.local/ns/shop/sa/client2, false",
        "other.domain/ns/shop/sa/client, false"
    })
    void principals_are_exact_and_without_the_scheme(String principal, boolean matches) {
        assertThat(denies(principal(exact(principal)))).isEqualTo(matches);
    }

    @Test
    void nobody_proved_matches_no_principal() {
        Attempt plain = new Attempt(Optional.empty(), ATTEMPT.source(), ATTEMPT.destination(), 8080);
        for (Text text : List.of(new Text.Present(), new Text.Prefix(""), new Text.Suffix(""), exact(""))) {
            Policy deny = policy("d", Scope.NAMESPACE, Action.DENY, principal(text));
            assertThat(AuthorizationRules.matches(deny, plain)).as("%s", text).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, true",
        "10.1.2.3/32, true",
        "10.1.2.2/32, false",
        "0.0.0.0/0, true",
        "10.1.2.0/31, false",
        "10.1.2.2/31, true",
        "::/0, false"
    })
    void source_blocks_are_compared_bit_by_bit(String block, boolean matches) {
        List<String> parts = List.of(block.split("/"));
        Policy.Cidr cidr = new Policy.Cidr(IpAddress.parse(parts.get(0)), Integer.parseInt(parts.get(1)));
        assertThat(denies(clauses(List.of(match(List.of(cidr), List.of(), List.of(), List.of())))))
                .isEqualTo(matches);
    }

    @Test
    void ports_are_target_ports_and_negatives_exclude() {
        assertThat(denies(clauses(List.of(match(List.of(), List.of(8080), List.of(), List.of())))))
                .isTrue();
        assertThat(denies(clauses(List.of(match(List.of(), List.of(80), List.of(), List.of())))))
                .isFalse();
        assertThat(denies(clauses(List.of(match(List.of(), List.of(), List.of(8080), List.of())))))
                .isFalse();
        assertThat(denies(clauses(List.of(match(List.of(), List.of(), List.of(80), List.of())))))
                .isTrue();
    }

    @Test
    void service_accounts_ignore_the_trust_domain() {
        Rule rule =
                clauses(List.of(match(List.of(), List.of(), List.of(), List.of(new Policy.Account("shop", "client")))));
        Policy deny = policy("d", Scope.NAMESPACE, Action.DENY, rule);
        assertThat(AuthorizationRules.matches(deny, attempt("spiffe://elsewhere/ns/shop/sa/client")))
                .isTrue();
        assertThat(AuthorizationRules.matches(deny, attempt("spiffe://elsewhere/ns/shop/sa/other")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void more_deny_never_allows_and_order_never_matters(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            List<Policy> some = IntStream.range(0, random.nextInt(5))
                    .mapToObj(n -> anyPolicy("p" + n, random))
                    .toList();
            Verdict before = judge(SERVER, some.toArray(Policy[]::new));
            assertThat(judge(SERVER, some.reversed().toArray(Policy[]::new))).isEqualTo(before);
            Policy more = policy("more", Scope.NAMESPACE, Action.DENY, anyRule(random));
            Policy[] all = IntStream.rangeClosed(0, some.size())
                    .mapToObj(n -> n < some.size() ? some.get(n) : more)
                    .toArray(Policy[]::new);
            if (before instanceof Verdict.Deny) {
                assertThat(judge(SERVER, all)).as("%s then %s", some, more).isInstanceOf(Verdict.Deny.class);
            }
        }
    }

    private static Policy anyPolicy(String name, Random random) {
        return new Policy(
                random.nextBoolean() ? "demo" : "other",
                name,
                List.of(Scope.GLOBAL, Scope.NAMESPACE, Scope.WORKLOAD_SELECTOR).get(random.nextInt(3)),
                random.nextBoolean() ? Action.ALLOW : Action.DENY,
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(n -> anyRule(random))
                        .toList(),
                random.nextInt(4) == 0);
    }

    private static Rule anyRule(Random random) {
        List<Text> texts = List.of(
                new Text.Present(), new Text.Prefix("cluster.local/"), exact("x"), new Text.Suffix("/sa/client"));
        return principal(texts.get(random.nextInt(texts.size())));
    }

    private static boolean denies(Rule rule) {
        return judge(SERVER, policy("d", Scope.NAMESPACE, Action.DENY, rule)) instanceof Verdict.Deny;
    }

    private static Verdict judge(Workload server, Policy... policies) {
        return AuthorizationRules.judge(new Mesh().with(policies).catalog(), server, ATTEMPT);
    }

    private static Policy policy(String name, Scope scope, Action action, Rule... rules) {
        return new Policy("demo", name, scope, action, List.of(rules), false);
    }

    private static Rule principal(Text text) {
        return clauses(List.of(Match.ofPrincipals(List.of(text))));
    }

    private static Rule clauses(List<Match> matches) {
        return new Rule(List.of(new Clause(matches)));
    }

    private static Match match(
            List<Policy.Cidr> sources, List<Integer> ports, List<Integer> notPorts, List<Policy.Account> accounts) {
        return new Match(
                List.of(), List.of(), List.of(), List.of(), sources, List.of(), List.of(), List.of(), ports, notPorts,
                accounts, List.of());
    }

    private static Text exact(String text) {
        return new Text.Exact(text);
    }

    private static Attempt attempt(String peer) {
        return new Attempt(
                Optional.of(SpiffeId.parse(peer)), IpAddress.parse("10.1.2.3"), IpAddress.parse("10.9.9.9"), 8080);
    }
}
