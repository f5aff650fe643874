package io.beringia.scenarios.connect;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The words of one step, taken one by one. Owned by who parses it. */
final class Words {
    private final String whole;
    private final Deque<String> left;

    Words(String whole) {
        this.whole = whole;
        this.left = new ArrayDeque<>(Arrays.asList(whole.split(" +")));
    }

    String next(String expected) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException("step: \"" + whole + "\" (expected: " + expected + " after it)");
        }
        return left.removeFirst();
    }

    /** Decimal, or hexadecimal with {@code 0x}. */
    int number() {
        return Integer.decode(next("a number"));
    }

    /** The last number, 0 where there is none. */
    int numberIfAny() {
        return left.isEmpty() ? 0 : number();
    }

    Http2Error error() {
        return Http2Error.valueOf(next("an error code"));
    }

    /** Whether that word is among those left. */
    boolean flag(String word) {
        return left.remove(word);
    }

    List<String> rest() {
        List<String> rest = List.copyOf(left);
        left.clear();
        return rest;
    }

    void end() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "step: \"" + whole + "\" (expected: it to end before \"" + left.peek() + "\")");
        }
    }
}
