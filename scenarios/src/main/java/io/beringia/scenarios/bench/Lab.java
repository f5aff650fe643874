package io.beringia.scenarios.bench;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.scenarios.fault.ChildProcesses;
import io.beringia.trust.cli.CaCommand;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The directory of one run, with certificates and configurations, and the processes in it. Owned by the bench's thread. */
public final class Lab implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration ASK_EVERY = Duration.ofMillis(50);
    private static final Duration COMPILES_WITHIN = Duration.ofMinutes(1);
    private static final String CERTIFICATES = "certificates";

    private final Path directory;
    private final ChildProcesses children;

    private Lab(Path directory, ChildProcesses children) {
        this.directory = directory;
        this.children = children;
    }

    /** Into that directory, which exists and is empty. */
    public static Lab in(Path directory) throws IOException {
        Lab lab = new Lab(directory, ChildProcesses.guardedBy(java(List.of(), "watchdog"), directory));
        try {
            lab.write();
            return lab;
        } catch (IOException | RuntimeException failed) {
            lab.close();
            throw failed;
        }
    }

    private void write() throws IOException {
        ca("root", "--demo", "--trust-domain", LabConfigs.DOMAIN.name());
        for (LabConfigs.Site site : List.of(LabConfigs.EAST, LabConfigs.WEST)) {
            ca("intermediate", "--name", site.cluster());
            identity(site, LabConfigs.SYSTEM, site.account());
        }
        identity(LabConfigs.EAST, LabConfigs.NAMESPACE, LabConfigs.CLIENT);
        Path gateway = directory.resolve(LabConfigs.WEST.account());
        Files.writeString(
                directory.resolve("haproxy.pem"),
                Files.readString(gateway.resolve("workload-cert-chain.pem"))
                        + Files.readString(gateway.resolve("key.pem")));
        Files.writeString(directory.resolve("catalog.yaml"), FileCatalog.print(LabConfigs.catalog()));
        Files.writeString(directory.resolve("ztunnel.yaml"), LabConfigs.ztunnelMesh());
    }

    /** A certificate for one more workload, in a folder that has the account's name. */
    public Path workload(LabConfigs.Site site, String account) {
        identity(site, LabConfigs.NAMESPACE, account);
        return directory.resolve(account);
    }

    /** A catalog of that name, beside the one that all gateways share. */
    public void catalog(String file, Catalog catalog) throws IOException {
        Files.writeString(directory.resolve(file), FileCatalog.print(catalog));
    }

    private void identity(LabConfigs.Site site, String namespace, String account) {
        ca(
                "workload",
                "--name",
                site.cluster(),
                "--namespace",
                namespace,
                "--service-account",
                account,
                "--out",
                directory.resolve(account).toString());
    }

    public Path directory() {
        return directory;
    }

    public ChildProcesses children() {
        return children;
    }

    /** A process of ours with this configuration; {@code options} are for its JVM. */
    public void beringia(String name, List<String> options, String config) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), config);
        children.start(name, java(options, "run", "--config", file.toString(), "--end-with-input"));
    }

    Running running(Peer peer, Door door, String... moreProcesses) {
        List<String> names = new ArrayList<>(List.of(peer.name()));
        names.addAll(Arrays.asList(moreProcesses));
        return new Running(peer, door, children, names);
    }

    /** Starts the certificate server, once, and waits until it answers. */
    void certificates() throws IOException, InterruptedException {
        if (children.names().contains(CERTIFICATES)) {
            return;
        }
        beringia(CERTIFICATES, List.of("-Xmx96m", "-XX:+UseSerialGC"), LabConfigs.certificates());
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!answers(LabConfigs.CERTIFICATES_ADMIN)) {
            if (System.nanoTime() > deadline || !children.isRunning(CERTIFICATES)) {
                throw new IOException("certificate server: not ready, see " + children.log(CERTIFICATES));
            }
            TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Client contexts with this cipher and no other. The JDK's TLS, since BoringSSL leaves no choice of TLS 1.3 ciphers. */
    SslContext tls(Suite suite) throws IOException {
        Path client = directory.resolve(LabConfigs.CLIENT);
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .keyManager(
                        client.resolve("workload-cert-chain.pem").toFile(),
                        client.resolve("key.pem").toFile())
                .trustManager(directory.resolve("root-cert.pem").toFile())
                .endpointIdentificationAlgorithm(null)
                .protocols("TLSv1.3")
                .ciphers(List.of(suite.tlsName()))
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
    }

    /** A file of the distribution, into the directory. */
    Path unpack(String file) throws IOException {
        try (InputStream in = Lab.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new FileNotFoundException(file + " is missing from the distribution");
            }
            return Files.write(directory.resolve(file), in.readAllBytes());
        }
    }

    /** Runs a program to its end. */
    void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(COMPILES_WITHIN.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": failed (expected: exit 0)");
        }
    }

    /** A command of ours on the options of this very JVM, so that a gateway runs as its launcher would run it. */
    private static List<String> java(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.beringia.cli.Beringia"));
        command.addAll(List.of(arguments));
        return command;
    }

    private void ca(String command, String... options) {
        ca(directory, command, options);
    }

    /** A command of {@code beringia ca} that must succeed. */
    static void ca(Path directory, String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(Arrays.asList(options));
        StringWriter said = new StringWriter();
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(
                    "beringia ca " + command + ": " + said.toString().strip());
        }
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing in this Java", impossible);
        }
    }

    @Override
    public void close() {
        children.close();
    }
}
