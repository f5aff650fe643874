package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.Crls;
import io.beringia.gateway.FakeCredentials;
import io.beringia.gateway.FarGateway;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CaSigner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** One mesh on loopback addresses of its own: hosts with real credentials, and the catalog they share. */
final class HostLab implements AutoCloseable {
    static final int SOCKS_PORT = 15_080;
    static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    static final Network WEST = new Network("west");
    static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    static final String ECHO_VIP = "10.96.0.10";

    /** Of all hosts. */
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final Authority root = Authority.root(DOMAIN);
    private final CaSigner.InMemory signer = root.newIntermediate("west-1", Duration.ofDays(90));
    private final Authority authority = Authority.of(signer, root.root(), InstantSource.system());
    private final TurnedCatalog catalog = new TurnedCatalog();
    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(20, 120) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private final List<HostMain> hosts = new ArrayList<>();
    private long revision;

    String ip(int last) {
        return prefix + last;
    }

    static SpiffeId id(String namespace, String account) {
        return SpiffeId.ofWorkload(DOMAIN, namespace, account);
    }

    /** Proved by the intermediate of our cluster. */
    FixedCredentials credentials(SpiffeId id) {
        return new FixedCredentials(authority.svid(id, Duration.ofHours(1)), authority.bundles());
    }

    /** The roots of the mesh, below which the intermediate of our cluster took these certificates back. */
    TrustBundles without(X509Certificate... revoked) {
        return root.bundles()
                .with(new Revocations(1, List.of(Crls.of(signer, revoked)), CrlPolicy.OPEN, Denylist.EMPTY));
    }

    /** Proved by the intermediate of that cluster, under the same root. */
    FixedCredentials credentials(SpiffeId id, ClusterId cluster) {
        return new FixedCredentials(root.intermediate(cluster.name()).svid(id, Duration.ofHours(1)), root.bundles());
    }

    /** A workload of the own network at {@link #ip}, whose account is its name. */
    Workload.Builder workload(String namespace, String name, int last) {
        return Workload.named("west-1//Pod/" + namespace + "/" + name, namespace, name, new ClusterId("west-1"), WEST)
                .identity(DOMAIN, name)
                .addresses(List.of(IpAddress.parse(ip(last))));
    }

    Workload.Builder echo(String name, int last) {
        return workload("demo", name, last).services(Map.of(ECHO, List.of(new ServicePort(80, 8080))));
    }

    static Service echoService(SpiffeId... names) {
        return new Service(
                ECHO,
                List.of(new NetworkAddress(WEST, IpAddress.parse(ECHO_VIP))),
                List.of(new ServicePort(80, 8080)),
                List.of(names),
                Optional.empty(),
                LoadBalancing.LOCAL_FIRST,
                true,
                false);
    }

    void publish(List<Workload> workloads, List<Service> services, List<Policy> policies) {
        revision++;
        catalog.publish(
                Catalog.of(revision, PlanVersion.NONE, workloads, services, policies, List.of(), List.of(), List.of()));
    }

    /** The same, which a test may change; another mesh's roots take all trust away. */
    FakeCredentials changing(SpiffeId id) {
        FixedCredentials fixed = credentials(id);
        return new FakeCredentials(fixed.svid(), fixed.bundles());
    }

    /** Of all hosts. */
    SimpleMeterRegistry meters() {
        return meters;
    }

    TurnedCatalog catalog() {
        return catalog;
    }

    /** A host that only calls. */
    HostMain client(Workload self, HostConfig.Listener... listeners) {
        return start(calling(self, listeners), credentials(self.identity()), catalog);
    }

    HostConfig calling(Workload self, HostConfig.Listener... listeners) {
        IpAddress ip = self.addresses().getFirst();
        return new HostConfig(
                self.uid(),
                ip,
                1,
                Optional.of(new SocketAddress(ip, SOCKS_PORT)),
                List.of(listeners),
                false,
                Optional.empty());
    }

    /** A host that is only called, proved by {@code identity}; its application listens on the same address. */
    HostMain server(Workload self, SpiffeId identity) {
        return start(called(self), credentials(identity), catalog);
    }

    HostConfig called(Workload self) {
        IpAddress ip = self.addresses().getFirst();
        return new HostConfig(
                self.uid(),
                ip,
                2,
                Optional.empty(),
                List.of(),
                false,
                Optional.of(new HostConfig.Inbound(new SocketAddress(ip, 15_008), ip, Set.of(), Set.of(15_000), true)));
    }

    /** Somebody in the place of that host, with its identity, who does as the test says. */
    FarGateway peer(Workload self, FarGateway.Says says) throws Exception {
        IpAddress ip = self.addresses().getFirst();
        return new FarGateway(
                new SocketAddress(ip, 15_008), credentials(self.identity()).svid(), says);
    }

    HostMain start(HostConfig config, Credentials credentials, TurnedCatalog source) {
        return start(config, credentials, source, report -> {});
    }

    /** @param told hears how the host is */
    HostMain start(HostConfig config, Credentials credentials, TurnedCatalog source, Consumer<HostReport> told) {
        HostMain host =
                HostMain.start(config, credentials, new SpiffeVerifier(), source, told, meters, InstantSource.system());
        hosts.add(host);
        return host;
    }

    @Override
    public void close() {
        hosts.forEach(HostMain::close);
    }

    /** Connections of all hosts that are over. */
    int ended(String direction) {
        return (int) meters.find("host.connections.ended").tag("direction", direction).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Attempts that failed, by the tunnel that did. */
    double attemptsFailed(String tunnel) {
        return count("host.attempts.failed", "tunnel", tunnel);
    }

    /** Of all hosts together. */
    double count(String meter, String... tags) {
        return meters.find(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
