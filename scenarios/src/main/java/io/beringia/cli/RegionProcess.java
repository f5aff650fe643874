package io.beringia.cli;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.failover.zookeeper.EmbeddedZooKeeper;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.GatewayMain;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostMain;
import io.beringia.trust.TrustMain;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of one process, started in order and ended in reverse. They share nothing but the meters: each has its own
 * identity and catalog, and speaks to the others through sockets. Owned by the thread that starts it.
 */
public final class RegionProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegionProcess.class);
    /** A renewed certificate is used within this; reading two small files costs nothing. */
    private static final Duration LOOK_AT_FILES_EVERY = Duration.ofSeconds(5);

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final InstantSource clock = InstantSource.system();
    private final PeerVerifier verifier = new SpiffeVerifier();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<Supplier<List<String>>> awaited = new ArrayList<>();

    private RegionProcess() {}

    /** Starts every role of the configuration; if one cannot start, those before it are ended again. */
    public static RegionProcess start(RegionConfig config) throws IOException {
        RegionProcess process = new RegionProcess();
        try {
            process.begin(config);
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
        if (config.trust().isPresent()) {
            started.push(TrustMain.start(config.trust().get(), meters, clock));
        }
        if (config.zookeeper().isPresent()) {
            started.push(EmbeddedZooKeeper.start(config.zookeeper().get()));
        }
        if (config.gateway().isPresent()) {
            gateway(config.gateway().get());
        }
        if (config.host().isPresent()) {
            host(config.host().get());
        }
        started.push(AdminServer.start(socket(config.admin()), this::awaited, meters));
    }

    private void gateway(RegionConfig.Role<GatewayConfig> role) throws IOException {
        GatewayMain gateway = GatewayMain.start(
                role.config(), credentials(role.identity()), verifier, catalog(role.catalog()), meters, clock);
        started.push(gateway);
        awaited.add(() -> gateway.awaited().stream().map("gateway: "::concat).toList());
    }

    private void host(RegionConfig.Role<HostConfig> role) throws IOException {
        HostMain host = HostMain.start(
                role.config(), credentials(role.identity()), verifier, catalog(role.catalog()), meters, clock);
        started.push(host);
        awaited.add(() -> host.awaited().stream().map("host: "::concat).toList());
    }

    private Credentials credentials(RegionConfig.IdentityFrom from) {
        return switch (from) {
            case RegionConfig.IdentityFrom.Files files -> {
                FileCredentials credentials = FileCredentials.load(files.files());
                started.push(credentials.watch(LOOK_AT_FILES_EVERY, RegionProcess::report));
                yield credentials;
            }
        };
    }

    private CatalogSource catalog(RegionConfig.CatalogFrom from) throws IOException {
        return switch (from) {
            case RegionConfig.CatalogFrom.File file -> {
                FileCatalog catalog = FileCatalog.open(file.path(), RegionProcess::report);
                started.push(catalog);
                yield catalog;
            }
        };
    }

    private static void report(FileCredentials.Reload reload) {
        switch (reload) {
            case FileCredentials.Reload.Unchanged unchanged -> {}
            case FileCredentials.Reload.Changed changed -> LOG.atInfo().log("new identity or roots read from files");
            case FileCredentials.Reload.Kept kept ->
                LOG.atWarn().addKeyValue("reason", kept.why()).log("identity files refused, the last good ones stay");
        }
    }

    private static void report(Path file, List<String> problems) {
        LOG.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("problems", String.join("; ", problems))
                .log("catalog file refused, the last good one stays");
    }

    static InetSocketAddress socket(SocketAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().bytes()), address.port());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(address + ": neither 4 nor 16 bytes", impossible);
        }
    }
}
