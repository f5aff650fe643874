package io.beringia.trust.pki;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key on a PKCS #11 token: {@code pkcs11:slot-id=5;object=root?module-path=/usr/lib/x.so&pin-source=/run/pin}. The slot
 * is named by its number, by which the JDK finds it; the PIN lies in a file and never in the name.
 *
 * @param slot number of the slot, 0 or greater
 * @param object label of the key and of its certificate
 * @param module the token's library
 * @param pin file with the user PIN
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7512">RFC 7512</a>
 */
public record Pkcs11Uri(long slot, String object, Path module, Path pin) {
    private static final String SCHEME = "pkcs11:";
    private static final String EXPECTED = "pkcs11:slot-id=<n>;object=<label>?module-path=<library>&pin-source=<file>";
    private static final Set<String> PATH = Set.of("slot-id", "object");
    private static final Set<String> QUERY = Set.of("module-path", "pin-source");

    /** What the JDK's configuration takes without quotes; a label must not end a line of it. */
    private static final Pattern MODULE = Pattern.compile("/[A-Za-z0-9/._+-]+");

    private static final Pattern OBJECT = Pattern.compile("[A-Za-z0-9 ._-]{1,64}");
    private static final Pattern SLOT = Pattern.compile("[0-9]{1,10}");

    /** Throws {@link IllegalArgumentException} on anything that we do not understand whole; never quotes a PIN. */
    public static Pkcs11Uri parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("key: no PKCS #11 URI (expected: " + EXPECTED + ")");
        }
        int mark = text.indexOf('?');
        if (mark < 0) {
            throw missing("module-path");
        }
        Map<String, String> path = attributes(text.substring(SCHEME.length(), mark), ";", PATH);
        Map<String, String> query = attributes(text.substring(mark + 1), "&", QUERY);
        return new Pkcs11Uri(
                Long.parseLong(attribute(path, "slot-id", SLOT, "a number, softhsm2-util --show-slots lists them")),
                attribute(path, "object", OBJECT, "1 to 64 of letters, digits, ' ', '.', '_', '-'"),
                Path.of(attribute(query, "module-path", MODULE, "an absolute path without spaces")),
                file(attribute(query, "pin-source", Pattern.compile(".+"), "a file")));
    }

    private static Map<String, String> attributes(String text, String separator, Set<String> known) {
        Map<String, String> attributes = new HashMap<>();
        for (String one : text.split(separator, -1)) {
            int equals = one.indexOf('=');
            String name = equals < 0 ? "" : one.substring(0, equals);
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "key: an attribute that is unknown here (expected: " + EXPECTED + ", a PIN in its file only)");
            }
            if (attributes.put(name, decoded(one.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("key: " + name + " twice (expected: once)");
            }
        }
        return attributes;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "key: a broken escape (expected: a percent sign and two hexadecimal digits)");
        }
    }

    private static String attribute(Map<String, String> all, String name, Pattern form, String expected) {
        String value = all.get(name);
        if (value == null) {
            throw missing(name);
        }
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException("key: " + name + " of another form (expected: " + expected + ")");
        }
        return value;
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("key: no " + name + " (expected: " + EXPECTED + ")");
    }

    /** RFC 7512 takes a path, or a URI of one. */
    private static Path file(String source) {
        String path = source.startsWith("file:") ? source.substring("file:".length()) : source;
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw new IllegalArgumentException("key: pin-source of another form (expected: an absolute path)");
        }
        return Path.of(path);
    }

    /** Where the key is, without the file of its PIN. */
    @Override
    public String toString() {
        return SCHEME + "slot-id=" + slot + ";object=" + object + "?module-path=" + module;
    }
}
