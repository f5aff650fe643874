package io.beringia.trust;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.WebTls;
import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.federation.BundleEndpoint;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.Federation;
import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.issuance.OwnCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** What the role trust has to do with other trust domains: it follows theirs, and serves its own. Any thread. */
record TrustFederation(Federation federation, Optional<BundleEndpoint> endpoint) implements AutoCloseable {

    /** {@code federation} is open already and begins to ask here. Nothing is left running where this throws. */
    static TrustFederation start(
            TrustConfig config,
            Federation federation,
            Issuer issuer,
            IssuanceRecord record,
            MeterRegistry meters,
            InstantSource clock) {
        FederationTelemetry telemetry = new FederationTelemetry(meters, federation.taken(config.federation()), clock);
        Consumer<Fetch> told = fetch -> {
            record.fetched(fetch);
            telemetry.fetched(fetch);
        };
        Optional<BundleEndpoint> endpoint = config.bundleEndpoint().map(it -> serve(it, config, issuer, record, clock));
        federation.follow(config.federation(), clock, told);
        return new TrustFederation(federation, endpoint);
    }

    private static BundleEndpoint serve(
            BundleEndpointConfig endpoint,
            TrustConfig config,
            Issuer issuer,
            IssuanceRecord record,
            InstantSource clock) {
        SSLContext tls = endpoint.web()
                .map(web -> WebTls.server(web.chain(), web.key()))
                .orElseGet(() -> bySvid(config, issuer, record, clock));
        TrustDomain domain = issuer.authority().trustDomain();
        return BundleEndpoint.start(endpoint.listen(), endpoint.path(), tls, () -> {
            TrustBundles newest = issuer.own().bundles();
            return BundleDocument.of(domain, newest.generation(), endpoint.refreshHint(), newest.rootsOf(domain));
        });
    }

    private static SSLContext bySvid(TrustConfig config, Issuer issuer, IssuanceRecord record, InstantSource clock) {
        OwnCredentials shown = new OwnCredentials(
                issuer.signing(),
                BundleEndpoint.idOf(issuer.authority().trustDomain()),
                List.of(),
                config.issuance().defaultTtl(),
                issuer.own().bundles(),
                clock);
        shown.recordTo(record);
        return new HttpTls(shown, new SpiffeVerifier(), clock).server();
    }

    @Override
    public void close() {
        endpoint.ifPresent(BundleEndpoint::close);
        federation.close();
    }
}
