package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustBundles;
import java.io.IOException;

/** Where a foreign trust domain serves its bundle. */
interface BundleSource {
    /**
     * Blocks for 10 s at most. {@code believed} vouch for a server that is recognised by its SPIFFE ID. Throws
     * {@link IOException} with one sentence where nobody answers, the wrong one does, or something else than a document.
     */
    byte[] fetch(TrustBundles believed) throws IOException, InterruptedException;
}
