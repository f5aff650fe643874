package io.beringia.trust.rotator;

import io.beringia.trust.client.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The one file that says where a rotation stands, readable by its owner alone. It changes whole or not at all, and only
 * from what its owner last knew: whoever else writes there is noticed. One thread.
 */
record RotationStore(Path dir) {
    Path file() {
        return dir.resolve("rotation.state");
    }

    /**
     * Empty where no rotation was ever started. Throws {@link IllegalStateException} on a file that we did not write so:
     * to guess here could sign under a root that nobody trusts.
     */
    Optional<RotationState> read() throws IOException {
        Optional<String> text = text();
        try {
            return text.map(RotationText::read);
        } catch (IllegalArgumentException spoilt) {
            throw new IllegalStateException(
                    "rotation: " + file() + ": " + spoilt.getMessage()
                            + "; put back the file that was here, or its last copy in the ledger",
                    spoilt);
        }
    }

    /** On disk when this returns. Throws {@link IllegalStateException} where the file is not what {@code known} says. */
    void replace(Optional<RotationState> known, RotationState next) throws IOException {
        if (!text().equals(known.map(RotationText::write))) {
            throw new IllegalStateException("rotation: " + file()
                    + " was changed by somebody else (expected: as we left it); nothing goes on until it is put back");
        }
        DurableFile.write(file(), RotationText.write(next).getBytes(StandardCharsets.UTF_8));
    }

    private Optional<String> text() throws IOException {
        try {
            return Optional.of(new String(Files.readAllBytes(file()), StandardCharsets.UTF_8));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
