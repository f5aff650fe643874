package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.attack.GatewayFigures;
import io.beringia.scenarios.fault.Signal;
import io.beringia.scenarios.interop.LocalGateways.One;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Many minutes of new connections through a real ztunnel and two gateways, which are killed and started again in turn.
 * Writes {@code target/soak/verdict.json} and {@code table.txt}.
 */
@Tag("soak")
@ResourceLock(Namespaces.NAMES)
final class SoakTest {
    /** New connections a second, when all of them come. */
    private static final int RATE = Integer.getInteger("soak.rate", 200);

    private static final Duration LASTS = Duration.ofMinutes(Integer.getInteger("soak.minutes", 15));
    /** Before the first loss. */
    private static final Duration WARM = Duration.ofSeconds(50);
    /** Within which the rate grows: two cold processes in a row do not come out of what they could not do at first. */
    private static final Duration RAMP = Duration.ofSeconds(40);

    /** From all well to the next loss; longer than a connection is waited for. */
    private static final Duration CALM = Duration.ofSeconds(8);

    private static final Duration AWAY = Duration.ofSeconds(5);
    /** At descriptors, within a second. */
    private static final int LOOKS = 10;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final String LOAD = "load";

    @TempDir
    private Path directory = Path.of("");

    private final List<Long> losses = new ArrayList<>();
    private final List<SoakVerdict.Point> points = new ArrayList<>();

    @Test
    void nothing_fails_but_who_was_there_and_nothing_grows_while_gateways_are_killed_in_turn() throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LocalGateways gateways = LocalGateways.start(lab, directory, List.of(LocalGateways.WEB));
            lab.startLoad(LOAD, LocalGateways.WEB, RATE, RAMP);
            long end = System.nanoTime() + LASTS.toNanos();
            pass(WARM);
            while (System.nanoTime() < end) {
                One next = losses.size() % 2 == 0 ? One.EAST_0 : One.EAST_1;
                gateways.awaitWell(LocalGateways.WEB);
                pass(CALM);
                look(lab, gateways);
                lose(lab, gateways, next);
            }
            gateways.awaitWell(LocalGateways.WEB);
            pass(CALM);
            SoakVerdict verdict = SoakVerdict.of(lab.endLoad(LOAD), losses, points);
            write(verdict);
            assertThat(verdict.isPassed()).as(verdict.table()).isTrue();
        }
    }

    private void lose(LabPrograms lab, LocalGateways gateways, One one) throws Exception {
        losses.add(lab.send(gateways.process(one), Signal.KILL));
        lab.kill(gateways.process(one));
        pass(AWAY);
        gateways.start(one);
    }

    private void look(LabPrograms lab, LocalGateways gateways) throws IOException, InterruptedException {
        for (One one : One.values()) {
            GatewayFigures figures = new GatewayFigures(lab.pid(gateways.process(one)), "", directory);
            points.add(new SoakVerdict.Point(
                    one.name(),
                    losses.size(),
                    fewestDescriptors(figures),
                    GatewayFigures.directBytes(lab.meshWith(one.metrics())),
                    figures.liveHeapBytes().orElseThrow()));
        }
    }

    /** What the tunnels of a moment hold is no growth. */
    private static long fewestDescriptors(GatewayFigures figures) throws IOException {
        long fewest = figures.descriptors();
        for (int look = 1; look < LOOKS; look++) {
            pass(BETWEEN_LOOKS);
            fewest = Math.min(fewest, figures.descriptors());
        }
        return fewest;
    }

    private static void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        await().atMost(time.multipliedBy(2)).until(() -> System.nanoTime() >= until);
    }

    private void write(SoakVerdict verdict) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "soak"));
        Files.writeString(folder.resolve("table.txt"), verdict.table());
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        json.writeValue(folder.resolve("points.json").toFile(), points);
        json.writeValue(folder.resolve("verdict.json").toFile(), verdict.report());
        System.out.print(verdict.table());
    }
}
