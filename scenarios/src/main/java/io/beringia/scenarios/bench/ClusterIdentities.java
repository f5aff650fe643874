package io.beringia.scenarios.bench;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.identity.Credentials;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Identities of as many clusters as are asked for, each below an intermediate of its cluster. One thread. */
public final class ClusterIdentities {
    private static final String DOMAIN = "bench.example";

    private final Path directory;
    private final Set<String> clusters = new HashSet<>();
    private final Map<String, Credentials> issued = new HashMap<>();

    private ClusterIdentities(Path directory) {
        this.directory = directory;
    }

    /** With a root of its own in that directory, which is made. */
    public static ClusterIdentities in(Path directory) {
        Lab.ca(directory, "root", "--demo", "--trust-domain", DOMAIN);
        return new ClusterIdentities(directory);
    }

    /** Of that account in {@code beringia-system}; the same each time. */
    public Credentials of(String cluster, String account) {
        return issued.computeIfAbsent(cluster + "/" + account, one -> issue(cluster, account));
    }

    private Credentials issue(String cluster, String account) {
        if (clusters.add(cluster)) {
            Lab.ca(directory, "intermediate", "--name", cluster);
        }
        Path out = directory.resolve(cluster + "-" + account);
        Lab.ca(
                directory,
                "workload",
                "--name",
                cluster,
                "--namespace",
                LabConfigs.SYSTEM,
                "--service-account",
                account,
                "--out",
                out.toString());
        return FileCredentials.load(CredentialFiles.ofOwnDomain(
                out.resolve("workload-cert-chain.pem"), out.resolve("key.pem"), out.resolve("root-cert.pem")));
    }
}
