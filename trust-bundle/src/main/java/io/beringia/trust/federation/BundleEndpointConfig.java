package io.beringia.trust.federation;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where our own trust domain serves its bundle.
 *
 * @param path the one that is served; SPIRE serves only {@code /}
 * @param refreshHint how often others are asked to come back, 1 minute to 1 hour
 * @param web {@code https_web}: what the server shows; empty is {@code https_spiffe}, with an SVID
 */
public record BundleEndpointConfig(InetSocketAddress listen, String path, Duration refreshHint, Optional<Web> web) {
    public static final String DEFAULT_PATH = "/";
    public static final Duration DEFAULT_HINT = BundleDocument.REFRESH_DEFAULT;

    public BundleEndpointConfig {
        if (!path.startsWith("/") || path.contains("?") || path.contains("#")) {
            throw new IllegalArgumentException(
                    "bundle-endpoint.path: \"" + path + "\" (expected: /, or /such/as/this)");
        }
        if (refreshHint.compareTo(BundleDocument.REFRESH_MIN) < 0
                || refreshHint.compareTo(BundleDocument.REFRESH_MAX) > 0) {
            throw new IllegalArgumentException("bundle-endpoint.refresh-hint: " + refreshHint + " (expected: "
                    + BundleDocument.REFRESH_MIN + " to " + BundleDocument.REFRESH_MAX + ")");
        }
    }

    /** Who answers there, for others of {@code https_spiffe}; empty where the host name says it. */
    public Optional<SpiffeId> endpoint(TrustDomain own) {
        return web.isPresent() ? Optional.empty() : Optional.of(BundleEndpoint.idOf(own));
    }

    /** A certificate of the Web's PKI, in PEM; read at each handshake. */
    public record Web(Path chain, Path key) {}
}
