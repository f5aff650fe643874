package io.beringia.trust.issuance;

import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Where an issuance server says what it did, before anybody hears of it. Any thread; may wait for a disk. */
public interface IssuanceRecord {
    /**
     * A leaf was signed for {@code id} because {@code caller} asked. False where that is not recorded and must be: then
     * nobody gets the leaf.
     *
     * @param root above it
     * @param generation of the roots in the answer
     */
    boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, X509Certificate root, long generation);

    /** The server signed a leaf for itself. Never waits. */
    void renewed(SpiffeId own, X509Certificate leaf, X509Certificate root, long generation);

    /** A request was refused; {@code requested} is what it asked for, in the caller's own words. */
    void refused(Refusal why, Optional<Caller> caller, Optional<String> requested);

    /** Other roots are published. */
    void published(TrustBundles bundles);

    /** Other certificates are trusted no more. Never waits. */
    void refuses(Revocations revocations);

    /** A foreign trust domain was asked for its roots. */
    void fetched(Fetch fetch);

    /** A caller that follows the roots says which are in force, by the digest of {@code Bundles/Watch}. Never waits. */
    void inForce(Caller caller, byte[] sha256);

    /** Nobody wants to know. */
    IssuanceRecord NONE = new IssuanceRecord() {
        @Override
        public boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, X509Certificate root, long generation) {
            return true;
        }

        @Override
        public void renewed(SpiffeId own, X509Certificate leaf, X509Certificate root, long generation) {}

        @Override
        public void refused(Refusal why, Optional<Caller> caller, Optional<String> requested) {}

        @Override
        public void published(TrustBundles bundles) {}

        @Override
        public void refuses(Revocations revocations) {}

        @Override
        public void fetched(Fetch fetch) {}

        @Override
        public void inForce(Caller caller, byte[] sha256) {}
    };
}
