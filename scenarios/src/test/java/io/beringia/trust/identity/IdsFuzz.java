package io.beringia.trust.identity;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text that may be a SPIFFE ID: it is one exactly where the standard's own grammar says so, and prints as it was. */
public final class IdsFuzz {
    /** SPIFFE-ID, section 2; upper case is refused in a trust domain. */
    private static final Pattern STANDARD =
            Pattern.compile("spiffe://[a-z0-9._-]{1,255}(?:/(?!\\.{1,2}(?:/|\\z))[A-Za-z0-9._-]+)*+");

    private static final int BYTES_MAX = 2_048;

    private IdsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Optional<SpiffeId> id = SpiffeId.tryParse(text);
        boolean standard = text.length() <= BYTES_MAX && STANDARD.matcher(text).matches();
        if (id.isPresent() != standard
                || id.filter(it -> !it.toString().equals(text)).isPresent()) {
            throw new IllegalStateException("id: " + id + " (expected: " + (standard ? text : "none") + ")");
        }
    }
}
