package io.beringia.trust.pki;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One name of a certificate as its raw bytes say it. Nothing is decoded, trimmed or normalised: a library that
 * parses the text first accepts what another one refuses.
 *
 * @param type the context tag, 0 to 8
 * @param hex the content octets as lower-case hex
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6">RFC 5280, section 4.2.1.6</a>
 */
public record GeneralName(int type, String hex) {
    public static final int DNS = 2;
    public static final int DIRECTORY = 4;
    public static final int URI = 6;
    public static final int IP = 7;

    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final int TYPE_MAX = 8;
    private static final int SEQUENCE = 0x30;

    /** Reads {@code GeneralNames}; throws {@link IllegalArgumentException} if it is none, or is empty. */
    static List<GeneralName> readAll(byte[] der) {
        DerReader whole = new DerReader(der);
        DerReader names = new DerReader(whole.next(SEQUENCE));
        whole.end();
        List<GeneralName> found = new ArrayList<>();
        while (names.hasNext()) {
            found.add(readOne(names));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("general names: none (expected: at least one)");
        }
        return List.copyOf(found);
    }

    /** Reads the next name. */
    static GeneralName readOne(DerReader names) {
        DerReader.Element element = names.next();
        int type = element.tag() & ~(CONTEXT | CONSTRUCTED);
        if ((element.tag() & 0xc0) != CONTEXT || type > TYPE_MAX || isConstructed(element) != mustBeConstructed(type)) {
            throw new IllegalArgumentException("general name: tag " + element.tag() + " (expected: one of RFC 5280)");
        }
        return new GeneralName(type, HexFormat.of().formatHex(element.content()));
    }

    /** The name as text, where all its bytes are ASCII (IA5String). */
    public Optional<String> ascii() {
        byte[] content = HexFormat.of().parseHex(hex);
        for (byte b : content) {
            if (b < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new String(content, StandardCharsets.US_ASCII));
    }

    private static boolean isConstructed(DerReader.Element element) {
        return (element.tag() & CONSTRUCTED) != 0;
    }

    private static boolean mustBeConstructed(int type) {
        return type == 0 || type == 3 || type == DIRECTORY || type == 5;
    }
}
