package io.beringia.trust.workload;

import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;

/**
 * Whose processes get which identity.
 *
 * @param user name or number of the user; all processes of that user, unless a group is named
 * @param group name or number of the process's own group
 * @param hint tells the process what the identity is for, where it has several; no other entry has it
 */
public record WorkloadEntry(SpiffeId id, String user, Optional<String> group, Optional<String> hint) {
    private static final int HINT_CHARS_MAX = 1_024;

    public WorkloadEntry {
        if (id.path().isEmpty()) {
            throw new IllegalArgumentException("id: " + id + " (expected: a workload's, with a path)");
        }
        hint.filter(it -> it.isBlank() || it.length() > HINT_CHARS_MAX).ifPresent(it -> {
            throw new IllegalArgumentException(
                    "hint: " + it.length() + " characters (expected: 1 to " + HINT_CHARS_MAX + ", or none)");
        });
    }

    /** As SPIRE writes selectors. */
    @Override
    public String toString() {
        return id + " for unix:user:" + user
                + group.map(it -> " unix:group:" + it).orElse("");
    }
}
