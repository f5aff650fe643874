package io.beringia.scenarios.load;

import java.util.Optional;

/**
 * One question of the load: who asks, and for the how-manieth time. On the wire {@code <client> <sequence>\n}.
 *
 * @param client without spaces
 * @param sequence from 0, never used twice by one client
 */
public record Request(String client, long sequence) {
    private static final int SEQUENCE_DIGITS_MAX = 18;

    public Request {
        if (client.isEmpty() || client.chars().anyMatch(Character::isWhitespace) || sequence < 0) {
            throw new IllegalArgumentException(
                    "request: \"" + client + " " + sequence + "\" (expected: a name without spaces, a number from 0)");
        }
    }

    /** Any thread. The inverse of {@link #toString()}; empty for every other line. */
    public static Optional<Request> parse(String line) {
        String[] words = line.split(" ", -1);
        return words.length == 2 && !words[0].isEmpty() && isNumber(words[1])
                ? Optional.of(new Request(words[0], Long.parseLong(words[1])))
                : Optional.empty();
    }

    static boolean isNumber(String word) {
        return !word.isEmpty()
                && word.length() <= SEQUENCE_DIGITS_MAX
                && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return client + " " + sequence;
    }
}
