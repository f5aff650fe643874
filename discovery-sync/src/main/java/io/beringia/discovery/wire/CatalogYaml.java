package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A {@link Catalog} as YAML: near to ztunnel's local file, with keys in lower case and dashes, and with what a gateway
 * must know on top. {@link CatalogYamlWriter} writes the same keys. Owned by the thread that reads one text.
 */
final class CatalogYaml {
    private static final ClusterId NO_CLUSTER = new ClusterId("none");
    private static final Network NO_NETWORK = new Network("none");
    private static final RegionId NO_REGION = new RegionId("none");
    private static final ServiceName NO_SERVICE = new ServiceName("none", "none");
    private static final SpiffeId NO_IDENTITY = new SpiffeId(new TrustDomain("none"), "");
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final int PORT_MAX = 65_535;

    private final List<String> problems = new ArrayList<>();

    /** Any thread. All of the text's problems at once, if it has any. */
    static Catalog read(String text, long revision) {
        CatalogYaml reader = new CatalogYaml();
        Catalog catalog = YamlDocument.parse(text, reader.problems)
                .flatMap(root -> YamlFields.of("", root, reader.problems))
                .map(file -> file.read(it -> reader.catalog(it, revision)))
                .orElseGet(() -> emptyAt(revision));
        if (!reader.problems.isEmpty()) {
            throw new YamlRefused("catalog", reader.problems);
        }
        return catalog;
    }

