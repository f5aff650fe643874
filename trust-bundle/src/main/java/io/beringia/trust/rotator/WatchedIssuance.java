package io.beringia.trust.rotator;

import io.beringia.trust.client.BundleMessages;
import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.Caller;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Refusal;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/** What an issuance server does, in its ledger and on the board as well. Any thread. */
record WatchedIssuance(IssuanceRecord ledger, AdoptionBoard board, TrustDomain domain, InstantSource clock)
        implements IssuanceRecord {
    @Override
    public boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, X509Certificate root, long generation) {
        boolean isOnRecord = ledger.issued(caller, id, leaf, root, generation);
        if (isOnRecord) {
            board.issued(caller, id, leaf, root);
        }
        return isOnRecord;
    }

    @Override
    public void renewed(SpiffeId own, X509Certificate leaf, X509Certificate root, long generation) {
        ledger.renewed(own, leaf, root, generation);
    }

    @Override
    public void refused(Refusal why, Optional<Caller> caller, Optional<String> requested) {
        ledger.refused(why, caller, requested);
    }

    /** Known before anybody can confirm it. */
    @Override
    public void published(TrustBundles bundles) {
        board.published(HexFormat.of().formatHex(BundleMessages.sha256(bundles)), Roots.ids(bundles.rootsOf(domain)));
        ledger.published(bundles);
    }

    @Override
    public void refuses(Revocations revocations) {
        ledger.refuses(revocations);
    }

    @Override
    public void fetched(Fetch fetch) {
        ledger.fetched(fetch);
    }

    @Override
    public void inForce(Caller caller, byte[] sha256) {
        board.inForce(caller, sha256, clock.instant());
    }
}
