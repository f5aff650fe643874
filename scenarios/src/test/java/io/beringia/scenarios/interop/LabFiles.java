package io.beringia.scenarios.interop;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.scenarios.interop.LabPrograms.Site;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the processes of a lab read: certificates, tokens, manifests and roles. Owned by the test's thread. */
record LabFiles(Path directory) {
    static final String WEB_TOKEN = "token-of-web";
    static final String ECHO_TOKEN = "token-of-echo";
    /** Labels of a service that other clusters may have. */
    static final String EXPORTED = "{istio.io/global: \"true\"}";
    /** Of the mesh's namespace alone. */
    static final String ZOOKEEPER = "127.0.0.1:2181";

    static LabFiles write(Path directory, List<Site> sites) throws IOException {
        LabFiles files = new LabFiles(directory);
        InteropLab.ca(directory, "root", "--demo", "--trust-domain", LabIdentities.TRUST_DOMAIN.name());
        for (Site site : sites) {
            InteropLab.ca(directory, "intermediate", "--name", site.cluster().name());
            Files.createDirectories(files.manifests(site));
        }
        Files.createFile(revoked(directory.resolve("root-cert.pem")));
        Files.writeString(directory.resolve("web"), WEB_TOKEN);
        Files.writeString(directory.resolve("echo"), ECHO_TOKEN);
        return files;
    }

    /** The revocation lists of a mesh with that root, which {@code ca crl} writes and everybody reads. */
    static Path revoked(Path root) {
        return root.resolveSibling("ca-crl.pem");
    }

    private Path manifests(Site site) {
        return directory.resolve("manifests-" + site.cluster());
    }

    /** All of a cluster's objects. In one step: an empty file between would mean that all is gone. */
    void cluster(Site site, String... objects) throws IOException {
        Path next = Files.writeString(directory.resolve("next.yaml"), String.join("---\n", objects));
        Files.move(next, manifests(site).resolve("all.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    static String namespace(String name) {
        return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n";
    }

    /** The service that is called; {@code labels} as YAML has them. */
    static String echo(String labels) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: echo, namespace: demo, labels: %s}
                spec: {clusterIP: %s, selector: {app: echo}, ports: [{port: %d, targetPort: %d}]}
                """.formatted(labels, LabAddresses.SERVICE, LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT);
    }

    static String gateways() {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: gateway, namespace: beringia-system}
                spec:
                  clusterIP: 10.96.0.2
                  selector: {app: gateway}
                  ports:
                  - {name: hbone, port: 15008, targetPort: %d}
                  - {name: relay, port: 15018, targetPort: %d}
                """.formatted(LabAddresses.HBONE_PORT, LabAddresses.RELAY_PORT);
    }

    /** A pod of the demo that a ztunnel captures. */
    static String pod(String name, String app, String address, boolean ready) {
        return pod("demo", name, app, app, "{ambient.istio.io/redirection: enabled}", address, ready);
    }

    static String gateway(String name, SpiffeId id, String address, boolean ready) {
        return pod(
                "beringia-system",
                name,
                "gateway",
                id.serviceAccount().orElseThrow().name(),
                "{}",
                address,
                ready);
    }

