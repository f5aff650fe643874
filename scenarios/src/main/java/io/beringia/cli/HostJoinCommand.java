package io.beringia.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One workload's proxy, of one line and without a file: it calls and is not called. */
@Command(
        name = "join",
        description = {
            "Call services of the mesh from this machine, by SOCKS5, until told to end.",
            "Whoever is to be called needs a configuration, see: beringia run."
        })
final class HostJoinCommand implements Callable<Integer> {
    private static final String NAMESPACE = "beringia-system";
    private static final Duration TTL = Duration.ofHours(24);
    /** Whoever ends it by hand does not wait for long. */
    private static final DrainConfig DRAIN = new DrainConfig(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5));

    @Option(
            names = "--from",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "Discovery of the site; port 15012 if left out.")
    private String from;

    @Option(
            names = "--trust",
            paramLabel = "HOST[:PORT]",
            description = "Its certificate server; port 15013 of the same host if left out.")
    private Optional<String> trust;

    @Option(names = "--token", required = true, paramLabel = "FILE", description = "Our bearer token.")
    private Path token;

    @Option(
            names = "--roots",
            required = true,
            paramLabel = "FILE",
            description = "The roots to believe at first, in PEM.")
    private Path roots;

    @Option(
            names = "--workload",
            required = true,
            paramLabel = "UID",
            description = "Who we are in the catalog: CLUSTER//Pod/NAMESPACE/NAME.")
    private String workload;

    @Option(names = "--network", required = true, paramLabel = "NAME", description = "The network of that cluster.")
    private String network;

    @Option(
            names = "--trust-domain",
            paramLabel = "NAME",
            defaultValue = "cluster.local",
            description = "Ours and theirs; ${DEFAULT-VALUE} if left out.")
    private String trustDomain;

    @Option(
            names = "--discovery-account",
            paramLabel = "NAME",
            defaultValue = "discovery",
            description = "Service account of discovery in " + NAMESPACE + "; ${DEFAULT-VALUE} if left out.")
    private String discoveryAccount;

    @Option(
            names = "--trust-account",
            paramLabel = "NAME",
            defaultValue = "trust",
            description = "That of the certificate server; ${DEFAULT-VALUE} if left out.")
    private String trustAccount;

    @Option(
            names = "--source",
            paramLabel = "IP",
            description = "Our own address; if left out, the one from which this machine reaches discovery.")
    private Optional<String> source;

    @Option(
            names = "--socks",
            paramLabel = "IP:PORT",
            defaultValue = "127.0.0.1:1080",
            description = "Where applications ask; ${DEFAULT-VALUE} if left out.")
    private String socks;

    @Option(
            names = "--admin",
            paramLabel = "IP:PORT",
            defaultValue = "127.0.0.1:15020",
            description = "Readiness and metrics; ${DEFAULT-VALUE} if left out.")
    private String admin;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RegionConfig config = config();
        PrintWriter out = spec.commandLine().getOut();
        out.println("joining as " + workload + ", SOCKS5 at " + socks);
        new RegionRun(out, System.getenv()).run(config);
        return ExitCode.DONE;
    }

    private RegionConfig config() throws IOException {
        ClusterId cluster = clusterOf(workload);
        TrustDomain domain = new TrustDomain(trustDomain);
        RegionConfig.HostAndPort discovery = address("--from", from, 15_012);
        RegionConfig.HostAndPort issuance = address("--trust", trust.orElse(discovery.host()), 15_013);
        SpiffeId issuer = SpiffeId.ofWorkload(domain, NAMESPACE, trustAccount);
        RemoteCatalog.Server server = new RemoteCatalog.Server(
                discovery.host(), discovery.port(), SpiffeId.ofWorkload(domain, NAMESPACE, discoveryAccount));
        return new RegionConfig(
                new RegionId(cluster.name()),
                cluster,
                new Network(network),
                SocketAddress.parse(admin),
                RevocationFiles.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new RegionConfig.Role<>(
                        host(discovery),
                        new RegionConfig.IdentityFrom.Trust(new RemoteSource(
                                issuance.host(),
                                issuance.port(),
                                issuer,
                                readable("--roots", roots),
                                readable("--token", token),
                                TTL,
                                Optional.empty())),
                        new RegionConfig.CatalogFrom.Discovery(server, Optional.empty()))),
                Optional.empty(),
                Optional.empty());
    }

    private HostConfig host(RegionConfig.HostAndPort discovery) throws IOException {
        return new HostConfig(
                        workload,
                        source.isPresent() ? IpAddress.parse(source.get()) : towards(discovery),
                        1,
                        Optional.of(SocketAddress.parse(socks)),
                        List.of(),
                        false,
                        Optional.empty())
                .with(DRAIN);
    }

    /** A uid begins with its cluster. */
    private static ClusterId clusterOf(String uid) {
        int slash = uid.indexOf('/');
        if (slash < 1 || uid.chars().filter(c -> c == '/').count() != 4) {
            throw new IllegalArgumentException(
                    "--workload: \"" + uid + "\" (expected: CLUSTER//Pod/NAMESPACE/NAME, as discovery has it)");
        }
        return new ClusterId(uid.substring(0, slash));
    }

    private static RegionConfig.HostAndPort address(String option, String text, int port) {
        boolean bare = text.indexOf(':') < 0 || text.endsWith("]");
        try {
            return RegionConfig.HostAndPort.parse(bare ? text + ":" + port : text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(option + ": " + wrong.getMessage(), wrong);
        }
    }

    private static Path readable(String option, Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(option + ": " + file + " (expected: a file that we may read)");
        }
        return file;
    }

    /** Nothing is sent: the kernel says from where it would. */
    private static IpAddress towards(RegionConfig.HostAndPort discovery) throws IOException {
        InetSocketAddress there = new InetSocketAddress(discovery.host(), discovery.port());
        if (there.isUnresolved()) {
            throw new IOException("--from: " + discovery.host() + " has no address (expected: a name that DNS knows)");
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(there);
            return IpAddress.of(socket.getLocalAddress().getAddress());
        }
    }
}
