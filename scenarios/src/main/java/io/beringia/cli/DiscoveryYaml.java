package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.hosts.HostsConfig;
import io.beringia.discovery.lab.LabConfig;
import io.beringia.discovery.mcs.McsConfig;
import io.beringia.discovery.mcs.VipRange;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.plan.PlanConfig;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the roles {@code kube} and {@code discovery}, and {@code catalog-from}. Relative paths start at {@code directory}. */
record DiscoveryYaml(Path directory) {
    private static final Path NO_PATH = Path.of("");
    private static final SpiffeId NO_IDENTITY = SpiffeId.parse("spiffe://none/none");
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("127.0.0.1:1");
    private static final TrustDomain ISTIO_DEFAULT = new TrustDomain("cluster.local");
    private static final SocketAddress DEFAULT_XDS = SocketAddress.parse("0.0.0.0:15012");
    private static final SocketAddress DEFAULT_PEERING = SocketAddress.parse("0.0.0.0:15035");
    private static final SocketAddress DEFAULT_DNS = SocketAddress.parse("0.0.0.0:1053");
    private static final String DEFAULT_GATEWAY = "beringia-system/gateway";
    private static final List<String> ISTIO_AUDIENCES = List.of("istio-ca");

    LabConfig kube(YamlFields fields) {
        return new LabConfig(
                RegionProcess.socket(fields.required("listen", NO_ADDRESS, SocketAddress::parse)),
                fields.required("manifests", NO_PATH, directory::resolve),
                fields.maybe("kubeconfig", directory::resolve),
                fields.optional("probes", true, RegionConfigFile::flag),
                fields.listOf("tokens", this::token));
    }

    private LabConfig.Token token(YamlFields fields) {
        List<String> audiences = fields.list("audiences", Function.identity());
        return new LabConfig.Token(
                fields.required("file", NO_PATH, directory::resolve),
                fields.required("namespace", "none", Function.identity()),
                fields.required("service-account", "none", Function.identity()),
                audiences.isEmpty() ? ISTIO_AUDIENCES : audiences);
    }

    DiscoveryConfig discovery(YamlFields fields, RegionId region, ClusterId cluster, Network network) {
        String domain = fields.optional("cluster-domain", "cluster.local", Function.identity());
        TrustDomain trustDomain = fields.optional("trust-domain", ISTIO_DEFAULT, TrustDomain::new);
        return new DiscoveryConfig(
                region,
                cluster,
                network,
                trustDomain,
                domain,
                fields.maybeOf("kube", this::api),
                RegionProcess.socket(fields.optional("xds", DEFAULT_XDS, SocketAddress::parse)),
                RegionProcess.socket(fields.optional("peering", DEFAULT_PEERING, SocketAddress::parse)),
                fields.maybeOf("gateways", it -> gateways(it, domain))
                        .orElse(new DiscoveryConfig.Gateways(service(DEFAULT_GATEWAY, domain), Set.of(), false)),
                fields.maybeOf("exports", DiscoveryYaml::exports).orElse(DiscoveryConfig.Exports.DEFAULT),
                fields.listOf("peers", DiscoveryYaml::peer),
                fields.optional("peer-wait", DiscoveryConfig.DEFAULT_PEER_WAIT, YamlFields::duration),
                fields.maybeOf("plan-from", this::plan),
                fields.maybeOf("clusterset", DiscoveryYaml::clusterset),
                fields.maybeOf("snapshot", this::keeping),
                Set.copyOf(fields.list("operators", SpiffeId::parse)),
                fields.maybeOf("stale", DiscoveryYaml::stale).orElse(DiscoveryConfig.Stale.DEFAULT),
                fields.maybeOf("limits", DiscoveryYaml::limits).orElse(PeerLimits.DEFAULT),
                fields.maybeOf("hosts", DiscoveryYaml::hosts));
    }

    private static HostsConfig hosts(YamlFields fields) {
        return new HostsConfig(
                fields.required("replica", "none", Function.identity()),
                fields.optional("namespace", HostsConfig.DEFAULT_NAMESPACE, Function.identity()),
                fields.optional("grace", HostsConfig.DEFAULT_GRACE, YamlFields::duration));
    }

