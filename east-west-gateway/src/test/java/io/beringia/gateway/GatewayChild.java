package io.beringia.gateway;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.RoleLedger;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gateway of the west and its echo service in a process of its own, with limits of its own. Owned by one test. */
public final class GatewayChild implements AutoCloseable {
    private final Process process;
    private final SocketAddress hbone;
    private final X509Svid client;

    private GatewayChild(Process process, SocketAddress hbone, X509Svid client) {
        this.process = process;
        this.hbone = hbone;
        this.client = client;
    }

    /** The child: says where it listens and who may come, and ends with its input. A ledger's folder and mode may be given. */
    public static void main(String[] args) throws Exception {
        HandshakeRates any = new HandshakeRates(100_000, 100_000);
        try (World world = new World().limited(LimitsConfig.ofProcess().withHandshakes(any))) {
            if (args.length == 2) {
                world.recording(
                        new RoleLedger(Path.of(args[0]), LedgerMode.parse(args[1]), Optional.empty(), List.of()));
            }
            SocketAddress address = world.west.addGateway();
            world.keep(Backend.echo(world.west.addPod()));
            world.west.start(address);
            world.publish();
            X509Svid svid = world.east.svid(world.east.clientId());
            Base64.Encoder text = Base64.getEncoder();
            StringBuilder line = new StringBuilder("child " + address + " " + svid.id() + " "
                    + text.encodeToString(svid.key().getEncoded()));
            for (X509Certificate one : svid.chain()) {
                line.append(' ').append(text.encodeToString(one.getEncoded()));
            }
            System.out.println(line);
            while (System.in.read() >= 0) {}
        }
    }

    /** @param limits shell words that set them, before the JVM starts */
    static GatewayChild start(String limits, String... options) throws Exception {
        return start(limits, List.of(options), List.of());
    }

    /** One that writes a ledger. */
    static GatewayChild recording(Path dir, LedgerMode mode) throws Exception {
        return start(
                ":", List.of("-Xmx256m"), List.of(dir.toString(), mode.name().toLowerCase(Locale.ROOT)));
    }

    private static GatewayChild start(String limits, List<String> options, List<String> arguments) throws Exception {
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        java.addAll(options);
        System.getProperties().forEach((key, value) -> {
            String name = key.toString();
            if (name.startsWith("io.netty.handler.ssl.") || name.startsWith("jdk.tls.")) {
                java.add("-D" + name + "=" + value);
            }
        });
        java.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                GatewayChild.class.getName()));
        java.addAll(arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-c", limits + "; exec \"$@\"", "sh"));
        command.addAll(java);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return read(process);
    }

    private static GatewayChild read(Process process) throws Exception {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("child ")) {
                Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
                String[] words = line.split(" ");
                return new GatewayChild(process, SocketAddress.parse(words[1]), svid(words));
            }
        }
        throw new AssertionError(String.format(Locale.ROOT, "child: ended with %d", process.waitFor()));
    }

    private static X509Svid svid(String[] words) throws Exception {
        Base64.Decoder bytes = Base64.getDecoder();
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes.decode(words[3])));
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        for (int i = 4; i < words.length; i++) {
            chain.add((X509Certificate)
                    certificates.generateCertificate(new java.io.ByteArrayInputStream(bytes.decode(words[i]))));
        }
        return new X509Svid(SpiffeId.parse(words[2]), chain, key);
    }

    private static String classPath() throws URISyntaxException {
        if (!(GatewayChild.class.getClassLoader() instanceof URLClassLoader urls)) {
            return System.getProperty("java.class.path");
        }
        List<String> paths = new ArrayList<>();
        for (URL url : urls.getURLs()) {
            paths.add(Path.of(url.toURI()).toString());
        }
        return String.join(File.pathSeparator, paths);
    }

    SocketAddress hbone() {
        return hbone;
    }

    HboneClient client() throws Exception {
        return HboneClient.connect(hbone, client);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
