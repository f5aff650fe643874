package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.PlanVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The greatest plan that this client ever acted on, on disk, so that no restart acts on an older one.
 *
 * <pre>
 * beringia-plan-floor 1 EPOCH SEQ SHA256-OF-THIS-LINE-SO-FAR
 * </pre>
 *
 * <p>Owned by the client's thread.
 */
final class PlanFloor {
    private static final String FORMAT = "beringia-plan-floor 1";
    private static final int WORDS = 5;
    private static final int FILE_BYTES_MAX = 512;

    private final Path file;
    private PlanVersion version;
    private PlanVersion durable;

    private PlanFloor(Path file, PlanVersion kept) {
        this.file = file;
        this.version = kept;
        this.durable = kept;
    }

    /**
     * What an earlier life left; {@link PlanVersion#NONE} where there is no file.
     *
     * @throws IOException if there is one and it does not say which plan
     */
    static PlanFloor open(Path file) throws IOException {
        return new PlanFloor(file, Files.exists(file) ? read(file) : PlanVersion.NONE);
    }

    PlanVersion version() {
        return version;
    }

    /**
     * Returns once a restart would refuse everything below. After a failure this life still does, and every further call
     * tries again.
     */
    void raise(PlanVersion to) throws IOException {
        if (to.compareTo(version) > 0) {
            version = to;
        }
        if (version.compareTo(durable) > 0) {
            DurableFile.replace(file, line(version).getBytes(StandardCharsets.US_ASCII));
            durable = version;
        }
    }

    private static PlanVersion read(Path file) throws IOException {
        long size = Files.size(file);
        String text = size > FILE_BYTES_MAX ? "" : new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
        String[] words = text.strip().split(" ", -1);
        if (words.length != WORDS || !words[2].matches("[0-9]{1,20}") || !words[3].matches("[0-9]{1,20}")) {
            throw damaged(file);
        }
        try {
            PlanVersion kept = new PlanVersion(Long.parseUnsignedLong(words[2]), Long.parseUnsignedLong(words[3]));
            if (!text.equals(line(kept))) {
                throw damaged(file);
            }
            return kept;
        } catch (NumberFormatException tooLarge) {
            throw damaged(file);
        }
    }

    private static IOException damaged(Path file) {
        return new IOException(
                file + ": damaged (expected: \"" + FORMAT + " EPOCH SEQ SHA256\"); it says which traffic plan"
                        + " was obeyed last, and without it an older one might be: see that discovery is on the newest plan, then"
                        + " remove this file");
    }

    private static String line(PlanVersion version) {
        String words =
                String.join(" ", FORMAT, Long.toUnsignedString(version.epoch()), Long.toUnsignedString(version.seq()));
        return words + " " + sha256(words) + "\n";
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
