package io.beringia.discovery.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One etcd on loopback, for several clusters that keep apart by their prefixes. Owned by one test. */
public final class Etcd implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private static final Pattern REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

    private final Path binary;
    private final Path directory;
    private final int port = freePort();
    private final int peerPort = freePort();
    private final HttpClient http = HttpClient.newHttpClient();
    private GuardedProcess process;

    private Etcd(Path binary, Path directory) {
        this.binary = binary;
        this.directory = directory;
        this.process = run();
    }

    /** Answers when this returns. */
    public static Etcd start(KubeBinaries binaries, Path directory) {
        return new Etcd(binaries.etcd(), directory);
    }

    private GuardedProcess run() {
        String client = uri().toString();
        String peer = "http://127.0.0.1:" + peerPort;
        GuardedProcess started = GuardedProcess.start(
                "etcd",
                List.of(
                        binary.toString(),
                        "--data-dir=" + data(),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--unsafe-no-fsync",
                        "--log-level=warn"),
                directory.resolve("etcd.log"));
        Readiness.await(started, this::missing);
        return started;
    }

    private Path data() {
        return directory.resolve("etcd");
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    private Optional<String> missing() {
        try {
            return post("/v3/maintenance/status", "{}").contains("\"leader\"")
                    ? Optional.empty()
                    : Optional.of("no leader");
        } catch (UncheckedIOException silent) {
            return Optional.of("no answer at " + uri());
        }
    }

    /** Forgets all history: who wants a change from before is told that it is gone. */
    public void compact() {
        var _ = post("/v3/kv/compaction", "{\"revision\":\"" + revision() + "\",\"physical\":true}");
    }

    /** Of its newest change. */
    public long revision() {
        Matcher revision = REVISION.matcher(post("/v3/kv/range", "{\"key\":\"" + base64("revision") + "\"}"));
        if (!revision.find()) {
            throw new IllegalStateException("etcd: no revision said (expected: header.revision)");
        }
        return Long.parseLong(revision.group(1));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Everything that it holds, at rest: it ends, is copied, and runs again. Whoever uses it waits. */
    public Backup backup() {
        process.close();
        Path copy = directory.resolve("backup");
        copy(data(), copy);
        process = run();
        return new Backup(copy);
    }

    /** What it held once. */
    public record Backup(Path directory) {}

    /** Holds again what it held then, and its revisions go backwards. */
    public void restore(Backup backup) {
        process.kill();
        delete(data());
        copy(backup.directory(), data());
        process = run();
    }

    private String post(String path, String json) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri().resolve(path))
                            .timeout(ANSWER_MAX)
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException silent) {
            throw new UncheckedIOException(path + ": " + silent.getMessage(), silent);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(hurry);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one)));
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static void delete(Path tree) {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.toList().reversed()) {
                Files.delete(one);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Free at this moment, on loopback. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
