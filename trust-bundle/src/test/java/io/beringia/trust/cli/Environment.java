package io.beringia.trust.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** The environment as native libraries of this process see it: Java's own view of it never changes. */
final class Environment {
    private Environment() {}

    @SuppressWarnings("restricted") // setenv(3) has no other door
    static void set(String name, String value) {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int failed = (int) linker.downcallHandle(
                            linker.defaultLookup().find("setenv").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            if (failed != 0) {
                throw new IllegalStateException("setenv: " + failed + " (expected: 0)");
            }
        } catch (Throwable e) {
            throw new IllegalStateException("setenv: refused", e);
        }
    }
}
