package io.beringia.trust;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.IssuanceConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The role {@code trust}: certificates for one cluster.
 *
 * @param listen where the issuance server listens; port 0 takes a free one
 * @param id of the server itself; its DNS names are its {@code serving-names}
 * @param ca the cluster's intermediate
 */
public record TrustConfig(InetSocketAddress listen, SpiffeId id, CaFiles ca, IssuanceConfig issuance) {
    public TrustConfig {
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException("issuance.listen: " + listen + " (expected: a known address)");
        }
    }

    /** The same, with the intermediate that {@code beringia ca intermediate} wrote into a folder. */
    public static TrustConfig inFolder(InetSocketAddress listen, SpiffeId id, Path folder, IssuanceConfig issuance) {
        return new TrustConfig(listen, id, CaFiles.in(folder), issuance);
    }
}
