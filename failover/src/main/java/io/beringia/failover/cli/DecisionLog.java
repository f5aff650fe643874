package io.beringia.failover.cli;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.failover.record.DecisionFile;
import io.beringia.failover.record.DecisionParts;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerProver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The decisions in the ledger of a candidate. */
record DecisionLog(Path folder) {
    private static final byte[] NOTHING = {};

    /** @param file empty where there was room for the plan alone, or some of its parts are missing */
    record Decided(PlanVersion version, String reason, Optional<DecisionFile> file) {}

    /** Oldest first. */
    List<Decided> decisions(Optional<PlanVersion> wanted) throws IOException {
        LedgerProver log = LedgerProver.of(FolderSource.of(folder));
        Set<String> names = log.entries(entry -> isWanted(entry, wanted)).stream()
                .map(DecisionLog::name)
                .collect(Collectors.toSet());
        List<Decided> decided = new ArrayList<>();
        Map<String, Deque<byte[]>> parts = new HashMap<>();
        for (LedgerEntry entry : log.entries(entry -> isDecision(entry) && names.contains(name(entry)))) {
            Deque<byte[]> own = parts.computeIfAbsent(name(entry), name -> new ArrayDeque<>());
            entry.octets(Field.PAYLOAD).ifPresent(own::add);
            if (own.size() > DecisionParts.PARTS_MAX) {
                own.removeFirst();
            }
            version(entry).ifPresent(version -> {
                decided.add(decided(entry, version, List.copyOf(own)));
                own.clear();
            });
        }
        return decided;
    }

    private static boolean isDecision(LedgerEntry entry) {
        return entry.kind()
                .filter(kind -> kind == EntryKind.FAILOVER_DECISION || kind == EntryKind.FAILOVER_OVERRIDE)
                .isPresent();
    }

    private static boolean isWanted(LedgerEntry entry, Optional<PlanVersion> wanted) {
        Optional<PlanVersion> version = version(entry);
        return version.isPresent() && wanted.map(version.get()::equals).orElse(true);
    }

    /** Of all parts of one decision. */
    private static String name(LedgerEntry entry) {
        return HexFormat.of().formatHex(entry.octets(Field.PAYLOAD_SHA256).orElse(NOTHING));
    }

    private static Optional<PlanVersion> version(LedgerEntry entry) {
        return entry.number(Field.EPOCH)
                .flatMap(epoch -> entry.number(Field.DECISION_SEQ).map(seq -> new PlanVersion(epoch, seq)));
    }

    private static Decided decided(LedgerEntry entry, PlanVersion version, List<byte[]> parts) {
        return new Decided(
                version,
                entry.text(Field.REASON).orElse(""),
                DecisionParts.joined(parts, entry.octets(Field.PAYLOAD_SHA256).orElse(NOTHING))
                        .filter(DecisionFile::isOne)
                        .map(DecisionFile::read));
    }

    /** Reads EPOCH/SEQ. */
    static final class Versions implements ITypeConverter<PlanVersion> {
        @Override
        public PlanVersion convert(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 2 || !text.matches("[0-9]{1,19}/[0-9]{1,19}")) {
                throw new TypeConversionException("\"" + text + "\" (expected: EPOCH/SEQ)");
            }
            return new PlanVersion(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
        }
    }
}
