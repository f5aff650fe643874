package io.beringia.trust.ledger;

import io.beringia.trust.identity.Base64Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A text and who signed it, by C2SP signed-note. Worth nothing before a signature of a known key was verified. */
public record SignedNote(String text, List<Line> signatures) {
    /** The standard asks for 16; a checkpoint carries one of its log and one of each witness. */
    private static final int SIGNATURES_MAX = 64;

    private static final String DASH = "\u2014 ";

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /**
     * One signature.
     *
     * @param signature the four octets of the key's ID, then the signature itself; in base64
     */
    public record Line(String name, String signature) {
        private static final int ID_BYTES = 4;

        public Line {
            if (!NoteKey.isName(name)) {
                throw new IllegalArgumentException("signature: of " + Quoted.of(name) + " (expected: a key's name)");
            }
            if (Base64Text.parse(signature).length <= ID_BYTES) {
                throw new IllegalArgumentException("signature: of " + name + ", no octets (expected: some)");
            }
        }

        static Line of(NoteKey key, byte[] signature) {
            ByteBuffer octets = ByteBuffer.allocate(ID_BYTES + signature.length);
            octets.putInt(key.id()).put(signature);
            return new Line(key.name(), Base64Text.of(octets.array()));
        }

        /** One line, without its end. The inverse of {@link #toString()}. */
        static Line parse(String line) {
            int space = line.indexOf(' ', DASH.length());
            if (!line.startsWith(DASH) || space < 0) {
                throw new IllegalArgumentException("note: " + Quoted.of(line) + " (expected: a signature line)");
            }
            return new Line(line.substring(DASH.length(), space), line.substring(space + 1));
        }

        /** Whether this claims to be of that key; others are ignored. */
        boolean isOf(NoteKey key) {
            return name.equals(key.name())
                    && ByteBuffer.wrap(Base64Text.parse(signature)).getInt() == key.id();
        }

        byte[] octets() {
            byte[] all = Base64Text.parse(signature);
            return Arrays.copyOfRange(all, ID_BYTES, all.length);
        }

        @Override
        public String toString() {
            return DASH + name + " " + signature;
        }
    }

    /** The inverse of {@link #bytes()}; throws {@link IllegalArgumentException} on everything else. */
    public static SignedNote parse(byte[] bytes) {
        String note = Utf8Text.parse("note", bytes);
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.endsWith("\n") || note.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new IllegalArgumentException("note: no text and signatures (expected: text, empty line, signatures)");
        }
        return new SignedNote(note.substring(0, end + 1), lines(note.substring(end + 2)));
    }

    /** Signature lines as a witness answers them. */
    static List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.isEmpty()
                ? new String[0]
                : text.substring(0, text.length() - 1).split("\n", -1)) {
            lines.add(Line.parse(line));
        }
        if (lines.isEmpty() || lines.size() > SIGNATURES_MAX || !text.endsWith("\n")) {
            throw new IllegalArgumentException(
                    "note: " + lines.size() + " signatures (expected: 1 to " + SIGNATURES_MAX + " whole lines)");
        }
        return lines;
    }

    /** The same, signed by more. */
    SignedNote with(List<Line> more) {
        List<Line> all = new ArrayList<>(signatures);
        all.addAll(more);
        return new SignedNote(text, all);
    }

    /**
     * Whether this key signed. False where no line is of it; a line of it that does not verify spoils the whole note:
     * {@link IllegalArgumentException}.
     */
    public boolean isSignedBy(NoteKey key) {
        List<Line> claimed = signatures.stream().filter(line -> line.isOf(key)).toList();
        if (!claimed.stream().allMatch(line -> verifies(key, line))) {
            throw new IllegalArgumentException(
                    "signature: of " + key.name() + " does not verify (expected: by key " + key + ")");
        }
        return !claimed.isEmpty();
    }

    private boolean verifies(NoteKey key, Line line) {
        return switch (key.type()) {
            case NOTE -> key.verifies(text.getBytes(StandardCharsets.UTF_8), line.octets());
            case COSIGNATURE -> Cosignature.verifies(key, text, line.octets());
        };
    }

    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(line -> note.append(line).append('\n'));
        return note.toString();
    }
}
