package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.CaFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RememberedTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path dir = Path.of("");

    private final Remembered<Integer> remembered = new Remembered<>();
    private int looks;

    private int look(String beside, Instant now) {
        return remembered.of(CaFiles.in(dir), List.of(beside), now, () -> ++looks);
    }

    @Test
    void whatever_it_depends_on_has_it_looked_for_again() throws IOException {
        assertThat(look("one", NOW)).as("no files").isEqualTo(1);
        assertThat(look("one", NOW.plusSeconds(1))).as("the same").isEqualTo(1);

        for (String file : List.of("ca-key.pem", "ca-cert.pem", "root-cert.pem")) {
            int before = look("one", NOW);
            Files.writeString(dir.resolve(file), file);
            assertThat(look("one", NOW)).as("%s came", file).isEqualTo(before + 1);
            Files.writeString(dir.resolve(file), file + file);
            assertThat(look("one", NOW)).as("%s grew", file).isEqualTo(before + 2);
            Files.delete(dir.resolve(file));
            assertThat(look("one", NOW)).as("%s went", file).isEqualTo(before + 3);
        }
        int before = looks;
        assertThat(look("two", NOW)).as("another signer").isEqualTo(before + 1);
        assertThat(look("two", NOW.plus(Duration.ofMinutes(5)))).as("long ago").isEqualTo(before + 2);
    }
}
