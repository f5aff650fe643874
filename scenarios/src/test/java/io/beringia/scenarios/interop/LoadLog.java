package io.beringia.scenarios.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What has become of the connections of a {@link SocksLoadMain}, in the order in which they were due. Pure. */
record LoadLog(List<Connection> connections) {
    static final String OK = "ok";
    static final String HUNG = "hung";

    LoadLog {
        connections = List.copyOf(connections);
    }

    /** One connection; times as {@link System#nanoTime()} has them, which is one clock for all processes of a machine. */
    record Connection(long dueNanos, long endNanos, String word) {
        boolean isFailed() {
            return !word.equals(OK);
        }

        Duration lasted() {
            return Duration.ofNanos(endNanos - dueNanos);
        }
    }

    static LoadLog read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    /** A line that is still being written is none yet. */
    static LoadLog parse(List<String> lines) {
        return new LoadLog(lines.stream()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length == 4 && words[0].equals(SocksLoadMain.LISTED))
                .map(words -> new Connection(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]))
                .sorted(Comparator.comparingLong(Connection::dueNanos))
                .toList());
    }

    LoadLog with(LoadLog other) {
        return new LoadLog(Stream.concat(connections.stream(), other.connections.stream())
                .sorted(Comparator.comparingLong(Connection::dueNanos))
                .toList());
    }

    LoadLog before(long nanos) {
        return those(connection -> connection.dueNanos() < nanos);
    }

    LoadLog from(long nanos) {
        return those(connection -> connection.dueNanos() >= nanos);
    }

    LoadLog failed() {
        return those(Connection::isFailed);
    }

    int size() {
        return connections.size();
    }

    Map<String, Long> words() {
        return connections.stream()
                .collect(Collectors.groupingBy(Connection::word, TreeMap::new, Collectors.counting()));
    }

    LoadLog those(Predicate<Connection> wanted) {
        return new LoadLog(connections.stream().filter(wanted).toList());
    }
}
