package io.beringia.scenarios.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this machine lacks for a run, in one sentence each, before anything is started. */
final class Preflight {
    /** Fourteen small JVMs hold about two; the rest is for the machine. */
    private static final long MEMORY_MIN_KIB = 3L << 20;

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB$");
    private static final double KIB_PER_GIB = 1 << 20;

    private Preflight() {}

    /** Throws {@link IOException} with all that is missing. */
    static void check(Collection<InetSocketAddress> listeners) throws IOException {
        List<String> missing = new ArrayList<>();
        memory(Files.readString(Path.of("/proc/meminfo"))).ifPresent(missing::add);
        listeners.forEach(address -> free(address).ifPresent(missing::add));
        if (!missing.isEmpty()) {
            throw new IOException(String.join("\n", missing));
        }
    }

    static Optional<String> memory(String meminfo) {
        Matcher available = AVAILABLE.matcher(meminfo);
        if (!available.find() || Long.parseLong(available.group(1)) >= MEMORY_MIN_KIB) {
            return Optional.empty();
        }
        return Optional.of("memory: %.1f GiB available (expected: at least 3, for fourteen small processes)"
                .formatted(Long.parseLong(available.group(1)) / KIB_PER_GIB));
    }

    static Optional<String> free(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return Optional.empty();
        } catch (IOException taken) {
            return Optional.of("address: " + address.getAddress().getHostAddress() + ":" + address.getPort()
                    + " cannot be had, " + taken.getMessage() + " (expected: free; does another demo run?)");
        }
    }
}
