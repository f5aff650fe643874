package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.attack.Measured.Round;
import io.beringia.scenarios.attack.Measured.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Holds what was measured against the bars. Pure. */
final class Judge {
    static final double CPU_PERCENT_MAX = 1;
    static final double HEAP_KIB_MAX = 256;
    static final double P99_RATIO_MAX = 1.10;
    static final double CLOSE_SECONDS_MAX = 2;
    static final double AMPLIFICATION_MAX = 10;
    static final double BACK_SECONDS_MAX = 10;
    /** A gateway that waits longer for a processor is slow for others' sake, and no bar of time can be judged. */
    static final double WAITED_SHARE_MAX = 0.10;

    static final String P99 = "p99";
    /** What a message of 128 bytes and its echo cost, see the bench; one way is less. */
    static final double MESSAGE_MICROS_MAX = 5;

    private static final double MICROS_PER_SECOND = 1e6;
    private static final double KIB = 1_024;
    /** Less than that is what a second look at the same process differs by. */
    private static final double HEAP_NOISE_BYTES = 512 * KIB;
    /** Nobody misses so much: below it there is no amplification worth the name. */
    private static final double NEGLIGIBLE_BYTES = 128 * KIB;

    private Judge() {}

    /** @param idleBytes on the heap for a connection that does nothing */
    static List<Ruling> judge(Siege siege, Measured measured, OptionalDouble idleBytes) {
        List<Ruling> rulings = new ArrayList<>();
        rulings.add(cpu(siege, measured));
        rulings.add(heap(measured));
        if (siege.buffered() > 0) {
            rulings.add(Ruling.atMost("buffers", measured.directBytes() / KIB, 0, siege.buffered() / KIB, "KiB"));
        }
        rulings.add(amplification(measured, idleBytes));
        rulings.add(unlessStarved(measured, p99(measured)));
        rulings.add(unlessStarved(measured, unharmed(measured)));
        if (siege.closes()) {
            rulings.add(unlessStarved(measured, closed(measured)));
        }
        rulings.add(back(measured));
        return rulings;
    }

    private static Ruling unlessStarved(Measured measured, Ruling ruling) {
        double waited = waitedShare(measured);
        return ruling.isBroken() && waited > WAITED_SHARE_MAX
                ? Ruling.unknown(
                        ruling.bar(),
                        ruling.found()
                                + ", while the gateway waited for a processor for %.0f %% of the time"
                                        .formatted(waited * 100),
                        ruling.allowed())
                : ruling;
    }

    /** In the worst of the rounds with the attack. */
    private static double waitedShare(Measured measured) {
        return measured.rounds().stream()
                .map(Round::with)
                .mapToDouble(window -> window.waitedSeconds() / window.seconds())
                .max()
                .orElse(0);
    }

    private static Ruling cpu(Siege siege, Measured measured) {
        if (siege.messageBytes() > 0) {
            return Ruling.atMost("cpu", messageMicros(siege, measured), 0, MESSAGE_MICROS_MAX, "us a message");
        }
        return Ruling.atMost("cpu", sharePercent(measured), shareNoisePercent(measured), CPU_PERCENT_MAX, "%");
    }

    /** Of the last round: who only says much is served, and may cost what it costs to serve. */
    static double messageMicros(Siege siege, Measured measured) {
        Round last = measured.rounds().getLast();
        double spent =
                (cores(last.with()) - cores(last.without())) * last.with().seconds();
        double messages = measured.sentBytes() * measured.connections() / siege.messageBytes();
        return spent / messages * MICROS_PER_SECOND;
    }

    /** Of one core, for each connection: the median of the rounds. */
    static double sharePercent(Measured measured) {
        return median(measured, round -> (cores(round.with()) - cores(round.without())) * 100 / measured.connections());
    }

    private static double shareNoisePercent(Measured measured) {
        return spread(measured, round -> cores(round.without())) * 100 / measured.connections();
    }

    private static double cores(Window window) {
        return window.cpuSeconds() / window.seconds();
    }