    private static String pod(
            String namespace,
            String name,
            String app,
            String account,
            String annotations,
            String address,
            boolean ready) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: %s}, annotations: %s}
                spec: {serviceAccountName: %s}
                status: {phase: Running, podIP: %s, conditions: [{type: Ready, status: "%s"}]}
                """.formatted(name, namespace, app, annotations, account, address, ready ? "True" : "False");
    }

    /** The lab API of a cluster; each has its own port. */
    String kube(Site site, int port) {
        return """
                  kube:
                    listen: 127.0.0.1:%3$d
                    manifests: %2$s
                    kubeconfig: %1$s/kubeconfig-%4$s
                    probes: false
                    tokens:
                    - {file: %1$s/web, namespace: demo, service-account: web}
                    - {file: %1$s/echo, namespace: demo, service-account: echo}
                """.formatted(directory, manifests(site), port, site.cluster());
    }

    /** The certificate server of both pods. */
    String trust() {
        return """
                  trust:
                    listen: "%2$s:%3$d"
                    id: %4$s
                    ca: %1$s/%5$s
                    demo: true
                    static-tokens:
                    - {sha256: %6$s, id: "%7$s"}
                    - {sha256: %8$s, id: "%9$s"}
                    serving-names:
                    - {id: "%4$s", names: [%10$s]}
                """.formatted(
                        directory,
                        LabAddresses.CERTIFICATES,
                        LabAddresses.CERTIFICATES_PORT,
                        LabIdentities.CERTIFICATES,
                        LabIdentities.CLUSTER_EAST,
                        InteropLab.sha256(WEB_TOKEN),
                        LabIdentities.CLIENT,
                        InteropLab.sha256(ECHO_TOKEN),
                        LabIdentities.SERVER,
                        LabIdentities.CERTIFICATES_NAME);
    }

    /** Discovery of a cluster; {@code more} are further keys of it, indented by four. */
    String discovery(Site site, String more) {
        return """
                  discovery:
                    kube: {kubeconfig: %1$s/kubeconfig-%2$s, allow-plain-http: true}
                    xds: "%3$s:%4$d"
                    peering: "%3$s:%5$d"
                """.formatted(
                        directory, site.cluster(), site.discovery(), LabAddresses.XDS_PORT, LabAddresses.PEERING_PORT)
                + more
                + identity(site, LabIdentities.DISCOVERY, "--dns", LabIdentities.DISCOVERY_NAME);
    }

    /** A ZooKeeper for plans. */
    String zookeeper() {
        return "  zookeeper: {listen: \"" + ZOOKEEPER + "\", data: " + directory.resolve("zookeeper") + "}\n";
    }

    /** As {@code more} of a discovery that obeys plans. */
    String planFrom() {
        return """
                    plan-from:
                      zookeeper: "%s"
                      mesh: %s
                      leaders: ["%s"]
                      file: %s
                """.formatted(ZOOKEEPER, PlanMain.MESH, LabIdentities.LEADER, directory.resolve("accepted-plan"));
    }

    /** A file with a plan, signed by the leader, by which the clients of the east go where these shares say. */
    Path plan(long seq, Shares ofEast) throws IOException {
        identity(Site.WEST, LabIdentities.LEADER);
        Path leader = directory.resolve(Site.WEST.cluster() + "-"
                + LabIdentities.LEADER.serviceAccount().orElseThrow().name());
        Instant now = Instant.now();
        TrafficPlan plan = new TrafficPlan(
                TrafficPlan.FORMAT,
                PlanMain.MESH,
                new PlanVersion(1, seq),
                LabIdentities.LEADER,
                now,
                List.of(RegionPlan.active(Site.EAST.region(), now), RegionPlan.active(Site.WEST.region(), now)),
                List.of(new SourceShares(Site.EAST.region(), ofEast)),
                List.of(),
                List.of(),
                "",
                Optional.empty());
        return Files.write(
                directory.resolve("plan-" + seq),
                PlanCodec.sign(
                        plan,
                        new X509Svid(
                                LabIdentities.LEADER,
                                PemFile.certificates(leader.resolve("workload-cert-chain.pem")),
                                PemFile.privateKey(leader.resolve("key.pem")))));
    }

    /** As {@code more} of a discovery whose gateways have that account, and which peers with that site. */
    static String federated(String gateway, Site peer) {
        return """
                    gateways: {identities: ["spiffe://%1$s/ns/beringia-system/sa/%2$s"]}
                    peers:
                    - cluster: %3$s
                      region: %4$s
                      identities: ["%5$s"]
                      addresses: ["%6$s:%7$d"]
                      networks: [%8$s]
                """.formatted(
                        LabIdentities.TRUST_DOMAIN,
                        gateway,
                        peer.cluster(),
                        peer.region(),
                        LabIdentities.DISCOVERY,
                        peer.discovery(),
                        LabAddresses.PEERING_PORT,
                        peer.network());
    }

    /** A gateway of a cluster, which follows the cluster's discovery and tells it what it sees. */
    String gateway(Site site, String name, SpiffeId id, String address) {
        return """
                  gateway:
                    name: %7$s
                    hbone: "%1$s:%2$d"
                    relay: "%1$s:%3$d"
                    source: %1$s
                    loops: 1
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    evidence-to: [{address: "%4$s:%8$d", server: "%6$s"}]
                    catalog-from: {discovery: {address: "%4$s:%5$d", server: "%6$s"}}
                """.formatted(
                                address,
                                LabAddresses.HBONE_PORT,
                                LabAddresses.RELAY_PORT,
                                site.discovery(),
                                LabAddresses.XDS_PORT,
                                LabIdentities.DISCOVERY,
                                name,
                                LabAddresses.PEERING_PORT)
                + identity(site, id);
    }

    /** Makes a certificate below the cluster's intermediate; as {@code identity-from}. */
    private String identity(Site site, SpiffeId id, String... options) {
        SpiffeId.ServiceAccount account = id.serviceAccount().orElseThrow();
        Path folder = directory.resolve(site.cluster() + "-" + account.name());
        List<String> arguments = new ArrayList<>(List.of(
                "--name",
                site.cluster().name(),
                "--namespace",
                account.namespace(),
                "--service-account",
                account.name(),
                "--out",
                folder.toString()));
        arguments.addAll(List.of(options));
        InteropLab.ca(directory, "workload", arguments.toArray(String[]::new));
        return """
                    identity-from:
                      files:
                        chain: %1$s/workload-cert-chain.pem
                        key: %1$s/key.pem
                        bundles: {%2$s: %3$s/root-cert.pem}
                """.formatted(folder, LabIdentities.TRUST_DOMAIN, directory);
    }
}
