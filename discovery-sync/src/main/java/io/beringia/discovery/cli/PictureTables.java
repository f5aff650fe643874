package io.beringia.discovery.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.Snapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a discovery knows, as tables and as JSON. */
final class PictureTables {
    private PictureTables() {}

    static Table clusters(Snapshot picture) {
        Table table =
                new Table("CLUSTER", "REGION", "NETWORK", "API", "LINK", "PATH", "PLAN", "GATEWAYS", "SERVICES", "WHY");
        picture.sights()
                .forEach(sight -> table.row(
                        sight.cluster().name(),
                        sight.region().name(),
                        state(picture, sight).map(it -> it.network().name()).orElse(""),
                        word(sight.api()),
                        sight.link().map(PictureTables::link).orElse("own"),
                        word(sight.path()),
                        state(picture, sight)
                                .map(it -> word(picture.view().status(it)))
                                .orElse(""),
                        state(picture, sight).map(PictureTables::gateways).orElse(""),
                        Long.toString(services(picture, sight.cluster())),
                        why(picture, sight)));
        return table;
    }

    static ArrayNode clustersJson(Snapshot picture) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ClusterSight sight : picture.sights()) {
            ObjectNode one = all.addObject()
                    .put("cluster", sight.cluster().name())
                    .put("region", sight.region().name())
                    .put("own", sight.link().isEmpty())
                    .put("heard", !picture.unheard().contains(sight.cluster()))
                    .put("path", word(sight.path()))
                    .put("services", services(picture, sight.cluster()))
                    .put("why", why(picture, sight));
            put(one.putObject("api"), sight.api());
            sight.link().ifPresent(link -> put(one.putObject("link"), link));
            put(one.putArray("held"), sight.held());
            state(picture, sight).ifPresent(state -> {
                one.put("network", state.network().name())
                        .put("plan", word(picture.view().status(state)));
                put(one.putObject("known"), state.freshness());
                ArrayNode gateways = one.putArray("gateways");
                state.gateways()
                        .forEach(it -> gateways.addObject()
                                .put("name", it.name())
                                .put("address", it.address().toString())
                                .put("healthy", it.health() == Health.HEALTHY));
            });
        }
        return all;
    }

    static Table peers(Snapshot picture) {
        Table table = new Table("PEER", "REGION", "LINK", "HEARD", "SYNCED", "API", "SERVICES", "HELD BACK");
        peersOf(picture)
                .forEach(sight -> sight.link()
                        .ifPresent(link -> table.row(
                                sight.cluster().name(),
                                sight.region().name(),
                                link.state().name(),
                                link.silence().map(it -> text(it) + " ago").orElse("never"),
                                link.isSynced() ? "yes" : "no",
                                word(sight.api()),
                                Long.toString(services(picture, sight.cluster())),
                                Integer.toString(sight.heldObjects()))));
        return table;
    }

    static ArrayNode peersJson(Snapshot picture) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        peersOf(picture)
                .forEach(sight -> sight.link().ifPresent(link -> {
                    ObjectNode one = all.addObject()
                            .put("peer", sight.cluster().name())
                            .put("region", sight.region().name())
                            .put("services", services(picture, sight.cluster()));
                    put(one.putObject("link"), link);
                    put(one.putObject("api"), sight.api());
                    put(one.putArray("held"), sight.held());
                }));
        return all;
    }

    static Table services(Snapshot picture, boolean onlyConflicts) {
        Table table = new Table("SERVICE", "PORTS", "CLUSTERS", "READY", "EXPORTED", "CONFLICTS");
        servicesOf(picture, onlyConflicts)
                .forEach(service -> table.row(
                        service.name().toString(),
                        ports(service.ports()),
                        parts(service).map(PictureTables::cluster).collect(Collectors.joining(",")),
                        parts(service)
                                .map(it -> it.cluster() + "=" + it.export().ready())
                                .collect(Collectors.joining(",")),
                        offered(picture, service),
                        conflicts(service)));
        return table;
    }

    static ArrayNode servicesJson(Snapshot picture, boolean onlyConflicts) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        servicesOf(picture, onlyConflicts).forEach(service -> {
            ObjectNode one = all.addObject()
                    .put("namespace", service.name().namespace())
                    .put("hostname", service.name().hostname())
                    .put("exported", offered(picture, service));
            ArrayNode parts = one.putArray("clusters");
            service.parts()
                    .forEach(part -> parts.addObject()
                            .put("cluster", part.cluster().name())
                            .put("since", part.export().createdAt().toString())
                            .put("ready", part.export().ready())
                            .put("ports", ports(part.export().ports())));
            ArrayNode conflicts = one.putArray("conflicts");
            service.conflicts().stream().map(Enum::name).sorted().forEach(conflicts::add);
        });
        return all;
    }

    /** Ages are of the moment at which it was taken. */
    static String head(Snapshot picture) {
        return "as " + picture.cluster() + " knows it at " + picture.takenAt() + ", revision "
                + picture.view().revision() + ", plan " + picture.view().planVersion();
    }

    private static Stream<ClusterSight> peersOf(Snapshot picture) {
        return picture.sights().stream().sorted(Comparator.comparing(ClusterSight::cluster));
    }

    private static Stream<FederatedService> servicesOf(Snapshot picture, boolean onlyConflicts) {
        return picture.view().services().values().stream()
                .filter(service -> !onlyConflicts || !service.conflicts().isEmpty())
                .sorted(Comparator.comparing(FederatedService::name));
    }

    private static Stream<FederatedService.Part> parts(FederatedService service) {
        return service.parts().stream().sorted(Comparator.comparing(FederatedService.Part::cluster));
    }

    private static String cluster(FederatedService.Part part) {
        return part.cluster().name();
    }

    private static Optional<ClusterState> state(Snapshot picture, ClusterSight sight) {
        return Optional.ofNullable(picture.view().clusters().get(sight.cluster()));
    }

    private static long services(Snapshot picture, ClusterId cluster) {
        return picture.view().services().values().stream()
                .flatMap(service -> service.parts().stream())
                .filter(part -> part.cluster().equals(cluster))
                .count();
    }

    private static String gateways(ClusterState state) {
        long healthy = state.gateways().stream()
                .filter(gateway -> gateway.health() == Health.HEALTHY)
                .count();
        return healthy + "/" + state.gateways().size();
    }

    /** What an operator should look at, the worst first. */
    private static String why(Snapshot picture, ClusterSight sight) {
        if (picture.unheard().contains(sight.cluster())) {
            return picture.view().clusters().containsKey(sight.cluster())
                    ? "from a snapshot, not heard since the start"
                    : "never heard, nothing is known of it";
        }
        if (sight.path() == ClusterSight.DataPath.DOWN) {
            return "no observer of ours gets through";
        }
        if (sight.api() instanceof Freshness.Stale(Duration age)) {
            return "its API is silent for " + text(age) + ", what it said stays";
        }
        if (sight.link().filter(link -> link.state() == PeerStatus.Link.LOST).isPresent()) {
            return "its discovery is silent, what it said stays";
        }
        return sight.held().stream().map(HeldKind::toString).collect(Collectors.joining("; "));
    }

    private static String offered(Snapshot picture, FederatedService service) {
        return Optional.ofNullable(picture.offers().get(service.name()))
                .map(offer -> offer.consumers().isEmpty()
                        ? offer.verdict()
                        : "to "
                                + offer.consumers().stream()
                                        .map(ClusterId::name)
                                        .sorted()
                                        .collect(Collectors.joining(",")))
                .orElse("");
    }

    /** The losers too: who has which ports is what somebody must change. */
    private static String conflicts(FederatedService service) {
        if (service.conflicts().isEmpty()) {
            return "";
        }
        String words = service.conflicts().stream().map(Enum::name).sorted().collect(Collectors.joining(","));
        return words + ": "
                + service.parts().stream()
                        .map(part ->
                                part.cluster() + " has " + ports(part.export().ports()))
                        .collect(Collectors.joining(", "))
                + "; " + service.parts().getFirst().cluster() + " prevails";
    }

    private static String ports(List<Export.ExportedPort> ports) {
        return ports.stream().map(port -> port.port() + "/" + port.protocol()).collect(Collectors.joining(","));
    }

    private static String link(ClusterSight.Link link) {
        return link.state()
                + link.silence()
                        .filter(it -> link.state() != PeerStatus.Link.LIVE)
                        .map(it -> " " + text(it))
                        .orElse("");
    }

    private static void put(ObjectNode json, ClusterSight.Link link) {
        json.put("state", word(link.state())).put("synced", link.isSynced());
        link.silence().ifPresent(it -> json.put("silence-millis", it.toMillis()));
    }

    private static void put(ArrayNode json, List<HeldKind> held) {
        held.forEach(it -> json.addObject()
                .put("kind", it.kind())
                .put("objects", it.objects())
                .put("reason", word(it.why())));
    }

    private static void put(ObjectNode json, Freshness freshness) {
        switch (freshness) {
            case Freshness.Live live -> json.put("state", "live");
            case Freshness.Unknown unknown -> json.put("state", "unknown");
            case Freshness.Stale(Duration age) -> json.put("state", "stale").put("age-millis", age.toMillis());
        }
    }

    static String word(Freshness freshness) {
        return switch (freshness) {
            case Freshness.Live live -> "LIVE";
            case Freshness.Unknown unknown -> "UNKNOWN";
            case Freshness.Stale(Duration age) -> "STALE " + text(age);
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** In the largest two units; less than a second in milliseconds. */
    static String text(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return time.toMillis() + "ms";
        }
        if (time.compareTo(Duration.ofMinutes(1)) < 0) {
            return time.toSeconds() + "s";
        }
        return time.compareTo(Duration.ofHours(1)) < 0
                ? time.toMinutes() + "m" + time.toSecondsPart() + "s"
                : time.toHours() + "h" + time.toMinutesPart() + "m";
    }
}
