package io.beringia.discovery.mcs;

import static io.beringia.discovery.mcs.WriterWorld.CART;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.guard.SignsOfLife;
import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.ImportedSlice;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers against the lab's API over real connections; their clock is turned by hand. */
final class McsWriterTest {
    private static final String CART_EXPORT = """
            apiVersion: v1
            kind: Service
            metadata:
              name: cart
              namespace: shop
              labels: {app.kubernetes.io/instance: cart, helm.sh/chart: cart-1}
            spec: {clusterIP: 10.0.0.1, ipFamilies: [IPv4], ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: cart-x, namespace: shop, labels: {kubernetes.io/service-name: cart}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.1.0.1], conditions: {ready: true}}]
            ---
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop}
            spec: {exportedLabels: {tier: web, helm.sh/chart: cart-1}}
            """;
    private static final String WAYPOINT = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gateways.gateway.networking.k8s.io}
            spec: {versions: [{name: v1}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: waypoint, namespace: shop}
            spec: {gatewayClassName: istio-waypoint}
            status: {addresses: [{type: Hostname, value: waypoint.shop.svc.cluster.local}]}
            """;
    private static final String HEADLESS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: None, ipFamilies: [IPv4], ports: [{name: http, port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web-0, namespace: shop}
            spec: {clusterIP: 10.0.0.9, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints:
            - {addresses: [10.1.0.1], hostname: web-0, conditions: {ready: true}}
            - {addresses: [10.1.0.2], hostname: web-1, conditions: {ready: true}}
            ---
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: web, namespace: shop}
            """;
    private static final String SERVICE_ONLY = CART_EXPORT.substring(0, CART_EXPORT.lastIndexOf("---"));

    @TempDir
    private Path directory;

    private WriterWorld world;

    @BeforeEach
    void start() throws Exception {
        world = new WriterWorld(directory);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void an_export_of_our_own_is_imported_here_too_and_goes_with_it() throws Exception {
        McsWriter writer = world.writer("a");
        world.write("cart.yaml", CART_EXPORT);
        world.roundsUntil(
                writer,
                "import, slice and conditions",
                part -> part.mcs().slices().size() == 1 && says(part, "Ready", Condition.Status.TRUE, "Exported"));

        ServiceImportObject cart = world.cart().orElseThrow();
        assertThat(cart.spec().ips())
                .singleElement()
                .satisfies(ip -> assertThat(McsConfig.DEFAULT_IPV4.contains(ip)).isTrue());
        assertThat(cart.labels())
                .as("what was exported, and ours; nothing by which other tools own it")
                .containsOnlyKeys("tier", ServiceImportObject.MANAGER_LABEL);
        assertThat(cart.clusters()).containsExactly("east");
        assertThat(cart.conditions()).singleElement().hasFieldOrPropertyWithValue("reason", "Ready");
        assertThat(world.local().mcs().slices().values()).singleElement().satisfies(slice -> {
            assertThat(slice.labels())
                    .containsOnlyKeys(
                            ImportedSlice.SERVICE_LABEL,
                            ImportedSlice.CLUSTER_LABEL,
                            "endpointslice.kubernetes.io/managed-by");
            assertThat(slice.importUid()).isEqualTo(cart.identity().uid());
        });
        assertThat(says(world.local(), "Valid", Condition.Status.TRUE, "Valid")).isTrue();
        assertThat(says(world.local(), "Conflict", Condition.Status.FALSE, "NoConflicts"))
                .isTrue();
        assertThat(says(world.local(), "beringia.io/Permitted", Condition.Status.TRUE, "Permitted"))
                .isTrue();

        int before = world.written.size();
        world.roundsUntil(writer, "still there", part -> world.standings.size() > 5);
        assertThat(world.written.subList(before, world.written.size()))
                .as("nothing to do is nothing done")
                .isEmpty();

        world.write("cart.yaml", CART_EXPORT.replace("tier: web, ", ""));
        world.roundsUntil(
                writer,
                "a dropped label",
                part -> world.cart()
                        .filter(it -> !it.labels().containsKey("tier"))
                        .isPresent());

        world.write("cart.yaml", SERVICE_ONLY);
        world.roundsUntil(
                writer,
                "unexported",
                part -> part.mcs().imports().isEmpty() && part.mcs().slices().isEmpty());
    }

    @Test
    void its_author_is_told_of_a_waypoint_and_of_policies_that_differ_while_they_do() throws Exception {
        McsWriter writer = world.writer("a");
        world.write(
                "cart.yaml", CART_EXPORT.replace("labels: {", "labels: {istio.io/use-waypoint: waypoint, ") + WAYPOINT);
        world.tells("west", guarded(export("cart", world.now(), 80), "weaker"));
        world.roundsUntil(
                writer,
                "both",
                part -> says(part, "beringia.io/PolicySkew", Condition.Status.TRUE, "PoliciesDiffer")
                        && says(
                                part,
                                "beringia.io/WaypointLocalOnly",
                                Condition.Status.TRUE,
                                "WaypointKnowsOneCluster"));

        world.write("cart.yaml", CART_EXPORT);
        world.tells("west", export("cart", world.now(), 80));
        world.roundsUntil(
                writer,
                "neither",
                part -> conditions(part).keySet().stream()
                        .filter(type -> type.startsWith("beringia.io/"))
                        .toList()
                        .equals(List.of("beringia.io/Permitted")));
    }

    private static Export guarded(Export it, String digest) {
        return new Export(
                it.service(),
                it.createdAt(),
                it.ports(),
                it.identities(),
                it.capacities(),
                it.mcs(),
                it.slices(),
                new Export.Guard(digest, Set.of()));
    }

    @Test
    void what_cannot_be_exported_says_why() throws Exception {
        McsWriter writer = world.writer("a");
        world.write("cart.yaml", CART_EXPORT.substring(CART_EXPORT.lastIndexOf("---") + 4));
        world.roundsUntil(writer, "no service", part -> says(part, "Valid", Condition.Status.FALSE, "NoService"));

        world.write(
                "cart.yaml",
                "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\n"
                        + "spec: {type: ExternalName, externalName: example.org}\n"
                        + CART_EXPORT.substring(CART_EXPORT.lastIndexOf("---")));
        world.roundsUntil(
                writer, "external", part -> says(part, "Valid", Condition.Status.FALSE, "InvalidServiceType"));
        assertThat(world.cart()).isEmpty();
    }

    @Test
    void a_conflict_is_told_and_ports_of_whoever_left_stay_a_while_the_address_for_good() throws Exception {
        McsWriter writer = world.writer("a");
        world.write("cart.yaml", CART_EXPORT);
        world.tells("west", export("cart", Instant.parse("2026-01-01T00:00:00Z"), 9090));
        world.roundsUntil(
                writer,
                "conflict",
                part -> says(part, "Conflict", Condition.Status.TRUE, "PortConflict,LabelsConflict"));
        List<IpAddress> ips = world.cart().orElseThrow().spec().ips();
        assertThat(ports()).as("of both, west is older").containsExactly(9090, 80);
        assertThat(conditions(world.local()).values())
                .extracting(Condition::message)
                .contains("ports, labels: the export of west is the oldest and wins, 1 of 2 clusters disagree");

        world.tells("west");
        world.roundsUntil(
                writer,
                "west left",
                part -> world.cart()
                        .filter(it -> it.clusters().equals(List.of("east")))
                        .isPresent());
        assertThat(ports()).containsExactly(9090, 80);

        world.advance(Duration.ofSeconds(30));
        world.roundsUntil(writer, "settled", part -> ports().equals(List.of(80)));
        assertThat(world.cart().orElseThrow().spec().ips()).isEqualTo(ips);
    }

    /** linkerd/linkerd2#14433: one importer lacked the namespace, and nothing of the link was written any more. */
    @Test
    void a_namespace_that_is_missing_costs_only_its_own_services() throws Exception {
        McsWriter writer = world.writer("a");
        world.tells("west", export("cart", world.now(), 80), export("other", "web", world.now(), 80));
        world.roundsUntil(writer, "cart", part -> world.cart().isPresent());
        assertThat(world.local().mcs().imports()).containsOnlyKeys(CART);

        world.write("other.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}");
        world.roundsUntil(writer, "other", part -> part.mcs().imports().containsKey(new ObjectName("other", "web")));
    }

    /** linkerd/linkerd2#12499: mirrors were found by their names, deleted, and made again minutes later. */
    @Test
    void what_is_not_ours_stays_and_a_new_writer_deletes_nothing() throws Exception {
        McsWriter writer = world.writer("a");
        world.write("cart.yaml", CART_EXPORT + """
                ---
                apiVersion: multicluster.x-k8s.io/v1beta1
                kind: ServiceImport
                metadata: {name: theirs, namespace: shop}
                spec: {type: ClusterSetIP, ips: [240.0.0.1], ports: [{port: 1}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: imported-cart-east-0123456789, namespace: shop}
                addressType: IPv4
                endpoints: []
                """);
        world.tells("west", export("theirs", world.now(), 80));
        world.roundsUntil(writer, "ours", part -> part.mcs().slices().size() == 1);
        world.written.clear();

        world.advance(WriterLease.DURATION);
        McsWriter next = world.writer("b");
        next.round(world.now());
        world.advance(WriterLease.DURATION);
        next.round(world.now());

        assertThat(world.written).isEmpty();
        assertThat(world.standings.getLast().foreign()).containsExactly(new ObjectName("shop", "theirs"));
        assertThat(world.local().mcs().imports()).containsKey(new ObjectName("shop", "theirs"));
    }

    @Test
    void endpoints_of_a_headless_service_stay_beside_a_service_that_is_called_like_one_of_them() throws Exception {
        McsWriter writer = world.writer("a");
        world.write("cart.yaml", HEADLESS);
        world.roundsUntil(
                writer,
                "ours",
                part -> part.mcs().slices().values().stream()
                                .anyMatch(slice -> endpoints(slice).equals(List.of("web-0", "web-1")))
                        && part.mcs().imports().containsKey(new ObjectName("shop", "web")));
        world.written.clear();

        world.write("cart.yaml", HEADLESS.replace("10.0.0.9", "10.0.0.8"));
        world.advance(WriterLease.DURATION);
        McsWriter next = world.writer("b");
        for (int i = 0; i < 3; i++) {
            next.round(world.now());
            world.advance(WriterLease.DURATION);
        }

        assertThat(world.written).isEmpty();
        assertThat(world.local().mcs().imports()).containsOnlyKeys(new ObjectName("shop", "web"));
    }

    private static List<String> endpoints(ImportedSlice slice) {
        return slice.content().endpoints().stream()
                .map(ExportedSlice.Endpoint::hostname)
                .toList();
    }

    @Test
    void what_may_be_a_clusters_that_was_not_heard_yet_stays_as_it_is() throws Exception {
        McsWriter writer = world.writer("a");
        world.tells("west", export("cart", world.now(), 80));
        world.roundsUntil(writer, "cart", part -> part.mcs().slices().size() == 1);
        world.peers.clear();
        world.unheard.add(new ClusterId("west"));
        world.written.clear();

        world.advance(WriterLease.DURATION.multipliedBy(2));
        McsWriter restarted = world.writer("a");
        restarted.round(world.now());
        restarted.round(world.now());
        assertThat(world.written).isEmpty();

        world.unheard.clear();
        world.roundsUntil(
                restarted, "west has nothing", part -> part.mcs().imports().isEmpty());
    }

    @Test
    void one_of_two_writers_writes_and_the_other_takes_over_with_the_same_addresses() throws Exception {
        McsWriter one = world.writer("a");
        McsWriter other = world.writer("b");
        world.tells("west", export("cart", world.now(), 80));
        one.round(world.now());
        other.round(world.now());
        world.roundsUntil(one, "cart", part -> world.cart().isPresent());
        List<IpAddress> ips = world.cart().orElseThrow().spec().ips();
        int rounds = world.standings.size();
        other.round(world.now());
        assertThat(world.standings).as("the other stands by").hasSize(rounds);

        world.tells("west", export("cart", world.now(), 80), export("web", world.now(), 81));
        world.advance(WriterLease.RENEW_EVERY);
        other.round(world.now());
        world.advance(WriterLease.DURATION);
        world.roundsUntil(other, "the other's", part -> part.mcs().imports().size() == 2);
        assertThat(world.cart().orElseThrow().spec().ips()).isEqualTo(ips);

        world.advance(WriterLease.RENEW_EVERY);
        int before = world.standings.size();
        one.round(world.now());
        assertThat(world.standings)
                .as("the first has seen that it is not its turn")
                .hasSize(before);
    }

    @Test
    void endpoints_of_a_cluster_without_a_sign_of_life_go_and_the_import_stays() {
        McsWriter writer = world.writer("a");
        world.tells("west", export("cart", world.now(), 80));
        world.tells("north", export("cart", world.now(), 80));
        world.tells("south", export("cart", world.now(), 80));
        world.roundsUntil(writer, "slices of all", part -> part.mcs().slices().size() == 3);

        world.configured.remove(new ClusterId("west"));
        world.advance(SignsOfLife.LEASE);
        world.roundsUntil(
                writer,
                "west's are over",
                part -> part.mcs().slices().values().stream()
                        .map(ImportedSlice::cluster)
                        .sorted()
                        .toList()
                        .equals(List.of("north", "south")));
        assertThat(world.cart().orElseThrow().clusters()).containsExactly("north", "south", "west");
        assertThat(world.api().lease("beringia-peer-north"))
                .hasValueSatisfying(lease -> assertThat(lease.duration()).isEqualTo(SignsOfLife.LEASE));
    }

    /** submariner-io/lighthouse#685: the import came back only after a restart. */
    @Test
    void a_namespace_that_was_deleted_and_made_again_has_its_import_with_the_same_address() throws Exception {
        McsWriter writer = world.writer("a");
        String namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}";
        ObjectName web = new ObjectName("other", "web");
        world.write("other.yaml", namespace);
        world.tells("west", export("other", "web", world.now(), 80));
        world.roundsUntil(
                writer, "import and slice", part -> part.mcs().slices().size() == 1);
        List<IpAddress> ips = ips(web);

        world.write("other.yaml", "");
        world.roundsUntil(
                writer,
                "gone with its namespace",
                part -> !part.namespaces().contains("other")
                        && part.mcs().imports().isEmpty());
        world.write("other.yaml", namespace);
        world.roundsUntil(writer, "back", part -> part.mcs().slices().size() == 1);

        assertThat(ips(web)).isEqualTo(ips);
    }

    private List<IpAddress> ips(ObjectName name) {
        return Optional.ofNullable(world.local().mcs().imports().get(name)).stream()
                .flatMap(it -> it.spec().ips().stream())
                .toList();
    }

    /** Rounds go on while one object cannot be written, and it is not asked for in each of them. */
    @Test
    void an_object_that_is_refused_rests_and_the_others_are_written() {
        McsWriter writer = world.writer("a");
        world.tells("west", export("Not_A_Name", world.now(), 80), export("cart", world.now(), 80));
        world.roundsUntil(writer, "cart", part -> world.cart().isPresent());
        int before = world.trouble("Not_A_Name");
        for (int i = 0; i < 5; i++) {
            world.advance(Duration.ofSeconds(1));
            writer.round(world.now());
        }
        assertThat(world.trouble("Not_A_Name") - before)
                .as("only what it lacks: a status")
                .isLessThanOrEqualTo(5);

        world.advance(Duration.ofSeconds(30));
        writer.round(world.now());
        assertThat(world.trouble("Not_A_Name")).as("asked again").isGreaterThan(before);
    }

    /** As an update of whoever installs them does it, one way or the other. */
    @Test
    void nothing_is_written_while_definitions_are_gone_and_all_in_the_version_in_which_they_come_back()
            throws Exception {
        McsWriter writer = world.writer("a");
        world.tells("west", export("cart", world.now(), 80));
        world.roundsUntil(writer, "cart", part -> world.cart().isPresent());
        List<IpAddress> ips = ips(CART);

        String withoutDefinitions = WriterWorld.BASE.substring(WriterWorld.BASE.indexOf("apiVersion: v1\n"));
        world.write("base.yaml", withoutDefinitions);
        world.roundsUntil(writer, "gone", part -> !part.mcs().isServed());
        int before = world.trouble("cart");
        for (int i = 0; i < 5; i++) {
            world.advance(Duration.ofSeconds(10));
            writer.round(world.now());
        }
        assertThat(world.trouble("cart")).as("nothing is tried").isEqualTo(before);

        world.write("base.yaml", WriterWorld.BASE.replace("v1beta1", "v1alpha1"));
        world.roundsUntil(writer, "back", part -> world.cart().isPresent());
        assertThat(ips(CART)).isEqualTo(ips);
    }

    /** Somebody deletes what is ours: it comes back under the same address. */
    @Test
    void an_import_that_was_deleted_by_others_comes_back() throws Exception {
        McsWriter writer = world.writer("a");
        world.tells("west", export("cart", world.now(), 80));
        world.roundsUntil(writer, "cart", part -> world.cart().isPresent());
        ServiceImportObject first = world.cart().orElseThrow();

        await().untilAsserted(() -> assertThat(world.api()
                        .write(new ApiWrite.DeleteImport(
                                CART, world.cart().orElseThrow().identity())))
                .isEqualTo(new ApiAnswer.Done()));
        world.roundsUntil(
                writer,
                "again",
                part -> world.cart()
                        .filter(it ->
                                !it.identity().uid().equals(first.identity().uid()))
                        .isPresent());

        assertThat(world.cart().orElseThrow().spec().ips())
                .isEqualTo(first.spec().ips());
    }

    private List<Integer> ports() {
        return world.cart().orElseThrow().spec().ports().stream()
                .map(McsExport.Port::port)
                .toList();
    }

    private static boolean says(LocalPart part, String type, Condition.Status status, String reason) {
        Condition condition = conditions(part).get(type);
        return condition != null
                && condition.status() == status
                && condition.reason().equals(reason);
    }

    private static Map<String, Condition> conditions(LocalPart part) {
        return Optional.ofNullable(part.mcs().exports().get(CART)).stream()
                .flatMap(export -> export.conditions().stream())
                .collect(Collectors.toMap(Condition::type, one -> one));
    }

    private static Export export(String name, Instant created, int port) {
        return export("shop", name, created, port);
    }

    private static Export export(String namespace, String name, Instant created, int port) {
        return new Export(
                ClustersetName.of(namespace, name),
                created,
                List.of(new Export.ExportedPort("port-" + port, Export.Protocol.TCP, port, port)),
                Set.of(),
                List.of(),
                Optional.of(new McsExport(
                        McsExport.Type.CLUSTER_SET_IP,
                        List.of(new McsExport.Port("p" + port, Export.Protocol.TCP, port, "")),
                        McsExport.Affinity.NONE,
                        "Cluster",
                        "",
                        List.of(IpFamily.IPV4),
                        Map.of(),
                        Map.of())),
                List.of(new ExportedSlice(
                        name + "-x",
                        IpFamily.IPV4,
                        List.of(new McsExport.Port("p" + port, Export.Protocol.TCP, port, "")),
                        List.of(new ExportedSlice.Endpoint(
                                List.of(IpAddress.parse("10.2.0.1")), "", "", true, true, false)))));
    }
}
