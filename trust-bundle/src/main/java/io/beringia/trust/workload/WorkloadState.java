package io.beringia.trust.workload;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.util.Map;

/**
 * What workloads may get at one moment. Immutable; shows no key.
 *
 * @param svids of those that could be signed
 */
record WorkloadState(TrustDomain own, Map<SpiffeId, X509Svid> svids, TrustBundles bundles) {
    WorkloadState {
        svids = Map.copyOf(svids);
    }
}