    private static Catalog emptyAt(long revision) {
        return Catalog.of(revision, PlanVersion.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private Catalog catalog(YamlFields file, long revision) {
        List<Workload> workloads = file.listOf("workloads", this::workload);
        List<Service> services = file.listOf("services", this::service);
        List<Policy> policies = file.listOf("policies", this::policy);
        List<ExportedAuthority> exported = file.listOf("exported", CatalogYaml::exported);
        List<RelayTarget> targets = file.listOf("relay-targets", CatalogYaml::relayTarget);
        List<ClusterState> clusters = file.listOf("clusters", CatalogYaml::cluster);
        once("workload", workloads.stream().map(Workload::uid).toList());
        once("service", services.stream().map(Service::name).toList());
        once("policy", policies.stream().map(Policy::key).toList());
        once("exported", exported.stream().map(one -> one.service().hostname()).toList());
        once(
                "relay target",
                targets.stream().map(one -> one.service().hostname()).toList());
        once("cluster", clusters.stream().map(ClusterState::cluster).toList());
        return Catalog.of(
                revision,
                file.maybeOf("plan", CatalogYaml::plan).orElse(PlanVersion.NONE),
                workloads,
                services,
                policies,
                exported,
                targets,
                clusters);
    }

    private <T> void once(String what, List<T> names) {
        Set<T> seen = new TreeSet<>();
        names.stream()
                .filter(name -> !seen.add(name))
                .forEach(name -> problems.add(what + ": " + name + " is there twice (expected: once)"));
    }

    private static PlanVersion plan(YamlFields plan) {
        return new PlanVersion(
                plan.required("epoch", 0L, Long::parseUnsignedLong), plan.required("seq", 0L, Long::parseUnsignedLong));
    }

    private Workload workload(YamlFields it) {
        Workload.Builder builder = Workload.named(
                        it.required("uid", "a/b/c", CatalogYaml::uid),
                        it.required("namespace", "none", CatalogYaml::word),
                        it.required("name", "none", CatalogYaml::word),
                        it.required("cluster", NO_CLUSTER, ClusterId::new),
                        it.required("network", NO_NETWORK, Network::new))
                .addresses(it.list("addresses", IpAddress::parse))
                .tunnel(it.optional("protocol", Workload.Tunnel.HBONE, CatalogYaml::tunnel))
                .identity(
                        it.optional("trust-domain", new TrustDomain("cluster.local"), TrustDomain::parse),
                        it.optional("service-account", "default", CatalogYaml::word))
                .description(description(it))
                .services(it.mapOf("services", ServiceName::parse, CatalogYaml::ports))
                .policies(it.list("policies", CatalogYaml::word))
                .health(it.optional("status", Health.HEALTHY, text -> oneOf(Health.class, text)))
                .locality(it.maybeOf("locality", CatalogYaml::locality).orElse(Locality.UNKNOWN))
                .hostNetwork(it.optional("host-network", false, CatalogYaml::yesOrNo))
                .capacity(it.optional("capacity", 1L, Long::parseLong));
        it.maybe("hostname", CatalogYaml::word).ifPresent(builder::hostname);
        it.maybeOf("waypoint", CatalogYaml::gatewayRef).ifPresent(builder::waypoint);
        it.maybeOf("network-gateway", CatalogYaml::gatewayRef).ifPresent(builder::networkGateway);
        it.maybe("proxy-protocol-port", CatalogYaml::portNumber).ifPresent(builder::proxyProtocolPort);
        return builder.build();
    }

    private static Workload.Description description(YamlFields it) {
        Workload.Description none = Workload.Description.NONE;
        return new Workload.Description(
                it.optional("node", none.node(), text -> text),
                it.optional("workload-name", none.workloadName(), text -> text),
                it.optional("workload-type", none.workloadType(), CatalogYaml::workloadType),
                it.optional("canonical-name", none.canonicalName(), text -> text),
                it.optional("canonical-revision", none.canonicalRevision(), text -> text));
    }

    private Service service(YamlFields it) {
        return new Service(
                new ServiceName(
                        it.required("namespace", "none", CatalogYaml::word),
                        it.required("hostname", "none", CatalogYaml::word)),
                it.list("addresses", CatalogYaml::networkAddress),
                it.maybeOf("ports", CatalogYaml::ports).orElse(List.of()),
                it.list("subject-alt-names", SpiffeId::parse),
                it.maybeOf("waypoint", CatalogYaml::gatewayRef),
                it.maybeOf("load-balancing", CatalogYaml::loadBalancing).orElse(LoadBalancing.STANDARD),
                it.optional("canonical", false, CatalogYaml::yesOrNo),
                it.optional("namespace-private", false, CatalogYaml::yesOrNo));
    }

    private static LoadBalancing loadBalancing(YamlFields it) {
        return new LoadBalancing(
                it.list("preference", text -> oneOf(LoadBalancing.Scope.class, text)),
                it.required("mode", LoadBalancing.Mode.STANDARD, text -> oneOf(LoadBalancing.Mode.class, text)),
                it.optional(
                        "health-policy",
                        LoadBalancing.HealthPolicy.ONLY_HEALTHY,
                        text -> oneOf(LoadBalancing.HealthPolicy.class, text)));
    }

    private Policy policy(YamlFields it) {
        return new Policy(
                it.required("namespace", "none", CatalogYaml::word),
                it.required("name", "none", CatalogYaml::word),
                it.required("scope", Policy.Scope.GLOBAL, text -> oneOf(Policy.Scope.class, text)),
                it.required("action", Policy.Action.DENY, text -> oneOf(Policy.Action.class, text)),
                it.listOfNodes("rules", this::rule),
                it.optional("dry-run", false, CatalogYaml::yesOrNo));
    }

    private Policy.Rule rule(String path, YamlNode node) {
        return new Policy.Rule(YamlFields.items(path, node, problems, this::clause));
    }

    private Policy.Clause clause(String path, YamlNode node) {
        return new Policy.Clause(YamlFields.items(path, node, problems, this::match));
    }

    private Policy.Match match(String path, YamlNode node) {
        return YamlFields.of(path, node, problems)
                .map(fields -> fields.read(CatalogYaml::match))
                .orElse(Policy.Match.EMPTY);
    }

    private static Policy.Match match(YamlFields it) {
        return new Policy.Match(
                it.list("namespaces", CatalogYaml::pattern),
                it.list("not-namespaces", CatalogYaml::pattern),
                it.list("principals", CatalogYaml::pattern),
                it.list("not-principals", CatalogYaml::pattern),
                it.list("source-ips", CatalogYaml::block),
                it.list("not-source-ips", CatalogYaml::block),
                it.list("destination-ips", CatalogYaml::block),
                it.list("not-destination-ips", CatalogYaml::block),
                it.list("destination-ports", CatalogYaml::portNumber),
                it.list("not-destination-ports", CatalogYaml::portNumber),
                it.list("service-accounts", CatalogYaml::account),
                it.list("not-service-accounts", CatalogYaml::account));
    }

    private static ExportedAuthority exported(YamlFields it) {
        return new ExportedAuthority(
                it.required("service", NO_SERVICE, ServiceName::parse),
                Set.copyOf(it.list("ports", CatalogYaml::portNumber)),
                Set.copyOf(it.list("consumers", ClusterId::new)),
                Set.copyOf(it.list("clients", SpiffeId::parse)));
    }

    private static RelayTarget relayTarget(YamlFields it) {
        return new RelayTarget(
                it.required("service", NO_SERVICE, ServiceName::parse),
                Set.copyOf(it.list("clients", SpiffeId::parse)),
                it.listOf("parts", CatalogYaml::part),
                it.optional(
                        "on-failure", RelayTarget.OnFailure.RESET, text -> oneOf(RelayTarget.OnFailure.class, text)));
    }

    private static RelayTarget.Part part(YamlFields it) {
        return new RelayTarget.Part(
                it.required("cluster", NO_CLUSTER, ClusterId::new),
                Set.copyOf(it.list("ports", CatalogYaml::portNumber)),
                it.required("capacity", 0L, CatalogYaml::count),
                it.optional("share", OptionalInt.empty(), text -> OptionalInt.of(Integer.parseInt(text))));
    }

    private static ClusterState cluster(YamlFields it) {
        ClusterId cluster = it.required("cluster", NO_CLUSTER, ClusterId::new);
        RegionId region = it.required("region", NO_REGION, RegionId::new);
        Network network = it.required("network", NO_NETWORK, Network::new);
        return new ClusterState(
                cluster,
                region,
                network,
                Set.copyOf(it.list("trust-domains", TrustDomain::parse)),
                it.listOf("gateways", gateway -> gateway(gateway, cluster, region, network)),
                it.optional("status", RegionStatus.ACTIVE, text -> oneOf(RegionStatus.class, text)),
                it.optional("freshness", new Freshness.Live(), CatalogYaml::freshness));
    }

    private static GatewayAddress gateway(YamlFields it, ClusterId cluster, RegionId region, Network network) {
        return new GatewayAddress(
                cluster,
                region,
                network,
                it.required("name", "none", CatalogYaml::word),
                it.required("address", NO_ADDRESS, SocketAddress::parse),
                it.required("identity", NO_IDENTITY, SpiffeId::parse),
                it.optional("status", Health.HEALTHY, text -> oneOf(Health.class, text)),
                it.optional("weight", 1, Integer::parseInt));
    }

    private static GatewayRef gatewayRef(YamlFields it) {
        int port = it.required("hbone-port", 1, CatalogYaml::portNumber);
        return it.<GatewayRef>required(
                "destination", new GatewayRef.ByHostname(NO_SERVICE, port), text -> destination(text, port));
    }

    /** What follows the slash is an address or else a hostname; no hostname reads as an address. */
    private static GatewayRef destination(String text, int port) {
        Optional<NetworkAddress> address = asAddress(text);
        return address.isPresent()
                ? new GatewayRef.ByAddress(address.get(), port)
                : new GatewayRef.ByHostname(ServiceName.parse(text), port);
    }

    private static Optional<NetworkAddress> asAddress(String text) {
        try {
            return Optional.of(networkAddress(text));
        } catch (IllegalArgumentException hostname) {
            return Optional.empty();
        }
    }

    private static NetworkAddress networkAddress(String text) {
        String[] parts = split(text, "address", "network/IP");
        return new NetworkAddress(new Network(parts[0]), IpAddress.parse(parts[1]));
    }

    private static Locality locality(YamlFields it) {
        return new Locality(
                it.optional("region", "", text -> text),
                it.optional("zone", "", text -> text),
                it.optional("subzone", "", text -> text));
    }

    private static List<ServicePort> ports(YamlFields it) {
        Map<Integer, Integer> pairs = it.pairs(CatalogYaml::portNumber, CatalogYaml::number);
        return pairs.entrySet().stream()
                .map(pair -> new ServicePort(pair.getKey(), pair.getValue()))
                .toList();
    }

    /** {@code *}, {@code *suffix}, {@code prefix*} or the exact text, as Istio's policies write it. */
    private static Policy.Text pattern(String text) {
        if (text.equals("*")) {
            return new Policy.Text.Present();
        }
        if (text.startsWith("*")) {
            return new Policy.Text.Suffix(text.substring(1));
        }
        return text.endsWith("*")
                ? new Policy.Text.Prefix(text.substring(0, text.length() - 1))
                : new Policy.Text.Exact(text);
    }

    private static Policy.Cidr block(String text) {
        String[] parts = split(text, "block", "IP/length");
        return new Policy.Cidr(IpAddress.parse(parts[0]), number(parts[1]));
    }

    private static Policy.Account account(String text) {
        String[] parts = split(text, "account", "namespace/name");
        return new Policy.Account(word(parts[0]), word(parts[1]));
    }

    private static String[] split(String text, String what, String expected) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(what + ": \"" + text + "\" (expected: " + expected + ")");
        }
        return parts;
    }

