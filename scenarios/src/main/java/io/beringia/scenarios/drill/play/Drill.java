package io.beringia.scenarios.drill.play;

import io.beringia.scenarios.demo.DemoRegion;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A drill as it is written down. It always starts with fresh processes and a settled load, and always ends with every fault
 * lifted; neither is written.
 *
 * @param name as on the command line
 * @param hypothesis what it is to show, in a sentence
 * @param region the one that suffers, and from which times are counted
 * @param perSecond new connections a second, over all clients
 * @param preconditions without which nothing is done, and the drill is invalid
 * @param chapters in their order, at least one
 * @param expectations by which it is judged
 * @param abort when it is broken off
 */
record Drill(
        String name,
        String hypothesis,
        DemoRegion region,
        int perSecond,
        List<Precondition> preconditions,
        List<Chapter> chapters,
        List<Expected> expectations,
        Abort abort) {
    private static final int CLIENTS = 4;
    private static final int PER_SECOND_MAX = 400;

    Drill {
        preconditions = List.copyOf(preconditions);
        chapters = List.copyOf(chapters);
        expectations = List.copyOf(expectations);
        if (chapters.isEmpty() || expectations.isEmpty()) {
            throw new IllegalArgumentException("neither chapters nor expect may be empty");
        }
        if (perSecond < CLIENTS || perSecond > PER_SECOND_MAX || perSecond % CLIENTS != 0) {
            throw new IllegalArgumentException(
                    "load.per-second: " + perSecond + " (expected: a multiple of 4, 4..400)");
        }
    }

    /**
     * A stretch of it.
     *
     * @param lost regions whose own clients do not count meanwhile
     */
    record Chapter(String title, Set<String> lost, List<Step> steps) {
        Chapter {
            lost = Set.copyOf(lost);
            steps = List.copyOf(steps);
        }
    }

    /**
     * More than this part of the connections that count failed, over that long: the drill does harm, or cannot succeed any
     * more.
     *
     * @param percent 1 to 100; 100 never aborts
     */
    record Abort(int percent, Duration over) {
        Abort {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("abort.failed-percent: " + percent + " (expected: 1..100)");
            }
        }
    }
}
