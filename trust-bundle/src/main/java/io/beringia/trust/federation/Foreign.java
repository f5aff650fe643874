package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The roots of all foreign trust domains at one moment, as they were fetched.
 *
 * @param changed when that last was another set; the epoch where there never was one
 */
public record Foreign(Map<TrustDomain, List<X509Certificate>> roots, Instant changed) {
    public static final Foreign NONE = new Foreign(Map.of(), Instant.EPOCH);

    public Foreign {
        roots = Map.copyOf(roots);
    }
}
