package io.beringia.gateway;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.routing.Baggage;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.routing.Routing;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.routing.Text;
import io.beringia.gateway.routing.TunnelRouter;
import io.beringia.gateway.routing.Vouched;
import io.beringia.scenarios.fuzz.Choices;
import io.beringia.trust.identity.SpiffeId;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Requests in words: a tunnel is opened for the exact name of a service and nothing like it, only a gateway's word on its
 * client is read, and what stands in a log is short and cannot forge a line.
 */
public final class HeadersFuzz {
    private static final Catalog CATALOG = FileCatalog.parse("""
            services:
            - {namespace: demo, hostname: echo.demo.svc.cluster.local, ports: {80: 8080}}
            workloads:
            - {uid: east//Pod/demo/client, namespace: demo, name: client, cluster: east, network: n-east,
               addresses: [10.0.0.1], service-account: client}
            - {uid: east//Pod/demo/echo, namespace: demo, name: echo, cluster: east, network: n-east,
               addresses: [10.0.0.2], service-account: echo,
               services: {demo/echo.demo.svc.cluster.local: {80: 8080}}}
            exported:
            - {service: demo/echo.demo.svc.cluster.local, ports: [80], consumers: [east, west], clients: []}
            relay-targets:
            - service: demo/far.demo.svc.cluster.local
              parts: [{cluster: west, ports: [80, 443], capacity: 10}]
            clusters:
            - {cluster: east, region: r-east, network: n-east, trust-domains: [cluster.local]}
            - cluster: west
              region: r-west
              network: n-west
              trust-domains: [cluster.local]
              gateways: [{name: gw, address: "10.0.1.1:15008", weight: 1,
                          identity: spiffe://cluster.local/ns/beringia-system/sa/gateway-west}]
            """);
    private static final GatewayAddress WEST = CATALOG.clusters().values().stream()
            .map(ClusterState::gateways)
            .flatMap(List::stream)
            .findFirst()
            .orElseThrow();
    private static final Self SELF = new Self(
            new ClusterId("east"),
            new RegionId("r-east"),
            new Network("n-east"),
            "gw",
            Set.of(),
            IpAddress.parse("10.0.0.1"),
            false);
    private static final SpiffeId WORKLOAD = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client");
    private static final List<String> AUTHORITIES = List.of(
            "echo.demo.svc.cluster.local:80",
            "far.demo.svc.cluster.local:443",
            "10.0.0.2:80",
            "[::1]:80",
            "localhost:80");
    private static final List<Map.Entry<String, String>> RELAY = List.of(
            Map.entry(ConnectHeaders.HOP, "1"),
            Map.entry(ConnectHeaders.SOURCE_IDENTITY, WORKLOAD.toString()),
            Map.entry(ConnectHeaders.ORIGIN_CLUSTER, "west"),
            Map.entry(ConnectHeaders.ORIGIN_REGION, "r-west"),
            Map.entry(ConnectHeaders.ORIGIN_NETWORK, "n-west"),
            Map.entry(ConnectHeaders.CHOSEN_REGION, "r-east"),
            Map.entry(ConnectHeaders.CONNECTION_ID, "00112233445566778899aabbccddeeff"));
    private static final List<String> NAMES = List.of(
            ConnectHeaders.BAGGAGE,
            ConnectHeaders.FORWARDED,
            ConnectHeaders.TRACEPARENT,
            ConnectHeaders.ISTIO_SOURCE,
            ConnectHeaders.HOP,
            ConnectHeaders.SOURCE_IDENTITY,
            ":path",
            ":authority",
            ":method",
            "host");
    private static final List<String> MEMBERS = List.of(
            "k8s.cluster.name=east",
            "k8s.namespace.name=demo",
            "k8s.deployment.name=web",
            "k8s.pod.name=web-0",
            "service.name=web",
            "cloud.region=r-east");
    private static final int DETAIL_CHARS_MAX = 2_500;
    private static final int SHOWN_CHARS_MAX = 256 * "\\u0000".length() + "...".length();

