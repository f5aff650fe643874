package io.beringia.trust;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.issuance.IssuanceServer;
import io.beringia.trust.issuance.OwnCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The role {@code trust}, put together: an intermediate from files, and the server that signs with it. Any thread. */
public final class TrustMain implements AutoCloseable {
    private final IssuanceServer server;

    private TrustMain(IssuanceServer server) {
        this.server = server;
    }

    /** Throws {@link IllegalArgumentException} on files or demo marks that do not fit, before anything listens. */
    public static TrustMain start(TrustConfig config, MeterRegistry meters, InstantSource clock) {
        Authority authority = config.ca().open(clock);
        if (!config.id().trustDomain().equals(authority.trustDomain())) {
            throw new IllegalArgumentException("trust domain: " + config.id().trustDomain() + " (expected: that of "
                    + config.ca().certificate() + ", " + authority.trustDomain() + ")");
        }
        TrustBundles bundles =
                IssuanceServer.bundlesOf(authority.trustDomain(), config.ca().roots());
        OwnCredentials own = new OwnCredentials(
                authority,
                config.id(),
                config.issuance().servingNames().getOrDefault(config.id(), List.of()),
                config.issuance().defaultTtl(),
                bundles,
                clock);
        return new TrustMain(IssuanceServer.start(
                config.listen(),
                authority,
                own,
                config.ca().roots(),
                config.issuance(),
                new TrustTelemetry(meters),
                clock));
    }

    /** The port that the issuance server listens on. */
    public int port() {
        return server.port();
    }

    /** Nothing is awaited: what is started serves. */
    public List<String> awaited() {
        return List.of();
    }

    /** Requests take a millisecond: there is nothing to finish. */
    public void drain(Duration deadline) {}

    @Override
    public void close() {
        server.close();
    }
}
