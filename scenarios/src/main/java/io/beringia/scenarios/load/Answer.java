package io.beringia.scenarios.load;

import java.util.Optional;

/**
 * What the application says: which region served, whom it was told it serves, and what was asked. On the wire
 * {@code <region> <spiffe id> <client> <sequence>\n}.
 *
 * @param caller the SPIFFE ID that the server's proxy verified, {@code -} where it named none
 */
public record Answer(String region, String caller, Request request) {
    /** Any thread. The inverse of {@link #toString()}; empty for every other line. */
    public static Optional<Answer> parse(String line) {
        String[] words = line.split(" ", -1);
        return words.length == 4
                ? Request.parse(words[2] + " " + words[3]).map(request -> new Answer(words[0], words[1], request))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return region + " " + caller + " " + request;
    }
}
