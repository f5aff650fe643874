package io.beringia.trust;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.ledger.RoleLedger;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The role {@code trust}: certificates for one cluster.
 *
 * @param listen where the issuance server listens; port 0 takes a free one
 * @param id of the server itself; its DNS names are its {@code serving-names}
 * @param ca the cluster's intermediate
 * @param ledger where it records what it issues and refuses; empty records nothing
 */
public record TrustConfig(
        InetSocketAddress listen, SpiffeId id, CaFiles ca, IssuanceConfig issuance, Optional<RoleLedger> ledger) {
    public TrustConfig {
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException("issuance.listen: " + listen + " (expected: a known address)");
        }
    }

    /** Without a ledger. */
    public TrustConfig(InetSocketAddress listen, SpiffeId id, CaFiles ca, IssuanceConfig issuance) {
        this(listen, id, ca, issuance, Optional.empty());
    }

    /** The same, with a ledger. */
    public TrustConfig with(RoleLedger newest) {
        return new TrustConfig(listen, id, ca, issuance, Optional.of(newest));
    }

    /** The same, with the intermediate that {@code beringia ca intermediate} wrote into a folder. */
    public static TrustConfig inFolder(InetSocketAddress listen, SpiffeId id, Path folder, IssuanceConfig issuance) {
        return new TrustConfig(listen, id, CaFiles.in(folder), issuance);
    }
}
