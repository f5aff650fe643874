package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Prints a catalog as {@link CatalogYaml} reads it: sorted by name, so that equal catalogs are equal texts. Any thread. */
final class CatalogYamlWriter {
    private CatalogYamlWriter() {}

    static String write(Catalog catalog) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("plan", plan(catalog));
        file.put("workloads", sorted(catalog.workloads(), CatalogYamlWriter::workload));
        file.put("services", sorted(catalog.services(), CatalogYamlWriter::service));
        file.put("policies", sorted(catalog.policies(), CatalogYamlWriter::policy));
        file.put("exported", sorted(catalog.exported(), CatalogYamlWriter::exported));
        file.put("relay-targets", sorted(catalog.relayTargets(), CatalogYamlWriter::relayTarget));
        file.put("clusters", sorted(catalog.clusters(), CatalogYamlWriter::cluster));
        return YAMLMapper.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .disable(YAMLWriteFeature.SPLIT_LINES)
                .build()
                .writeValueAsString(file);
    }

    private static Map<String, Object> plan(Catalog catalog) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("epoch", Long.toUnsignedString(catalog.plan().epoch()));
        plan.put("seq", Long.toUnsignedString(catalog.plan().seq()));
        return plan;
    }

    private static <K extends Comparable<? super K>, V> List<Map<String, Object>> sorted(
            Map<K, V> values, Function<V, Map<String, Object>> writer) {
        return new TreeMap<>(values).values().stream().map(writer).toList();
    }

    private static Map<String, Object> workload(Workload it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("uid", it.uid());
        fields.put("name", it.name());
        fields.put("namespace", it.namespace());
        fields.put("cluster", it.cluster().name());
        fields.put("network", it.network().name());
        fields.put("addresses", texts(it.addresses()));
        it.hostname().ifPresent(hostname -> fields.put("hostname", hostname));
        fields.put("protocol", it.tunnel() == Workload.Tunnel.HBONE ? "hbone" : "tcp");
        fields.put("trust-domain", it.trustDomain().name());
        fields.put("service-account", it.serviceAccount());
        it.waypoint().ifPresent(waypoint -> fields.put("waypoint", gatewayRef(waypoint)));
        it.networkGateway().ifPresent(gateway -> fields.put("network-gateway", gatewayRef(gateway)));
        fields.put("node", it.description().node());
        fields.put("workload-name", it.description().workloadName());
        fields.put("workload-type", it.description().workloadType());
        fields.put("canonical-name", it.description().canonicalName());
        fields.put("canonical-revision", it.description().canonicalRevision());
        it.proxyProtocolPort().ifPresent(port -> fields.put("proxy-protocol-port", port));
        fields.put("services", services(it));
        fields.put("policies", it.policies());
        fields.put("status", CatalogYaml.dashed(it.health()));
        fields.put("locality", locality(it));
        fields.put("host-network", it.hostNetwork());
        fields.put("capacity", it.capacity());
        return fields;
    }

    private static Map<String, Object> services(Workload it) {
        Map<String, Object> services = new LinkedHashMap<>();
        new TreeMap<>(it.services()).forEach((name, ports) -> services.put(name.toString(), ports(ports)));
        return services;
    }

    private static Map<String, Object> locality(Workload it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("region", it.locality().region());
        fields.put("zone", it.locality().zone());
        fields.put("subzone", it.locality().subzone());
        return fields;
    }

    private static Map<String, Object> service(Service it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", it.name().namespace());
        fields.put("hostname", it.name().hostname());
        fields.put("addresses", texts(it.addresses()));
        fields.put("ports", ports(it.ports()));
        fields.put("subject-alt-names", texts(it.subjectAltNames()));
        it.waypoint().ifPresent(waypoint -> fields.put("waypoint", gatewayRef(waypoint)));
        fields.put("load-balancing", loadBalancing(it.loadBalancing()));
        fields.put("canonical", it.canonical());
        fields.put("namespace-private", it.namespacePrivate());
        return fields;
    }

    private static Map<String, Object> loadBalancing(LoadBalancing it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "preference", it.preference().stream().map(CatalogYaml::dashed).toList());
        fields.put("mode", CatalogYaml.dashed(it.mode()));
        fields.put("health-policy", CatalogYaml.dashed(it.healthPolicy()));
        return fields;
    }

    private static Map<String, Object> policy(Policy it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", it.namespace());
        fields.put("name", it.name());
        fields.put("scope", CatalogYaml.dashed(it.scope()));
        fields.put("action", CatalogYaml.dashed(it.action()));
        fields.put("rules", it.rules().stream().map(CatalogYamlWriter::rule).toList());
        fields.put("dry-run", it.dryRun());
        return fields;
    }

    private static List<List<Map<String, Object>>> rule(Policy.Rule it) {
        return it.clauses().stream()
                .map(clause ->
                        clause.matches().stream().map(CatalogYamlWriter::match).toList())
                .toList();
    }

    private static Map<String, Object> match(Policy.Match it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "namespaces", it.namespaces(), CatalogYamlWriter::pattern);
        put(fields, "not-namespaces", it.notNamespaces(), CatalogYamlWriter::pattern);
        put(fields, "principals", it.principals(), CatalogYamlWriter::pattern);
        put(fields, "not-principals", it.notPrincipals(), CatalogYamlWriter::pattern);
        put(fields, "source-ips", it.sourceIps(), CatalogYamlWriter::block);
        put(fields, "not-source-ips", it.notSourceIps(), CatalogYamlWriter::block);
        put(fields, "destination-ips", it.destinationIps(), CatalogYamlWriter::block);
        put(fields, "not-destination-ips", it.notDestinationIps(), CatalogYamlWriter::block);
        put(fields, "destination-ports", it.destinationPorts(), port -> port);
        put(fields, "not-destination-ports", it.notDestinationPorts(), port -> port);
        put(fields, "service-accounts", it.serviceAccounts(), one -> one.namespace() + "/" + one.name());
        put(fields, "not-service-accounts", it.notServiceAccounts(), one -> one.namespace() + "/" + one.name());
        return fields;
    }

    private static <T> void put(Map<String, Object> fields, String key, List<T> values, Function<T, Object> writer) {
        if (!values.isEmpty()) {
            fields.put(key, values.stream().map(writer).toList());
        }
    }

    private static Object pattern(Policy.Text text) {
        return switch (text) {
            case Policy.Text.Exact exact -> exact.text();
            case Policy.Text.Prefix prefix -> prefix.text() + "*";
            case Policy.Text.Suffix suffix -> "*" + suffix.text();
            case Policy.Text.Present present -> "*";
        };
    }

    private static Object block(Policy.Cidr block) {
        return block.ip() + "/" + block.length();
    }

    private static Map<String, Object> exported(ExportedAuthority it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("service", it.service().toString());
        fields.put("ports", it.ports().stream().sorted().toList());
        fields.put("consumers", sortedTexts(it.consumers()));
        fields.put("clients", sortedTexts(it.clients()));
        return fields;
    }

    private static Map<String, Object> relayTarget(RelayTarget it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("service", it.service().toString());
        fields.put("clients", sortedTexts(it.clients()));
        fields.put("parts", it.parts().stream().map(CatalogYamlWriter::part).toList());
        fields.put("on-failure", CatalogYaml.dashed(it.onFailure()));
        return fields;
    }

    private static Map<String, Object> part(RelayTarget.Part it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cluster", it.cluster().name());
        fields.put("ports", it.ports().stream().sorted().toList());
        fields.put("capacity", it.capacity());
        it.share().ifPresent(share -> fields.put("share", share));
        return fields;
    }

    private static Map<String, Object> cluster(ClusterState it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cluster", it.cluster().name());
        fields.put("region", it.region().name());
        fields.put("network", it.network().name());
        fields.put("trust-domains", sortedTexts(it.trustDomains()));
        fields.put(
                "gateways",
                it.gateways().stream().map(CatalogYamlWriter::gateway).toList());
        fields.put("status", CatalogYaml.dashed(it.status()));
        fields.put("freshness", freshness(it.freshness()));
        return fields;
    }

    private static Map<String, Object> gateway(GatewayAddress it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", it.name());
        fields.put("address", it.address().toString());
        fields.put("identity", it.identity().toString());
        fields.put("status", CatalogYaml.dashed(it.health()));
        fields.put("weight", it.weight());
        return fields;
    }

    private static String freshness(Freshness it) {
        return switch (it) {
            case Freshness.Live live -> "live";
            case Freshness.Stale stale -> "stale " + stale.age();
            case Freshness.Unknown unknown -> "unknown";
        };
    }

    private static Map<String, Object> gatewayRef(GatewayRef it) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "destination",
                switch (it) {
                    case GatewayRef.ByHostname named -> named.service().toString();
                    case GatewayRef.ByAddress addressed -> addressed.address().toString();
                });
        fields.put("hbone-port", it.hbonePort());
        return fields;
    }

    private static Map<String, Object> ports(List<ServicePort> ports) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        ports.forEach(port -> pairs.put(Integer.toString(port.port()), port.target()));
        return pairs;
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static List<String> sortedTexts(Collection<?> values) {
        return values.stream().map(Object::toString).sorted().toList();
    }
}
