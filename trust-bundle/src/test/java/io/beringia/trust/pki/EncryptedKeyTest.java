package io.beringia.trust.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code encrypted-key} hold one key, as OpenSSL 3.0 wrote it: the passphrase is correct-horse. */
final class EncryptedKeyTest {
    private static final String SECRET = "correct-horse";

    @TempDir
    private Path dir = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"openssl-default", "scrypt", "aes128-sha512"})
    void reads_what_openssl_writes(String name) throws IOException {
        assertThat(read(bring(name), passphrase(SECRET))).as(name).isEqualTo(plain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl-default", "scrypt", "aes128-sha512"})
    void refuses_another_passphrase_in_the_same_words(String name) {
        assertRefused(
                () -> read(bring(name), passphrase("battery-staple")),
                bringName(name) + ": private key: does not open (expected: its passphrase)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                old-hash       | encrypted with hash 1.2.840.113549.2.7
                old-cipher     | encrypted with cipher 1.2.840.113549.3.7
                old-scheme     | encrypted with scheme 1.2.840.113549.1.12.1.3
                few-iterations | 1 iterations (expected: 1000 to 5000000)
                plain          | not encrypted (expected: under the passphrase given)
                sec1           | EC PRIVATE KEY (expected: PKCS#8
                """)
    void refuses_what_protects_too_little_and_says_which(String name, String why) {
        assertRefused(() -> read(bring(name), passphrase(SECRET)), why);
    }

    @Test
    void an_encrypted_key_is_no_plain_one() {
        assertRefused(
                () -> PemFile.privateKey(bring("scrypt")),
                "private key: encrypted (expected: plain, or its passphrase beside it)");
    }

    @Test
    void openssl_reads_what_is_written() throws IOException, InterruptedException {
        Path passphrase = passphrase(SECRET);
        Path file = secret("ours.pem", written(passphrase));

        Process openssl = openssl("pkey", "-in", file.toString(), "-passin", "file:" + passphrase);

        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).as("in time").isTrue();
        assertThat(Pem.privateKey(new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)))
                .as("the key")
                .isEqualTo(plain());
    }

    @Test
    void writes_another_text_each_time() throws IOException {
        try (Passphrase passphrase = Passphrase.read(passphrase(SECRET))) {
            byte[] pkcs8 = plain().getEncoded();

            assertThat(EncryptedKey.write(pkcs8, passphrase, 1_000, new SecureRandom()))
                    .as("salt and IV")
                    .isNotEqualTo(EncryptedKey.write(pkcs8, passphrase, 1_000, new SecureRandom()));
        }
    }

    @Test
    void no_flipped_octet_ends_in_anything_but_a_refusal_or_a_key() throws IOException {
        try (Passphrase passphrase = Passphrase.read(passphrase(SECRET))) {
            byte[] pkcs8 = plain().getEncoded();
            byte[] good = EncryptedKey.write(pkcs8, passphrase, 1_000, new SecureRandom());
            int rounds = indexOf(good, new byte[] {2, 2, 3, (byte) 0xe8});
            for (int i = 0; i < good.length; i++) {
                if (i == rounds + 2 || i == rounds + 3) {
                    continue; // more rounds, up to seconds of them
                }
                byte[] bad = good.clone();
                bad[i] ^= 0x41;
                String pem = Pem.write("ENCRYPTED PRIVATE KEY", bad);
                opensOrRefuses(pem, passphrase, i);
            }
        }
    }

    private static int indexOf(byte[] whole, byte[] part) {
        return IntStream.range(0, whole.length - part.length)
                .filter(i -> Arrays.equals(whole, i, i + part.length, part, 0, part.length))
                .findFirst()
                .orElseThrow();
    }

    /** CBC notices nothing by itself: that a key is another one shows at its certificate. */
    private static void opensOrRefuses(String pem, Passphrase passphrase, int octet) {
        try {
            assertThat(Pem.privateKey(pem, passphrase).getEncoded())
                    .as("octet %d", octet)
                    .isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).as("octet %d", octet).hasMessageContaining("(expected: ");
        }
    }

    @Test
    void a_passphrase_is_one_line_that_nobody_else_reads() throws IOException {
        Path file = secret("crlf", SECRET + "\r\n");
        assertThat(read(bring("openssl-default"), file)).as("line end").isEqualTo(plain());

        assertRefused(() -> Passphrase.read(secret("empty", "\n")), "holds 0 bytes (expected: 1 to 1024)");
        assertRefused(() -> Passphrase.read(secret("long", "x".repeat(1_025))), "holds 1025 bytes");
        assertRefused(
                () -> Passphrase.read(secret("lines", "a\nb\n")), "lines is no line (expected: one line of text)");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertRefused(
                () -> Passphrase.read(file), "has mode rw-r----- (expected: readable by its owner only, chmod 600)");
    }

    @Test
    void a_passphrase_shows_itself_nowhere() throws IOException {
        try (Passphrase passphrase = Passphrase.read(passphrase(SECRET))) {
            assertThat(passphrase.toString()).as("text").doesNotContain(SECRET);
            passphrase.close();
            assertThat(passphrase.characters()).as("closed").containsOnly('\0');
        }
    }

    private String written(Path passphraseFile) throws IOException {
        try (Passphrase passphrase = Passphrase.read(passphraseFile)) {
            return Pem.write(plain(), passphrase, new SecureRandom());
        }
    }

    private static PrivateKey read(Path file, Path passphraseFile) {
        try (Passphrase passphrase = Passphrase.read(passphraseFile)) {
            return PemFile.privateKey(file, passphrase);
        }
    }

    private PrivateKey plain() throws IOException {
        return PemFile.privateKey(bring("plain"));
    }

    private static void assertRefused(ThrowingCallable reading, String why) {
        assertThatThrownBy(reading)
                .as("refusal")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(SECRET);
    }

    private Path passphrase(String text) throws IOException {
        return secret("passphrase", text + "\n");
    }

    private static String bringName(String name) {
        return name + ".pem";
    }

    private Path bring(String name) throws IOException {
        String golden = "/encrypted-key/" + bringName(name);
        try (InputStream in = Objects.requireNonNull(EncryptedKeyTest.class.getResourceAsStream(golden), golden)) {
            return secret(bringName(name), new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    private Path secret(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    private static Process openssl(String... arguments) {
        try {
            return new ProcessBuilder(Stream.concat(Stream.of("openssl"), Stream.of(arguments))
                            .toList())
                    .start();
        } catch (IOException e) {
            assertThat(System.getenv("REQUIRE_OPENSSL"))
                    .as("openssl is not on PATH")
                    .isNotEqualTo("1");
            Assumptions.abort("openssl is not on PATH (expected: Debian's package openssl)");
            throw new IllegalStateException(e);
        }
    }
}
