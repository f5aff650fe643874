package io.beringia.trust.identity;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Text of an operator: an entry a line, words between blanks, {@code #} begins a comment. Pure. */
final class PolicyText {
    private static final int SHA256_DIGITS = 64;

    private PolicyText() {}

    /**
     * Hands out the words of every line that has any. What {@code entry} throws as {@link IllegalArgumentException} is thrown with
     * the number of its line, below {@code what}.
     */
    static void read(String what, String text, Consumer<List<String>> entry) {
        List<String> lines = text.lines().toList();
        IntStream.range(0, lines.size()).forEach(i -> {
            try {
                List<String> words = words(lines.get(i));
                if (!words.isEmpty()) {
                    entry.accept(words);
                }
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(what + ": line " + (i + 1) + ": " + wrong.getMessage(), wrong);
            }
        });
    }

    private static List<String> words(String line) {
        int comment = line.indexOf('#');
        String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
        return entry.isEmpty() ? List.of() : List.of(entry.split("\\s+", -1));
    }

    /** Lower-case hexadecimal digits, as openssl prints them: in either case, with colons or without. */
    static String digits(String text) {
        String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
        if (digits.isEmpty() || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("\"" + Excerpt.of(text) + "\" (expected: hexadecimal digits)");
        }
        return digits;
    }

    static String sha256(String text) {
        String digits = digits(text);
        if (digits.length() != SHA256_DIGITS) {
            throw new IllegalArgumentException(
                    digits.length() + " digits (expected: the " + SHA256_DIGITS + " of a SHA-256)");
        }
        return digits;
    }
}
