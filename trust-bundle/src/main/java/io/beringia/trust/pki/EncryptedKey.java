package io.beringia.trust.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * A PKCS #8 key under a passphrase, by PBES2. Written is what every tool reads: AES-256-CBC below PBKDF2 with
 * HMAC-SHA-256; scrypt, shorter AES and longer hashes are read too, what is older is refused. Any thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8018">RFC 8018, 6.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7914">RFC 7914, scrypt</a>
 */
final class EncryptedKey {
    /** What OWASP asks for with SHA-256: a guess costs a core a tenth of a second. */
    static final int ITERATIONS = 600_000;

    /** OpenSSL's own default is 2,048; less than this never was (RFC 8018, 4.2). */
    private static final int ITERATIONS_MIN = 1_000;

    /** A second of a core; more is a file that wants to hold us up. */
    private static final int ITERATIONS_MAX = 5_000_000;

    /** OpenSSL takes 16 MiB, the most careful ones 128. */
    private static final long SCRYPT_BYTES_MAX = 256L * 1024 * 1024;

    private static final int SCRYPT_LANES_MAX = 16;

    /** Of one char; a pair of them has four octets. */
    private static final int UTF8_BYTES_MAX = 3;

    private static final int SALT_BYTES = 16;
    private static final int SALT_BYTES_MAX = 1_024;
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 16;

    private static final Map<ASN1ObjectIdentifier, String> HASHES = Map.of(
            PKCSObjectIdentifiers.id_hmacWithSHA256, "PBKDF2WithHmacSHA256",
            PKCSObjectIdentifiers.id_hmacWithSHA384, "PBKDF2WithHmacSHA384",
            PKCSObjectIdentifiers.id_hmacWithSHA512, "PBKDF2WithHmacSHA512");

