package io.beringia.cli;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the catalog of each role from where its configuration says. Owned by the thread that starts the roles. */
final class RoleCatalogs {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCatalogs.class);

    private final RegionConfig region;
    private final PeerVerifier verifier;
    private final InstantSource clock;
    private final Consumer<AutoCloseable> opened;

    /** {@code opened} takes what is to be closed when the process ends. */
    RoleCatalogs(RegionConfig region, PeerVerifier verifier, InstantSource clock, Consumer<AutoCloseable> opened) {
        this.region = region;
        this.verifier = verifier;
        this.clock = clock;
        this.opened = opened;
    }

    CatalogSource ofGateway(RegionConfig.Role<GatewayConfig> role, Credentials credentials) throws IOException {
        String namespace = credentials
                .svid()
                .id()
                .serviceAccount()
                .map(SpiffeId.ServiceAccount::namespace)
                .orElse("default");
        CatalogClient.Place place = new CatalogClient.Place(
                region.cluster(),
                region.network(),
                role.config().source(),
                namespace,
                role.config().gateway());
        return switch (role.catalog()) {
            case RegionConfig.CatalogFrom.File file -> file(file);
            case RegionConfig.CatalogFrom.Discovery discovery ->
                remote(discovery, credentials, CatalogClient.Subject.gateway(place, discovery.lastGood()), place);
        };
    }

    /**
     * The catalog of a host.
     *
     * @param told hears how the host is, and says it to whoever tells the catalog
     */
    record OfHost(CatalogSource source, Consumer<HostReport> told) {}

    OfHost ofHost(RegionConfig.Role<HostConfig> role, Credentials credentials) throws IOException {
        List<String> uid = List.of(role.config().workload().split("/", -1));
        CatalogClient.Place place = new CatalogClient.Place(
                region.cluster(),
                region.network(),
                role.config().source(),
                uid.get(Math.max(0, uid.size() - 2)),
                uid.getLast());
        return switch (role.catalog()) {
            case RegionConfig.CatalogFrom.File file -> new OfHost(file(file), report -> {});
            case RegionConfig.CatalogFrom.Discovery discovery -> {
                CatalogClient.Subject subject = role.config().isEntry()
                        ? CatalogClient.Subject.entry(place, discovery.lastGood())
                        : CatalogClient.Subject.host(place, discovery.lastGood());
                RemoteCatalog catalog = remote(discovery, credentials, subject, place);
                yield new OfHost(catalog, catalog::say);
            }
        };
    }

    private CatalogSource file(RegionConfig.CatalogFrom.File file) throws IOException {
        FileCatalog catalog = FileCatalog.open(file.path(), RoleCatalogs::report);
        opened.accept(catalog);
        return catalog;
    }

    private RemoteCatalog remote(
            RegionConfig.CatalogFrom.Discovery discovery,
            Credentials credentials,
            CatalogClient.Subject subject,
            CatalogClient.Place place) {
        RemoteCatalog catalog = RemoteCatalog.start(
                discovery.server(),
                subject,
                new GrpcTls(credentials, verifier, clock),
                new SplittableRandom(),
                new Told(place));
        opened.accept(catalog);
        return catalog;
    }

    private static void report(Path file, List<String> problems) {
        LOG.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("problems", String.join("; ", problems))
                .log("catalog file refused, the last good one stays");
    }

    /** What a catalog that is told over a connection has to say. */
    private record Told(CatalogClient.Place place) implements CatalogClient.Listener {
        @Override
        public void onDisconnected(String why) {
            LOG.atWarn()
                    .addKeyValue("pod", place.pod())
                    .addKeyValue("reason", why)
                    .log("no word from discovery, the last catalog stays");
        }

        @Override
        public void onRefused(String what) {
            LOG.atWarn()
                    .addKeyValue("pod", place.pod())
                    .addKeyValue("what", what)
                    .log("parts of the catalog refused, the rest is used");
        }
    }
}
