package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.PlanVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanFloorTest {
    private static final PlanVersion PLAN = new PlanVersion(1L << 32 | 7, -1);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("catalog.yaml.plan");
    }

    @Test
    void nothing_was_obeyed_where_there_is_no_file() throws Exception {
        assertThat(PlanFloor.open(file).version()).isEqualTo(PlanVersion.NONE);
    }

    @Test
    void what_was_obeyed_is_known_to_the_next_life_and_never_falls() throws Exception {
        PlanFloor.open(file).raise(PLAN);
        PlanFloor next = PlanFloor.open(file);
        assertThat(next.version()).isEqualTo(PLAN);

        next.raise(new PlanVersion(1L << 32 | 6, 9));

        assertThat(next.version()).isEqualTo(PLAN);
        assertThat(PlanFloor.open(file).version()).as("on the disk").isEqualTo(PLAN);
    }

    @Test
    void a_torn_or_damaged_file_says_which_it_is_and_what_to_do() throws Exception {
        PlanFloor.open(file).raise(PLAN);
        byte[] kept = Files.readAllBytes(file);
        for (int at = 0; at < kept.length; at++) {
            byte[] broken = kept.clone();
            broken[at] ^= 1;
            assertRefused(broken, "byte " + at);
            assertRefused(Arrays.copyOf(kept, at), "cut at " + at);
        }
        assertRefused(Arrays.copyOf(kept, 4096), "too long");
    }

    @Test
    void what_a_crash_left_of_a_write_is_not_the_file() throws Exception {
        PlanFloor.open(file).raise(PLAN);
        Files.writeString(directory.resolve("catalog.yaml.plan.next"), "beringia-pl");

        assertThat(PlanFloor.open(file).version()).isEqualTo(PLAN);
    }

    @Test
    void a_disk_that_takes_nothing_lowers_nothing_and_is_tried_again() throws Exception {
        Path missing = directory.resolve("missing");
        PlanFloor floor = PlanFloor.open(missing.resolve("plan"));

        assertThatThrownBy(() -> floor.raise(PLAN)).isInstanceOf(IOException.class);
        assertThat(floor.version()).as("in memory").isEqualTo(PLAN);

        Files.createDirectory(missing);
        floor.raise(PlanVersion.NONE);
        assertThat(PlanFloor.open(missing.resolve("plan")).version())
                .as("on the disk at last")
                .isEqualTo(PLAN);
    }

    private void assertRefused(byte[] bytes, String how) throws IOException {
        Files.write(file, bytes);
        assertThatThrownBy(() -> PlanFloor.open(file))
                .as(how)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("remove this file");
    }
}
