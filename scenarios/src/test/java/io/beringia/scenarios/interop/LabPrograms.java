package io.beringia.scenarios.interop;

import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.scenarios.fault.ChildProcesses;
import io.beringia.scenarios.fault.Signal;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The processes of a lab in which ztunnels know nothing but what discovery tells them, each in its network namespace. Owned
 * by the test's thread.
 */
final class LabPrograms implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

    private final String ztunnel;
    private final Path directory;
    private final Namespaces namespaces;
    private final ChildProcesses children;
    private int numbered;

    private LabPrograms(String ztunnel, Path directory, Namespaces namespaces, ChildProcesses children) {
        this.ztunnel = ztunnel;
        this.directory = directory;
        this.namespaces = namespaces;
        this.children = children;
    }

    static LabPrograms in(Path directory, String ztunnel) throws Exception {
        Namespaces namespaces = Namespaces.create();
        return new LabPrograms(
                ztunnel,
                directory,
                namespaces,
                ChildProcesses.guardedBy(InteropLab.java("io.beringia.cli.Beringia", "watchdog"), directory));
    }

    /** A cluster of the lab, and where its discovery listens. */
    record Site(RegionId region, ClusterId cluster, Network network, String discovery) {
        static final Site EAST = new Site(
                LabIdentities.REGION_EAST,
                LabIdentities.CLUSTER_EAST,
                LabIdentities.NETWORK_EAST,
                LabAddresses.DISCOVERY);
        static final Site WEST = new Site(
                LabIdentities.REGION_WEST,
                LabIdentities.CLUSTER_WEST,
                LabIdentities.NETWORK_WEST,
                LabAddresses.DISCOVERY_WEST);
    }

    /** A pod of the lab and the token with which its ztunnel shows whose it is. */
    record Pod(Site site, SpiffeId id, String name, String namespace, String address, String token) {}

    /** Runs roles in the mesh, and waits until they are ready. */
    void region(String name, Site site, String admin, String roles) throws IOException {
        String text = "region: %s\ncluster: %s\nnetwork: %s\nadmin: \"%s:%d\"\nroles:\n"
                        .formatted(site.region(), site.cluster(), site.network(), admin, LabAddresses.ADMIN_PORT)
                + roles;
        Path file = Files.writeString(directory.resolve(name + ".yaml"), text);
        children.start(
                name,
                Namespaces.inside(
                        Namespaces.MESH, InteropLab.beringia("run", "--config", file.toString(), "--end-with-input")));
        awaitLine(name, " is ready");
    }

    /** Starts the pod's ztunnel, in the pod's network namespace. */
    void ztunnel(String name, Pod pod) throws IOException {
        List<String> command = new ArrayList<>(List.of("env"));
        environment(pod).forEach((key, value) -> command.add(key + "=" + value));
        command.addAll(List.of(ztunnel, "proxy"));
        children.start(name, Namespaces.inside(pod.namespace(), command));
    }

    private Map<String, String> environment(Pod pod) {
        SpiffeId.ServiceAccount account = pod.id().serviceAccount().orElseThrow();
        String root = directory.resolve("root-cert.pem").toString();
        return new TreeMap<>(Map.ofEntries(
                Map.entry("PROXY_MODE", "dedicated"),
                Map.entry("PROXY_WORKLOAD_INFO", account.namespace() + "/" + pod.name() + "/" + account.name()),
                Map.entry("POD_NAME", pod.name()),
                Map.entry("POD_NAMESPACE", account.namespace()),
                Map.entry("SERVICE_ACCOUNT", account.name()),
                Map.entry("INSTANCE_IP", pod.address()),
                Map.entry("NETWORK", pod.site().network().name()),
                Map.entry("CLUSTER_ID", pod.site().cluster().name()),
                Map.entry("XDS_ADDRESS", "https://" + pod.site().discovery() + ":" + LabAddresses.XDS_PORT),
                Map.entry("XDS_ROOT_CA", root),
                Map.entry("ALT_XDS_HOSTNAME", LabIdentities.DISCOVERY_NAME),
                Map.entry("CA_ADDRESS", "https://" + LabAddresses.CERTIFICATES + ":" + LabAddresses.CERTIFICATES_PORT),
                Map.entry("CA_ROOT_CA", root),
                Map.entry("ALT_CA_HOSTNAME", LabIdentities.CERTIFICATES_NAME),
                Map.entry("AUTH_TOKEN", pod.token()),
                Map.entry("UNSTABLE_ENABLE_SOCKS5", "true"),
                Map.entry("ENABLE_ORIG_SRC", "false"),
                Map.entry("ISTIO_META_DNS_CAPTURE", "false"),
                Map.entry("IPV6_ENABLED", "false"),
                Map.entry("ZTUNNEL_WORKER_THREADS", "1"),
                Map.entry("RUST_LOG", "info")));
    }

    /** Starts the application of a pod. */
    void application(Pod pod) throws IOException {
        application("application", pod);
    }

    /** The same, of one of several. */
    void application(String name, Pod pod) throws IOException {
        program(
                name,
                pod.namespace(),
                EchoMain.class,
                List.of(pod.address(), Integer.toString(LabAddresses.ECHO_PORT)));
        awaitLine(name, EchoMain.LISTENING);
    }

    /** Puts a signed plan where the leader would. */
    void plan(Path sealed) throws IOException {
        String said = ended("plan", Namespaces.MESH, PlanMain.class, List.of(LabFiles.ZOOKEEPER, sealed.toString()));
        if (!said.contains(PlanMain.WRITTEN)) {
            throw new IOException("plan: " + said + " (expected: " + PlanMain.WRITTEN + ")");
        }
    }

    /** What the client's ztunnel knows, once all of these texts are in it and none that begins with {@code !}. */
    String dumpWith(String... texts) throws IOException {
        return dumpIn(Namespaces.CLIENT, texts);
    }

    /** The same of the ztunnel of a namespace. */
    String dumpIn(String namespace, String... texts) throws IOException {
        return fetch(namespace, "http://localhost:15000/config_dump", texts);
    }

    /** What an address of the mesh answers, once all of these texts are in it. */
    String meshWith(String url, String... texts) throws IOException {
        return fetch(Namespaces.MESH, url, texts);
    }

    private String fetch(String namespace, String url, String... texts) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(url));
        arguments.addAll(Arrays.asList(texts));
        return ended("fetch", namespace, FetchMain.class, arguments);
    }

    /** Calls the service through the client's ztunnel; answers how many were answered. */
    String call(int count, String word) throws IOException {
        String said = ended(
                "caller",
                Namespaces.CLIENT,
                SocksCallMain.class,
                List.of(
                        LabAddresses.SERVICE,
                        Integer.toString(LabAddresses.SERVICE_PORT),
                        Integer.toString(count),
                        word));
        return said.lines().toList().getLast();
    }

    /** The discoveries of both sites, which are peers; the certificates are the east's. */
    void federation(LabFiles files) throws IOException {
        federation(files, "", "");
    }

    /** The same, and the east obeys plans. */
    void federationWithPlans(LabFiles files) throws IOException {
        federation(files, files.zookeeper(), files.planFrom());
    }

    private void federation(LabFiles files, String rolesOfEast, String moreOfEast) throws IOException {
        region(
                "east",
                Site.EAST,
                LabAddresses.DISCOVERY,
                rolesOfEast
                        + files.kube(Site.EAST, 6443)
                        + files.trust()
                        + files.discovery(Site.EAST, moreOfEast + LabFiles.federated("gateway-east", Site.WEST)));
        region(
                "west",
                Site.WEST,
                LabAddresses.DISCOVERY_WEST,
                files.kube(Site.WEST, 6444)
                        + files.discovery(Site.WEST, LabFiles.federated("gateway-west", Site.EAST)));
    }

    /** Starts to call the service through the ztunnel of a pod, so many times a second, until {@link #endLoad}. */
    void startLoad(String name, Pod pod, int perSecond) throws IOException {
        startLoad(name, pod, perSecond, Duration.ZERO);
    }

    /** The same, at a rate that grows to this within a ramp: virtual machines compile what they run meanwhile. */
    void startLoad(String name, Pod pod, int perSecond, Duration ramp) throws IOException {
        program(
                name,
                pod.namespace(),
                SocksLoadMain.class,
                List.of(
                        LabAddresses.SERVICE,
                        Integer.toString(LabAddresses.SERVICE_PORT),
                        Integer.toString(perSecond),
                        name,
                        Long.toString(ramp.toSeconds())));
    }

    /** What has become of its connections until now. */
    LoadLog load(String name) throws IOException {
        return LoadLog.read(children.log(name));
    }

    /** Calls no more, and waits until every connection has its end. */
    LoadLog endLoad(String name) throws IOException {
        children.tell(name, SocksLoadMain.END);
        await("the end of " + name).atMost(ENDS_WITHIN).until(() -> !children.isRunning(name));
        return load(name);
    }

    /** Does that to a process at once, and answers when, as {@link System#nanoTime()} has it. */
    long send(String name, Signal signal) {
        long now = System.nanoTime();
        children.send(name, signal);
        return now;
    }

    private String ended(String what, String namespace, Class<?> main, List<String> arguments) throws IOException {
        String name = what + "-" + ++numbered;
        program(name, namespace, main, arguments);
        await("the end of " + name).atMost(ENDS_WITHIN).until(() -> !children.isRunning(name));
        return log(name);
    }

    private void program(String name, String namespace, Class<?> main, List<String> arguments) throws IOException {
        children.start(
                name, Namespaces.inside(namespace, InteropLab.java(main.getName(), arguments.toArray(String[]::new))));
    }

    long pid(String name) {
        return children.pid(name);
    }

    void kill(String name) throws Exception {
        children.kill(name);
    }

    /** All that a process said until now. */
    String log(String name) throws IOException {
        return Files.readString(children.log(name));
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
