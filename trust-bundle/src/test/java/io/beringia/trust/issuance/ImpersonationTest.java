package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each rule violated alone, beside a request in which all hold. */
final class ImpersonationTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId ZTUNNEL = SpiffeId.ofWorkload(DOMAIN, "istio-system", "ztunnel");
    private static final SpiffeId.ServiceAccount CART = new SpiffeId.ServiceAccount("shop", "cart");
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final BoundPod BOUND = new BoundPod("z-1", "u-z", Optional.empty());

    private static final PodView.Pod PROXY =
            new PodView.Pod("istio-system", "z-1", "u-z", "ztunnel", Optional.of("node-1"), PodView.Phase.RUNNING);
    private static final PodView.Pod POD =
            new PodView.Pod("shop", "cart-1", "u-c", "cart", Optional.of("node-1"), PodView.Phase.RUNNING);

    private final Impersonation rules = new Impersonation(Set.of("istio-system/ztunnel"));

    @Test
    void a_node_proxy_may_have_the_pods_of_its_node() {
        assertThat(decide(ZTUNNEL, Optional.of(BOUND), PROXY, POD))
                .as("running")
                .isEqualTo(new Impersonation.Granted());
        assertThat(decide(ZTUNNEL, Optional.of(BOUND), PROXY, with(POD, "node-1", PodView.Phase.PENDING)))
                .as("about to run")
                .isEqualTo(new Impersonation.Granted());
        assertThat(decide(ZTUNNEL, Optional.of(new BoundPod("z-1", "u-z", Optional.of("node-1"))), PROXY, POD))
                .as("whose token names the node")
                .isEqualTo(new Impersonation.Granted());
    }

    @Test
    void nobody_else_may() {
        SpiffeId other = SpiffeId.ofWorkload(DOMAIN, "istio-system", "ztunnel-2");
        refuses(decide(other, Optional.of(BOUND), PROXY, POD), "no node proxy");
    }

    @Test
    void a_token_of_no_pod_may_not() {
        refuses(decide(ZTUNNEL, Optional.empty(), PROXY, POD), "a token of no pod");
    }

    @Test
    void a_pod_that_is_not_what_its_token_says_may_not() {
        refuses(decide(ZTUNNEL, Optional.of(new BoundPod("z-1", "u-old", Optional.empty())), PROXY, POD), "u-old");
        refuses(decide(ZTUNNEL, Optional.of(new BoundPod("z-2", "u-z", Optional.empty())), PROXY, POD), "u-z");
        refuses(decide(ZTUNNEL, Optional.of(new BoundPod("z-1", "u-z", Optional.of("node-2"))), PROXY, POD), "u-z");
        refuses(decide(ZTUNNEL, Optional.of(BOUND), with(PROXY, "node-1", PodView.Phase.OVER), POD), "u-z");
        refuses(decide(ZTUNNEL, Optional.of(BOUND), with(PROXY, "node-1", PodView.Phase.PENDING), POD), "u-z");
        PodView.Pod otherAccount =
                new PodView.Pod("istio-system", "z-1", "u-z", "default", Optional.of("node-1"), PodView.Phase.RUNNING);
        refuses(decide(ZTUNNEL, Optional.of(BOUND), otherAccount, POD), "u-z");
    }

    @Test
    void a_pod_of_another_node_or_one_that_is_over_is_not_to_be_had() {
        refuses(decide(ZTUNNEL, Optional.of(BOUND), PROXY, with(POD, "node-2", PodView.Phase.RUNNING)), "no pod of");
        refuses(decide(ZTUNNEL, Optional.of(BOUND), PROXY, with(POD, "node-1", PodView.Phase.OVER)), "no pod of");
        refuses(decide(ZTUNNEL, Optional.of(BOUND), PROXY), "no pod of shop/cart");
    }

    @Test
    void without_fresh_knowledge_of_the_pods_nobody_may_now() {
        Caller caller = new Caller(ZTUNNEL, Set.of(), Optional.of(BOUND));
        PodView seen = PodView.of(NOW, List.of(PROXY, POD));
        for (PodView view : List.of(PodView.NEVER, seen)) {
            assertThat(rules.decide(caller, CART, view, NOW.plusSeconds(31)))
                    .as("%s", view.seenAt())
                    .isInstanceOfSatisfying(
                            Impersonation.Refused.class,
                            refused -> assertThat(refused.why()).isEqualTo(Refusal.PODS_UNKNOWN));
        }
        assertThat(rules.decide(caller, CART, seen, NOW.plusSeconds(30)))
                .as("just fresh enough")
                .isEqualTo(new Impersonation.Granted());
    }

    private Impersonation.Outcome decide(SpiffeId caller, Optional<BoundPod> bound, PodView.Pod... pods) {
        return rules.decide(new Caller(caller, Set.of(), bound), CART, PodView.of(NOW, List.of(pods)), NOW);
    }

    private static PodView.Pod with(PodView.Pod pod, String node, PodView.Phase phase) {
        return new PodView.Pod(pod.namespace(), pod.name(), pod.uid(), pod.serviceAccount(), Optional.of(node), phase);
    }

    private static void refuses(Impersonation.Outcome outcome, String why) {
        assertThat(outcome).as(why).isInstanceOfSatisfying(Impersonation.Refused.class, refused -> {
            assertThat(refused.why()).as("reason").isEqualTo(Refusal.IMPERSONATION);
            assertThat(refused.detail()).as("detail").contains(why);
        });
    }
}
