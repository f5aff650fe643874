package io.beringia.cli;

import io.beringia.discovery.wire.YamlFields;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads {@code identity-from}, the same for every role. Relative paths start at {@code directory}. */
record IdentityYaml(Path directory) {
    private static final SpiffeId NO_SERVER = SpiffeId.parse("spiffe://none/none");
    private static final Path NO_PATH = Path.of("");
    private static final Duration DEFAULT_TTL = Duration.ofHours(24);

    /** Nothing where what is there was refused. */
    Optional<RegionConfig.IdentityFrom> read(YamlFields fields) {
        Optional<RegionConfig.IdentityFrom> files =
                fields.maybeOf("files", it -> new RegionConfig.IdentityFrom.Files(filesOf(it)));
        Optional<RegionConfig.IdentityFrom> trust =
                fields.maybeOf("trust", it -> new RegionConfig.IdentityFrom.Trust(sourceOf(it)));
        fields.exactlyOne("files", "trust");
        return files.or(() -> trust);
    }

    private CredentialFiles filesOf(YamlFields fields) {
        return new CredentialFiles(
                fields.required("chain", NO_PATH, directory::resolve),
                fields.required("key", NO_PATH, directory::resolve),
                bundlesOf(fields));
    }

    private Map<TrustDomain, Path> bundlesOf(YamlFields fields) {
        return fields.maybeOf("bundles", bundles -> bundles.pairs(TrustDomain::new, directory::resolve))
                .orElse(Map.of());
    }

    private RemoteSource sourceOf(YamlFields fields) {
        RegionConfig.HostAndPort address =
                fields.required("address", new RegionConfig.HostAndPort("none", 1), RegionConfig.HostAndPort::parse);
        Optional<SpiffeId> id = fields.maybe("id", SpiffeId::parse);
        return new RemoteSource(
                address.host(),
                address.port(),
                fields.required("server", id.orElse(NO_SERVER), SpiffeId::parse),
                fields.required("roots", NO_PATH, directory::resolve),
                fields.required("token", NO_PATH, directory::resolve),
                fields.optional("ttl", DEFAULT_TTL, YamlFields::duration),
                id);
    }
}
