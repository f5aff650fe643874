package io.beringia.discovery.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.KubeconfigReader;
import io.beringia.discovery.kube.PeerClusterWrite;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code beringia join} does with the PeerCluster of another cluster. */
public final class PeerClusterJoin {
    private PeerClusterJoin() {}

    /** As an operator would apply it. */
    public static String manifest(ClusterId peer) {
        return PeerClusterWrite.manifest(peer);
    }

    /** Why it was not applied; empty if it was. Throws where the kubeconfig is refused or cannot be read. */
    public static Optional<String> apply(Path kubeconfig, boolean isLab, ClusterId peer) {
        ApiAnswer answer = PeerClusterWrite.apply(
                KubeconfigReader.open(kubeconfig, KubeconfigReader.Allowance.where(isLab)), peer);
        return switch (answer) {
            case ApiAnswer.Done() -> Optional.empty();
            case ApiAnswer.Outdated(String why) -> Optional.of(why);
            case ApiAnswer.Refused(String why) -> Optional.of(why);
            case ApiAnswer.Failed(String why) -> Optional.of(why);
        };
    }
}
