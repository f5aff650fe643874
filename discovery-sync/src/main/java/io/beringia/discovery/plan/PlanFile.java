package io.beringia.discovery.plan;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.DurableFile;
import io.beringia.discovery.wire.PlanCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The last accepted plan on disk, so that no restart ever obeys an older one: a line with version and digest, then the
 * signed bytes. Each half has its own checksum, since a version that survives alone still keeps older plans away.
 *
 * <pre>
 * beringia-plan 1 EPOCH SEQ DIGEST SHA256-OF-THE-BYTES SHA256-OF-THIS-LINE-SO-FAR
 * signed bytes
 * </pre>
 *
 * <p>Owned by the plan's thread.
 */
final class PlanFile {
    private static final String FORMAT = "beringia-plan 1";
    private static final int WORDS = 7;
    private static final int LINE_BYTES_MAX = 512;

    private final Path file;

    PlanFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** What an earlier life left. */
    sealed interface Loaded {
        record Nothing() implements Loaded {}

        record Whole(PlanCodec.Opened opened) implements Loaded {}

        /** The plan is damaged, its version is not. */
        record VersionOnly(AcceptedPlan accepted, String why) implements Loaded {}

        /** Something was accepted, and nobody knows what. */
        record Damaged(String why) implements Loaded {}
    }

    Loaded load() {
        try {
            return Files.exists(file) ? read(Files.readAllBytes(file)) : new Loaded.Nothing();
        } catch (IOException unreadable) {
            return new Loaded.Damaged(file + ": " + unreadable);
        }
    }

    /** Returns once it is on the disk. A failure leaves what was there. */
    void store(PlanCodec.Opened opened, byte[] sealed) throws IOException {
        DurableFile.replace(file, line(AcceptedPlan.of(opened), sealed).getBytes(StandardCharsets.US_ASCII), sealed);
    }

    private static String line(AcceptedPlan accepted, byte[] sealed) {
        String words = String.join(
                " ",
                FORMAT,
                Long.toUnsignedString(accepted.version().epoch()),
                Long.toUnsignedString(accepted.version().seq()),
                accepted.digest(),
                sha256(sealed));
        return words + " " + sha256(words.getBytes(StandardCharsets.US_ASCII)) + "\n";
    }

    private Loaded read(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, LINE_BYTES_MAX), StandardCharsets.US_ASCII);
        int end = head.indexOf('\n');
        Optional<AcceptedPlan> accepted = end < 0 ? Optional.empty() : accepted(head.substring(0, end));
        if (accepted.isEmpty()) {
            return new Loaded.Damaged(file + ": its first line is damaged");
        }
        byte[] sealed = Arrays.copyOfRange(bytes, end + 1, bytes.length);
        if (!head.substring(0, end).contains(" " + sha256(sealed) + " ")) {
            return new Loaded.VersionOnly(accepted.get(), file + ": the plan in it is damaged");
        }
        return plan(accepted.get(), sealed);
    }

    private Loaded plan(AcceptedPlan accepted, byte[] sealed) {
        try {
            PlanCodec.Opened opened = PlanCodec.reopen(ByteBuffer.wrap(sealed));
            return AcceptedPlan.of(opened).equals(accepted)
                    ? new Loaded.Whole(opened)
                    : new Loaded.VersionOnly(accepted, file + ": another plan in it: " + AcceptedPlan.of(opened));
        } catch (IllegalArgumentException foreign) {
            return new Loaded.VersionOnly(accepted, file + ": " + foreign.getMessage());
        }
    }

    /** What the line says, where its own checksum is right. */
    private static Optional<AcceptedPlan> accepted(String line) {
        String[] words = line.split(" ", -1);
        int last = line.lastIndexOf(' ');
        boolean isWhole = words.length == WORDS
                && line.startsWith(FORMAT + " ")
                && words[WORDS - 1].equals(sha256(line.substring(0, last).getBytes(StandardCharsets.US_ASCII)));
        return isWhole
                ? Optional.of(new AcceptedPlan(
                        new PlanVersion(Long.parseUnsignedLong(words[2]), Long.parseUnsignedLong(words[3])), words[4]))
                : Optional.empty();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
