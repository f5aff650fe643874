package io.beringia.trust.client;

import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The revocation lists in force, from a file that others write; what was taken last is kept beside for the next start. Owned by
 * the thread {@code revocations}.
 */
final class CrlFile {
    private final Path file;
    private final Optional<Path> lastGood;
    private final Consumer<String> onFault;
    private List<ParsedCrl> held;

    /** With what was kept, if it can be read. */
    CrlFile(Path file, Optional<Path> lastGood, Consumer<String> onFault) {
        this.file = file;
        this.lastGood = lastGood;
        this.onFault = onFault;
        this.held = lastGood.filter(Files::exists).map(this::kept).orElse(List.of());
    }

    private List<ParsedCrl> kept(Path from) {
        try {
            return ParsedCrl.parseAll(PemFile.octets(from));
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            onFault.accept(from + ": " + unusable.getMessage());
            return List.of();
        }
    }

    List<ParsedCrl> held() {
        return held;
    }

    /** Others may be in force afterwards. */
    void look(Instant now) {
        try {
            switch (CrlRules.judge(held, PemFile.octets(file), written(file), now)) {
                case CrlRules.Outcome.Same _, CrlRules.Outcome.Waits _ -> {}
                case CrlRules.Outcome.Taken(List<ParsedCrl> lists) -> {
                    held = lists;
                    keep();
                }
                case CrlRules.Outcome.Refused(String why) -> throw new IllegalArgumentException(file + ": " + why);
            }
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            onFault.accept(String.valueOf(unusable.getMessage()));
        }
    }

    /** In force either way: a disk that is full must not keep anybody trusted. */
    private void keep() {
        lastGood.ifPresent(path -> {
            try {
                DurableFile.write(path, ParsedCrl.write(held).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException full) {
                onFault.accept(path + ": " + full + " (expected: the lists in force, kept for the next start)");
            }
        });
    }

    static Instant written(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + file + " (expected: a readable file)", e);
        }
    }
}
