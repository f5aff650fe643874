package io.beringia.discovery.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.explain.FlowExplanation.Outcome;
import io.beringia.discovery.explain.FlowExplanation.Step;
import io.beringia.discovery.explain.FlowExplanation.Verdict;
import io.beringia.discovery.merge.LocalOverrides;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Why connections go where they go, one thing after the other changed. */
final class FlowRulesTest {
    private static final String TO_CART = "shop/front-1 to shop/cart.shop.svc.cluster.local:80 ";

    @Test
    void at_home_while_home_can_serve() {
        FlowExplanation why = cart(new Pictures());

        assertThat(why.outcome()).isEqualTo(Outcome.GOES);
        assertThat(why.answer()).isEqualTo(TO_CART + "goes to east 100.0 %");
        assertThat(why.reasons()).extracting(FlowExplanation.Reason::step).containsExactly(Step.values());
        assertThat(value(why, Step.EXPORT))
                .isEqualTo("west exports it to us since 2026-01-01T00:01:00Z; east offers it: Permitted, to west");
        assertThat(value(why, Step.SCOPE))
                .isEqualTo(
                        "nearest first by [NETWORK, REGION, ZONE], at 10.0.0.1, 241.0.0.7; client in net-east, us-east/a");
        assertThat(value(why, Step.RANK))
                .startsWith("shop/cart-1, shop/cart-2, before other clusters by our gateways (rank ")
                .endsWith("wins");
        assertThat(value(why, Step.WEIGHT))
                .isEqualTo("shop/cart-1 1000 of 2000, shop/cart-2 1000 of 2000; by readiness, no row of a plan");
        assertThat(value(why, Step.HEALTH))
                .isEqualTo("east has 2 of 2 ready (API live); west has 3 ready (API live, link live, path up)");
        assertThat(value(why, Step.GATEWAY)).isEqualTo("none, net-east is the client's own network");
        assertThat(value(why, Step.CERTIFICATE))
                .isEqualTo("shows " + Pictures.id("shop", "front") + "; must answer: " + Pictures.id("shop", "cart"));
        assertThat(value(why, Step.AUTHORIZATION)).isEqualTo("no policy of ours denies it");
        assertThat(value(why, Step.PLAN)).isEqualTo("none");
    }

    @Test
    void through_our_gateway_when_home_cannot() {
        FlowExplanation why = cart(new Pictures().localReady(0));

        assertThat(why.answer()).isEqualTo(TO_CART + "goes to west 100.0 %");
        assertThat(value(why, Step.GATEWAY))
                .isEqualTo("own gateway gw-0 at 10.1.0.9:15018, on to west (capacity 3000, 1 of 1 gateways healthy)");
        assertThat(value(why, Step.CERTIFICATE))
                .contains(
                        "gateway " + Pictures.id("beringia-system", "gateway"),
                        "inside " + Pictures.id("shop", "cart"));
        assertThat(verdict(why, Step.AUTHORIZATION)).isEqualTo(Verdict.OPEN);
    }

    @Test
    void straight_to_the_other_gateway_without_relay() {
        FlowExplanation why = cart(new Pictures().localReady(0).direct());

        assertThat(why.answer()).isEqualTo(TO_CART + "goes to west 100.0 %");
        assertThat(value(why, Step.GATEWAY)).isEqualTo("gateway gw-0 at 192.0.2.2:15008");
    }

    @Test
    void by_the_shares_of_a_plan() {
        FlowExplanation why = cart(new Pictures()
                .planned(Shares.of(
                        new Shares.Share(Pictures.US_EAST, 7_000), new Shares.Share(Pictures.US_WEST, 3_000))));

        assertThat(why.answer()).isEqualTo(TO_CART + "goes to east 70.0 %, west 30.0 %");
        assertThat(value(why, Step.WEIGHT)).contains("by the plan's row us-east=7000 us-west=3000");
        assertThat(value(why, Step.PLAN)).startsWith("epoch 3, seq 7 by ").endsWith(", all regions active");
    }

    @Test
    void a_plan_that_leaves_everything_at_home_moves_nothing() {
        FlowExplanation why = cart(new Pictures().planned(Shares.all(Pictures.US_EAST)));

        assertThat(why.answer()).isEqualTo(TO_CART + "goes to east 100.0 %");
        assertThat(value(why, Step.WEIGHT)).endsWith("by readiness, the plan moves nothing");
    }

    @Test
    void through_a_waypoint_that_decides_the_rest() {
        FlowExplanation why = cart(new Pictures().waypointed());

        assertThat(why.answer()).isEqualTo(TO_CART + "goes to its waypoint, which decides on");
        assertThat(value(why, Step.GATEWAY)).isEqualTo("waypoint gw-0 at 10.1.0.9:15008");
        assertThat(value(why, Step.CERTIFICATE)).endsWith("waypoint " + Pictures.id("beringia-system", "gateway"));
        assertThat(verdict(why, Step.AUTHORIZATION)).isEqualTo(Verdict.OPEN);
    }

