package io.beringia.scenarios.connect;

/** One field line, one character a byte. */
public record Field(String name, String value) {
    private static final String SEPARATOR = ": ";

    /** {@code name: value}; a pseudo-header's name begins with a colon of its own. Whatever follows is the value. */
    public static Field parse(String text) {
        int end = text.indexOf(SEPARATOR, 1);
        if (end < 0) {
            throw new IllegalArgumentException("field: \"" + text + "\" (expected: name: value)");
        }
        return new Field(text.substring(0, end), text.substring(end + SEPARATOR.length()));
    }
}
