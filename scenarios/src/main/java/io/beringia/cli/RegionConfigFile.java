package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.lab.LabConfig;
import io.beringia.discovery.wire.ProbeQuestion;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.Readiness;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.workload.WorkloadConfig;
import io.beringia.trust.workload.WorkloadEntry;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a {@link RegionConfig} from YAML. Keys are lower case with dashes; an unknown one stops the start with the nearest
 * known name; relative paths start at the file's own directory. Stand-ins keep reading going, so that all problems are
 * found at once; they never leave a reading that had problems.
 */
final class RegionConfigFile {
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final SocketAddress NO_LOOPBACK = SocketAddress.parse("127.0.0.1:1");
    private static final SocketAddress NO_HBONE = SocketAddress.parse("0.0.0.0:15008");
    private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");
    private static final IpAddress NO_IP = IpAddress.parse("0.0.0.0");
    private static final SpiffeId NO_IDENTITY = SpiffeId.parse("spiffe://none/none");
    private static final Path NO_PATH = Path.of("");
    private static final SocketAddress DEFAULT_ADMIN = SocketAddress.parse("127.0.0.1:15020");

    private final Path directory;

    private RegionConfigFile(Path directory) {
        this.directory = directory;
    }

    static RegionConfig read(Path file) throws IOException {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(NO_PATH);
        return YamlFields.document(file.toString(), textOf(file), new RegionConfigFile(directory)::regionOf);
    }

