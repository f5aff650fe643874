package io.beringia.scenarios.attack;

import io.beringia.scenarios.connect.ClientIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Certificates with any names below an intermediate of the lab, by the JDK's own keytool: our authority would not sign them.
 * Blocking; owned by one inquiry.
 */
final class NamedCertificates {
    private static final String WORD = "in the lab";
    private static final String CA = "ca";
    private static final String LEAF = "leaf";
    private static final int PATIENCE_SECONDS = 60;

    private final Path store;
    private final List<X509Certificate> issuers;
    private int issued;

    private NamedCertificates(Path store, List<X509Certificate> issuers) {
        this.store = store;
        this.issuers = issuers;
    }

    static NamedCertificates of(Path lab, String cluster) throws IOException {
        try {
            List<X509Certificate> chain =
                    ClientIdentity.certificates(lab.resolve(cluster).resolve("ca-cert.pem"));
            PrivateKey key = ClientIdentity.privateKey(lab.resolve(cluster).resolve("ca-key.pem"));
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, WORD.toCharArray());
            keys.setKeyEntry(CA, key, WORD.toCharArray(), new Certificate[] {chain.getFirst()});
            Path store = lab.resolve("names.p12");
            try (OutputStream out = Files.newOutputStream(store)) {
                keys.store(out, WORD.toCharArray());
            }
            return new NamedCertificates(store, List.of(chain.getFirst()));
        } catch (GeneralSecurityException wrong) {
            throw new IOException("lab: " + cluster + " has no usable key (expected: that of its authority)", wrong);
        }
    }

    /** @param names as keytool has them, {@code uri:...} or {@code dns:...} */
    ClientIdentity issue(String... names) throws IOException, InterruptedException {
        String alias = LEAF + ++issued;
        Path request = store.resolveSibling(alias + ".csr");
        Path certificate = store.resolveSibling(alias + ".pem");
        keytool("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "O=attacker");
        keytool("-certreq", "-alias", alias, "-file", request.toString());
        keytool(
                "-gencert",
                "-alias",
                CA,
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString(),
                "-rfc",
                "-validity",
                "1",
                "-ext",
                "san:critical=" + String.join(",", names),
                "-ext",
                "ku:critical=digitalSignature",
                "-ext",
                "eku=clientAuth,serverAuth");
        return identity(alias, certificate);
    }

    private ClientIdentity identity(String alias, Path certificate) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, WORD.toCharArray());
            List<X509Certificate> chain =
                    new ArrayList<>(ClientIdentity.certificates(certificate).subList(0, 1));
            chain.addAll(issuers);
            return ClientIdentity.of(chain, (PrivateKey) keys.getKey(alias, WORD.toCharArray()));
        } catch (GeneralSecurityException wrong) {
            throw new IOException("lab: " + alias + " has no usable key (expected: the one that keytool made)", wrong);
        }
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", WORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool " + arguments[0] + ": " + said.strip() + " (expected: exit 0)");
        }
    }
}
