package io.beringia.trust.client;

import io.beringia.trust.pki.PemFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

/** What an operator wrote into a file, as it is in force. Owned by the thread {@code revocations}. */
final class PolicyFile<T> {
    private final Path file;
    private final Function<String, T> parse;
    private final BiPredicate<T, T> isMore;
    private final Consumer<String> onFault;
    private T held;

    /**
     * Throws {@link IllegalArgumentException} or {@link UncheckedIOException} where it cannot be read: nobody starts without
     * what the operator wrote.
     *
     * @param isMore whether the first, offered, may replace the second, held, although its file may be half written
     */
    PolicyFile(Path file, Function<String, T> parse, BiPredicate<T, T> isMore, Consumer<String> onFault) {
        this.file = file;
        this.parse = parse;
        this.isMore = isMore;
        this.onFault = onFault;
        this.held = read();
    }

    T held() {
        return held;
    }

    /** Another may be in force afterwards. */
    void look(Instant now) {
        try {
            T offered = read();
            boolean isTaken = !offered.equals(held)
                    && (isMore.test(offered, held) || CrlRules.isAtRest(CrlFile.written(file), now));
            held = isTaken ? offered : held;
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            onFault.accept(String.valueOf(unusable.getMessage()));
        }
    }

    private T read() {
        try {
            return parse.apply(new String(PemFile.octets(file), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(file + ": " + wrong.getMessage(), wrong);
        } catch (StackOverflowError deep) {
            throw new IllegalArgumentException(file + ": too deep to be read (expected: short lines)", deep);
        }
    }
}
