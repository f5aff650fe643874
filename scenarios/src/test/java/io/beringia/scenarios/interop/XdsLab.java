package io.beringia.scenarios.interop;

import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.fault.ChildProcesses;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One cluster in three network namespaces: a lab API, a certificate server and discovery of ours, and two real ztunnels that
 * know nothing but what discovery tells them. Every process is a child. Owned by the test's thread.
 */
final class XdsLab implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration FETCH_WITHIN = Duration.ofSeconds(90);
    private static final String WEB_TOKEN = "token-of-web";
    private static final String ECHO_TOKEN = "token-of-echo";

    private final String ztunnel;
    private final Path directory;
    private final Namespaces namespaces;
    private final ChildProcesses children;
    private int programs;
    private int discoveries;

    private XdsLab(String ztunnel, Path directory, Namespaces namespaces, ChildProcesses children) {
        this.ztunnel = ztunnel;
        this.directory = directory;
        this.namespaces = namespaces;
        this.children = children;
    }

    static XdsLab start(String ztunnel, Path directory) throws Exception {
        Namespaces namespaces = Namespaces.create();
        XdsLab lab = new XdsLab(
                ztunnel,
                directory,
                namespaces,
                ChildProcesses.guardedBy(InteropLab.java("io.beringia.cli.Beringia", "watchdog"), directory));
        try {
            lab.begin();
            return lab;
        } catch (Exception | AssertionError failed) {
            lab.close();
            throw failed;
        }
    }

    private void begin() throws IOException {
        InteropLab.ca(directory, "root", "--demo", "--trust-domain", LabIdentities.TRUST_DOMAIN.name());
        InteropLab.ca(directory, "intermediate", "--name", LabIdentities.CLUSTER_EAST.name());
        InteropLab.ca(
                directory,
                "workload",
                "--name",
                LabIdentities.CLUSTER_EAST.name(),
                "--namespace",
                "beringia-system",
                "--service-account",
                "discovery",
                "--dns",
                LabIdentities.DISCOVERY_NAME,
                "--out",
                directory.resolve("identity").toString());
        Files.writeString(directory.resolve("web"), WEB_TOKEN);
        Files.writeString(directory.resolve("echo"), ECHO_TOKEN);
        Files.createDirectory(directory.resolve("manifests"));
        cluster("");
        region("control", "127.0.0.1", controlYaml());
        awaitLine("control", " is ready");
        startDiscovery();
        ztunnel("client-ztunnel", Namespaces.CLIENT, LabIdentities.CLIENT, "web-0", LabAddresses.CLIENT, WEB_TOKEN);
        ztunnel("server-ztunnel", Namespaces.SERVER, LabIdentities.SERVER, "echo-0", LabAddresses.SERVER, ECHO_TOKEN);
        program(
                "application",
                Namespaces.SERVER,
                EchoMain.class,
                LabAddresses.SERVER,
                Integer.toString(LabAddresses.ECHO_PORT));
        awaitLine("application", EchoMain.LISTENING);
    }

    /** The cluster's objects, and these beside them. In one step: an empty file between would mean that all is gone. */
    void cluster(String more) throws IOException {
        String all = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: demo}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: echo, namespace: demo}
                spec: {clusterIP: %s, selector: {app: echo}, ports: [{port: %d, targetPort: %d}]}
                """.formatted(LabAddresses.SERVICE, LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT)
                + pod("web-0", "web", LabAddresses.CLIENT)
                + pod("echo-0", "echo", LabAddresses.SERVER)
                + more;
        Path next = Files.writeString(directory.resolve("next.yaml"), all);
        Files.move(next, directory.resolve("manifests").resolve("demo.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    static String pod(String name, String app, String address) {
        return """
                ---
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %1$s
                  namespace: demo
                  labels: {app: %2$s}
                  annotations: {ambient.istio.io/redirection: enabled}
                spec: {serviceAccountName: %2$s}
                status: {phase: Running, podIP: %3$s, conditions: [{type: Ready, status: "True"}]}
                """.formatted(name, app, address);
    }

    private String controlYaml() {
        return """
                  kube:
                    listen: 127.0.0.1:6443
                    manifests: %1$s/manifests
                    kubeconfig: %1$s/kubeconfig
                    probes: false
                    tokens:
                    - {file: %1$s/web, namespace: demo, service-account: web}
                    - {file: %1$s/echo, namespace: demo, service-account: echo}
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

    private void startDiscovery() throws IOException {
        discoveries++;
        region(discovery(), LabAddresses.DISCOVERY, """
                  discovery:
                    kube: {kubeconfig: %1$s/kubeconfig, allow-plain-http: true}
                    xds: "%2$s:%3$d"
                    peering: "%2$s:%4$d"
                    identity-from:
                      files:
                        chain: %1$s/identity/workload-cert-chain.pem
                        key: %1$s/identity/key.pem
                        bundles: {%5$s: %1$s/root-cert.pem}
                """.formatted(
                        directory,
                        LabAddresses.DISCOVERY,
                        LabAddresses.XDS_PORT,
                        LabAddresses.PEERING_PORT,
                        LabIdentities.TRUST_DOMAIN));
        awaitLine(discovery(), " is ready");
    }

    /** Kills discovery and starts another one in its place. */
    void restartDiscovery() throws Exception {
        children.kill(discovery());
        startDiscovery();
    }

    private String discovery() {
        return "discovery-" + discoveries;
    }

    private void ztunnel(String name, String namespace, SpiffeId id, String pod, String address, String token)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("env"));
        environment(id.serviceAccount().orElseThrow(), pod, address, token)
                .forEach((key, value) -> command.add(key + "=" + value));
        command.addAll(List.of(ztunnel, "proxy"));
        children.start(name, Namespaces.inside(namespace, command));
    }

    private Map<String, String> environment(SpiffeId.ServiceAccount account, String pod, String address, String token) {
        String root = directory.resolve("root-cert.pem").toString();
        return new TreeMap<>(Map.ofEntries(
                Map.entry("PROXY_MODE", "dedicated"),
                Map.entry("PROXY_WORKLOAD_INFO", account.namespace() + "/" + pod + "/" + account.name()),
                Map.entry("POD_NAME", pod),
                Map.entry("POD_NAMESPACE", account.namespace()),
                Map.entry("SERVICE_ACCOUNT", account.name()),
                Map.entry("INSTANCE_IP", address),
                Map.entry("NETWORK", LabIdentities.NETWORK_EAST.name()),
                Map.entry("CLUSTER_ID", LabIdentities.CLUSTER_EAST.name()),
                Map.entry("XDS_ADDRESS", "https://" + LabAddresses.DISCOVERY + ":" + LabAddresses.XDS_PORT),
                Map.entry("XDS_ROOT_CA", root),
                Map.entry("ALT_XDS_HOSTNAME", LabIdentities.DISCOVERY_NAME),
                Map.entry("CA_ADDRESS", "https://" + LabAddresses.CERTIFICATES + ":" + LabAddresses.CERTIFICATES_PORT),
                Map.entry("CA_ROOT_CA", root),
                Map.entry("ALT_CA_HOSTNAME", LabIdentities.CERTIFICATES_NAME),
                Map.entry("AUTH_TOKEN", token),
                Map.entry("UNSTABLE_ENABLE_SOCKS5", "true"),
                Map.entry("ENABLE_ORIG_SRC", "false"),
                Map.entry("ISTIO_META_DNS_CAPTURE", "false"),
                Map.entry("IPV6_ENABLED", "false"),
                Map.entry("ZTUNNEL_WORKER_THREADS", "1"),
                Map.entry("RUST_LOG", "info")));
    }

    /** What the client's ztunnel knows, once all of these texts are in it and none that begins with {@code !}. */
    String dumpWith(String... texts) throws IOException {
        return fetch(Namespaces.CLIENT, "http://localhost:15000/config_dump", texts);
    }

    /** What discovery counted, once all of these texts are in it. */
    String metersWith(String... texts) throws IOException {
        return fetch(
                Namespaces.MESH,
                "http://" + LabAddresses.DISCOVERY + ":" + LabAddresses.ADMIN_PORT + "/metrics",
                texts);
    }

    private String fetch(String namespace, String url, String... texts) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(url));
        arguments.addAll(Arrays.asList(texts));
        return ended("fetch", namespace, FetchMain.class, arguments);
    }

    /** Calls the service through the client's ztunnel; answers how many were answered. */
    String call(int count, String word) throws IOException {
        return ended(
                        "caller",
                        Namespaces.CLIENT,
                        SocksCallMain.class,
                        List.of(
                                LabAddresses.SERVICE,
                                Integer.toString(LabAddresses.SERVICE_PORT),
                                Integer.toString(count),
                                word))
                .lines()
                .toList()
                .getLast();
    }

    private String ended(String what, String namespace, Class<?> main, List<String> arguments) throws IOException {
        String name = what + "-" + ++programs;
        program(name, namespace, main, arguments.toArray(String[]::new));
        await("the end of " + name).atMost(FETCH_WITHIN).until(() -> !children.isRunning(name));
        return log(name);
    }

    /** All that a process said until now. */
    String log(String name) throws IOException {
        return Files.readString(children.log(name));
    }

    private void region(String name, String address, String roles) throws IOException {
        String text = "region: %s\ncluster: %s\nnetwork: %s\nadmin: \"%s:%d\"\nroles:\n"
                        .formatted(
                                LabIdentities.REGION_EAST,
                                LabIdentities.CLUSTER_EAST,
                                LabIdentities.NETWORK_EAST,
                                address,
                                LabAddresses.ADMIN_PORT)
                + roles;
        Path file = Files.writeString(directory.resolve(name + ".yaml"), text);
        program(
                name,
                Namespaces.MESH,
                InteropLab.java("io.beringia.cli.Beringia", "run", "--config", file.toString(), "--end-with-input"));
    }

    private void program(String name, String namespace, Class<?> main, String... arguments) throws IOException {
        program(name, namespace, InteropLab.java(main.getName(), arguments));
    }

    private void program(String name, String namespace, List<String> command) throws IOException {
        children.start(name, Namespaces.inside(namespace, command));
    }

    private void awaitLine(String name, String part) {
        await(name + " to say \"" + part.strip() + "\"")
                .atMost(READY_WITHIN)
                .failFast(name + " ended", () -> !children.isRunning(name))
                .until(() -> log(name).contains(part));
    }

    @Override
    public void close() throws Exception {
        try (namespaces) {
            for (String name : children.names()) {
                children.kill(name);
            }
            children.close();
        }
    }
}
