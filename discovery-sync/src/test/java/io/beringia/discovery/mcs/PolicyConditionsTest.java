package io.beringia.discovery.mcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.guard.RemovalGuard;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject.Ages;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.peering.PeerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What authors of ExportPolicies and PeerClusters read on them, from the lab's API over real connections. */
final class PolicyConditionsTest {
    private static final ObjectName POLICY = new ObjectName("shop", "cart");
    private static final ObjectName WEST = new ObjectName("", "west");
    private static final String CART = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}
            ---
            apiVersion: beringia.io/v1alpha1
            kind: ExportPolicy
            metadata: {name: cart, namespace: shop}
            spec: {services: {names: [cart]}, consumers: [{cluster: west}]}
            ---
            apiVersion: beringia.io/v1alpha1
            kind: PeerCluster
            metadata: {name: west, labels: {tier: gold}}
            """;

    @TempDir
    private Path directory;

    private WriterWorld world;
    private McsWriter writer;

    @BeforeEach
    void start() throws Exception {
        world = new WriterWorld(directory);
        world.configured.add(new ClusterId("west"));
        world.write("definitions.yaml", definition("exportpolicies") + "\n---\n" + definition("peerclusters"));
        world.write("cart.yaml", CART);
        writer = world.writer("one");
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void an_author_reads_what_became_of_a_policy_and_why_it_is_refused() throws Exception {
        world.roundsUntil(
                writer,
                "accepted",
                part -> says(part, "True Accepted")
                        && policy(part).matched().services().equals(List.of("shop/cart.shop.svc.cluster.local")));
        int before = world.written.size();
        int rounds = world.standings.size();
        world.roundsUntil(writer, "at rest", part -> world.standings.size() > rounds + 5);
        assertThat(world.written.subList(before, world.written.size()))
                .as("nothing to do is nothing done")
                .isEmpty();

        world.write("cart.yaml", CART.replace("cluster: west", "cluster: wets"));
        world.roundsUntil(writer, "a name that nobody has", part -> says(part, "True UnknownConsumer wets"));

        world.write("cart.yaml", CART.replace("consumers: [{cluster: west}]", "consumer: [{cluster: west}]"));
        world.roundsUntil(
                writer,
                "refused",
                part -> says(part, "False Invalid spec.consumer: unknown (expected: clients, consumers,"));
        assertThat(policy(world.local()).conditions())
                .singleElement()
                .satisfies(it ->
                        assertThat(it.message()).contains("spec.consumers").endsWith("nobody gets anything by it"));

        world.write("cart.yaml", CART);
        world.roundsUntil(writer, "mended", part -> says(part, "True Accepted"));
    }

    @Test
    void a_peer_cluster_shows_how_the_link_stands() {
        world.links.add(link(PeerStatus.Link.LIVE, new Freshness.Live(), Optional.empty()));
        world.roundsUntil(
                writer,
                "never heard",
                part -> conditions(part)
                        .equals(List.of("Accepted True", "Connected True", "Synced True", "Stale Unknown")));
        assertThat(ages(world.local())).as("ages of nothing").isEmpty();

        speaks(new Freshness.Live());
        world.roundsUntil(
                writer,
                "live",
                part -> conditions(part)
                        .equals(List.of("Accepted True", "Connected True", "Synced True", "Stale False")));

        speaks(new Freshness.Stale(Duration.ofSeconds(7)));
        world.roundsUntil(writer, "its API is silent", part -> stale(part).equals("True ApiSilent"));

        PeerStatus last = link(PeerStatus.Link.LOST, new Freshness.Live(), Optional.of(world.now()));
        world.links.set(0, last);
        world.advance(Duration.ofSeconds(5));
        world.roundsUntil(writer, "lost, and silent", part -> stale(part).equals("True Silent"));
        assertThat(ages(world.local()))
                .as("when it was heard last, and listed what it exports, to the second")
                .contains(new Ages(last.heardAt().orElseThrow(), last.listedAt(), last.services()));
    }

    @Test
    void of_a_peer_that_speaks_each_second_ages_are_written_every_five_minutes() {
        speaks(new Freshness.Live());
        world.roundsUntil(writer, "live", part -> ages(part).isPresent());
        Optional<Ages> first = ages(world.local());
        long before = peerWrites();

        for (int second = 0; second < 299; second++) {
            world.advance(Duration.ofSeconds(1));
            speaks(new Freshness.Live());
            writer.round(world.now());
        }
        assertThat(peerWrites()).as("writes after almost five minutes").isEqualTo(before);

        world.advance(Duration.ofSeconds(2));
        speaks(new Freshness.Live());
        world.roundsUntil(writer, "later", part -> !ages(part).equals(first));
        assertThat(peerWrites()).as("writes after five minutes").isEqualTo(before + 1);
    }

    private long peerWrites() {
        return world.written.stream()
                .filter(ApiWrite.ApplyPeerStatus.class::isInstance)
                .count();
    }

    private void speaks(Freshness api) {
        world.links.clear();
        world.links.add(link(PeerStatus.Link.LIVE, api, Optional.of(world.now())));
    }

    private static PeerStatus link(PeerStatus.Link link, Freshness api, Optional<Instant> heardAt) {
        return new PeerStatus(
                new ClusterId("west"),
                new RegionId("r"),
                link,
                heardAt,
                heardAt.map(at -> at.minusSeconds(60)),
                true,
                7,
                0,
                api,
                RemovalGuard.Held.NOTHING);
    }

    private static Optional<Ages> ages(LocalPart part) {
        return Optional.ofNullable(part.sharing().peers().get(WEST)).flatMap(PeerClusterObject::ages);
    }

    private static String stale(LocalPart part) {
        return Optional.ofNullable(part.sharing().peers().get(WEST)).stream()
                .flatMap(peer -> peer.conditions().stream())
                .filter(it -> it.type().equals("Stale"))
                .map(it -> it.status().word() + " " + it.reason())
                .findFirst()
                .orElse("");
    }

    private static List<String> conditions(LocalPart part) {
        return Optional.ofNullable(part.sharing().peers().get(WEST)).stream()
                .flatMap(peer -> peer.conditions().stream())
                .map(it -> it.type() + " " + it.status().word())
                .toList();
    }

    private static boolean says(LocalPart part, String what) {
        return Optional.ofNullable(part.sharing().policies().get(POLICY)).stream()
                .flatMap(policy -> policy.conditions().stream())
                .map(PolicyConditionsTest::text)
                .anyMatch(text -> text.startsWith(what));
    }

    private static String text(Condition it) {
        return it.status().word() + " " + it.reason() + " " + it.message();
    }

    private static ExportPolicyObject policy(LocalPart part) {
        return Objects.requireNonNull(part.sharing().policies().get(POLICY));
    }

    private static String definition(String plural) throws IOException {
        try (InputStream yaml = LocalPart.class.getResourceAsStream(plural + ".yaml")) {
            return new String(Objects.requireNonNull(yaml).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
