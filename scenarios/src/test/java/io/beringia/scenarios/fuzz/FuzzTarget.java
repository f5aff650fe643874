package io.beringia.scenarios.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * One class that Jazzer calls, and the inputs that are kept for it: a file of its name, an input a line in Base64, as
 * Jazzer prints what it found.
 */
record FuzzTarget(Path kept) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");
    private static final String SUFFIX = ".txt";

    static List<FuzzTarget> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(FuzzTarget::new)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Of its class. */
    String name() {
        String file = kept.getFileName().toString();
        return file.substring(0, file.length() - SUFFIX.length());
    }

    List<byte[]> inputs() {
        try (Stream<String> lines = Files.lines(kept)) {
            return lines.filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Base64.getDecoder()::decode)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    void run(byte[] input) throws Throwable {
        MethodHandle entry = MethodHandles.publicLookup()
                .findStatic(
                        Class.forName(name()), "fuzzerTestOneInput", MethodType.methodType(void.class, byte[].class));
        entry.invoke(input);
    }

    @Override
    public String toString() {
        return name();
    }
}