    private static DiscoveryConfig.Stale stale(YamlFields fields) {
        DiscoveryConfig.Stale unless = DiscoveryConfig.Stale.DEFAULT;
        return new DiscoveryConfig.Stale(
                fields.optional("policy", unless.policy(), DiscoveryYaml::stalePolicy),
                fields.optional("budget", unless.budget(), YamlFields::duration));
    }

    private static StalePolicy stalePolicy(String text) {
        return StalePolicy.ofWord(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("\"" + text + "\" (expected: keep, depreference or drop)"));
    }

    private static PeerLimits limits(YamlFields fields) {
        PeerLimits unless = PeerLimits.DEFAULT;
        return new PeerLimits(
                unless.resourceBytes(),
                fields.optional("services", unless.services(), RegionConfigFile::number),
                fields.optional("identities", unless.identities(), RegionConfigFile::number),
                fields.optional("ports", unless.ports(), RegionConfigFile::number),
                fields.optional("endpoints", unless.endpoints(), text -> (long) RegionConfigFile.number(text)),
                fields.optional("slices", unless.slices(), RegionConfigFile::number),
                fields.optional("slice-endpoints", unless.sliceEndpoints(), RegionConfigFile::number),
                fields.optional("endpoints-of-peer", unless.endpointsOfPeer(), RegionConfigFile::number),
                fields.optional("gateways", unless.gateways(), RegionConfigFile::number),
                fields.optional("bytes", unless.bytes(), RegionConfigFile::bytes));
    }

    private DiscoveryConfig.Keeping keeping(YamlFields fields) {
        return new DiscoveryConfig.Keeping(
                fields.required("directory", NO_PATH, directory::resolve),
                fields.optional("max-age", DiscoveryConfig.Keeping.DEFAULT_MAX_AGE, YamlFields::duration));
    }

    private static DiscoveryConfig.Clusterset clusterset(YamlFields fields) {
        return new DiscoveryConfig.Clusterset(
                new McsConfig(
                        fields.optional("namespace", McsConfig.DEFAULT_NAMESPACE, Function.identity()),
                        fields.required("replica", "none", Function.identity()),
                        fields.optional("vips-ipv4", Optional.of(McsConfig.DEFAULT_IPV4), DiscoveryYaml::vips),
                        fields.optional("vips-ipv6", Optional.of(McsConfig.DEFAULT_IPV6), DiscoveryYaml::vips),
                        fields.optional("conflict-settle", McsConfig.DEFAULT_SETTLE, YamlFields::duration),
                        fields.optional(
                                "endpoint-slices",
                                McsConfig.Slices.SAME_NETWORK,
                                text -> one(text, "same-network", "off")
                                        ? McsConfig.Slices.SAME_NETWORK
                                        : McsConfig.Slices.OFF),
                        fields.optional(
                                "endpoint-ttl",
                                McsConfig.EndpointTtlRule.DROP,
                                text -> one(text, "drop", "keep")
                                        ? McsConfig.EndpointTtlRule.DROP
                                        : McsConfig.EndpointTtlRule.KEEP)),
                RegionProcess.socket(fields.optional("dns", DEFAULT_DNS, SocketAddress::parse)));
    }

    private static Optional<VipRange> vips(String text) {
        return text.equals("none") ? Optional.empty() : Optional.of(VipRange.parse(text));
    }

    private DiscoveryConfig.Kube api(YamlFields fields) {
        return new DiscoveryConfig.Kube(
                fields.required("kubeconfig", NO_PATH, directory::resolve),
                fields.optional("allow-plain-http", false, RegionConfigFile::flag),
                fields.optional("root-namespace", DiscoveryConfig.Kube.DEFAULT_ROOT_NAMESPACE, Function.identity()));
    }

