package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenRulesTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final TokenRules RULES = new TokenRules(DOMAIN, "istio-ca", Set.of("us-east", "alias"));
    private static final String CART = "system:serviceaccount:shop:cart";
    private static final Set<String> GROUPS = Set.of("system:serviceaccounts", "system:authenticated");

    @Test
    void a_service_account_is_the_workload_of_its_name() {
        assertThat(RULES.caller(new TokenReviewer.Genuine(CART, GROUPS, List.of("a", "istio-ca"), Map.of())))
                .as("verdict")
                .isEqualTo(new TokenRules.Is(Caller.self(SpiffeId.ofWorkload(DOMAIN, "shop", "cart"))));
    }

    @Test
    void the_pod_of_a_bound_token_comes_along() {
        Map<String, List<String>> extra = Map.of(
                "authentication.kubernetes.io/pod-name", List.of("cart-1"),
                "authentication.kubernetes.io/pod-uid", List.of("u-1"),
                "authentication.kubernetes.io/node-name", List.of("node-1"));

        assertThat(podOf(extra)).as("bound").contains(new BoundPod("cart-1", "u-1", Optional.of("node-1")));
        assertThat(podOf(Map.of("authentication.kubernetes.io/pod-name", List.of("cart-1"))))
                .as("half a pod is none")
                .isEmpty();
        assertThat(podOf(Map.of(
                        "authentication.kubernetes.io/pod-name", List.of("cart-1"),
                        "authentication.kubernetes.io/pod-uid", List.of("u-1", "u-2"))))
                .as("two are none")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "admin",
                "system:node:node-1",
                "system:serviceaccount:shop",
                "system:serviceaccount::cart",
                "system:serviceaccount:shop:",
                "system:serviceaccount:shop:cart:x",
                "system:serviceaccount:shop:cart/x",
                "system:serviceaccount:Shop:cart",
                "x:system:serviceaccount:shop:cart"
            })
    void no_other_user_is_anybody(String user) {
        isNobody(new TokenReviewer.Genuine(user, GROUPS, List.of("istio-ca"), Map.of()), Refusal.UNKNOWN_TOKEN);
    }

    @Test
    void a_token_for_another_audience_or_outside_of_the_group_proves_nothing() {
        isNobody(new TokenReviewer.Genuine(CART, GROUPS, List.of(), Map.of()), Refusal.UNKNOWN_TOKEN);
        isNobody(new TokenReviewer.Genuine(CART, GROUPS, List.of("vault"), Map.of()), Refusal.UNKNOWN_TOKEN);
        isNobody(new TokenReviewer.Genuine(CART, Set.of(), List.of("istio-ca"), Map.of()), Refusal.UNKNOWN_TOKEN);
        isNobody(new TokenReviewer.Refused("no"), Refusal.UNKNOWN_TOKEN);
        isNobody(new TokenReviewer.Unreachable("away"), Refusal.REVIEWER_AWAY);
    }

    @Test
    void one_cluster_or_none_is_named_and_it_is_ours() {
        for (List<String> ours : List.of(List.<String>of(), List.of(""), List.of("us-east"), List.of("alias"))) {
            assertThat(RULES.clusterFault(ours)).as("%s", ours).isEmpty();
        }
        for (List<String> others : List.of(List.of("us-west"), List.of("us-east", "us-east"), List.of("", ""))) {
            assertThat(RULES.clusterFault(others))
                    .as("%s", others)
                    .hasValueSatisfying(fault -> assertThat(fault.why()).isEqualTo(Refusal.UNKNOWN_CLUSTER));
        }
    }

    private static Optional<BoundPod> podOf(Map<String, List<String>> extra) {
        return RULES.caller(new TokenReviewer.Genuine(CART, GROUPS, List.of("istio-ca"), extra))
                        instanceof TokenRules.Is known
                ? known.caller().pod()
                : Optional.empty();
    }

    private static void isNobody(TokenReviewer.Review review, Refusal why) {
        assertThat(RULES.caller(review))
                .as("%s", review)
                .isInstanceOfSatisfying(
                        TokenRules.IsNobody.class,
                        nobody -> assertThat(nobody.why()).isEqualTo(why));
    }
}
