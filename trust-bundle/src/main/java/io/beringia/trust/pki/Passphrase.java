package io.beringia.trust.pki;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What opens a key: a passphrase, or the PIN of a token. Shown nowhere, gone from memory once closed. Owned by whoever
 * read it.
 */
public final class Passphrase implements AutoCloseable {
    /** Of a secrets manager; nobody types more. */
    private static final int BYTES_MAX = 1_024;

    private final char[] characters;

    private Passphrase(char[] characters) {
        this.characters = characters;
    }

    /**
     * The one line of a file that only its owner may read; {@code /dev/fd/3} is what another process hands over. Throws
     * {@link IllegalArgumentException} on anything else, without a word of what stands there.
     */
    public static Passphrase read(Path file) {
        PemFile.checkMode("passphrase", file);
        byte[] octets = PemFile.octets(file);
        try {
            return new Passphrase(line(file, octets));
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static char[] line(Path file, byte[] octets) {
        int end = octets.length;
        if (end > 0 && octets[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && octets[end - 1] == '\r') {
            end--;
        }
        if (end == 0 || end > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "passphrase: " + file + " holds " + end + " bytes (expected: 1 to " + BYTES_MAX + ")");
        }
        for (int i = 0; i < end; i++) {
            if (octets[i] == '\n' || octets[i] == 0) {
                throw new IllegalArgumentException("passphrase: " + file + " is no line (expected: one line of text)");
            }
        }
        return decoded(file, ByteBuffer.wrap(octets, 0, end));
    }

    private static char[] decoded(Path file, ByteBuffer line) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(line);
            char[] characters = new char[text.remaining()];
            text.get(characters);
            Arrays.fill(text.array(), '\0');
            return characters;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("passphrase: " + file + " is no text (expected: UTF-8)");
        }
    }

    /** Ours, not a copy: valid until closed. */
    char[] characters() {
        return characters;
    }

    @Override
    public void close() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public String toString() {
        return "Passphrase[]";
    }
}
