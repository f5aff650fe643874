package io.beringia.trust.cli;

import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.Pkcs11Uri;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the key is kept that a {@code ca} command makes or signs with. */
final class KeyOptions {
    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "The CA's key is encrypted (PKCS#8, PBES2) under the one line of FILE, which may be /dev/fd/N"
                    + " (default: plain).")
    private Optional<Path> passphrase = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "URI",
            description = "The CA's key is on a PKCS#11 token: pkcs11:slot-id=N;object=LABEL?module-path=LIBRARY"
                    + "&pin-source=FILE.")
    private Optional<String> key = Optional.empty();

    KeyCustody custody() {
        return custody("--key", key, "--passphrase-file", passphrase);
    }

    static KeyCustody custody(String keyName, Optional<String> key, String fileName, Optional<Path> passphrase) {
        if (key.isPresent() && passphrase.isPresent()) {
            throw new IllegalArgumentException(keyName + ": beside " + fileName + " (expected: one of them)");
        }
        return key.<KeyCustody>map(it -> new KeyCustody.Token(Pkcs11Uri.parse(it)))
                .or(() -> passphrase.map(KeyCustody.Encrypted::new))
                .orElse(KeyCustody.plain());
    }

    void checkPlain(CaOptions options) {
        options.refuse(passphrase.isPresent(), "--passphrase-file", "none, make and istiod read plain keys");
        options.refuse(key.isPresent(), "--key", "none, make and istiod read plain keys");
    }
}
