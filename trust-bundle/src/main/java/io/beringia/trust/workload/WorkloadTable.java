package io.beringia.trust.workload;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The entries by the users and groups of this machine, compared by their numbers. Immutable. */
record WorkloadTable(List<Row> rows) {
    /** Who a process must be for an entry. */
    record Row(WorkloadEntry entry, UserPrincipal user, Optional<GroupPrincipal> group) {
        boolean matches(UnixPeer peer) {
            return user.equals(peer.user())
                    && group.map(it -> it.equals(peer.group())).orElse(true);
        }
    }

    WorkloadTable {
        rows = List.copyOf(rows);
    }

    /** Throws {@link IllegalArgumentException} on a user or group that this machine does not know. */
    static WorkloadTable of(List<WorkloadEntry> entries) {
        UserPrincipalLookupService known = FileSystems.getDefault().getUserPrincipalLookupService();
        List<Row> rows = new ArrayList<>();
        for (WorkloadEntry entry : entries) {
            try {
                UserPrincipal user = known.lookupPrincipalByName(entry.user());
                Optional<GroupPrincipal> group = Optional.empty();
                if (entry.group().isPresent()) {
                    group = Optional.of(
                            known.lookupPrincipalByGroupName(entry.group().get()));
                }
                rows.add(new Row(entry, user, group));
            } catch (IOException unknown) {
                throw new IllegalArgumentException(
                        "workload-api.entries: " + entry + " (expected: a user and group of this machine)", unknown);
            }
        }
        return new WorkloadTable(rows);
    }

    /** What a process gets, in our order; nothing where nobody said so. */
    List<WorkloadEntry> of(UnixPeer peer) {
        return rows.stream().filter(row -> row.matches(peer)).map(Row::entry).toList();
    }
}
