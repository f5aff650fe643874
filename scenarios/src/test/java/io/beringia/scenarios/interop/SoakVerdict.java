package io.beringia.scenarios.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a soak has shown. Pure.
 *
 * @param victims failed connections that began before a loss was news, and ended after it
 * @param failed all other failed connections
 * @param growths of each figure of each gateway
 */
record SoakVerdict(long connections, int losses, LoadLog victims, LoadLog failed, List<Growth> growths) {
    /** A stock ztunnel tries nothing twice: from here on after a loss it must know. */
    static final Duration NEWS_MAX = Duration.ofSeconds(2);

    private static final int PARTS = 3;
    private static final long MIB = 1024 * 1024;

    /** What one gateway held at one time; heap is what is reachable after a full collection. */
    record Point(String gateway, int round, long descriptors, long directBytes, long heapBytes) {}

    /** A figure that a gateway has, and by how much it may grow: a fifth, and that. */
    enum Figure {
        DESCRIPTORS(32),
        DIRECT_BYTES(8 * MIB),
        HEAP_BYTES(8 * MIB);

        private final long slack;

        Figure(long slack) {
            this.slack = slack;
        }

        private long of(Point point) {
            return switch (this) {
                case DESCRIPTORS -> point.descriptors();
                case DIRECT_BYTES -> point.directBytes();
                case HEAP_BYTES -> point.heapBytes();
            };
        }
    }

    /** Medians of the first and of the last third of a gateway's points. */
    record Growth(String gateway, Figure figure, long first, long last) {
        boolean isFlat() {
            return last <= first + first / 5 + figure.slack;
        }
    }

    /** @param lossNanos when gateways were killed */
    static SoakVerdict of(LoadLog all, List<Long> lossNanos, List<Point> points) {
        LoadLog failed = all.failed();
        return new SoakVerdict(
                all.size(),
                lossNanos.size(),
                failed.those(one -> isVictim(one, lossNanos)),
                failed.those(one -> !isVictim(one, lossNanos)),
                growths(points));
    }

    private static boolean isVictim(LoadLog.Connection one, List<Long> lossNanos) {
        return lossNanos.stream().anyMatch(loss -> isVictim(one, loss));
    }

    private static boolean isVictim(LoadLog.Connection one, long loss) {
        return one.dueNanos() < loss + NEWS_MAX.toNanos() && one.endNanos() >= loss;
    }

    private static List<Growth> growths(List<Point> points) {
        List<Growth> growths = new ArrayList<>();
        points.stream().collect(Collectors.groupingBy(Point::gateway)).forEach((gateway, its) -> {
            int part = Math.max(1, its.size() / PARTS);
            for (Figure figure : Figure.values()) {
                growths.add(new Growth(
                        gateway,
                        figure,
                        median(its.subList(0, part), figure),
                        median(its.subList(its.size() - part, its.size()), figure)));
            }
        });
        return growths;
    }

    private static long median(List<Point> points, Figure figure) {
        return points.stream()
                .mapToLong(figure::of)
                .sorted()
                .skip(points.size() / 2)
                .findFirst()
                .orElse(0);
    }

    boolean isPassed() {
        return connections > 0
                && losses > 0
                && !growths.isEmpty()
                && failed.size() == 0
                && growths.stream().allMatch(Growth::isFlat);
    }

    String table() {
        String lines = growths.stream()
                .map(one -> String.format(
                        Locale.ROOT,
                        "  %-10s %-13s %12d %12d %s%n",
                        one.gateway(),
                        one.figure().name().toLowerCase(Locale.ROOT),
                        one.first(),
                        one.last(),
                        one.isFlat() ? "flat" : "GROWS"))
                .sorted()
                .collect(Collectors.joining());
        return String.format(
                        Locale.ROOT,
                        "soak: %d connections, %d losses, %d victims %s, %d others failed %s: %s%n",
                        connections,
                        losses,
                        victims.size(),
                        victims.words(),
                        failed.size(),
                        failed.words(),
                        isPassed() ? "PASSED" : "FAILED")
                + lines;
    }

    /** As JSON has it. */
    Map<String, Object> report() {
        return Map.of(
                "passed",
                isPassed(),
                "connections",
                connections,
                "losses",
                losses,
                "victims",
                victims.words(),
                "failed",
                failed.words(),
                "growths",
                growths);
    }
}
