package io.beringia.trust.client;

import io.grpc.Status;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a call failed, in one line: code, words of the other end, and the first cause of it. Pure. */
final class StatusText {
    /** A line that somebody reads; a cause may quote whole certificates. */
    private static final int CHARACTERS_MAX = 300;

    /** Causes of causes; longer chains are loops. */
    private static final int DEPTH_MAX = 16;

    private StatusText() {}

    static String of(Status status) {
        String text = String.join(
                ": ",
                Stream.of(
                                Optional.of(status.getCode().name()),
                                Optional.ofNullable(status.getDescription()),
                                firstCause(status))
                        .flatMap(Optional::stream)
                        .map(part -> part.lines().findFirst().orElse(""))
                        .toList());
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "...";
    }

    private static Optional<String> firstCause(Status status) {
        return Stream.iterate(
                        Optional.ofNullable(status.getCause()),
                        cause -> cause.flatMap(it -> Optional.ofNullable(it.getCause())))
                .limit(DEPTH_MAX)
                .takeWhile(Optional::isPresent)
                .reduce((outer, inner) -> inner)
                .flatMap(innermost -> innermost)
                .map(cause -> Optional.ofNullable(cause.getMessage())
                        .orElse(cause.getClass().getSimpleName()));
    }
}
