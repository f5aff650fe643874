package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What we expect of every Kubernetes API when we watch it: the lab and a real one are held to the same. */
interface WatchContract {
    Shop shop();

    @Test
    default void a_watch_tells_every_change_after_its_version_in_order() throws Exception {
        KubernetesClient client = shop().client();
        String version = client.pods().list().getMetadata().getResourceVersion();
        client.pods().resource(shop().pod("web-1")).create();
        Seen seen = new Seen();

        try (Watch _ = client.pods()
                .watch(new ListOptionsBuilder().withResourceVersion(version).build(), seen)) {
            client.pods()
                    .withName("web-1")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"tier\":\"front\"}}}");
            client.pods().withName("web-1").delete();

            assertThat(seen.next()).isEqualTo("ADDED web-1");
            assertThat(seen.next()).isEqualTo("MODIFIED web-1");
            assertThat(seen.next()).as("it shall end").isEqualTo("MODIFIED web-1");
            assertThat(seen.next()).isEqualTo("DELETED web-1");
        }
    }

    @Test
    default void a_watch_from_a_forgotten_version_is_told_410() throws Exception {
        KubernetesClient client = shop().client();
        client.pods().resource(shop().pod("web-1")).create();
        Seen seen = new Seen();

        try (Watch _ = client.pods()
                .watch(new ListOptionsBuilder().withResourceVersion("1").build(), seen)) {
            assertThat(seen.next()).as("the end").isEqualTo("closed: gone true");
        }
    }

    @Test
    default void a_watch_from_a_version_that_is_not_reached_yet_says_nothing_until_then() {
        shop().client().pods().resource(shop().pod("web-1")).create();

        assertThat(watchLines("resourceVersion=1000000000000000&timeoutSeconds=1"))
                .isEmpty();
    }

    @Test
    default void a_listing_by_watch_ends_with_a_marked_bookmark() throws Exception {
        List<String> lines = watchLines(
                "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1");

        assertThat(lines)
                .as("first")
                .first()
                .asString()
                .startsWith("{\"type\":\"ADDED\"")
                .contains("cart-1");
        assertThat(lines.get(1))
                .as("then")
                .startsWith("{\"type\":\"BOOKMARK\"")
                .contains("\"k8s.io/initial-events-end\":\"true\"");
    }

    @Test
    default void a_watch_ends_when_its_time_is_over_and_bookmarks_only_whoever_asked() throws Exception {
        assertThat(watchLines("timeoutSeconds=1"))
                .as("lines")
                .singleElement()
                .asString()
                .contains("ADDED");
    }

    @Test
    default void initial_events_are_sent_only_to_who_says_which_versions_will_do() {
        assertThat(shop().api()
                        .get("/api/v1/pods?watch=true&sendInitialEvents=true&timeoutSeconds=1")
                        .code())
                .isEqualTo(422);
    }

    @Test
    default void a_version_that_is_none_is_refused() {
        assertThat(shop().api()
                        .get("/api/v1/pods?watch=true&resourceVersion=young&timeoutSeconds=1")
                        .code())
                .isEqualTo(500);
    }

    @Test
    default void what_no_longer_fits_a_watch_by_field_is_gone_for_it() throws Exception {
        KubernetesClient client = shop().client();
        var unfailed = client.pods().withoutField("status.phase", "Failed");
        Seen seen = new Seen();

        try (Watch _ = unfailed.watch(
                new ListOptionsBuilder()
                        .withResourceVersion(unfailed.list().getMetadata().getResourceVersion())
                        .build(),
                seen)) {
            client.pods()
                    .withName("cart-1")
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"phase\":\"Failed\"}}");

            assertThat(seen.next()).isEqualTo("DELETED cart-1");
        }
    }

    private List<String> watchLines(String query) {
        return shop().api()
                .get("/api/v1/namespaces/" + shop().namespace() + "/pods?watch=true&" + query)
                .body()
                .lines()
                .toList();
    }

    /** What a watch told, as text. */
    final class Seen implements Watcher<Pod> {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(told.poll(30, TimeUnit.SECONDS));
        }

        boolean isSilent() {
            return told.isEmpty();
        }

        @Override
        public void eventReceived(Action action, Pod pod) {
            told.add(action + " " + pod.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            told.add("closed: gone " + cause.isHttpGone());
        }
    }
}
