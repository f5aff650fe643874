package io.beringia.trust.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The name and key of a log, made at random with its folder and kept in one file there: whoever starts with an empty
 * disk writes a new log and can never roll an old one back.
 */
final class LogKey {
    private static final int WRITER_BYTES = 8;

    private LogKey() {}

    /** Of the log {@code <name>/<writer>}; throws where the folder holds a log of another name. */
    static NoteSigner open(LedgerDisk disk, String name, NoteKey.Type type, SecureRandom random) throws IOException {
        Optional<byte[]> file = disk.read(file(type));
        NoteSigner signer = file.isPresent() ? read(disk, file.get(), type) : create(disk, name, type, random);
        if (!signer.key().name().startsWith(name + "/")) {
            throw new IllegalArgumentException("ledger.dir: holds log "
                    + signer.key().name() + " (expected: one of " + name + ", or an empty folder)");
        }
        return signer;
    }

    private static String file(NoteKey.Type type) {
        return word(type) + ".key";
    }

    private static String word(NoteKey.Type type) {
        return switch (type) {
            case NOTE -> "log";
            case COSIGNATURE -> "witness";
        };
    }

    /** The random part of the log's name. */
    static String writer(NoteKey key) {
        return key.name().substring(key.name().lastIndexOf('/') + 1);
    }

    private static NoteSigner create(LedgerDisk disk, String name, NoteKey.Type type, SecureRandom random)
            throws IOException {
        byte[] writer = new byte[WRITER_BYTES];
        random.nextBytes(writer);
        NoteSigner signer = NoteSigner.generate(name + "/" + HexFormat.of().formatHex(writer), type, random);
        disk.replace(file(type), file(signer));
        disk.replace(word(type) + ".vkey", (signer.key() + "\n").getBytes(StandardCharsets.UTF_8));
        disk.settle();
        return signer;
    }

    /** The verifier key, then PKCS #8 in base64. */
    private static byte[] file(NoteSigner signer) {
        byte[] head = (signer.key() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] pkcs8 = signer.pkcs8();
        byte[] secret = Base64.getEncoder().encode(pkcs8);
        byte[] file = Arrays.copyOf(head, head.length + secret.length);
        System.arraycopy(secret, 0, file, head.length, secret.length);
        Arrays.fill(pkcs8, (byte) 0);
        Arrays.fill(secret, (byte) 0);
        return file;
    }

    private static NoteSigner read(LedgerDisk disk, byte[] file, NoteKey.Type type) throws IOException {
        if (!disk.isPrivate(file(type))) {
            throw new IllegalArgumentException(
                    "ledger.dir: " + file(type) + " is readable to others (expected: mode 0600)");
        }
        int end = 0;
        while (end < file.length && file[end] != '\n') {
            end++;
        }
        try {
            NoteKey key = NoteKey.parse(new String(file, 0, end, StandardCharsets.UTF_8));
            byte[] secret = Arrays.copyOfRange(file, Math.min(end + 1, file.length), file.length);
            return NoteSigner.of(key, Base64.getDecoder().decode(secret));
        } catch (IllegalArgumentException bad) {
            throw new IOException("ledger.dir: " + file(type) + ": " + bad.getMessage(), bad);
        } finally {
            Arrays.fill(file, (byte) 0);
        }
    }
}
