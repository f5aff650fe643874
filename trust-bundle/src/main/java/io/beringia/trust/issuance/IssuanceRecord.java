package io.beringia.trust.issuance;

import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Where an issuance server says what it did, before anybody hears of it. Any thread; may wait for a disk. */
public interface IssuanceRecord {
    /**
     * A leaf was signed for {@code id} because {@code caller} asked. False where that is not recorded and must be: then
     * nobody gets the leaf.
     */
    boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, long generation);

    /** The server signed a leaf for itself. Never waits. */
    void renewed(SpiffeId own, X509Certificate leaf, long generation);

    /** A request was refused; {@code requested} is what it asked for, in the caller's own words. */
    void refused(Refusal why, Optional<Caller> caller, Optional<String> requested);

    /** Other roots are published. */
    void published(TrustBundles bundles);

    /** A foreign trust domain was asked for its roots. */
    void fetched(Fetch fetch);

    /** Nobody wants to know. */
    IssuanceRecord NONE = new IssuanceRecord() {
        @Override
        public boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, long generation) {
            return true;
        }

        @Override
        public void renewed(SpiffeId own, X509Certificate leaf, long generation) {}

        @Override
        public void refused(Refusal why, Optional<Caller> caller, Optional<String> requested) {}

        @Override
        public void published(TrustBundles bundles) {}

        @Override
        public void fetched(Fetch fetch) {}
    };
}
