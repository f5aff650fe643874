package io.beringia.trust.rotator;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.pki.DistinguishedName;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Where a rotation stood when the last process ended, and who signs from the first moment of this one on: what was ordered
 * then is obeyed before anybody is served.
 */
public final class Standing {
    private final RotationConfig config;
    private final RotationStore store;
    private final Intermediates intermediates;
    private final String cluster;
    private final Optional<RotationState> stored;
    private final RotationState state;
    private final Authority authority;

    private Standing(RotationConfig config, CaFiles ca, InstantSource clock) throws IOException {
        if (ca.custody() instanceof KeyCustody.Encrypted(Path passphrase) && !Files.isRegularFile(passphrase)) {
            throw new IllegalArgumentException(
                    "ca-key: passphrase-file " + passphrase
                            + " (expected beside a rotation: a file that can be read again, for it opens one key after another)");
        }
        this.config = config;
        store = new RotationStore(config.store());
        intermediates = new Intermediates(config.store(), ca);
        intermediates.finishSwap();
        cluster = clusterOf(ca);
        stored = store.read();
        state = stored.isPresent()
                ? stored.get()
                : RotationState.first(Roots.id(ca.open(clock).root()));
        if (state.phase() instanceof Changing changing && !(changing instanceof Prepared)) {
            intermediates.publish(OwnCluster.inOrder(changing));
        }
        authority = intermediates.open(state.phase().signer(cluster), clock);
    }

    /**
     * Throws {@link IllegalStateException} on a state that we did not write so, {@link IllegalArgumentException} on an
     * intermediate that is not the one it names, {@link UncheckedIOException} on a disk that fails.
     */
    public static Standing open(RotationConfig config, CaFiles ca, InstantSource clock) {
        try {
            return new Standing(config, ca, clock);
        } catch (IOException failed) {
            throw new UncheckedIOException("rotation: " + failed.getMessage(), failed);
        }
    }

    /** The intermediate of a cluster names it, whichever root is above it. */
    private static String clusterOf(CaFiles ca) {
        return DistinguishedName.of(
                        PemFile.certificates(ca.certificate()).getFirst().getSubjectX500Principal())
                .flatMap(DistinguishedName::locality)
                .orElseThrow(() -> new IllegalArgumentException(
                        "rotation: " + ca.certificate() + " names no cluster (expected: L in its subject)"));
    }

    /** Who signs now. */
    public Authority authority() {
        return authority;
    }

    RotationConfig config() {
        return config;
    }

    RotationStore store() {
        return store;
    }

    Intermediates intermediates() {
        return intermediates;
    }

    String cluster() {
        return cluster;
    }

    Optional<RotationState> stored() {
        return stored;
    }

    RotationState state() {
        return state;
    }
}
