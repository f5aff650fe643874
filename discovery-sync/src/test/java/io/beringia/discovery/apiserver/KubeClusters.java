package io.beringia.discovery.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Real control planes of several clusters on one etcd, a quarter of a gigabyte each. Owned by one test. */
public final class KubeClusters implements AutoCloseable {
    private final KubeBinaries binaries;
    private final Path directory;
    private final Etcd etcd;
    private final Map<String, KubeApiServer> servers = new LinkedHashMap<>();

    private KubeClusters(KubeBinaries binaries, Path directory) {
        this.binaries = binaries;
        this.directory = directory;
        this.etcd = Etcd.start(binaries, directory);
    }

    /**
     * All answer when this returns.
     *
     * @param directory without files of an earlier start
     * @throws IllegalStateException if one of them does not get ready; then none is left
     */
    public static KubeClusters start(Path directory, String... names) {
        KubeClusters clusters = new KubeClusters(KubeBinaries.find(), directory);
        try {
            for (String name : names) {
                clusters.servers.put(name, clusters.serverOf(name, name + ".apiserver"));
            }
            return clusters;
        } catch (RuntimeException notReady) {
            clusters.close();
            throw notReady;
        }
    }

    public KubeApiServer server(String name) {
        KubeApiServer server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException(name + " (expected: one of " + servers.keySet() + ")");
        }
        return server;
    }

    /** A second server of that cluster, with keys of its own; the caller closes it. Once. */
    public KubeApiServer replica(String name) {
        return serverOf(name, name + ".replica");
    }

    private KubeApiServer serverOf(String cluster, String folder) {
        return KubeApiServer.start(binaries, etcd, cluster, directory.resolve(folder));
    }

    public Etcd etcd() {
        return etcd;
    }

    /** Those of the Multi-Cluster Services API as it releases them: YAML documents, each with a line {@code ---} at its end. */
    public String definitions() {
        Path folder = binaries.definitions();
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file)).append("\n---\n");
            }
            return all.toString();
        } catch (IOException missing) {
            throw new UncheckedIOException(folder + " (expected: made by make kube-binaries)", missing);
        }
    }

    @Override
    public void close() {
        servers.values().forEach(KubeApiServer::close);
        etcd.close();
    }
}
