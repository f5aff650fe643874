package io.beringia.failover.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.failover.LabIdentities;
import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.bench.FailoverBenchMain.Outcome;
import io.beringia.failover.bench.FailoverBenchMain.Plan;
import io.beringia.failover.bench.FailoverBenchMain.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every measure, small enough for a build. How long anything took is not judged. */
final class FailoverBenchTest {
    private static final Scale SMALL = new Scale(6, 1, 3, 4, 1, 1, 1, 2, Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    @Test
    void every_measure_has_its_figures_and_nothing_fails() throws Exception {
        List<String> steps = new ArrayList<>();

        Outcome outcome = run("", steps);

        assertThat(outcome.notes()).isEmpty();
        assertThat(steps).containsExactly("look", "replay", "write", "decide", "handover");
        assertThat(outcome.figures())
                .extracting(Figure::name)
                .contains(
                        "look at 6 regions, 100 services",
                        "records replayed of 3 regions, 20 services",
                        "fenced write of a plan, p99",
                        "from evidence to committed evacuation, p99",
                        "handover of a leader that closes, p99",
                        "next leader after kill -9, p99");
        assertThat(value(outcome, "replays with the same bytes, of 2")).isEqualTo(2);
        assertThat(value(outcome, "stale writes accepted, of 4")).isZero();
        assertThat(outcome.figures())
                .filteredOn(figure -> !figure.name().startsWith("stale"))
                .allSatisfy(
                        figure -> assertThat(figure.value()).as(figure.name()).isPositive());
        assertThat(value(outcome, "next leader after kill -9, p50"))
                .as("ZooKeeper must first miss the old one")
                .isGreaterThan(value(outcome, "handover of a leader that closes, p50"));
    }

    @Test
    void only_what_is_wanted_is_measured() throws Exception {
        List<String> steps = new ArrayList<>();

        assertThat(run("repl,xyz", steps).figures()).hasSize(3);
        assertThat(steps).containsExactly("replay");
    }

    @Test
    void a_measure_that_fails_is_a_note_and_the_others_keep_their_figures() throws Exception {
        Scale nothingWritten = new Scale(6, 1, 0, 4, 1, 1, 1, 2, Duration.ofSeconds(1));

        Outcome outcome = run(nothingWritten, "replay,write", new ArrayList<>());

        assertThat(outcome.notes()).singleElement().asString().startsWith("write: failed, ");
        assertThat(outcome.figures()).hasSize(3);
    }

    @Test
    void a_quantile_is_a_time_that_was_taken() {
        BenchTimes hundred = BenchTimes.of(LongStream.rangeClosed(1, 100)
                .map(i -> (101 - i) * 1_000_000)
                .boxed()
                .toList());

        assertThat(hundred.millis(0.5)).isEqualTo(50);
        assertThat(hundred.millis(0.99)).isEqualTo(99);
        assertThat(hundred.millis(1)).isEqualTo(100);
        assertThatIllegalArgumentException().isThrownBy(() -> BenchTimes.of(List.of()));
    }

    private static double value(Outcome outcome, String name) {
        return outcome.figures().stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private Outcome run(String only, List<String> steps) throws Exception {
        return run(SMALL, only, steps);
    }

    private Outcome run(Scale scale, String only, List<String> steps) throws Exception {
        return FailoverBenchMain.run(new Plan(
                Files.createDirectory(directory.resolve("run")),
                scale,
                only,
                LabIdentities.in(directory.resolve("ca")).credentials("failover"),
                steps::add));
    }
}
