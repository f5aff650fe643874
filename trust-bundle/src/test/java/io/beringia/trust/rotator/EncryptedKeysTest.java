package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root that is replaced where the keys of the intermediates lie under a passphrase. */
final class EncryptedKeysTest {
    private static final String PASSPHRASE = "correct horse";

    @TempDir
    private Path dir = Path.of("");

    @Test
    void the_next_key_signs_and_no_key_ever_lies_in_the_clear() throws IOException, GeneralSecurityException {
        Path passphrase = Files.writeString(dir.resolve("passphrase"), PASSPHRASE + "\n");
        Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
        RotatedRegion.Place place = RotatedRegion.alone(dir, KeyCustody.encrypted(passphrase));
        encrypt(dir.resolve("us-east/ca-key.pem"));
        encrypt(dir.resolve("new/us-east/ca-key.pem"));
        RotatedRegion region = new RotatedRegion(dir, place);
        try {
            assertThat(urgent(region)).as("started").isEqualTo("applied");
            Awaitility.await("both are kept")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> region.phase().equals("publishing"));
            region.restart();
            Awaitility.await("everybody is back, and trusts both")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        region.pass(Duration.ofSeconds(1));
                        return !region.phase().equals("publishing");
                    });
            Awaitility.await("the old root is withdrawn")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        assertThat(keys(region)).as("keys").allMatch(text -> text.startsWith("-----BEGIN ENCRYPTED "));
                        region.pass(Duration.ofSeconds(30));
                        return region.phase().equals("retired");
                    });

            assertThat(region.order("key-destroyed").path("outcome").asString()).isEqualTo("applied");
            Awaitility.await("all is over")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> region.phase().equals("stable"));
            assertThat(region.ca().open(InstantSource.system()).root())
                    .as("above the cluster's own files")
                    .isEqualTo(region.newRoot());
            assertThat(keys(region)).as("keys").singleElement().asString().startsWith("-----BEGIN ENCRYPTED ");
        } finally {
            region.close();
        }
    }

    /** A rotation opens each key when it needs it; a pipe says its passphrase once. */
    @Test
    void a_passphrase_that_can_be_read_but_once_is_refused() throws IOException {
        RotatedRegion region = new RotatedRegion(dir);
        try {
            RotationConfig rotation = region.config().rotation().orElseThrow();
            assertThatThrownBy(() -> Standing.open(
                            rotation, region.ca().with(KeyCustody.encrypted(Path.of("/dev/null"))), region::now))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ca-key: passphrase-file /dev/null (expected beside a rotation: a file that");
        } finally {
            region.close();
        }
    }

    /** In place, with as few rounds as are read: what a passphrase costs is not the question here. */
    private static void encrypt(Path file) throws IOException, GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("PBEWithHmacSHA256AndAES_256");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance("PBEWithHmacSHA256AndAES_256")
                        .generateSecret(new PBEKeySpec(PASSPHRASE.toCharArray())),
                new PBEParameterSpec(new byte[16], 1_000, new IvParameterSpec(new byte[16])));
        byte[] sealed = cipher.doFinal(PemFile.privateKey(file).getEncoded());
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        byte[] der = new EncryptedPrivateKeyInfo(parameters, sealed).getEncoded();
        Files.writeString(
                file,
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
    }

    private static String urgent(RotatedRegion region) {
        return region.order(
                        "{\"verb\": \"emergency\", \"root\": \"" + Roots.id(region.oldRoot())
                                + "\", \"percent\": 100, \"reason\": \"a test\"}",
                        region.planes.getLast())
                .path("outcome")
                .asString();
    }

    /** All keys that the role keeps, as text. */
    private static List<String> keys(RotatedRegion region) throws IOException {
        List<String> keys = new ArrayList<>();
        for (Path folder : List.of(region.store(), region.store().resolveSibling("us-east"))) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    if (text.contains("PRIVATE KEY")) {
                        keys.add(text);
                    }
                }
            }
        }
        return keys;
    }
}