    /** {@code live}, {@code unknown}, or {@code stale} and for how long, as in {@code stale PT30S}. */
    private static Freshness freshness(String text) {
        if (text.equals("live")) {
            return new Freshness.Live();
        }
        if (text.equals("unknown")) {
            return new Freshness.Unknown();
        }
        try {
            if (text.startsWith("stale ")) {
                return new Freshness.Stale(Duration.parse(text.substring("stale ".length())));
            }
        } catch (DateTimeParseException noDuration) {
            // refused below, like any other text
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" (expected: live, unknown, or stale and an ISO 8601 duration)");
    }

    private static Workload.Tunnel tunnel(String text) {
        return switch (text) {
            case "hbone" -> Workload.Tunnel.HBONE;
            case "tcp" -> Workload.Tunnel.NONE;
            default -> throw new IllegalArgumentException("\"" + text + "\" (expected: hbone or tcp)");
        };
    }

    private static String uid(String text) {
        if (text.chars().filter(c -> c == '/').count() < 2) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: at least two slashes)");
        }
        return text;
    }

    private static String workloadType(String text) {
        if (!WORKLOAD_TYPES.contains(text)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" (expected: one of " + String.join(", ", WORKLOAD_TYPES) + ")");
        }
        return text;
    }

    private static final List<String> WORKLOAD_TYPES = List.of("cronjob", "deployment", "job", "pod");

    private static String word(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("\"\" (expected: a name)");
        }
        return text;
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" (expected: true or false)");
        };
    }

    private static int portNumber(String text) {
        int port = number(text);
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        return port;
    }

    private static long count(String text) {
        long count = Long.parseLong(text);
        if (count < 0) {
            throw new IllegalArgumentException(count + " (expected: at least 0)");
        }
        return count;
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    /** Enum constants are written in lower case with dashes. */
    private static <E extends Enum<E>> E oneOf(Class<E> type, String text) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (dashed(constant).equals(text)) {
                return constant;
            }
            names.add(dashed(constant));
        }
        throw new IllegalArgumentException("\"" + text + "\" (expected: one of " + String.join(", ", names) + ")");
    }

    static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
