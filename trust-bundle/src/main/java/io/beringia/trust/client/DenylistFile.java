package io.beringia.trust.client;

import io.beringia.trust.identity.Denylist;
import io.beringia.trust.pki.PemFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/** The denylist in force, from a file that an operator writes. Owned by the thread {@code revocations}. */
final class DenylistFile {
    private final Path file;
    private final Consumer<String> onFault;
    private Denylist held;

    /**
     * Throws {@link IllegalArgumentException} or {@link UncheckedIOException} where it cannot be read: nobody starts without
     * what the operator denies.
     */
    DenylistFile(Path file, Consumer<String> onFault) {
        this.file = file;
        this.onFault = onFault;
        this.held = read();
    }

    Denylist held() {
        return held;
    }

    /** True where another is in force now; one that denies less may be half written and counts once it is at rest. */
    boolean look(Instant now) {
        try {
            Denylist offered = read();
            boolean isTaken =
                    !offered.equals(held) && (offered.covers(held) || CrlRules.isAtRest(CrlFile.written(file), now));
            held = isTaken ? offered : held;
            return isTaken;
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            onFault.accept(String.valueOf(unusable.getMessage()));
            return false;
        }
    }

    private Denylist read() {
        try {
            return Denylist.parse(new String(PemFile.octets(file), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(file + ": " + wrong.getMessage(), wrong);
        }
    }
}
