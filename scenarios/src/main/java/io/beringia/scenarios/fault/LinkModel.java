package io.beringia.scenarios.fault;

import io.beringia.discovery.wire.YamlFields;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How packets fare in one direction of an emulated link. {@code delay 35ms jitter 20ms loss 5% duplicate 1% good 20s bad 1s
 * bad-loss 90%}, of which what is left out is nothing; {@link #parse} is the inverse of {@code toString}. Pure.
 *
 * @param delay of each packet, 0 to 10 s
 * @param jitter by which it is more or less, each as likely: packets overtake one another; at most the delay
 * @param loss of each on its own, in percent
 * @param duplicate of each that is not lost, in percent
 * @param bursts of loss; empty if there are none
 */
record LinkModel(Duration delay, Duration jitter, double loss, double duplicate, Optional<Bursts> bursts) {
    /** Longer than any timeout that a link is to be tried against. */
    private static final Duration DELAY_MAX = Duration.ofSeconds(10);

    private static final double PERCENT_MAX = 100;

    LinkModel {
        if (delay.isNegative() || delay.compareTo(DELAY_MAX) > 0) {
            throw refusal("delay", text(delay), "0s to " + text(DELAY_MAX));
        }
        if (jitter.isNegative() || jitter.compareTo(delay) > 0) {
            throw refusal("jitter", text(jitter), "0s to the delay, " + text(delay));
        }
        requirePercent("loss", loss);
        requirePercent("duplicate", duplicate);
    }

    /**
     * Good times and bad ones take turns, each exponentially long (E. N. Gilbert, 1960; E. O. Elliott, 1963).
     *
     * @param good mean length of the times between
     * @param bad mean length of a burst
     * @param loss of each packet in one, in percent
     */
    record Bursts(Duration good, Duration bad, double loss) {
        Bursts {
            if (!good.isPositive() || !bad.isPositive()) {
                throw refusal("good and bad", text(good) + " and " + text(bad), "both above 0s");
            }
            requirePercent("bad-loss", loss);
        }

        @Override
        public String toString() {
            return "good " + text(good) + " bad " + text(bad) + " bad-loss " + text(loss);
        }
    }

    /** That a packet is ever held, 0 to 20 s. */
    Duration longest() {
        return delay.plus(jitter);
    }

    /** Throws {@link IllegalArgumentException} for every other line. */
    static LinkModel parse(String line) {
        Map<String, String> words = words(line);
        Duration delay = taken(words, "delay", LinkModel::length).orElse(Duration.ZERO);
        Duration jitter = taken(words, "jitter", LinkModel::length).orElse(Duration.ZERO);
        double loss = taken(words, "loss", LinkModel::percent).orElse(0.0);
        double duplicate = taken(words, "duplicate", LinkModel::percent).orElse(0.0);
        Optional<Bursts> bursts = bursts(words);
        if (!words.isEmpty()) {
            throw refusal(
                    "link", "\"" + line + "\"", "delay, jitter, loss, duplicate; good, bad and bad-loss together");
        }
        return new LinkModel(delay, jitter, loss, duplicate, bursts);
    }

    private static Map<String, String> words(String line) {
        List<String> words = List.of(line.split(" ", -1));
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            boolean isNew = i + 1 < words.size() && values.put(words.get(i), words.get(i + 1)) == null;
            if (!isNew) {
                throw refusal("link", "\"" + line + "\"", "each word once, with its value");
            }
        }
        return values;
    }

    /** What is left of one without the others stays in the map, and is refused there. */
    private static Optional<Bursts> bursts(Map<String, String> words) {
        return words.containsKey("good") && words.containsKey("bad") && words.containsKey("bad-loss")
                ? Optional.of(new Bursts(
                        taken(words, "good", LinkModel::length).orElseThrow(),
                        taken(words, "bad", LinkModel::length).orElseThrow(),
                        taken(words, "bad-loss", LinkModel::percent).orElseThrow()))
                : Optional.empty();
    }

    private static <T> Optional<T> taken(Map<String, String> words, String name, Function<String, T> reading) {
        return Optional.ofNullable(words.remove(name)).map(reading);
    }

    private static Duration length(String text) {
        return text.matches("\\d{1,6}ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : YamlFields.duration(text);
    }

    private static double percent(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3})?%")) {
            throw refusal("percentage", "\"" + text + "\"", "5% or 0.5%");
        }
        return Double.parseDouble(text.substring(0, text.length() - 1));
    }

    private static void requirePercent(String name, double value) {
        if (!(value >= 0 && value <= PERCENT_MAX)) {
            throw refusal(name, text(value), "0% to 100%");
        }
    }

    private static IllegalArgumentException refusal(String what, String value, String expected) {
        return new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
    }

    private static String text(Duration length) {
        return length.toMillis() % 1_000 == 0 ? length.toSeconds() + "s" : length.toMillis() + "ms";
    }

    private static String text(double percent) {
        return String.format(Locale.ROOT, "%.3f", percent).replaceFirst("\\.?0+$", "") + "%";
    }

    @Override
    public String toString() {
        return "delay " + text(delay) + " jitter " + text(jitter) + " loss " + text(loss) + " duplicate "
                + text(duplicate) + bursts.map(it -> " " + it).orElse("");
    }
}
