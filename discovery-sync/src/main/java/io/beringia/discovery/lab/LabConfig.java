package io.beringia.discovery.lab;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The lab role {@code kube}: a small Kubernetes API on one computer. Inert.
 *
 * @param listen a loopback address; port 0 takes a free one
 * @param manifests directory of ordinary manifests, read again when they change
 * @param kubeconfig file that is written for {@code kubectl} and for discovery; empty writes none
 * @param probes whether pods' readiness probes are run, and written as their status
 * @param tokens that are reviewed as good
 */
public record LabConfig(
        InetSocketAddress listen, Path manifests, Optional<Path> kubeconfig, boolean probes, List<Token> tokens) {
    public LabConfig {
        tokens = List.copyOf(tokens);
    }

    /**
     * Whoever shows the text of a file is that service account.
     *
     * @param file its text without white space around it is the token
     */
    public record Token(Path file, String namespace, String serviceAccount, List<String> audiences) {
        public Token {
            audiences = List.copyOf(audiences);
        }
    }
}
