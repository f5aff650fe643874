package io.beringia.trust.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.function.Supplier;

/** The last serial that a CA gave, as {@code openssl x509 -CAcreateserial} keeps it: upper-case hex and a line end. */
record SerialFile(Path path) {

    /**
     * The one after the last, or a first one; it stands in the file before it is used. Throws
     * {@link IllegalArgumentException} where the file holds something else, {@link UncheckedIOException} on a failing disk.
     */
    BigInteger next(Supplier<BigInteger> first) {
        try {
            BigInteger serial = Files.exists(path) ? last().add(BigInteger.ONE) : first.get();
            Path draft = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(draft, text(serial));
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            return serial;
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + path + " (expected: a folder we may write to)", e);
        }
    }

    private BigInteger last() throws IOException {
        String text = Files.readString(path).strip();
        if (!text.matches("[0-9A-Fa-f]{1,40}")) {
            throw new IllegalArgumentException(path + ": no serial (expected: 1 to 40 hexadecimal digits)");
        }
        return new BigInteger(text, 16);
    }

    private static String text(BigInteger serial) {
        String digits = serial.toString(16).toUpperCase(Locale.ROOT);
        return (digits.length() % 2 == 0 ? "" : "0") + digits + "\n";
    }
}
