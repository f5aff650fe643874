package io.beringia.trust.pki;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names that a CA permits and excludes below itself, as raw as {@link GeneralName}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10">RFC 5280, section 4.2.1.10</a>
 */
public record NameConstraints(List<GeneralName> permitted, List<GeneralName> excluded) {
    private static final int SEQUENCE = 0x30;
    private static final int PERMITTED = 0xa0;
    private static final int EXCLUDED = 0xa1;

    public NameConstraints {
        permitted = List.copyOf(permitted);
        excluded = List.copyOf(excluded);
    }

    /** Throws {@link IllegalArgumentException} where it is malformed or empty, or gives a minimum or maximum. */
    static NameConstraints read(byte[] der) {
        DerReader whole = new DerReader(der);
        DerReader parts = new DerReader(whole.next(SEQUENCE));
        whole.end();
        List<GeneralName> permitted = new ArrayList<>();
        List<GeneralName> excluded = new ArrayList<>();
        while (parts.hasNext()) {
            DerReader.Element part = parts.next();
            boolean isFirst = permitted.isEmpty() && excluded.isEmpty();
            if (part.tag() == PERMITTED && isFirst) {
                readSubtrees(part.content(), permitted);
            } else if (part.tag() == EXCLUDED && excluded.isEmpty()) {
                readSubtrees(part.content(), excluded);
            } else {
                throw new IllegalArgumentException(
                        "name constraints: tag " + part.tag() + " (expected: [0], then [1])");
            }
        }
        if (permitted.isEmpty() && excluded.isEmpty()) {
            throw new IllegalArgumentException("name constraints: none (expected: permitted or excluded names)");
        }
        return new NameConstraints(permitted, excluded);
    }

    /** All of them. */
    public Stream<GeneralName> all() {
        return Stream.concat(permitted.stream(), excluded.stream());
    }

    private static void readSubtrees(byte[] der, List<GeneralName> found) {
        DerReader subtrees = new DerReader(der);
        do {
            DerReader subtree = new DerReader(subtrees.next(SEQUENCE));
            found.add(GeneralName.readOne(subtree));
            subtree.end(); // minimum is its default, maximum absent
        } while (subtrees.hasNext());
    }
}
