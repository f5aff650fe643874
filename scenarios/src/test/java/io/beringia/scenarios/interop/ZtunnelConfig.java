package io.beringia.scenarios.interop;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.trust.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a ztunnel in dedicated mode is told: its environment, and the mesh in its own YAML ({@code LocalConfig}). Pure. */
record ZtunnelConfig(
        SpiffeId workload,
        String pod,
        ClusterId cluster,
        Network network,
        Path mesh,
        Path root,
        String token,
        Duration life) {

    /** The ztunnel as a command; its environment is part of it. */
    List<String> command(String ztunnel) {
        List<String> command = new ArrayList<>(List.of("env"));
        environment().forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of(ztunnel, "proxy"));
        return command;
    }

    private Map<String, String> environment() {
        SpiffeId.ServiceAccount account = workload.serviceAccount().orElseThrow();
        return new TreeMap<>(Map.ofEntries(
                Map.entry("PROXY_MODE", "dedicated"),
                Map.entry("PROXY_WORKLOAD_INFO", account.namespace() + "/" + pod + "/" + account.name()),
                Map.entry("CLUSTER_ID", cluster.name()),
                Map.entry("NETWORK", network.name()),
                Map.entry("LOCAL_XDS_PATH", mesh.toString()),
                Map.entry("XDS_ADDRESS", ""),
                Map.entry("CA_ADDRESS", "https://" + LabAddresses.CERTIFICATES + ":" + LabAddresses.CERTIFICATES_PORT),
                Map.entry("CA_ROOT_CA", root.toString()),
                Map.entry("CRL_PATH", LabFiles.revoked(root).toString()),
                Map.entry("ALT_CA_HOSTNAME", LabIdentities.CERTIFICATES_NAME),
                Map.entry("AUTH_TOKEN", token),
                Map.entry("SECRET_TTL", life.toSeconds() + "s"),
                Map.entry("UNSTABLE_ENABLE_SOCKS5", "true"),
                Map.entry("ENABLE_ORIG_SRC", "false"),
                Map.entry("ISTIO_META_DNS_CAPTURE", "false"),
                Map.entry("IPV6_ENABLED", "false"),
                Map.entry("ZTUNNEL_WORKER_THREADS", "1"),
                Map.entry("RUST_LOG", "info")));
    }

    /** The client's mesh: the service is in the west, and this gateway there is dialled straight away. */
    static String direct(String gateway) {
        return client()
                + elsewhere("net-west", "net-west.gateway.beringia.internal", LabAddresses.HBONE_PORT)
                + gateway(
                        "net-west",
                        "gateway-west",
                        gateway,
                        "net-west.gateway.beringia.internal",
                        LabAddresses.HBONE_PORT)
                + "services:\n"
                + gatewayService("gateway-west", "net-west.gateway.beringia.internal", LabAddresses.HBONE_PORT)
                + echoService("net-east");
    }

    /** The same, where the gateway must be somebody that it is not. */
    static String directToAnotherGateway(String gateway) {
        return direct(gateway).replace("gateway-west", "gateway-of-nobody");
    }

    /** The same, where the service may be served by these identities alone. */
    static String directToEchoOf(String gateway, String... identities) {
        String names = Stream.of(identities).map(id -> "\"" + id + "\"").collect(Collectors.joining(", "));
        return direct(gateway).replace("[\"" + LabIdentities.SERVER + "\"]", "[" + names + "]");
    }

    /** The same, where the gateway's name is of a foreign trust domain, and it has that name. */
    static String directToForeigner(String gateway) {
        return direct(gateway)
                .replace(
                        LabIdentities.GATEWAY_WEST.toString(),
                        foreign(LabIdentities.GATEWAY_WEST).toString());
    }

    static SpiffeId foreign(SpiffeId id) {
        SpiffeId.ServiceAccount account = id.serviceAccount().orElseThrow();
        return SpiffeId.ofWorkload(LabIdentities.FOREIGN_DOMAIN, account.namespace(), account.name());
    }

    /** The client's mesh: the service is elsewhere, and this gateway of its own network carries there. */
    static String relayed(String gateway) {
        return client()
                + elsewhere("relay.east-1", "gateway.beringia-system.svc.cluster.local", LabAddresses.RELAY_PORT)
                + gateway(
                        "net-east",
                        "gateway-east",
                        gateway,
                        "gateway.beringia-system.svc.cluster.local",
                        LabAddresses.RELAY_PORT)
                + "services:\n"
                + gatewayService("gateway-east", "gateway.beringia-system.svc.cluster.local", LabAddresses.RELAY_PORT)
                + echoService("net-east");
    }

    /** The client's mesh: the service is on a host of its own network, reached by one tunnel. */
    static String near() {
        return client()
                + """
                - uid: %1$s
                  name: machine
                  namespace: demo
                  serviceAccount: machine
                  trustDomain: cluster.local
                  workloadIps: ["%2$s"]
                  protocol: HBONE
                  network: net-east
                  clusterId: east-1
                  services:
                    "demo/machine.demo.svc.cluster.local": {%3$d: %4$d, %5$d: %6$d}
                services:
                - name: machine
                  namespace: demo
                  hostname: machine.demo.svc.cluster.local
                  vips: ["net-east/%7$s"]
                  ports: {%3$d: %4$d, %5$d: %6$d}
                  subjectAltNames: ["%8$s"]
                """.formatted(
                                LabIdentities.HOST_UID,
                                LabAddresses.HOST,
                                LabAddresses.SERVICE_PORT,
                                LabAddresses.ECHO_PORT,
                                LabAddresses.DENIED_PORT,
                                LabAddresses.DENIED_ECHO_PORT,
                                LabAddresses.HOST_SERVICE,
                                LabIdentities.HOST);
    }

    /** The server's mesh: its own workload, and the service that it is an endpoint of. */
    static String server() {
        return """
                workloads:
                - uid: west-1//Pod/demo/echo-0
                  name: echo-0
                  namespace: demo
                  serviceAccount: echo
                  trustDomain: cluster.local
                  workloadIps: ["%s"]
                  protocol: HBONE
                  network: net-west
                  clusterId: west-1
                  services:
                    "demo/echo.demo.svc.cluster.local": {%d: %d}
                services:
                """.formatted(LabAddresses.SERVER, LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT)
                + echoService("net-west");
    }

    private static String client() {
        return """
                workloads:
                - uid: east-1//Pod/demo/web-0
                  name: web-0
                  namespace: demo
                  serviceAccount: web
                  trustDomain: cluster.local
                  workloadIps: ["%s"]
                  protocol: HBONE
                  network: net-east
                  clusterId: east-1
                  services: {}
                """.formatted(LabAddresses.CLIENT);
    }

    private static String elsewhere(String network, String gatewayHost, int port) {
        return """
                - uid: %1$s/SplitHorizonWorkload/beringia-system/gateway/west-1/demo/echo.demo.svc.cluster.local
                  name: echo-elsewhere
                  namespace: demo
                  serviceAccount: echo
                  trustDomain: cluster.local
                  workloadIps: []
                  protocol: HBONE
                  network: %1$s
                  networkGateway: {destination: beringia-system/%2$s, hboneMtlsPort: %3$d}
                  services:
                    "demo/echo.demo.svc.cluster.local": {%4$d: %5$d}
                """.formatted(network, gatewayHost, port, LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT);
    }

    private static String gateway(String network, String account, String address, String host, int port) {
        return """
                - uid: NetworkGateway/%1$s/beringia-system/%2$s/%3$s
                  name: %2$s
                  namespace: beringia-system
                  serviceAccount: %2$s
                  trustDomain: cluster.local
                  workloadIps: ["%3$s"]
                  protocol: TCP
                  network: %1$s
                  services:
                    "beringia-system/%4$s": {%5$d: %5$d}
                """.formatted(network, account, address, host, port);
    }

    private static String gatewayService(String account, String host, int port) {
        return """
                - name: %1$s
                  namespace: beringia-system
                  hostname: %2$s
                  vips: []
                  ports: {%3$d: %3$d}
                  subjectAltNames: ["spiffe://cluster.local/ns/beringia-system/sa/%1$s"]
                """.formatted(account, host, port);
    }

    private static String echoService(String network) {
        return """
                - name: echo
                  namespace: demo
                  hostname: echo.demo.svc.cluster.local
                  vips: ["%s/%s"]
                  ports: {%d: %d}
                  subjectAltNames: ["spiffe://cluster.local/ns/demo/sa/echo"]
                """.formatted(network, LabAddresses.SERVICE, LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT);
    }
}
