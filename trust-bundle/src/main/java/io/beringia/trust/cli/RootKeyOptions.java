package io.beringia.trust.cli;

import io.beringia.trust.pki.KeyCustody;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the root's key is kept where another one is made by it. */
final class RootKeyOptions {
    @Option(
            names = "--root-passphrase-file",
            paramLabel = "FILE",
            description = "As --passphrase-file, for the key of the root.")
    private Optional<Path> passphrase = Optional.empty();

    @Option(names = "--root-key", paramLabel = "URI", description = "As --key, for the key of the root.")
    private Optional<String> key = Optional.empty();

    KeyCustody custody() {
        return KeyOptions.custody("--root-key", key, "--root-passphrase-file", passphrase);
    }

    void checkPlain(CaOptions options) {
        options.refuse(passphrase.isPresent(), "--root-passphrase-file", "none, make reads plain keys");
        options.refuse(key.isPresent(), "--root-key", "none, make reads plain keys");
    }
}
