package io.beringia.trust.cli;

import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEntry;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One connection, as one or several logs have it.
 *
 * @param entries of it, oldest first, at least one
 */
record AuditedCall(String id, List<AuditedLogs.Proven> entries) {
    AuditedCall {
        entries = List.copyOf(entries);
    }

    /** By connection, in the order of their first entries. */
    static List<AuditedCall> of(List<AuditedLogs.Proven> entries) {
        Map<String, List<AuditedLogs.Proven>> byId = new LinkedHashMap<>();
        for (AuditedLogs.Proven one : entries) {
            byId.merge(
                    id(one.entry()),
                    List.of(one),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
        return byId.entrySet().stream()
                .map(call -> new AuditedCall(call.getKey(), call.getValue()))
                .toList();
    }

    /** As {@code beringia audit connection} takes it. */
    static String id(LedgerEntry entry) {
        return HexFormat.of().formatHex(entry.octets(Field.CONNECTION).orElse(new byte[0]));
    }

    static Optional<Decision> decision(LedgerEntry entry) {
        return entry.number(Field.DECISION)
                .flatMap(number -> Arrays.stream(Decision.values())
                        .filter(it -> it.number() == number)
                        .findFirst());
    }

    /** The client, as the gateway nearest to it verified it. */
    String caller() {
        return entries.getFirst().entry().text(Field.SOURCE_ID).orElse("unknown");
    }

    /** Whether any gateway let it through. */
    boolean isAllowed() {
        return has(Decision.ALLOW);
    }

    boolean isClosed() {
        return has(Decision.CLOSE);
    }

    private boolean has(Decision decision) {
        return entries.stream().anyMatch(one -> decision(one.entry()).equals(Optional.of(decision)));
    }

    /** Both gateways count the same bytes; the fuller count is the later one. */
    long bytesUp() {
        return bytes(0);
    }

    long bytesDown() {
        return bytes(1);
    }

    private long bytes(int way) {
        return entries.stream()
                .map(one -> one.entry().numbers(Field.BYTES))
                .filter(bytes -> bytes.size() > way)
                .mapToLong(bytes -> bytes.get(way))
                .max()
                .orElse(0);
    }

    long firstNanos() {
        return entries.getFirst().entry().timeNanos();
    }

    long lastNanos() {
        return entries.getLast().entry().timeNanos();
    }
}