    private HeadersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        boolean fromGateway = choices.oneIn(2);
        ListenerRole role = choices.of(List.of(ListenerRole.HBONE, ListenerRole.RELAY));
        List<Map.Entry<String, String>> fields = fields(choices);
        switch (ConnectHeaders.parse(fields, fromGateway)) {
            case ConnectHeaders.Parsed.Refused refused -> requirePlain(refused.detail(), DETAIL_CHARS_MAX);
            case ConnectHeaders.Parsed.Accepted accepted -> {
                requireAsSent(accepted, fields, fromGateway);
                PeerIdentity peer = new PeerIdentity(fromGateway ? WEST.identity() : WORKLOAD, Optional.empty());
                route(role, peer, accepted.request(), choices.octet());
            }
        }
    }

    private static List<Map.Entry<String, String>> fields(Choices choices) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        fields.add(Map.entry(":method", "CONNECT"));
        fields.add(Map.entry(":authority", bent(choices, choices.of(AUTHORITIES))));
        if (choices.oneIn(2)) {
            fields.addAll(RELAY);
        }
        while (choices.isLeft() && fields.size() < 32) {
            switch (choices.below(5)) {
                case 0 -> fields.add(Map.entry(choices.of(NAMES), choices.text()));
                case 4 -> fields.add(Map.entry(ConnectHeaders.BAGGAGE, baggage(choices)));
                case 1 -> fields.add(Map.entry(choices.text(), choices.text()));
                case 2 -> {
                    int at = choices.below(fields.size());
                    fields.set(
                            at,
                            Map.entry(
                                    fields.get(at).getKey(),
                                    bent(choices, fields.get(at).getValue())));
                }
                default -> fields.remove(choices.below(fields.size()));
            }
            if (fields.isEmpty()) {
                return fields;
            }
        }
        return fields;
    }

    /** Members as ztunnel writes them, and bent ones. */
    private static String baggage(Choices choices) {
        List<String> members = new ArrayList<>();
        for (int left = choices.below(8); left > 0; left--) {
            members.add(bent(choices, choices.of(MEMBERS)));
        }
        return String.join(",", members);
    }

    /** The text itself, or with something put in the place of some of it. */
    private static String bent(Choices choices, String text) {
        int from = choices.below(text.length() + 1);
        int to = Math.min(text.length(), from + choices.below(4));
        return text.substring(0, from) + choices.text() + text.substring(to);
    }

    private static void requireAsSent(
            ConnectHeaders.Parsed.Accepted accepted, List<Map.Entry<String, String>> fields, boolean fromGateway) {
        ConnectRequest request = accepted.request();
        require(List.of("CONNECT").equals(values(fields, ":method")), "method: " + fields);
        require(List.of(request.authority().toString()).equals(values(fields, ":authority")), "authority: " + fields);
        require(values(fields, ":path").isEmpty() && values(fields, ":scheme").isEmpty(), "path: " + fields);
        require(request.vouched().isPresent() == fromGateway, "vouched: " + fields);
        request.vouched().ifPresent(vouched -> requireAsSent(vouched, fields));
        boolean forged = fields.stream().anyMatch(field -> field.getKey().startsWith(ConnectHeaders.PREFIX));
        require(fromGateway || forged != accepted.stripped().isEmpty(), "stripped: " + accepted.stripped());
    }

    private static void requireAsSent(Vouched vouched, List<Map.Entry<String, String>> fields) {
        require(
                List.of(vouched.source().toString()).equals(values(fields, ConnectHeaders.SOURCE_IDENTITY))
                        && List.of(vouched.originCluster().name()).equals(values(fields, ConnectHeaders.ORIGIN_CLUSTER))
                        && List.of(vouched.originRegion().name()).equals(values(fields, ConnectHeaders.ORIGIN_REGION))
                        && List.of("1").equals(values(fields, ConnectHeaders.HOP)),
                "vouched: " + vouched + " (expected: as in " + fields + ")");
    }

    private static void route(ListenerRole role, PeerIdentity peer, ConnectRequest request, int seed) {
        String host = request.authority().host();
        int port = request.authority().port();
        switch (TunnelRouter.route(SELF, role, CATALOG, PathTable.EMPTY, peer, request, new Random(seed))) {
            case Routing.Refuse refused -> requirePlain(refused.detail(), DETAIL_CHARS_MAX);
            case Routing.Deliver _ -> {
                ExportedAuthority exported = CATALOG.exported().get(host);
                require(
                        role == ListenerRole.HBONE
                                && exported != null
                                && exported.ports().contains(port),
                        "to " + host);
            }
            case Routing.Forward _ -> {
                RelayTarget target = CATALOG.relayTargets().get(host);
                require(role == ListenerRole.RELAY && target != null, "on to " + host);
                goesOn(peer, request);
            }
        }
        request.carried().baggage().ifPresent(HeadersFuzz::requireNames);
    }

    /** Names that stand in logs are values that the baggage has, and no longer than a text may be. */
    private static void requireNames(String baggage) {
        requirePlain(Text.bare(baggage), SHOWN_CHARS_MAX);
        Baggage names = Baggage.parse(baggage);
        for (String name : List.of(names.cluster(), names.namespace(), names.workload())) {
            requirePlain(Text.bare(name), SHOWN_CHARS_MAX);
            require(name.isEmpty() || baggage.contains(".name=" + name), "named: " + name + " by " + baggage);
        }
    }

    /** What we tell the next gateway is what it takes for what we were told. */
    private static void goesOn(PeerIdentity peer, ConnectRequest request) {
        Leg leg = new Leg(
                SELF,
                peer.id(),
                request.authority(),
                TunnelRouter.passedOn(CATALOG, peer, request),
                "00112233445566778899aabbccddeeff");
        List<Map.Entry<String, String>> said = new ArrayList<>();
        Http2Headers headers = leg.toward(WEST);
        headers.forEach(field ->
                said.add(Map.entry(field.getKey().toString(), field.getValue().toString())));
        if (!(ConnectHeaders.parse(said, true) instanceof ConnectHeaders.Parsed.Accepted heard)) {
            throw new IllegalStateException("leg: " + said + " (expected: one that a gateway takes)");
        }
        require(heard.request().authority().equals(request.authority()), "leg: " + said);
        require(heard.request().carried().equals(leg.carried()), "carried: " + said);
        require(heard.request().vouched().orElseThrow().source().equals(peer.id()), "source: " + said);
    }

    private static List<String> values(List<Map.Entry<String, String>> fields, String name) {
        return fields.stream()
                .filter(field -> field.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static void requirePlain(String text, int charsMax) {
        require(
                text.length() <= charsMax && text.chars().allMatch(c -> c >= ' ' && c < 0x7f),
                "shown: " + text + " (expected: at most " + charsMax + " printable characters)");
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
