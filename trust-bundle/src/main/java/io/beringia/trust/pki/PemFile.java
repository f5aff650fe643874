package io.beringia.trust.pki;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * PEM in files. Any thread. Throws {@link IllegalArgumentException} with the file's name where one holds something
 * else, {@link UncheckedIOException} where it cannot be read.
 */
public final class PemFile {
    /** A thousand times an honest file. */
    private static final int FILE_BYTES_MAX = 1024 * 1024;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PemFile() {}

    /** One certificate or more. */
    public static List<X509Certificate> certificates(Path file) {
        try {
            return Pem.certificates(text(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** One key, from a file that only its owner may read. */
    public static PrivateKey privateKey(Path file) {
        checkMode("key", file);
        try {
            return Pem.privateKey(text(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** The same under a passphrase, and nothing that is not. */
    public static PrivateKey privateKey(Path file, Passphrase passphrase) {
        checkMode("key", file);
        try {
            return Pem.privateKey(text(file), passphrase);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Throws {@link IllegalArgumentException} where others than its owner may read a secret. */
    static void checkMode(String what, Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(mode)) {
                throw new IllegalArgumentException(what + ": " + file + " has mode "
                        + PosixFilePermissions.toString(mode) + " (expected: readable by its owner only, chmod 600)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(what + ": " + file + " (expected: a readable file)", e);
        }
    }

    private static String text(Path file) {
        return new String(octets(file), StandardCharsets.US_ASCII);
    }

    /** All of a file of 1 MiB at most. */
    public static byte[] octets(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new IllegalArgumentException(file + ": more than 1 MiB (expected: less)");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + file + " (expected: a readable file)", e);
        }
    }
}
