package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.lab.LabConfig;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Enforcement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads a {@link RegionConfig} from YAML. Keys are lower case with dashes; an unknown one stops the start with the nearest
 * known name; relative paths start at the file's own directory. Stand-ins keep reading going, so that all problems are
 * found at once; they never leave a reading that had problems.
 */
final class RegionConfigFile {
    private static final SocketAddress NO_LOOPBACK = SocketAddress.parse("127.0.0.1:1");
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
        Constraints constraints = fields.maybeOf("verifier", this::constraintsOf)
                .orElseGet(() -> new Constraints(Enforcement.OBSERVE, Optional.empty()));
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
                    below.maybeOf("trust", new TrustYaml(directory)::read),
                    below.maybeOf(
                                    "gateway",
                                    gateway ->
                                            role(gateway, new GatewayYaml(directory, region, cluster, network)::read))
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
                revocation.with(constraints.enforcement(), constraints.issuers()),
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

    private record Constraints(Enforcement enforcement, Optional<Path> issuers) {}

    private Constraints constraintsOf(YamlFields fields) {
        return new Constraints(
                fields.optional("virtual-constraints", Enforcement.OBSERVE, Enforcement::parse),
                fields.maybe("issuers", directory::resolve));
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

    /** One workload as {@code host}, several as {@code hosts}. */
    private List<RegionConfig.Role<HostConfig>> hostsOf(YamlFields fields, SocketAddress admin) {
        return Stream.concat(
                        fields.maybeOf("host", host -> role(host, new HostYaml(admin)::read)).stream(),
                        fields.listOf("hosts", host -> role(host, new HostYaml(admin)::read)).stream())
                .flatMap(Optional::stream)
                .toList();
    }

    private ZooKeeperConfig zookeeperOf(YamlFields fields) {
        return new ZooKeeperConfig(
                fields.required("listen", NO_LOOPBACK, SocketAddress::parse),
                fields.required("data", NO_PATH, directory::resolve));
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
