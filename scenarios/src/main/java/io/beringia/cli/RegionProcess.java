package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.DiscoveryMain;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.lab.LabMain;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.FailoverMain;
import io.beringia.failover.zookeeper.EmbeddedZooKeeper;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.GatewayMain;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostMain;
import io.beringia.trust.LedgerTelemetry;
import io.beringia.trust.RevocationTelemetry;
import io.beringia.trust.TrustMain;
import io.beringia.trust.VerdictTelemetry;
import io.beringia.trust.client.RememberedVerdicts;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.client.RevocationWatch;
import io.beringia.trust.client.RevokingCredentials;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.RoleLedger;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of one process, started in order and ended in reverse. They share nothing but the meters: each has its own
 * identity and catalog, and speaks to the others through sockets. Owned by the thread that starts it.
 */
public final class RegionProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegionProcess.class);

    /** A process whose event loop hangs ends with this (EX_SOFTWARE of sysexits.h). */
    private static final int HUNG_STATUS = 70;

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final InstantSource clock = InstantSource.system();
    private final PeerVerifier verifier = new VerdictTelemetry(new RememberedVerdicts(), meters);
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<Supplier<List<String>>> awaited = new CopyOnWriteArrayList<>();
    private final RoleIdentities identities;
    private final RevocationWatch revocations;
    private final Consumer<String> said;
    private volatile boolean starting = true;

    private RegionProcess(RevocationFiles revoked, Startup startup) {
        meters.config().meterFilter(new SeriesLimit());
        this.said = startup.said();
        this.revocations = RevocationWatch.open(revoked, clock, new RevocationTelemetry(meters));
        started.push(revocations);
        this.identities = new RoleIdentities(revocations, clock, startup, started::push);
        awaited.add(identities::awaited);
        awaited.add(() -> starting ? List.of("start of all roles") : List.of());
    }

    /**
     * Starts every role of the configuration in order, and waits for the first certificate of each that gets it from an
     * issuance server; if one cannot start, those before it are ended again. Where {@code startup} ends meanwhile, the
     * roles that are up are what there is.
     */
    static RegionProcess start(RegionConfig config, Startup startup) throws IOException {
        RegionProcess process = new RegionProcess(config.revocation(), startup);
        try {
            process.begin(config);
            return process;
        } catch (CancellationException endedBefore) {
            return process;
        } catch (IOException | RuntimeException refused) {
            process.close();
            throw refused;
        }
    }

    /** Tasks still missing over all roles; empty means ready. Any thread. */
    public List<String> awaited() {
        return awaited.stream().flatMap(role -> role.get().stream()).toList();
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception stuck) {
                LOG.atWarn().addKeyValue("reason", stuck.getMessage()).log("a role did not end cleanly");
            }
        }
    }

    private void begin(RegionConfig config) throws IOException {
        started.push(AdminServer.start(socket(config.admin()), this::awaited, meters));
        if (config.kube().isPresent()) {
            started.push(LabMain.start(config.kube().get(), clock));
        }
        if (config.trust().isPresent()) {
            started.push(TrustMain.start(config.trust().get(), revocations, meters, clock));
        }
        if (config.zookeeper().isPresent()) {
            started.push(EmbeddedZooKeeper.start(config.zookeeper().get()));
        }
        if (config.discovery().isPresent()) {
            discovery(config.discovery().get());
        }
        if (config.failover().isPresent()) {
            failover(config.failover().get());
        }
        RoleCatalogs catalogs = new RoleCatalogs(config, verifier, clock, started::push);
        if (config.gateway().isPresent()) {
            gateway(config.gateway().get(), catalogs);
        }
        for (RegionConfig.Role<HostConfig> host : config.hosts()) {
            host(host, catalogs);
        }
        starting = false;
    }

    private Credentials credentials(RegionConfig.IdentityFrom from) {
        return new RevokingCredentials(identities.open(from), revocations);
    }

    private void discovery(RegionConfig.Identified<DiscoveryConfig> role) {
        DiscoveryMain discovery = DiscoveryMain.start(
                role.config(), credentials(role.identity()), verifier, meters, clock, System::nanoTime);
        started.push(discovery);
        awaited.add(
                () -> discovery.awaited().stream().map("discovery: "::concat).toList());
    }

    private void gateway(RegionConfig.Role<GatewayConfig> role, RoleCatalogs catalogs) throws IOException {
        Credentials credentials = credentials(role.identity());
        GatewayMain gateway = GatewayMain.start(
                role.config(),
                credentials,
                verifier,
                catalogs.ofGateway(role, credentials),
                watched("connections", role.config().ledger()),
                meters,
                clock);
        gateway.guard(() -> Runtime.getRuntime().halt(HUNG_STATUS));
        started.push(() -> {
            DrainConfig how = role.config().drain();
            drain("gateway " + role.config().gateway(), how, () -> gateway.drain(how));
            gateway.close();
        });
        awaited.add(() -> gateway.awaited().stream().map("gateway: "::concat).toList());
    }

    private void drain(String role, DrainConfig how, Supplier<Residue> drain) {
        said.accept(role + " drains, at most " + how.longest().toSeconds() + " s");
        Residue left = drain.get();
        said.accept(role + " has drained, " + (left.isNothing() ? "nothing was left" : left + " were reset"));
    }

    private void failover(RegionConfig.Identified<FailoverConfig> role) {
        FailoverMain failover = FailoverMain.start(
                role.config(),
                credentials(role.identity()),
                verifier,
                watched("failover", role.config().ledger()),
                meters,
                clock);
        started.push(failover);
        awaited.add(() -> failover.awaited().stream().map("failover: "::concat).toList());
    }

    private LedgerEvents watched(String log, Optional<RoleLedger> ledger) {
        return ledger.<LedgerEvents>map(it -> new LedgerTelemetry(meters, log, it.witnessNames()))
                .orElse(LedgerEvents.NONE);
    }

    private void host(RegionConfig.Role<HostConfig> role, RoleCatalogs catalogs) throws IOException {
        Credentials credentials = credentials(role.identity());
        RoleCatalogs.OfHost catalog = catalogs.ofHost(role, credentials);
        HostMain host =
                HostMain.start(role.config(), credentials, verifier, catalog.source(), catalog.told(), meters, clock);
        String name = "host " + role.config().workload();
        started.push(() -> {
            drain(name, role.config().drain(), host::drain);
            host.close();
        });
        awaited.add(() -> host.awaited().stream().map((name + ": ")::concat).toList());
    }

    static InetSocketAddress socket(SocketAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().bytes()), address.port());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(address + ": neither 4 nor 16 bytes", impossible);
        }
    }
}
