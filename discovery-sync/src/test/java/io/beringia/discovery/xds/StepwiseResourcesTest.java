package io.beringia.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each revision's bytes, and what a client lacks of them, are made of the last one's; it must not show. */
final class StepwiseResourcesTest {
    private static final int SEEDS = 100;
    private static final int STEPS = 50;
    private static final int NAMES = 8;
    private static final MissingClusters WEST = new MissingClusters(Set.of(new ClusterId("west")));

    @Test
    void bytes_are_those_of_the_catalog_whatever_came_before() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Resources resources = Resources.NONE;
            for (int step = 1; step <= STEPS; step++) {
                Catalog catalog = catalog(step, random);
                resources = resources.next(catalog);
                Resources wanted = Resources.NONE.next(catalog);
                for (ResourceType type : ResourceType.values()) {
                    assertThat(resources.named(type))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(wanted.named(type));
                }
                assertThat(resources.withheld())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(wanted.withheld());
                assertThat(resources.version()).isEqualTo(wanted.version());
            }
        }
    }

    @Test
    void what_stays_as_it_was_keeps_its_very_bytes() {
        Workload one = workload(1, 1);
        Resources before = Resources.NONE.next(catalog(1, List.of(one, workload(2, 1)), List.of(), List.of()));
        Resources after = before.next(catalog(2, List.of(workload(1, 1), workload(2, 2)), List.of(), List.of()));

        assertThat(after.find(ResourceType.ADDRESS, one.uid()).orElseThrow())
                .isSameAs(before.find(ResourceType.ADDRESS, one.uid()).orElseThrow());
    }

    @Test
    void a_revision_in_which_nothing_differs_is_no_news() {
        Catalog catalog = catalog(1, List.of(workload(1, 1)), List.of(), List.of());
        Resources before = Resources.NONE.next(catalog, WEST);

        assertThat(before.isSame(before.next(catalog(2, List.of(workload(1, 1)), List.of(), List.of()), WEST)))
                .isTrue();
        assertThat(before.isSame(before.next(catalog(2, List.of(workload(1, 2)), List.of(), List.of()), WEST)))
                .as("another workload")
                .isFalse();
        assertThat(before.isSame(before.next(catalog, MissingClusters.NOBODY)))
                .as("west was heard")
                .isFalse();
        assertThat(before.isSame(before.next(planned(catalog), WEST)))
                .as("another plan")
                .isFalse();
        assertThat(Resources.NONE.isSame(Resources.NONE.next(Catalog.EMPTY)))
                .as("a first one")
                .isFalse();
    }

    private static Catalog planned(Catalog catalog) {
        return catalog.next(
                catalog.revision(),
                new PlanVersion(1, 1),
                catalog.workloads(),
                catalog.services(),
                catalog.policies(),
                catalog.exported(),
                catalog.relayTargets(),
                catalog.clusters());
    }

    @Test
    void a_client_is_told_what_looking_at_everything_would_tell_it() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Model client = new Model(random.nextBoolean());
            Resources resources = Resources.NONE;
            for (int step = 1; step <= STEPS; step++) {
                resources =
                        resources.next(catalog(step, random), random.nextInt(4) == 0 ? WEST : MissingClusters.NOBODY);
                if (random.nextInt(3) == 0) {
                    client.asks(random);
                }
                client.same(resources, "seed %d, step %d".formatted(seed, step));
                if (random.nextBoolean()) {
                    client.isSent(resources, random);
                }
            }
        }
    }

    /** A subscription, and beside it, in plain words, what it should know. */
    private static final class Model {
        private final Subscription subscription = new Subscription();
        private final Map<String, String> held = new HashMap<>();
        private final Set<String> names = new HashSet<>();
        private final boolean isWildcard;
        private int nonces;

        private Model(boolean isWildcard) {
            this.isWildcard = isWildcard;
            held.put(uid(1), "of an earlier life");
            held.put(uid(NAMES + 1), "gone meanwhile");
            subscription.onRequest(request(isWildcard ? List.of() : List.of("x"), List.of(), held, ""));
            if (!isWildcard) {
                names.add("x");
                held.put("x", "");
            }
        }

        private void asks(Random random) {
            String name = uid(random.nextInt(NAMES));
            if (random.nextBoolean()) {
                subscription.onRequest(request(List.of(name), List.of(), Map.of(), ""));
                if (names.add(name)) {
                    held.putIfAbsent(name, "");
                }
            } else {
                subscription.onRequest(request(List.of(), List.of(name), Map.of(), ""));
                if (names.remove(name) && !isWildcard) {
                    held.remove(name);
                }
            }
        }

        private void same(Resources resources, String when) {
            List<EncodedResource> due = resources
                    .all(ResourceType.ADDRESS)
                    .filter(it -> isWildcard || names.contains(it.name()))
                    .filter(it -> !it.version().equals(held.get(it.name())))
                    .toList();
            assertThat(subscription.upserts(ResourceType.ADDRESS, resources))
                    .as(when)
                    .containsExactlyInAnyOrderElementsOf(due);
            assertThat(subscription.removals(ResourceType.ADDRESS, resources))
                    .as(when)
                    .containsExactlyInAnyOrderElementsOf(held.keySet().stream()
                            .filter(name -> resources.isGone(ResourceType.ADDRESS, name))
                            .toList());
        }

        /** Some of what is due, as a response that was cut. */
        private void isSent(Resources resources, Random random) {
            List<EncodedResource> upserts = new ArrayList<>(subscription.upserts(ResourceType.ADDRESS, resources));
            upserts.removeIf(one -> random.nextInt(3) == 0);
            List<String> removals =
                    random.nextBoolean() ? subscription.removals(ResourceType.ADDRESS, resources) : List.of();
            String nonce = Integer.toString(++nonces);
            subscription.onSent(new DeltaResponse(ResourceType.ADDRESS, nonce, "1", upserts, removals));
            subscription.onRequest(request(List.of(), List.of(), Map.of(), nonce));
            upserts.forEach(one -> held.put(one.name(), one.version()));
            removals.forEach(held::remove);
        }

        private static DeltaRequest request(
                List<String> subscribe, List<String> unsubscribe, Map<String, String> held, String nonce) {
            return new DeltaRequest(ResourceType.ADDRESS, subscribe, unsubscribe, held, nonce, Optional.empty());
        }
    }

    private static Catalog catalog(long revision, Random random) {
        return catalog(
                revision,
                some(random).mapToObj(i -> workload(i, random.nextInt(2))).toList(),
                some(random).mapToObj(i -> service(i, 1 + random.nextInt(2))).toList(),
                some(random).mapToObj(i -> policy(i, random.nextBoolean())).toList());
    }

    private static IntStream some(Random random) {
        return IntStream.range(0, NAMES).filter(i -> random.nextInt(4) > 0);
    }

    private static Catalog catalog(
            long revision, List<Workload> workloads, List<Service> services, List<Policy> policies) {
        return Catalog.of(revision, PlanVersion.NONE, workloads, services, policies, List.of(), List.of(), List.of());
    }

    private static String uid(int number) {
        return (number % 2 == 0 ? "east" : "west") + "//Pod/demo/w" + number;
    }

    private static Workload workload(int number, int capacity) {
        return Workload.named(uid(number), "demo", "w" + number, new ClusterId("east"), new Network("net"))
                .capacity(capacity)
                .build();
    }

    /** A port of 0 is what a ztunnel refuses. */
    private static Service service(int number, int port) {
        return new Service(
                new ServiceName("demo", "s" + number),
                List.of(),
                List.of(new ServicePort(port, 80)),
                List.of(),
                Optional.empty(),
                LoadBalancing.STANDARD,
                true,
                false);
    }

    private static Policy policy(int number, boolean isDryRun) {
        return new Policy("demo", "p" + number, Policy.Scope.NAMESPACE, Policy.Action.ALLOW, List.of(), isDryRun);
    }
}
