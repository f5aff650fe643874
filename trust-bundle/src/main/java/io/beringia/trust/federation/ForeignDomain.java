package io.beringia.trust.federation;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A trust domain whose workloads we want to recognise. That it recognises ours is its own business.
 *
 * @param url where its bundle is served
 * @param profile by what the server of the bundle is recognised
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md">SPIFFE Federation, section 5</a>
 */
public record ForeignDomain(TrustDomain trustDomain, URI url, Profile profile) {
    public ForeignDomain {
        boolean isPlain = "https".equals(url.getScheme())
                && url.getHost() != null
                && url.getUserInfo() == null
                && url.getFragment() == null;
        if (!isPlain) {
            throw new IllegalArgumentException("url: " + url + " (expected: https://host/path, without a user)");
        }
        boolean isBootstrapped = !(profile instanceof Profile.Spiffe spiffe)
                || spiffe.bootstrap().isPresent()
                        == spiffe.endpoint().trustDomain().equals(trustDomain);
        if (!isBootstrapped) {
            throw new IllegalArgumentException(
                    "bootstrap: of " + trustDomain + " (expected: a bundle where the endpoint is"
                            + " of that trust domain, and none where it is of another)");
        }
    }

    /** By what we know that the right one answers. */
    public sealed interface Profile {
        /**
         * {@code https_web}: by the host name of the URL.
         *
         * @param roots that vouch for it; empty takes those of this Java
         */
        record Web(Optional<Path> roots) implements Profile {}

        /**
         * {@code https_spiffe}: by its SPIFFE ID, exactly, and the newest roots of that ID's trust domain.
         *
         * @param bootstrap a SPIFFE bundle to begin with; empty where another domain of the federation serves this one
         */
        record Spiffe(SpiffeId endpoint, Optional<Path> bootstrap) implements Profile {}
    }

    @Override
    public String toString() {
        return trustDomain + " at " + url;
    }
}
