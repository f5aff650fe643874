package io.beringia.cli;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.FederationConfig;
import io.beringia.trust.federation.ForeignDomain;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads {@code federation} and {@code bundle-endpoint} of the role trust.
 *
 * @param directory at which relative paths start
 */
record FederationYaml(Path directory) {
    private static final TrustDomain NO_DOMAIN = TrustDomain.parse("none");
    private static final SpiffeId NO_ENDPOINT = SpiffeId.parse("spiffe://none/none");
    private static final URI NO_URL = URI.create("https://none.invalid/");
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final Path NO_PATH = Path.of("");

    FederationConfig federation(YamlFields fields, TrustConfig trust) {
        return new FederationConfig(
                fields.optional("dir", TrustConfig.defaultDir(trust.ca()), directory::resolve),
                fields.listOf("domains", this::domain));
    }

    private ForeignDomain domain(YamlFields fields) {
        Optional<ForeignDomain.Profile> web =
                fields.maybeOf("https-web", it -> new ForeignDomain.Profile.Web(it.maybe("roots", directory::resolve)));
        Optional<ForeignDomain.Profile> spiffe = fields.maybeOf(
                "https-spiffe",
                it -> new ForeignDomain.Profile.Spiffe(
                        it.required("id", NO_ENDPOINT, SpiffeId::parse), it.maybe("bootstrap", directory::resolve)));
        TrustDomain name = fields.required("trust-domain", NO_DOMAIN, TrustDomain::parse);
        URI url = fields.required("url", NO_URL, URI::create);
        fields.exactlyOne("https-web", "https-spiffe");
        return new ForeignDomain(
                name, url, web.or(() -> spiffe).orElse(new ForeignDomain.Profile.Web(Optional.empty())));
    }

    BundleEndpointConfig endpoint(YamlFields fields) {
        return new BundleEndpointConfig(
                RegionProcess.socket(fields.required("listen", NO_ADDRESS, SocketAddress::parse)),
                fields.optional("path", BundleEndpointConfig.DEFAULT_PATH, text -> text),
                fields.optional("refresh-hint", BundleEndpointConfig.DEFAULT_HINT, YamlFields::duration),
                fields.maybeOf(
                        "https-web",
                        it -> new BundleEndpointConfig.Web(
                                it.required("chain", NO_PATH, directory::resolve),
                                it.required("key", NO_PATH, directory::resolve))));
    }
}
