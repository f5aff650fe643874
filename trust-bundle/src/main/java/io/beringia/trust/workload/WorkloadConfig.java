package io.beringia.trust.workload;

import io.beringia.trust.identity.TrustDomain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the Workload API is served, and to whom.
 *
 * @param socket of which {@code unix://} and its absolute path are the workloads' SPIFFE_ENDPOINT_SOCKET
 * @param entries in the order in which a caller gets them: the first is its default identity
 */
public record WorkloadConfig(Path socket, List<WorkloadEntry> entries) {
    public static final Path DEFAULT_SOCKET = Path.of("/run/beringia/workload.sock");

    /** What the kernel keeps of a socket's path, its end included (unix(7)). */
    private static final int PATH_BYTES_MAX = 107;

    /** Each has a key and a certificate here; a machine has fewer users. */
    private static final int ENTRIES_MAX = 256;

    public WorkloadConfig {
        entries = List.copyOf(entries);
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (!socket.isAbsolute() || bytes > PATH_BYTES_MAX) {
            throw new IllegalArgumentException("workload-api.socket: " + socket + " (expected: an absolute path of "
                    + PATH_BYTES_MAX + " bytes at most)");
        }
        if (entries.isEmpty() || entries.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException(
                    "workload-api.entries: " + entries.size() + " (expected: 1 to " + ENTRIES_MAX + ")");
        }
        Set<String> hints = new HashSet<>();
        entries.stream().map(WorkloadEntry::hint).flatMap(Optional::stream).forEach(hint -> {
            if (!hints.add(hint)) {
                throw new IllegalArgumentException("workload-api.entries: hint twice (expected: each once)");
            }
        });
    }

    /** Throws {@link IllegalArgumentException} where an entry is of another trust domain than the issuer. */
    public void checkOf(TrustDomain domain) {
        entries.stream()
                .filter(entry -> !entry.id().trustDomain().equals(domain))
                .findFirst()
                .ifPresent(entry -> {
                    throw new IllegalArgumentException(
                            "workload-api.entries: " + entry.id() + " (expected: an ID of " + domain + ")");
                });
    }
}