    private static Ruling heap(Measured measured) {
        String allowed = "at most " + (int) HEAP_KIB_MAX + " KiB";
        if (measured.heapBytes().isEmpty()) {
            return Ruling.unknown("heap", "no jcmd in this Java", allowed);
        }
        return Ruling.atMost(
                "heap",
                measured.heapBytes().getAsDouble() / KIB,
                HEAP_NOISE_BYTES / measured.connections() / KIB,
                HEAP_KIB_MAX,
                "KiB");
    }

    /** Held beyond what any connection costs, for each byte sent. */
    private static Ruling amplification(Measured measured, OptionalDouble idleBytes) {
        String allowed = "less than x" + (int) AMPLIFICATION_MAX;
        if (measured.heapBytes().isEmpty() || idleBytes.isEmpty()) {
            return Ruling.unknown("amplification", "no jcmd in this Java", allowed);
        }
        double held = measured.heapBytes().getAsDouble() - idleBytes.getAsDouble() + measured.directBytes();
        double noise = HEAP_NOISE_BYTES / measured.connections();
        if (held + noise <= NEGLIGIBLE_BYTES) {
            return Ruling.of("amplification", true, "%.0f KiB held".formatted(Math.max(0, held) / KIB), allowed);
        }
        double sent = Math.max(1, measured.sentBytes());
        return Ruling.atMost("amplification", held / sent, noise / sent, AMPLIFICATION_MAX, "x");
    }

    /** Where rounds without any attack differ by more than the bar, nothing can be said of one with it. */
    private static Ruling p99(Measured measured) {
        double ratio = p99Ratio(measured);
        double noise = p99Noise(measured);
        String found = "x%.2f, and x%.2f from one round without attack to another".formatted(ratio, noise);
        String allowed = "at most x%.2f".formatted(P99_RATIO_MAX);
        return noise <= P99_RATIO_MAX
                ? Ruling.of(P99, ratio <= P99_RATIO_MAX, found, allowed)
                : Ruling.unknown(P99, found, allowed);
    }

    static double p99Ratio(Measured measured) {
        return median(
                measured, round -> round.with().p99Nanos() / round.without().p99Nanos());
    }

    /** The worst of the quiet rounds by the best. */
    static double p99Noise(Measured measured) {
        List<Double> quiet = measured.rounds().stream()
                .map(round -> round.without().p99Nanos())
                .sorted()
                .toList();
        return quiet.getLast() / quiet.getFirst();
    }

    private static Ruling unharmed(Measured measured) {
        List<String> with = failures(measured, Round::with);
        List<String> without = failures(measured, Round::without);
        return without.isEmpty()
                ? Ruling.of("neighbours", with.isEmpty(), shown(with), "no failures")
                : Ruling.unknown("neighbours", "without any attack: " + shown(without), "no failures");
    }

    private static List<String> failures(Measured measured, Function<Round, Window> of) {
        return measured.rounds().stream()
                .flatMap(round -> of.apply(round).failures().stream())
                .toList();
    }

    private static String shown(List<String> failures) {
        return failures.size() + " failures"
                + failures.stream()
                        .findFirst()
                        .map(first -> ", such as " + first)
                        .orElse("");
    }

    private static Ruling closed(Measured measured) {
        String allowed = "all, within %.0f s".formatted(CLOSE_SECONDS_MAX);
        if (measured.left() > 0 || measured.tolerated().isEmpty()) {
            return Ruling.of("close", false, measured.left() + " never closed", allowed);
        }
        double slowest = measured.tolerated().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        return Ruling.atMost("close", slowest, 0, CLOSE_SECONDS_MAX, "s");
    }

    private static Ruling back(Measured measured) {
        return measured.recoverySeconds().isPresent()
                ? Ruling.atMost("back", measured.recoverySeconds().getAsDouble(), 0, BACK_SECONDS_MAX, "s")
                : Ruling.of("back", false, measured.levels(), "descriptors and direct memory as before within 10 s");
    }

    private static double median(Measured measured, ToDoubleFunction<Round> of) {
        double[] sorted = measured.rounds().stream().mapToDouble(of).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double spread(Measured measured, ToDoubleFunction<Round> of) {
        double[] sorted = measured.rounds().stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length - 1] - sorted[0];
    }
}
