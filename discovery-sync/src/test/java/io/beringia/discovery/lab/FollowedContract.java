package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.kube.ClusterNews;
import io.beringia.discovery.kube.ClusterWatch;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.KubeconfigReader;
import io.beringia.discovery.kube.LocalCluster;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What our own watch makes of a Kubernetes API: the lab and a real one are followed alike. */
interface FollowedContract {
    Duration PATIENCE = Duration.ofSeconds(60);

    Shop shop();

    /** As an update of whoever installs it does it. */
    @Test
    default void a_definition_that_vanishes_is_told_and_its_kind_is_followed_again_when_it_is_back() {
        String defined = shop().manifests() + ServedContract.DEFINITION;
        String exported = defined + ServedContract.EXPORT.formatted(shop().namespace());
        shop().api().hold(exported);
        List<ClusterNews> news = new CopyOnWriteArrayList<>();
        try (ClusterWatch _ = follow(news)) {
            await("exported").atMost(PATIENCE).until(() -> isExported(news));

            shop().api().hold(shop().manifests());
            await("not any more").atMost(PATIENCE).until(() -> !isExported(news));
            await("its definition is missed")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(held(news))
                            .containsExactly(new HeldKind(
                                    "serviceexports.multicluster.x-k8s.io", 0, HeldKind.Reason.UNDEFINED)));

            shop().api().hold(exported);
            await("exported again").atMost(PATIENCE).until(() -> isExported(news));
            await("nothing is missed").atMost(PATIENCE).until(() -> held(news).isEmpty());
        }
    }

    private ClusterWatch follow(List<ClusterNews> news) {
        return ClusterWatch.start(
                access(shop().api().kubeconfig()),
                new LocalCluster(
                        new ClusterId("east"),
                        new Network("net"),
                        new TrustDomain("cluster.local"),
                        "cluster.local",
                        "istio-system"),
                new ClusterWatch.Liveness(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(3)),
                InstantSource.system(),
                news::add);
    }

    private static Kubeconfig access(String kubeconfig) {
        return switch (KubeconfigReader.read(kubeconfig, EnumSet.allOf(KubeconfigReader.Allowance.class))) {
            case KubeconfigReader.Verdict.Accepted(Kubeconfig accepted) -> accepted;
            case KubeconfigReader.Verdict.Refused refused -> throw new AssertionError(refused.problems());
        };
    }

    private boolean isExported(List<ClusterNews> news) {
        ObjectName cart = new ObjectName(shop().namespace(), "cart");
        return news.reversed().stream()
                .flatMap(one ->
                        one instanceof ClusterNews.PartChanged(LocalPart part) ? Stream.of(part) : Stream.empty())
                .findFirst()
                .filter(part -> part.mcs().exports().containsKey(cart))
                .isPresent();
    }

    private static List<HeldKind> held(List<ClusterNews> news) {
        return news.reversed().stream()
                .flatMap(one -> one instanceof ClusterNews.HeldBack held ? Stream.of(held.kinds()) : Stream.empty())
                .findFirst()
                .orElse(List.of());
    }
}
