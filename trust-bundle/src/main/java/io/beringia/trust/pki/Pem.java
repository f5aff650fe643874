package io.beringia.trust.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Certificates, keys and requests as PEM text. Any thread. Messages never hold what stands in a block.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
 */
public final class Pem {
    static final String REQUEST = "CERTIFICATE REQUEST";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";
    /** Before PKCS#8; encrypted ones depend on MD5. */
    private static final Set<String> OLD_KEYS = Set.of("EC PRIVATE KEY", "RSA PRIVATE KEY");

    private static final String REVOCATION_LIST = "X509 CRL";

    private Pem() {}

    /** All certificates, in their order; throws {@link IllegalArgumentException} on none, or on any other block. */
    public static List<X509Certificate> certificates(String pem) {
        List<PemObject> blocks = blocks(pem);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("PEM: no block (expected: " + CERTIFICATE + ")");
        }
        return blocks.stream()
                .map(block -> X509.read(content(block, CERTIFICATE)))
                .toList();
    }

    /** The DER of all revocation lists, in their order; other blocks are left out, as others that read such files do. */
    static List<byte[]> revocationLists(String pem) {
        return blocks(pem).stream()
                .filter(block -> block.getType().equals(REVOCATION_LIST))
                .map(PemObject::getContent)
                .toList();
    }

    /** One revocation list after the other. */
    static String writeRevocationLists(List<byte[]> lists) {
        return lists.stream().map(der -> write(REVOCATION_LIST, der)).collect(Collectors.joining());
    }

    /** The one unencrypted PKCS#8 key; throws {@link IllegalArgumentException} on anything else. */
    public static PrivateKey privateKey(String pem) {
        PemObject block = single(pem, PRIVATE_KEY);
        if (block.getType().equals(ENCRYPTED_KEY)) {
            throw new IllegalArgumentException("private key: encrypted (expected: plain, or its passphrase beside it)");
        }
        return decoded(key(block, PRIVATE_KEY));
    }

    /** The one PKCS#8 key under {@code passphrase}; throws {@link IllegalArgumentException} on a plain one, too. */
    public static PrivateKey privateKey(String pem, Passphrase passphrase) {
        PemObject block = single(pem, ENCRYPTED_KEY);
        if (block.getType().equals(PRIVATE_KEY)) {
            throw new IllegalArgumentException("private key: not encrypted (expected: under the passphrase given)");
        }
        byte[] pkcs8 = EncryptedKey.read(key(block, ENCRYPTED_KEY), passphrase);
        try {
            return decoded(pkcs8);
        } catch (IllegalArgumentException e) {
            throw EncryptedKey.wrong(); // one guess in 256 leaves padding that looks right
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** True where the one block is a key under a passphrase; throws {@link IllegalArgumentException} on several blocks. */
    public static boolean isEncryptedKey(String pem) {
        return single(pem, PRIVATE_KEY).getType().equals(ENCRYPTED_KEY);
    }

    private static byte[] key(PemObject block, String type) {
        if (OLD_KEYS.contains(block.getType())) {
            throw new IllegalArgumentException(
                    "private key: " + block.getType() + " (expected: PKCS#8; openssl pkcs8 -topk8 makes it so)");
        }
        return content(block, type);
    }

    private static PrivateKey decoded(byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithmOf(pkcs8)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("private key: unreadable (expected: PKCS#8)"); // cause may quote it
        }
    }

    /** One certificate after the other. */
    public static String write(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> write(CERTIFICATE, X509.encoded(certificate)))
                .collect(Collectors.joining());
    }

    public static String write(X509Certificate certificate) {
        return write(CERTIFICATE, X509.encoded(certificate));
    }

    /** Unencrypted PKCS#8: for a file that only its owner may read, and for nothing else. */
    public static String write(PrivateKey key) {
        return write(PRIVATE_KEY, key.getEncoded());
    }

    /** PKCS#8 under a passphrase: takes a tenth of a second of a core. */
    public static String write(PrivateKey key, Passphrase passphrase, SecureRandom random) {
        byte[] pkcs8 = key.getEncoded();
        try {
            return write(ENCRYPTED_KEY, EncryptedKey.write(pkcs8, passphrase, EncryptedKey.ITERATIONS, random));
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    static String write(String type, byte[] der) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, der));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().replace("\r\n", "\n");
    }

    static PemObject single(String pem, String type) {
        List<PemObject> blocks = blocks(pem);
        if (blocks.size() != 1) {
            throw new IllegalArgumentException("PEM: " + blocks.size() + " blocks (expected: one " + type + ")");
        }
        return blocks.getFirst();
    }

    static byte[] content(PemObject block, String type) {
        if (!block.getType().equals(type)) {
            throw new IllegalArgumentException("PEM: another block (expected: " + type + ")");
        }
        return block.getContent();
    }

    private static List<PemObject> blocks(String pem) {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
            return blocks;
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("PEM: broken block (expected: base64 between BEGIN and END)");
        }
    }

    private static String algorithmOf(byte[] pkcs8) {
        var algorithm = parsed(pkcs8).getPrivateKeyAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        throw new IllegalArgumentException("private key: " + algorithm + " (expected: an EC or RSA key)");
    }

    private static PrivateKeyInfo parsed(byte[] pkcs8) {
        try {
            return PrivateKeyInfo.getInstance(pkcs8);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("private key: unreadable (expected: PKCS#8)"); // cause may quote it
        }
    }
}
