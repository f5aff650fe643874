package io.beringia.trust;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.FederationConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.rotator.RotationConfig;
import io.beringia.trust.workload.WorkloadConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The role {@code trust}: certificates for one cluster.
 *
 * @param listen where the issuance server listens; port 0 takes a free one
 * @param id of the server itself; its DNS names are its {@code serving-names}
 * @param ca the cluster's intermediate
 * @param ledger where it records what it issues and refuses; empty records nothing
 * @param federation the foreign trust domains that are recognised beside our own
 * @param bundleEndpoint where others get our own bundle; empty serves it nowhere
 * @param rotation how the root above the intermediate is replaced; empty replaces none
 * @param workloadApi to which workloads of this machine identities are given; empty to none
 */
public record TrustConfig(
        InetSocketAddress listen,
        SpiffeId id,
        CaFiles ca,
        IssuanceConfig issuance,
        Optional<RoleLedger> ledger,
        FederationConfig federation,
        Optional<BundleEndpointConfig> bundleEndpoint,
        Optional<RotationConfig> rotation,
        Optional<WorkloadConfig> workloadApi) {
    public TrustConfig {
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException("issuance.listen: " + listen + " (expected: a known address)");
        }
        if (rotation.isPresent() && ca.custody() instanceof KeyCustody.Token) {
            throw new IllegalArgumentException(
                    "rotation: beside ca-key.pkcs11 (expected: a key in a file, plain or under a"
                            + " passphrase; a token keeps its key, and the next one would have another name)");
        }
        federation.checkBeside(id.trustDomain());
        workloadApi.ifPresent(it -> it.checkOf(id.trustDomain()));
        if (rotation.isPresent()
                && ledger.filter(it -> it.mode() == LedgerMode.STRICT).isEmpty()) {
            throw new IllegalArgumentException("rotation: beside ledger.mode "
                    + ledger.map(it -> it.mode().name().toLowerCase(Locale.ROOT))
                            .orElse("none")
                    + " (expected: strict, so that every leaf that is alive is known after a crash)");
        }
    }

    /** Without a ledger and on its own. */
    public TrustConfig(InetSocketAddress listen, SpiffeId id, CaFiles ca, IssuanceConfig issuance) {
        this(
                listen,
                id,
                ca,
                issuance,
                Optional.empty(),
                FederationConfig.none(defaultDir(ca)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Where the bundles of foreign trust domains are kept, if the configuration does not say: beside the CA. */
    public static Path defaultDir(CaFiles ca) {
        return ca.roots().resolveSibling("federation");
    }

    /** The same, with a ledger. */
    public TrustConfig with(RoleLedger newest) {
        return new TrustConfig(
                listen, id, ca, issuance, Optional.of(newest), federation, bundleEndpoint, rotation, workloadApi);
    }

    /** The same, recognising foreign trust domains. */
    public TrustConfig with(FederationConfig newest) {
        return new TrustConfig(listen, id, ca, issuance, ledger, newest, bundleEndpoint, rotation, workloadApi);
    }

    /** The same, serving our own bundle. */
    public TrustConfig with(BundleEndpointConfig newest) {
        return new TrustConfig(
                listen, id, ca, issuance, ledger, federation, Optional.of(newest), rotation, workloadApi);
    }

    /** The same, with its CA's key kept otherwise. */
    public TrustConfig with(KeyCustody custody) {
        return new TrustConfig(
                listen, id, ca.with(custody), issuance, ledger, federation, bundleEndpoint, rotation, workloadApi);
    }

    /** The same, rotating its root; after the ledger, which it needs. */
    public TrustConfig with(RotationConfig newest) {
        return new TrustConfig(
                listen, id, ca, issuance, ledger, federation, bundleEndpoint, Optional.of(newest), workloadApi);
    }

    /** The same, serving the Workload API of this machine. */
    public TrustConfig with(WorkloadConfig newest) {
        return new TrustConfig(
                listen, id, ca, issuance, ledger, federation, bundleEndpoint, rotation, Optional.of(newest));
    }

    /** The same, with the intermediate that {@code beringia ca intermediate} wrote into a folder. */
    public static TrustConfig inFolder(InetSocketAddress listen, SpiffeId id, Path folder, IssuanceConfig issuance) {
        return new TrustConfig(listen, id, CaFiles.in(folder), issuance);
    }
}