    private static String textOf(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IOException("config: " + file + " (expected: a readable file of text)", unreadable);
        }
    }

    private RegionConfig regionOf(YamlFields fields) {
        RegionId region = fields.required("region", new RegionId("none"), RegionId::new);
        ClusterId cluster = fields.required("cluster", new ClusterId("none"), ClusterId::new);
        Network network = fields.required("network", new Network("none"), Network::new);
        SocketAddress admin = fields.optional("admin", DEFAULT_ADMIN, SocketAddress::parse);
        RevocationFiles revocation =
                fields.maybeOf("revocation", this::revocationOf).orElse(RevocationFiles.NONE);
        Optional<Roles> roles = fields.maybeOf("roles", below -> {
            Optional<ZooKeeperConfig> zookeeper = below.maybeOf("zookeeper", this::zookeeperOf);
            return new Roles(
                    below.maybeOf("kube", new DiscoveryYaml(directory)::kube),
                    below.maybeOf(
                                    "discovery",
                                    it -> identified(
                                            it,
                                            one -> new DiscoveryYaml(directory)
                                                    .discovery(one, region, cluster, network)))
                            .flatMap(Function.identity()),
                    below.maybeOf("trust", this::trustOf),
                    below.maybeOf("gateway", gateway -> role(gateway, it -> gatewayOf(it, region, cluster, network)))
                            .flatMap(Function.identity()),
                    hostsOf(below, admin),
                    zookeeper,
                    below.maybeOf(
                                    "failover",
                                    it -> identified(
                                            it,
                                            new FailoverYaml(
                                                            region,
                                                            cluster,
                                                            zookeeper,
                                                            new LedgerYaml(directory),
                                                            directory)::read))
                            .flatMap(Function.identity()));
        });
        return new RegionConfig(
                region,
                cluster,
                network,
                admin,
                revocation,
                roles.flatMap(Roles::kube),
                roles.flatMap(Roles::discovery),
                roles.flatMap(Roles::trust),
                roles.flatMap(Roles::gateway),
                roles.map(Roles::hosts).orElse(List.of()),
                roles.flatMap(Roles::zookeeper),
                roles.flatMap(Roles::failover));
    }

    private RevocationFiles revocationOf(YamlFields fields) {
        return new RevocationFiles(
                fields.maybe("crl", directory::resolve),
                fields.maybe("crl-last-good", directory::resolve),
                fields.optional("crl-policy", CrlPolicy.OPEN, CrlPolicy::parse),
                fields.maybe("denylist", directory::resolve));
    }

    private record Roles(
            Optional<LabConfig> kube,
            Optional<RegionConfig.Identified<DiscoveryConfig>> discovery,
            Optional<TrustConfig> trust,
            Optional<RegionConfig.Role<GatewayConfig>> gateway,
            List<RegionConfig.Role<HostConfig>> hosts,
            Optional<ZooKeeperConfig> zookeeper,
            Optional<RegionConfig.Identified<FailoverConfig>> failover) {}

    private <C> Optional<RegionConfig.Role<C>> role(YamlFields fields, Function<YamlFields, C> config) {
        Optional<RegionConfig.CatalogFrom> catalog = fields.requiredOf(
                        "catalog-from", new DiscoveryYaml(directory)::catalog)
                .flatMap(Function.identity());
        return identified(fields, config)
                .flatMap(it -> catalog.map(from -> new RegionConfig.Role<>(it.config(), it.identity(), from)));
    }

    /** The configuration comes last: what its constructor refuses must not hide what else is wrong. */
    private <C> Optional<RegionConfig.Identified<C>> identified(YamlFields fields, Function<YamlFields, C> config) {
        Optional<RegionConfig.IdentityFrom> identity = fields.requiredOf(
                        "identity-from", new IdentityYaml(directory)::read)
                .flatMap(Function.identity());
        C read = config.apply(fields);
        return identity.map(from -> new RegionConfig.Identified<>(read, from));
    }

    private TrustConfig trustOf(YamlFields fields) {
        Optional<RoleLedger> ledger = fields.maybeOf("ledger", new LedgerYaml(directory)::read);
        TrustConfig trust = TrustConfig.inFolder(
                RegionProcess.socket(fields.required("listen", NO_ADDRESS, SocketAddress::parse)),
                fields.required("id", NO_IDENTITY, SpiffeId::parse),
                fields.required("ca", NO_PATH, directory::resolve),
                IssuanceConfig.withTokens(
                        fields.optional("demo", false, RegionConfigFile::flag),
                        fields.optional("default-ttl", IssuanceConfig.DEFAULT_TTL, YamlFields::duration),
                        fields.optional("max-ttl", IssuanceConfig.DEFAULT_TTL, YamlFields::duration),
                        fields.listOf("static-tokens", RegionConfigFile::tokenOf).stream()
                                .collect(Collectors.toMap(Token::sha256, Token::id, (earlier, later) -> later)),
                        fields.listOf("serving-names", RegionConfigFile::namesOf).stream()
                                .collect(Collectors.toMap(Names::id, Names::names, (earlier, later) -> later)),
                        fields.maybeOf("kube", this::kubernetesOf)));
        TrustConfig kept = fields.maybeOf("ca-key", this::custodyOf)
                .flatMap(Function.identity())
                .map(trust::with)
                .orElse(trust);
        TrustConfig recorded = ledger.map(kept::with).orElse(kept);
        FederationYaml federation = new FederationYaml(directory);
        TrustConfig federated = fields.maybeOf("federation", it -> federation.federation(it, trust))
                .map(recorded::with)
                .orElse(recorded);
        TrustConfig served = fields.maybeOf("bundle-endpoint", federation::endpoint)
                .map(federated::with)
                .orElse(federated);
        TrustConfig rotated = fields.maybeOf("rotation", new RotationYaml(directory, trust)::read)
                .map(served::with)
                .orElse(served);
        return fields.maybeOf("workload-api", RegionConfigFile::workloadOf)
                .map(rotated::with)
                .orElse(rotated);
    }

    /** Nothing where what is there was refused. */
    private Optional<KeyCustody> custodyOf(YamlFields fields) {
        Optional<KeyCustody> encrypted =
                fields.maybe("passphrase-file", text -> KeyCustody.encrypted(directory.resolve(text)));
        Optional<KeyCustody> token = fields.maybe("pkcs11", KeyCustody::token);
        fields.exactlyOne("passphrase-file", "pkcs11");
        return encrypted.or(() -> token);
    }

    private IssuanceConfig.Kubernetes kubernetesOf(YamlFields fields) {
        List<String> accounts = fields.list("node-accounts", Function.identity());
        return new IssuanceConfig.Kubernetes(
                fields.maybe("kubeconfig", directory::resolve),
                fields.optional("audience", IssuanceConfig.Kubernetes.DEFAULT_AUDIENCE, Function.identity()),
                Set.copyOf(fields.list("cluster-names", Function.identity())),
                accounts.isEmpty() ? Set.of(IssuanceConfig.Kubernetes.DEFAULT_NODE_ACCOUNT) : Set.copyOf(accounts));
    }

    private static WorkloadConfig workloadOf(YamlFields fields) {
        return new WorkloadConfig(
                fields.optional("socket", WorkloadConfig.DEFAULT_SOCKET, Path::of),
                fields.listOf(
                        "entries",
                        it -> new WorkloadEntry(
                                it.required("id", NO_IDENTITY, SpiffeId::parse),
                                it.required("user", "none", Function.identity()),
                                it.maybe("group", Function.identity()),
                                it.maybe("hint", Function.identity()))));
    }

    private record Token(String sha256, SpiffeId id) {}

    private static Token tokenOf(YamlFields fields) {
        return new Token(
                fields.required("sha256", "", Function.identity()),
                fields.required("id", NO_IDENTITY, SpiffeId::parse));
    }

    private record Names(SpiffeId id, List<String> names) {}

    private static Names namesOf(YamlFields fields) {
        return new Names(
                fields.required("id", NO_IDENTITY, SpiffeId::parse), fields.list("names", Function.identity()));
    }

    private GatewayConfig gatewayOf(YamlFields fields, RegionId region, ClusterId cluster, Network network) {
        SocketAddress hbone = fields.required("hbone", NO_ADDRESS, SocketAddress::parse);
        Optional<RoleLedger> ledger = fields.maybeOf("ledger", new LedgerYaml(directory)::read);
        return new GatewayConfig(
                region,
                cluster,
                network,
                fields.required("name", "none", Function.identity()),
                hbone,
                fields.maybe("relay", SocketAddress::parse),
                fields.optional("source", hbone.ip(), IpAddress::parse),
                fields.optional("loops", Runtime.getRuntime().availableProcessors(), RegionConfigFile::number),
                fields.optional("allow-loopback", false, RegionConfigFile::flag),
                fields.listOf("evidence-to", RegionConfigFile::replicaOf),
                drainOf(fields, DrainConfig.DEFAULT),
                maxAgeOf(fields),
                fields.maybeOf("limits", RegionConfigFile::limitsOf).orElseGet(RegionConfigFile::defaultLimits),
                ledger);
    }

    private static LimitsConfig limitsOf(YamlFields fields) {
        LimitsConfig unless = defaultLimits();
        return new LimitsConfig(
                fields.optional("tunnel-bytes", unless.tunnelBytes(), RegionConfigFile::bytes),
                fields.optional("stall", unless.stall(), YamlFields::duration),
                fields.optional("connections", unless.connections(), RegionConfigFile::number),
                fields.optional("tunnels", unless.tunnels(), RegionConfigFile::number),
                fields.maybeOf("handshakes", RegionConfigFile::handshakesOf).orElse(unless.handshakes()),
                fields.maybeOf("client", peer -> allowanceOf(peer, unless.client()))
                        .orElse(unless.client()),
                fields.maybeOf("gateway", peer -> allowanceOf(peer, unless.gateway()))
                        .orElse(unless.gateway()));
    }

    private static HandshakeRates handshakesOf(YamlFields fields) {
        HandshakeRates unless = HandshakeRates.DEFAULT;
        return new HandshakeRates(
                fields.optional("per-source", unless.perSource(), RegionConfigFile::number),
                fields.optional("per-loop", unless.perLoop(), RegionConfigFile::number));
    }

    private static PeerAllowance allowanceOf(YamlFields fields, PeerAllowance unless) {
        return new PeerAllowance(
                fields.optional("connections", unless.connections(), RegionConfigFile::number),
                fields.optional("tunnels", unless.tunnels(), RegionConfigFile::number),
                fields.optional("new-tunnels", unless.newTunnels(), RegionConfigFile::number));
    }

    private static LimitsConfig defaultLimits() {
        return LimitsConfig.ofProcess();
    }

    private static DrainConfig drainOf(YamlFields fields, DrainConfig otherwise) {
        return fields.maybeOf(
                        "drain",
                        below -> new DrainConfig(
                                below.optional("accept", otherwise.accept(), YamlFields::duration),
                                below.optional("jitter", otherwise.jitter(), YamlFields::duration),
                                below.optional("deadline", otherwise.deadline(), YamlFields::duration)))
                .orElse(otherwise);
    }

    private static MaxAge maxAgeOf(YamlFields fields) {
        return fields.maybeOf(
                        "connections",
                        below -> new MaxAge(below.optional("max-age", MaxAge.DEFAULT.mean(), YamlFields::duration)))
                .orElse(MaxAge.DEFAULT);
    }

    private static ReportFeed.Replica replicaOf(YamlFields fields) {
        return new ReportFeed.Replica(
                fields.required("address", NO_ADDRESS, SocketAddress::parse),
                fields.required("server", NO_IDENTITY, SpiffeId::parse));
    }

    /** One workload as {@code host}, several as {@code hosts}. */
    private List<RegionConfig.Role<HostConfig>> hostsOf(YamlFields fields, SocketAddress admin) {
        return Stream.concat(
                        fields.maybeOf("host", host -> role(host, it -> hostOf(it, admin))).stream(),
                        fields.listOf("hosts", host -> role(host, it -> hostOf(it, admin))).stream())
                .flatMap(Optional::stream)
                .toList();
    }

    private static HostConfig hostOf(YamlFields fields, SocketAddress admin) {
        Optional<Readiness> readiness =
                fields.maybeOf("readiness", RegionConfigFile::readinessOf).flatMap(Function.identity());
        HostConfig host = new HostConfig(
                        fields.required("workload", "none", Function.identity()),
                        fields.required("source", NO_IP, IpAddress::parse),
                        fields.optional("loops", 1, RegionConfigFile::number),
                        fields.maybe("socks", SocketAddress::parse),
                        fields.listOf("listeners", RegionConfigFile::listenerOf),
                        fields.optional("plain-allowed", false, RegionConfigFile::flag),
                        fields.maybeOf("inbound", it -> inboundOf(it, admin)))
                .with(drainOf(fields, HostConfig.DRAIN))
                .with(maxAgeOf(fields));
        return readiness.map(host::with).orElse(host);
    }

    /** Nothing where what is there was refused. */
    private static Optional<Readiness> readinessOf(YamlFields fields) {
        Optional<ProbeQuestion> tcp = fields.maybe("tcp", RegionConfigFile::tcpOf);
        Optional<ProbeQuestion> http = fields.maybe("http", RegionConfigFile::httpOf);
        fields.exactlyOne("tcp", "http");
        Duration period = fields.optional("period", Readiness.DEFAULT_PERIOD, YamlFields::duration);
        Duration timeout = fields.optional("timeout", Readiness.DEFAULT_TIMEOUT, YamlFields::duration);
        int successes = fields.optional("successes", Readiness.DEFAULT_SUCCESSES, RegionConfigFile::number);
        int failures = fields.optional("failures", Readiness.DEFAULT_FAILURES, RegionConfigFile::number);
        return tcp.or(() -> http).map(question -> new Readiness(question, period, timeout, successes, failures));
    }

    private static ProbeQuestion tcpOf(String text) {
        SocketAddress address = SocketAddress.parse(text);
        return new ProbeQuestion.Tcp(address.ip().toString(), address.port());
    }

    private static ProbeQuestion httpOf(String text) {
        try {
            URI uri = new URI(text);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                return new ProbeQuestion.Http(uri);
            }
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException(text + " (expected: http://host:port/path)", wrong);
        }
        throw new IllegalArgumentException(text + " (expected: http://host:port/path)");
    }

    private static HostConfig.Listener listenerOf(YamlFields fields) {
        return new HostConfig.Listener(
                fields.required("listen", NO_LOOPBACK, SocketAddress::parse),
                fields.required("service", new Destination.ByName("none", 1), RegionConfigFile::destination));
    }

    /** Our own admin port is never a target, said or not. */
    private static HostConfig.Inbound inboundOf(YamlFields fields, SocketAddress admin) {
        return new HostConfig.Inbound(
                fields.required("listen", NO_HBONE, RegionConfigFile::hboneOf),
                fields.optional("application", LOCALHOST, IpAddress::parse),
                Set.copyOf(fields.list("ports", RegionConfigFile::number)),
                Stream.concat(Stream.of(admin.port()), fields.list("admin-ports", RegionConfigFile::number).stream())
                        .collect(Collectors.toSet()),
                fields.optional("probe", false, RegionConfigFile::flag));
    }

    private static SocketAddress hboneOf(String text) {
        SocketAddress address = SocketAddress.parse(text);
        if (address.port() != NO_HBONE.port()) {
            throw new IllegalArgumentException(
                    text + " (expected: port " + NO_HBONE.port() + ", other proxies dial no other)");
        }
        return address;
    }

    private ZooKeeperConfig zookeeperOf(YamlFields fields) {
        return new ZooKeeperConfig(
                fields.required("listen", NO_LOOPBACK, SocketAddress::parse),
                fields.required("data", NO_PATH, directory::resolve));
    }

    private static Destination.ByName destination(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: hostname:port)");
        }
        return new Destination.ByName(text.substring(0, colon), number(text.substring(colon + 1)));
    }

    static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: a whole number)", wrong);
        }
    }

    /** {@code 64MiB}, {@code 1GiB}, or a number of bytes. */
    static long bytes(String text) {
        long unit = text.endsWith("GiB") ? 1L << 30 : text.endsWith("MiB") ? 1L << 20 : 1;
        String count = unit == 1 ? text : text.substring(0, text.length() - "MiB".length());
        try {
            return Math.multiplyExact(Long.parseLong(count), unit);
        } catch (ArithmeticException | NumberFormatException wrong) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: bytes, like 64MiB or 1GiB)", wrong);
        }
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" (expected: true or false)");
        };
    }
}
