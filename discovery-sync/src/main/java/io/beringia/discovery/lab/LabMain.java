package io.beringia.discovery.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lab role {@code kube}, put together: the API, and the probes of its pods. Any thread. */
public final class LabMain implements AutoCloseable {
    /** Fast enough for a person who edits a manifest; a look at a small directory costs nothing. */
    private static final Duration LOOK_AT_MANIFESTS_EVERY = Duration.ofMillis(200);

    private final LabApiServer server;
    private final Optional<LabProbes> probes;

    private LabMain(LabApiServer server, Optional<LabProbes> probes) {
        this.server = server;
        this.probes = probes;
    }

    /**
     * Serves what the directory says when this returns. Throws {@link UncheckedIOException} where a file cannot be read or
     * written, or the address is taken.
     */
    public static LabMain start(LabConfig config, InstantSource clock) {
        try {
            LabApiServer server = LabApiServer.start(
                    new LabApiServer.Options(
                            config.manifests(), config.listen(), LOOK_AT_MANIFESTS_EVERY, tokens(config)),
                    clock);
            LabMain lab = new LabMain(
                    server, config.probes() ? Optional.of(LabProbes.start(server, clock)) : Optional.empty());
            if (config.kubeconfig().isPresent()) {
                write(config.kubeconfig().get(), server.kubeconfig());
            }
            return lab;
        } catch (IOException refused) {
            throw new UncheckedIOException("kube: " + config.listen() + ", " + config.manifests(), refused);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("kube: interrupted at its start", stop);
        }
    }

    private static List<LabToken> tokens(LabConfig config) throws IOException {
        List<LabToken> tokens = new ArrayList<>();
        for (LabConfig.Token token : config.tokens()) {
            tokens.add(new LabToken(
                    Files.readString(token.file()).strip(),
                    token.namespace(),
                    token.serviceAccount(),
                    token.audiences()));
        }
        return tokens;
    }

    /** In one step, so that nobody reads half of it. */
    private static void write(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public URI uri() {
        return server.uri();
    }

    /** Nothing is awaited: what is started serves. */
    public List<String> awaited() {
        return List.of();
    }

    /** There is nothing to finish. */
    public void drain(Duration deadline) {}

    @Override
    public void close() {
        probes.ifPresent(LabProbes::close);
        server.close();
    }
}