    private static DiscoveryConfig.Gateways gateways(YamlFields fields, String domain) {
        return new DiscoveryConfig.Gateways(
                fields.optional("service", service(DEFAULT_GATEWAY, domain), text -> service(text, domain)),
                Set.copyOf(fields.list("identities", SpiffeId::parse)),
                fields.optional("mode", true, DiscoveryYaml::isRelay));
    }

    private static DiscoveryConfig.Exports exports(YamlFields fields) {
        return new DiscoveryConfig.Exports(
                fields.optional("default", true, DiscoveryYaml::isClusterset),
                Set.copyOf(fields.list("allow-system-namespaces", Function.identity())),
                fields.optional("locality", LoadBalancing.LOCAL_FIRST, DiscoveryYaml::locality));
    }

    private static LoadBalancing locality(String text) {
        return one(text, "local-first", "any") ? LoadBalancing.LOCAL_FIRST : LoadBalancing.STANDARD;
    }

    private static PeerConfig peer(YamlFields fields) {
        return new PeerConfig(
                fields.required("cluster", new ClusterId("none"), ClusterId::new),
                fields.required("region", new RegionId("none"), RegionId::new),
                fields.optional("trust-domain", ISTIO_DEFAULT, TrustDomain::new),
                Set.copyOf(fields.list("identities", SpiffeId::parse)),
                fields.list("addresses", Function.identity()),
                Set.copyOf(fields.list("networks", Network::new)),
                fields.optional("cluster-mark", PeerConfig.ClusterMark.REQUIRED, DiscoveryYaml::mark),
                Set.copyOf(fields.list("waypoint-namespaces", Function.identity())),
                Set.copyOf(fields.list("namespaces", Function.identity())),
                fields.maybeOf("gateways", it -> it.pairs(Function.<String>identity(), SocketAddress::parse))
                        .orElse(Map.of()));
    }

    private PlanConfig plan(YamlFields fields) {
        return new PlanConfig(
                fields.required("zookeeper", "127.0.0.1:1", Function.identity()),
                fields.optional("session", PlanConfig.DEFAULT_SESSION, YamlFields::duration),
                fields.required("mesh", "none", Function.identity()),
                Set.copyOf(fields.list("leaders", SpiffeId::parse)),
                fields.required("file", NO_PATH, directory::resolve));
    }

    /** Nothing where what is there was refused. */
    Optional<RegionConfig.CatalogFrom> catalog(YamlFields fields) {
        Optional<RegionConfig.CatalogFrom> file =
                fields.maybe("file", directory::resolve).map(RegionConfig.CatalogFrom.File::new);
        Optional<RegionConfig.CatalogFrom> discovery = fields.maybeOf(
                "discovery",
                it -> new RegionConfig.CatalogFrom.Discovery(server(it), it.maybe("last-good", directory::resolve)));
        fields.exactlyOne("file", "discovery");
        return file.or(() -> discovery);
    }

    private static RemoteCatalog.Server server(YamlFields fields) {
        RegionConfig.HostAndPort address =
                fields.required("address", new RegionConfig.HostAndPort("none", 1), RegionConfig.HostAndPort::parse);
        return new RemoteCatalog.Server(
                address.host(), address.port(), fields.required("server", NO_IDENTITY, SpiffeId::parse));
    }

    /** As Kubernetes writes it, {@code namespace/name}. */
    private static ServiceName service(String text, String domain) {
        ServiceName name = ServiceName.parse(text);
        return new ServiceName(name.namespace(), name.hostname() + "." + name.namespace() + ".svc." + domain);
    }

    private static boolean isRelay(String text) {
        return one(text, "relay", "direct");
    }

    private static boolean isClusterset(String text) {
        return one(text, "clusterset", "none");
    }

    private static PeerConfig.ClusterMark mark(String text) {
        return one(text, "required", "optional") ? PeerConfig.ClusterMark.REQUIRED : PeerConfig.ClusterMark.OPTIONAL;
    }

    /** Whether it is the first of two words; everything else is refused. */
    private static boolean one(String text, String yes, String no) {
        if (!text.equals(yes) && !text.equals(no)) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: " + yes + " or " + no + ")");
        }
        return text.equals(yes);
    }
}
