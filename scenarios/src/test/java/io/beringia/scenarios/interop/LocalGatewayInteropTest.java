package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.fault.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against the ztunnel that {@code ZTUNNEL} names: two clients, each with one, go by two gateways of their own cluster, and
 * one of these is lost. Nobody hedges for a stock ztunnel there. Who called a moment before the news may fail, and is
 * counted; who calls later may not.
 */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class LocalGatewayInteropTest {
    /** So many new connections a second of each client. */
    private static final int RATE = 50;

    private static final Duration BEFORE = Duration.ofSeconds(10);
    /** From here on nothing may fail. */
    private static final Duration NEWS_MAX = Duration.ofSeconds(2);

    /** What was well before the loss is looked at from here. */
    private static final Duration WARM = Duration.ofSeconds(9);

    private static final Duration AFTER = Duration.ofSeconds(6);
    /** Stands for the hours that a cluster may have to bear. */
    private static final Duration WITHOUT = Duration.ofSeconds(30);

    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource(
            value = Signal.class,
            names = {"KILL", "STOP"})
    void two_seconds_after_one_of_two_local_gateways_is_lost_nothing_fails_or_hangs(Signal fault) throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LocalGateways gateways =
                    LocalGateways.start(lab, directory, List.of(LocalGateways.WEB, LocalGateways.OTHER));
            lab.startLoad("load-web", LocalGateways.WEB, RATE);
            lab.startLoad("load-other", LocalGateways.OTHER, RATE);
            awaitLoad(lab, System.nanoTime() + BEFORE.toNanos(), "load-web", "load-other");

            long lost = lab.send(gateways.process(LocalGateways.One.EAST_1), fault);
            awaitLoad(lab, lost + AFTER.toNanos(), "load-web", "load-other");

            LoadLog all = lab.endLoad("load-web").with(lab.endLoad("load-other"));
            report(fault, all, lost);
            assertThat(all.from(lost - WARM.toNanos())
                            .before(lost - SocksLoadMain.DEADLINE.toNanos())
                            .failed()
                            .connections())
                    .as("while both are well")
                    .isEmpty();
            LoadLog later = all.from(lost + NEWS_MAX.toNanos());
            assertThat(later.size()).as("connections afterwards").isGreaterThan(2 * RATE);
            assertThat(later.failed().connections()).isEmpty();
        }
    }

    @Test
    void while_no_discovery_is_there_all_goes_on_as_it_was_told() throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LocalGateways.start(lab, directory, List.of(LocalGateways.WEB));
            lab.startLoad("load-web", LocalGateways.WEB, RATE);
            awaitLoad(lab, System.nanoTime() + BEFORE.toNanos(), "load-web");

            long gone = System.nanoTime();
            for (String region : LocalGateways.DISCOVERIES) {
                lab.kill(region);
            }
            awaitLoad(lab, gone + WITHOUT.toNanos(), "load-web");

            LoadLog without = lab.endLoad("load-web").from(gone);
            assertThat(without.size()).as("connections").isGreaterThan(RATE);
            assertThat(without.failed().connections()).isEmpty();
        }
    }

    /** Until connections that were due then have ended. */
    private static void awaitLoad(LabPrograms lab, long nanos, String... loads) {
        for (String load : loads) {
            await(load).atMost(WITHIN).until(() -> lab.load(load).from(nanos).size() > 0);
        }
    }

    private static void report(Signal fault, LoadLog all, long lost) {
        LoadLog failed = all.failed();
        System.out.printf(
                "interop: one of two local gateways got %s under %d connections a second: %d victims %s of %d, the last %d ms after it%n",
                fault,
                2 * RATE,
                failed.size(),
                failed.words(),
                all.size(),
                failed.connections().stream()
                        .mapToLong(victim -> (victim.dueNanos() - lost) / 1_000_000)
                        .max()
                        .orElse(0));
    }
}