    /** The ciphers that are read, and the octets of their keys. */
    private static final Map<ASN1ObjectIdentifier, Integer> CIPHERS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, 16,
            NISTObjectIdentifiers.id_aes192_CBC, 24,
            NISTObjectIdentifiers.id_aes256_CBC, KEY_BYTES);

    private EncryptedKey() {}

    /** The DER of {@code pkcs8} under a passphrase. */
    static byte[] write(byte[] pkcs8, Passphrase passphrase, int iterations, SecureRandom random) {
        byte[] salt = drawn(random, SALT_BYTES);
        byte[] iv = drawn(random, IV_BYTES);
        PBKDF2Params slow = new PBKDF2Params(
                salt,
                iterations,
                KEY_BYTES,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        EncryptionScheme cipher = new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv));
        PBES2Parameters parameters =
                new PBES2Parameters(new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, slow), cipher);
        byte[] key = pbkdf2(slow, KEY_BYTES, passphrase);
        try {
            byte[] sealed = applied(Cipher.ENCRYPT_MODE, cipher, key, pkcs8);
            return new EncryptedPrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), sealed)
                    .getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("key: cannot be encrypted (expected: AES in every JDK)", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] drawn(SecureRandom random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    /** The PKCS #8 in it; throws {@link IllegalArgumentException} on another passphrase or another form. */
    static byte[] read(byte[] der, Passphrase passphrase) {
        EncryptedPrivateKeyInfo sealed = parsed(der);
        PBES2Parameters parameters = parameters(sealed.getEncryptionAlgorithm());
        EncryptionScheme cipher = parameters.getEncryptionScheme();
        byte[] key = key(parameters.getKeyDerivationFunc(), keyBytes(cipher.getAlgorithm()), passphrase);
        try {
            return applied(Cipher.DECRYPT_MODE, cipher, key, sealed.getEncryptedData());
        } catch (GeneralSecurityException e) {
            throw wrong();
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The same words wherever it shows: in the padding, the tag or what stands below. */
    static IllegalArgumentException wrong() {
        return new IllegalArgumentException("private key: does not open (expected: its passphrase)");
    }

    private static EncryptedPrivateKeyInfo parsed(byte[] der) {
        try {
            return EncryptedPrivateKeyInfo.getInstance(der);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("private key: unreadable (expected: encrypted PKCS#8)");
        }
    }

    private static PBES2Parameters parameters(AlgorithmIdentifier algorithm) {
        if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw old("scheme", algorithm.getAlgorithm());
        }
        try {
            return PBES2Parameters.getInstance(algorithm.getParameters());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("private key: unreadable parameters (expected: those of PBES2)");
        }
    }

    private static int keyBytes(ASN1ObjectIdentifier cipher) {
        Integer bytes = CIPHERS.get(cipher);
        if (bytes == null) {
            throw old("cipher", cipher);
        }
        return bytes;
    }

    private static byte[] key(KeyDerivationFunc slow, int bytes, Passphrase passphrase) {
        try {
            if (slow.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
                return pbkdf2(PBKDF2Params.getInstance(slow.getParameters()), bytes, passphrase);
            }
            if (slow.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
                return scrypt(ScryptParams.getInstance(slow.getParameters()), bytes, passphrase);
            }
        } catch (ArithmeticException | ClassCastException e) {
            throw new IllegalArgumentException("private key: unreadable parameters (expected: those of PBES2)");
        }
        throw old("key derivation", slow.getAlgorithm());
    }

    private static byte[] pbkdf2(PBKDF2Params slow, int bytes, Passphrase passphrase) {
        String hash = HASHES.get(slow.getPrf().getAlgorithm());
        if (hash == null) {
            throw old("hash", slow.getPrf().getAlgorithm());
        }
        int iterations = slow.getIterationCount().intValueExact();
        bound("iterations", iterations, ITERATIONS_MIN, ITERATIONS_MAX);
        bound("salt bytes", slow.getSalt().length, 1, SALT_BYTES_MAX);
        PBEKeySpec spec = new PBEKeySpec(passphrase.characters(), slow.getSalt(), iterations, bytes * Byte.SIZE);
        try {
            SecretKey key = SecretKeyFactory.getInstance(hash).generateSecret(spec);
            return key.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(hash + ": missing (expected: part of every JDK)", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] scrypt(ScryptParams slow, int bytes, Passphrase passphrase) {
        long cost = slow.getCostParameter().longValueExact();
        long block = slow.getBlockSize().longValueExact();
        long lanes = slow.getParallelizationParameter().longValueExact();
        bound("scrypt cost", cost, 2, SCRYPT_BYTES_MAX);
        bound("scrypt block", block, 1, SCRYPT_BYTES_MAX);
        bound("scrypt memory", 128 * cost * block, 1, SCRYPT_BYTES_MAX);
        bound("scrypt lanes", lanes, 1, SCRYPT_LANES_MAX);
        bound("salt bytes", slow.getSalt().length, 1, SALT_BYTES_MAX);
        byte[] octets = utf8(passphrase.characters());
        try {
            return SCrypt.generate(octets, slow.getSalt(), (int) cost, (int) block, (int) lanes, bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("private key: scrypt cost " + cost + " (expected: a power of two)");
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static byte[] utf8(char[] characters) {
        ByteBuffer encoded = ByteBuffer.allocate(characters.length * UTF8_BYTES_MAX);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(characters), encoded, true);
        byte[] octets = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return octets;
    }

    private static byte[] applied(int mode, EncryptionScheme scheme, byte[] key, byte[] octets)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), iv(scheme));
        return cipher.doFinal(octets);
    }

    private static IvParameterSpec iv(EncryptionScheme scheme) {
        try {
            return new IvParameterSpec(
                    ASN1OctetString.getInstance(scheme.getParameters()).getOctets());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("private key: unreadable parameters (expected: those of AES-CBC)");
        }
    }

    private static void bound(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "private key: " + value + " " + what + " (expected: " + min + " to " + max + ")");
        }
    }

    private static IllegalArgumentException old(String what, ASN1ObjectIdentifier found) {
        return new IllegalArgumentException("private key: encrypted with " + what + " " + found
                + " (expected: PBES2 of AES and PBKDF2 or scrypt; openssl pkcs8 -topk8 -v2 aes-256-cbc makes it so)");
    }
}
