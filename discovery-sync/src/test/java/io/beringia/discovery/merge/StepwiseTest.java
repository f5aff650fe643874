package io.beringia.discovery.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.ServiceName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each revision is made of the last one; it must not show. */
final class StepwiseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SEEDS = 40;
    private static final int STEPS = 60;
    private static final Optional<GatewayRef> RELAY = Optional.of(new GatewayRef.ByHostname(
            new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"), 15_018));
    private static final Map<Audience, Optional<GatewayRef>> VIEWS = views();

    private static Map<Audience, Optional<GatewayRef>> views() {
        Map<Audience, Optional<GatewayRef>> views = new LinkedHashMap<>();
        views.put(new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.DIRECT), Optional.empty());
        views.put(new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.RELAY), RELAY);
        views.put(new Audience(Audience.Kind.HOST, Audience.Mode.RELAY), RELAY);
        views.put(new Audience(Audience.Kind.GATEWAY, Audience.Mode.DIRECT), Optional.empty());
        return views;
    }

    @Test
    void what_changed_step_by_step_is_what_comes_of_it_from_nothing_for_every_view() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            Federation federation = new Federation(Clusters.id(1));
            Thread owner = Thread.ofVirtual().start(federation);
            try {
                follow(seed, federation);
            } finally {
                owner.interrupt();
            }
        }
    }

    private static void follow(long seed, Federation federation) throws InterruptedException {
        Semaphore published = new Semaphore(0);
        ChangingMesh mesh = new ChangingMesh(seed);
        Random random = new Random(seed);
        Map<Audience, CatalogSource> sources = new LinkedHashMap<>();
        VIEWS.forEach((audience, relay) -> sources.put(audience, federation.source(audience, relay)));
        try (CatalogSource.Subscription subscription = federation.subscribe(published::release)) {
            for (int step = 1; step <= STEPS; step++) {
                federation.post(step == 1 ? ChangingMesh.first() : mesh.next());
                assertThat(published.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
                FederationView wanted = mesh.view(step);
                assertThat(federation.latest())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(wanted);
                for (Map.Entry<Audience, CatalogSource> source : sources.entrySet()) {
                    if (random.nextInt(3) > 0 || step == STEPS) {
                        same(seed, step, source.getKey(), source.getValue().latest(), wanted);
                    }
                }
            }
        }
    }

    private static void same(long seed, int step, Audience audience, Catalog told, FederationView view) {
        Catalog wanted = Projection.of(view, audience, VIEWS.getOrDefault(audience, Optional.empty()));
        assertThat(told.workloads())
                .as("seed %d, step %d, %s", seed, step, audience)
                .isEqualTo(wanted.workloads());
        assertThat(told.services())
                .as("seed %d, step %d, %s", seed, step, audience)
                .isEqualTo(wanted.services());
        assertThat(told.index())
                .as("seed %d, step %d, %s", seed, step, audience)
                .isEqualTo(wanted.index());
        assertThat(told).as("seed %d, step %d, %s", seed, step, audience).isEqualTo(wanted);
    }
}
