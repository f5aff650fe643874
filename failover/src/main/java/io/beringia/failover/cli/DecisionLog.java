package io.beringia.failover.cli;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.failover.record.DecisionFile;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerProver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The decisions in the ledger of a candidate. */
record DecisionLog(Path folder) {
    /** @param file empty where the entry had room for the plan alone */
    record Decided(PlanVersion version, String reason, Optional<DecisionFile> file) {}

    /** Oldest first. */
    List<Decided> decisions(Optional<PlanVersion> wanted) throws IOException {
        return LedgerProver.of(FolderSource.of(folder)).entries(entry -> isWanted(entry, wanted)).stream()
                .map(DecisionLog::decided)
                .toList();
    }

    private static boolean isWanted(LedgerEntry entry, Optional<PlanVersion> wanted) {
        Optional<PlanVersion> version = version(entry);
        return version.isPresent() && wanted.map(version.get()::equals).orElse(true);
    }

    private static Optional<PlanVersion> version(LedgerEntry entry) {
        return entry.number(Field.EPOCH)
                .flatMap(epoch -> entry.number(Field.DECISION_SEQ).map(seq -> new PlanVersion(epoch, seq)));
    }

    private static Decided decided(LedgerEntry entry) {
        return new Decided(
                version(entry).orElseThrow(),
                entry.text(Field.REASON).orElse(""),
                entry.octets(Field.PAYLOAD).filter(DecisionFile::isOne).map(DecisionFile::read));
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