    @Test
    void what_observers_lower_is_named() {
        FlowExplanation why = cart(new Pictures()
                .planned(
                        Shares.of(new Shares.Share(Pictures.US_EAST, 7_000), new Shares.Share(Pictures.US_WEST, 3_000)))
                .overridden(LocalOverrides.of(Map.of(Pictures.US_WEST, 0)))
                .lost(Duration.ofSeconds(34)));

        assertThat(why.answer()).isEqualTo(TO_CART + "goes to east 100.0 %");
        assertThat(value(why, Step.WEIGHT)).endsWith("our observers lower us-west to 0 of 10000");
        assertThat(value(why, Step.HEALTH)).contains("west has 3 ready (API live, link lost for 34 s, path down)");
    }

    @Test
    void refused_by_health_where_nobody_can_serve() {
        FlowExplanation why = cart(new Pictures().localReady(0).remoteReady(0));

        assertThat(why.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(why.answer())
                .startsWith(TO_CART + "is refused by health: no endpoint can serve: ")
                .contains("shop/cart-1 unhealthy", "other clusters by our gateways unhealthy", "east has 0 of 2 ready");
        assertThat(verdict(why, Step.GATEWAY)).isEqualTo(Verdict.OPEN);
        assertThat(value(why, Step.AUTHORIZATION)).isEqualTo("nobody to authorize it");
    }

    @Test
    void refused_by_the_gateway_where_the_only_ways_lead_nowhere() {
        FlowExplanation relayed = cart(new Pictures().localReady(0).westGateway(Health.UNHEALTHY));
        assertThat(relayed.answer()).startsWith(TO_CART + "is refused by gateway: own gateway gw-0");
        assertThat(relayed.answer()).contains("0 of 1 gateways healthy");

        FlowExplanation direct = cart(new Pictures().localReady(0).direct().westGateway(Health.UNHEALTHY));
        assertThat(direct.answer()).startsWith(TO_CART + "is refused by gateway: unknown-network-gateway");
    }

    @Test
    void refused_by_scope_for_who_does_not_see_it_or_asks_for_another_port() {
        FlowExplanation hidden = FlowRules.explain(
                new Pictures().privately().snapshot(),
                new Question("beringia-system/gw-0", "shop/cart", OptionalInt.empty()));
        assertThat(hidden.answer()).contains("is refused by scope: only clients of namespace shop see it");

        FlowExplanation other = FlowRules.explain(
                new Pictures().snapshot(), new Question("shop/front-1", "shop/cart", OptionalInt.of(81)));
        assertThat(other.answer()).endsWith("is refused by scope: port: 81 (expected: one of 80)");
    }

    @Test
    void refused_by_a_policy_that_is_named() {
        FlowExplanation why = cart(new Pictures()
                .policy(new Policy("shop", "only-web", Policy.Scope.NAMESPACE, Policy.Action.ALLOW, List.of(), false)));

        assertThat(why.answer()).endsWith("is refused by authorization: no allow matched shop/only-web");
    }

    @Test
    void refused_by_export_where_nobody_told_us_of_it() {
        assertThat(asked(new Pictures(), "shop/nothing").answer())
                .isEqualTo("shop/front-1 to shop/nothing is refused by export: no such service in east, and no cluster"
                        + " exports one to it");
        assertThat(asked(new Pictures().unheard(Pictures.WEST), "shop/nothing").answer())
                .endsWith("(not heard since the start: west)");
        assertThat(asked(new Pictures(), "other/cart").answer())
                .endsWith("namespace other does not exist in east, so nothing is imported into it");
    }

    @Test
    void who_is_not_exported_says_whose_it_is() {
        assertThat(value(asked(new Pictures(), "beringia-system/gateway"), Step.EXPORT))
                .isEqualTo("of east only, nobody exports it");
        assertThat(value(cart(new Pictures().notExportedByWest()), Step.EXPORT))
                .isEqualTo("east offers it: Permitted, to west");
    }

    @Test
    void people_may_say_it_in_several_ways() {
        for (String client : List.of("shop/front-1", "shop/front", "10.1.0.1", "east//Pod/shop/front-1")) {
            for (String service : List.of(
                    "shop/cart",
                    "cart.shop.svc.cluster.local",
                    "shop/cart.shop.svc.cluster.local",
                    "10.0.0.1",
                    "241.0.0.7")) {
                assertThat(FlowRules.explain(
                                        new Pictures().snapshot(), new Question(client, service, OptionalInt.empty()))
                                .answer())
                        .as(client + " " + service)
                        .startsWith(TO_CART);
            }
        }
        assertThatThrownBy(() -> FlowRules.explain(
                        new Pictures().snapshot(), new Question("shop/nobody", "shop/cart", OptionalInt.empty())))
                .hasMessageStartingWith("client: \"shop/nobody\" (expected: a workload of east, such as ");
    }

    private static FlowExplanation cart(Pictures pictures) {
        return asked(pictures, "shop/cart");
    }

    private static FlowExplanation asked(Pictures pictures, String service) {
        return FlowRules.explain(pictures.snapshot(), new Question("shop/front-1", service, OptionalInt.empty()));
    }

    private static String value(FlowExplanation why, Step step) {
        return reason(why, step).value();
    }

    private static Verdict verdict(FlowExplanation why, Step step) {
        return reason(why, step).verdict();
    }

    private static FlowExplanation.Reason reason(FlowExplanation why, Step step) {
        return why.reasons().stream()
                .filter(it -> it.step() == step)
                .findFirst()
                .orElseThrow();
    }
}
