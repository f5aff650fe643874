package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ProcessFiguresTest {
    @Test
    void user_and_system_time_are_added() {
        String stat = "7 (copy) S 1 7 7 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 1 0 100 1000 50";
        assertThat(ProcessFigures.cpuSeconds(stat)).isEqualTo(1.75);
    }

    @Test
    void a_name_with_blanks_and_brackets_is_skipped() {
        String stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 1 0 100 1000 50";
        assertThat(ProcessFigures.cpuSeconds(stat)).isEqualTo(1.75);
    }

    @Test
    void the_second_figure_is_the_wait_for_a_processor() {
        assertThat(ProcessFigures.waitSeconds("9216487 1500000000 17\n")).isEqualTo(1.5);
    }

    @Test
    void resident_memory_is_in_bytes() {
        assertThat(ProcessFigures.residentBytes("Name:\tcopy\nVmRSS:\t    2048 kB\nThreads:\t1\n"))
                .isEqualTo(2_097_152);
    }

    @Test
    void a_process_that_has_ended_has_no_memory() {
        assertThatThrownBy(() -> ProcessFigures.residentBytes("Name:\tcopy\nState:\tZ (zombie)\n"))
                .hasMessageContaining("no VmRSS");
    }

    @Test
    void this_process_has_figures() throws IOException {
        ProcessFigures own = new ProcessFigures(ProcessHandle.current().pid());
        assertThat(own.cpuSeconds()).isPositive();
        assertThat(own.residentBytes()).isPositive();
        assertThat(own.compilerSeconds()).isPositive().isLessThan(own.cpuSeconds());
    }

    @Test
    void a_thread_that_has_ended_since_it_was_listed_counts_nothing() throws IOException {
        Path listed = Path.of("/proc/self/task/4194305");
        assertThat(ProcessFigures.whileItLives(listed, "stat")).isEmpty();
    }
}
