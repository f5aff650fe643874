package io.beringia.discovery;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.dns.DnsServer;
import io.beringia.discovery.dns.Zone;
import io.beringia.discovery.dns.ZoneRules;
import io.beringia.discovery.kube.ExportObjects;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.OwnApiWrites;
import io.beringia.discovery.mcs.McsWriter;
import io.beringia.discovery.mcs.Outlook;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.peering.PeerLinks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Our part in the Multi-Cluster Services API, put together for the role: who writes what clusters export, and who answers for
 * its names. Any thread; started and closed from one.
 */
final class Clusterset implements AutoCloseable {
    /** Longer than one write may take only where the API hangs. */
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private final Surroundings around;
    private final OwnApiWrites api;
    private final McsWriter writer;
    private final Thread thread;
    private final DnsServer dns;
    private final CatalogSource.Subscription changes;
    private volatile Optional<Zone> zone = Optional.empty();

    /**
     * What of the role it looks at.
     *
     * @param exporters all other clusters that may export
     * @param alive those of them, and others, that show a sign of life
     * @param clock must not jump
     */
    record Surroundings(
            Federation federation,
            OwnCluster own,
            PeerLinks links,
            Set<ClusterId> exporters,
            Supplier<Set<ClusterId>> alive,
            ClustersetTelemetry telemetry,
            InstantSource clock,
            LongSupplier nanoTime) {}

    private Clusterset(DiscoveryConfig.Clusterset config, Surroundings around, Kubeconfig access) {
        this.around = around;
        this.dns = DnsServer.start(
                config.dns(),
                new DnsServer.Options(
                        this::zone,
                        List.copyOf(config.mcs().ranges().values()),
                        around.telemetry(),
                        around.nanoTime()));
        this.api = new OwnApiWrites(access, config.mcs().namespace());
        this.writer = new McsWriter(
                config.mcs(), new McsWriter.Surroundings(api, this::outlook, around.telemetry(), around.clock()));
        this.thread = Thread.ofVirtual().name("mcs/writer").unstarted(writer);
        this.changes = around.federation().subscribe(writer::wake);
    }

    static Clusterset start(DiscoveryConfig.Clusterset config, Surroundings around, Kubeconfig access) {
        Clusterset clusterset = new Clusterset(config, around, access);
        clusterset.thread.start();
        around.telemetry().dnsListens(clusterset.dns.port());
        return clusterset;
    }

    int dnsPort() {
        return dns.port();
    }

    /** The newest that can be made; before the first, and before every peer was heard or is late, nobody knows what there is. */
    private Optional<Zone> zone() {
        FederationView view = around.federation().latest();
        Optional<Zone> held = zone;
        if (held.filter(it -> it.serial() == view.revision()).isPresent()
                || !around.federation().awaited().isEmpty()) {
            return held;
        }
        Optional<Zone> next = around.own().toldTo(view).map(told -> ZoneRules.zone(told.part(), view));
        if (next.isPresent()) {
            zone = next;
        }
        return zone;
    }

    private Optional<Outlook> outlook() {
        FederationView view = around.federation().latest();
        if (!(around.own().freshness() instanceof Freshness.Live)) {
            return Optional.empty();
        }
        return around.own()
                .toldTo(view)
                .filter(told ->
                        told.part().mcs().isServed() || !told.part().sharing().equals(ExportObjects.NONE))
                .map(told -> new Outlook(
                        view,
                        told.part(),
                        told.decisions(),
                        around.links().takenOver(),
                        around.exporters(),
                        around.federation().unheard(),
                        alive(),
                        around.links().peers()));
    }

    private Set<ClusterId> alive() {
        Set<ClusterId> alive = new HashSet<>(around.alive().get());
        alive.retainAll(around.exporters());
        return alive;
    }

    @Override
    public void close() {
        changes.close();
        thread.interrupt();
        dns.close();
        awaitWriter();
        api.close();
    }

    /** Its last write ends before what it writes with. */
    private void awaitWriter() {
        try {
            var _ = thread.join(STOP_MAX);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
