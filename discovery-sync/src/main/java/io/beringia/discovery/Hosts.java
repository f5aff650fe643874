package io.beringia.discovery;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.hosts.HostKeeper;
import io.beringia.discovery.hosts.HostsConfig;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.OwnApiWrites;
import io.beringia.discovery.xds.HostClaim;
import io.beringia.discovery.xds.HostWatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** What becomes of what hosts say of themselves, put together for the role. Any thread; started and closed from one. */
final class Hosts implements AutoCloseable {
    /** Longer than one write may take only where the API hangs. */
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private final DiscoveryConfig config;
    private final CatalogSource proxies;
    private final OwnApiWrites api;
    private final HostKeeper keeper;
    private final Thread thread;

    /**
     * What of the role it looks at.
     *
     * @param proxies what our clients are told
     * @param steady must not jump
     */
    record Surroundings(CatalogSource proxies, HostsTelemetry telemetry, InstantSource wall, InstantSource steady) {}

    private Hosts(DiscoveryConfig config, HostsConfig hosts, Surroundings around, Kubeconfig access) {
        this.config = config;
        this.proxies = around.proxies();
        this.api = new OwnApiWrites(access, hosts.namespace());
        this.keeper = new HostKeeper(
                hosts,
                config.trustDomain(),
                new HostKeeper.Surroundings(api, this::told, around.telemetry(), around.wall(), around.steady()));
        this.thread = Thread.ofVirtual().name(config.region() + "/hosts").unstarted(keeper);
    }

    static Hosts start(DiscoveryConfig config, HostsConfig hosts, Surroundings around, Kubeconfig access) {
        Hosts started = new Hosts(config, hosts, around, access);
        started.thread.start();
        return started;
    }

    HostWatch watch() {
        return keeper;
    }

    private Optional<Health> told(HostClaim host) {
        return Optional.ofNullable(proxies.latest().workloads().get(host.uid(config.cluster())))
                .map(Workload::health);
    }

    /** Its last write ends before what it writes with. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            var _ = thread.join(STOP_MAX);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
