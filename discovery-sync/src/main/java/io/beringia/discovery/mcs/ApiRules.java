package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.ImportedSlice;
import io.beringia.discovery.kube.KubeObject.ImportSpec;
import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.peering.ExportDecision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What our API should say of the Multi-Cluster Services API, and what to write so that it does. What it says of clusters that
 * were never heard since the start stays as it is. Pure.
 */
final class ApiRules {
    /** Which labels and annotations we were asked for the last time, so that those of others are told from dropped ones. */
    static final String APPLIED = "multicluster.beringia.io/applied";

    private static final int HASH_BYTES = 5;

    private final Situation situation;
    private final SortedMap<ObjectName, Import> imports;
    private final Map<ObjectName, List<IpAddress>> ips;
    private final List<ApiWrite> writes = new ArrayList<>();

    private ApiRules(Situation situation, SortedMap<ObjectName, Import> imports, Map<ObjectName, List<IpAddress>> ips) {
        this.situation = situation;
        this.imports = imports;
        this.ips = ips;
    }

    /** What is to be imported: whatever is exported to us, into namespaces that exist here. */
    static SortedMap<ObjectName, Import> imports(Situation situation) {
        SortedMap<ObjectName, Import> imports = new TreeMap<>();
        situation.view().services().forEach((name, service) -> {
            if (situation.local().namespaces().contains(name.namespace())) {
                ClustersetName.service(name)
                        .ifPresent(own -> merged(situation, service)
                                .ifPresent(it -> imports.put(new ObjectName(name.namespace(), own), it)));
            }
        });
        return imports;
    }

    /** Our own export counts while it may leave; those of others come to us only if they may. */
    private static Optional<Import> merged(Situation situation, FederatedService service) {
        return ImportRules.of(
                service,
                cluster -> !cluster.equals(situation.own())
                        || situation.exports().of(service.name()).verdict() == ExportDecision.Verdict.PERMITTED,
                situation.families());
    }

    /** Who is to have addresses: imports that are not headless, each as it has them. */
    static SortedMap<ObjectName, VipRules.Claim> claims(Situation situation, SortedMap<ObjectName, Import> imports) {
        SortedMap<ObjectName, VipRules.Claim> claims = new TreeMap<>();
        situation.local().mcs().imports().forEach((name, seen) -> {
            if (seen.isOurs()
                    && !seen.spec().ips().isEmpty()
                    && (imports.containsKey(name) || mayBeUnheards(situation, seen))) {
                claims.put(
                        name,
                        new VipRules.Claim(seen.spec().families(), seen.spec().ips()));
            }
        });
        imports.forEach((name, it) -> {
            List<IpAddress> published = Optional.ofNullable(claims.get(name))
                    .map(VipRules.Claim::published)
                    .orElse(List.of());
            if (it.type() == McsExport.Type.CLUSTER_SET_IP && !it.families().isEmpty() && !isForeign(situation, name)) {
                claims.put(name, new VipRules.Claim(it.families(), published));
            }
        });
        return claims;
    }

    private static boolean isForeign(Situation situation, ObjectName name) {
        ServiceImportObject seen = situation.local().mcs().imports().get(name);
        return seen != null && !seen.isOurs();
    }

    private static boolean mayBeUnheards(Situation situation, ServiceImportObject seen) {
        return seen.clusters().stream().anyMatch(situation::isUnheard);
    }

    /** Imports that others wrote under names that we would need. */
    static List<ObjectName> foreign(Situation situation, SortedMap<ObjectName, Import> imports) {
        return imports.keySet().stream()
                .filter(name -> isForeign(situation, name))
                .toList();
    }

    /** What to write, in this order. */
    static List<ApiWrite> writes(
            Situation situation, SortedMap<ObjectName, Import> imports, Map<ObjectName, List<IpAddress>> ips) {
        ApiRules rules = new ApiRules(situation, imports, ips);
        rules.slices();
        rules.imports.forEach(rules::put);
        situation.local().mcs().imports().values().forEach(rules::removed);
        situation.local().mcs().exports().values().forEach(rules::status);
        return rules.writes;
    }

    private Optional<ServiceImportObject> seen(ObjectName name) {
        return Optional.ofNullable(situation.local().mcs().imports().get(name));
    }

    private void put(ObjectName name, Import it) {
        Optional<ServiceImportObject> seen = seen(name);
        if (seen.filter(old -> !old.isOurs() || mayBeUnheards(situation, old)).isPresent()) {
            return;
        }
        ApiWrite.ApplyImport wanted = new ApiWrite.ApplyImport(name, spec(name, it), it.labels(), annotations(it));
        if (seen.filter(old -> isMet(wanted, old)).isEmpty()) {
            writes.add(wanted);
        }
        ApiWrite.ApplyImportStatus status = new ApiWrite.ApplyImportStatus(
                name,
                it.clusters().stream().map(ClusterId::name).sorted().toList(),
                List.of(ready(it, wanted.spec(), seen)));
        if (seen.filter(old -> old.clusters().equals(status.clusters())
                        && ExportConditions.areMet(status.conditions(), old.conditions()))
                .isEmpty()) {
            writes.add(status);
        }
    }

    private ImportSpec spec(ObjectName name, Import it) {
        boolean isHeadless = it.type() == McsExport.Type.HEADLESS;
        List<IpAddress> given = isHeadless ? List.of() : ips.getOrDefault(name, List.of());
        return new ImportSpec(
                it.type(),
                it.ports(),
                given,
                isHeadless || !given.isEmpty() ? it.families() : List.of(),
                it.affinity(),
                it.internalTrafficPolicy(),
                it.trafficDistribution());
    }

    private static Map<String, String> annotations(Import it) {
        Map<String, String> all = new HashMap<>(it.annotations());
        if (!it.labels().isEmpty() || !it.annotations().isEmpty()) {
            all.put(
                    APPLIED,
                    String.join(",", new TreeSet<>(it.labels().keySet())) + ";"
                            + String.join(",", new TreeSet<>(it.annotations().keySet())));
        }
        return all;
    }

    private static boolean isMet(ApiWrite.ApplyImport wanted, ServiceImportObject seen) {
        return wanted.spec().equals(seen.spec())
                && seen.labels().entrySet().containsAll(wanted.labels().entrySet())
                && seen.annotations()
                        .entrySet()
                        .containsAll(wanted.annotations().entrySet())
                && wanted.annotations()
                        .getOrDefault(APPLIED, "")
                        .equals(seen.annotations().getOrDefault(APPLIED, ""));
    }

    private Condition ready(Import it, ImportSpec spec, Optional<ServiceImportObject> seen) {
        ExportConditions.Said said = new ExportConditions.Said(
                seen.map(ServiceImportObject::conditions).orElse(List.of()),
                seen.map(old -> old.identity().generation()).orElse(0L),
                situation.now());
        if (it.families().isEmpty()) {
            return said.that(
                    "Ready",
                    Condition.Status.FALSE,
                    "IPFamilyNotSupported",
                    "the exporting clusters and this one have no IP family in common");
        }
        return it.type() == McsExport.Type.CLUSTER_SET_IP && spec.ips().isEmpty()
                ? said.that("Ready", Condition.Status.FALSE, "Pending", "no address is free")
                : said.that("Ready", Condition.Status.TRUE, "Ready", "");
    }

    private void removed(ServiceImportObject seen) {
        if (seen.isOurs() && !imports.containsKey(seen.name()) && !mayBeUnheards(situation, seen)) {
            writes.add(new ApiWrite.DeleteImport(seen.name(), seen.identity()));
        }
    }

    private void slices() {
        SortedMap<ObjectName, ImportedSlice> wanted = new TreeMap<>();
        if (situation.slices() == McsConfig.Slices.SAME_NETWORK) {
            imports.forEach((name, it) -> seen(name)
                    .filter(ServiceImportObject::isOurs)
                    .ifPresent(owner -> slices(name, it, owner).forEach(slice -> wanted.put(slice.name(), slice))));
        }
        SortedMap<ObjectName, ImportedSlice> seen = situation.local().mcs().slices();
        seen.values().stream()
                .filter(old -> !wanted.containsKey(old.name()) && !situation.isUnheard(old.cluster()))
                .forEach(old -> writes.add(new ApiWrite.DeleteSlice(old.name(), old.identity())));
        wanted.forEach((name, slice) -> {
            ImportedSlice old = seen.get(name);
            if (old == null || !slice.isMetBy(old)) {
                writes.add(new ApiWrite.ApplySlice(slice));
            }
        });
    }

    private List<ImportedSlice> slices(ObjectName name, Import it, ServiceImportObject owner) {
        List<ImportedSlice> all = new ArrayList<>();
        ServiceName service = ClustersetName.of(name.namespace(), name.name());
        Set<ClusterId> clusters = Set.copyOf(it.clusters());
        FederatedService federated = situation.view().services().get(service);
        if (federated != null) {
            federated.parts().stream()
                    .filter(part -> clusters.contains(part.cluster())
                            && !situation.expired().contains(part.cluster()))
                    .forEach(part -> part.export()
                            .slices()
                            .forEach(slice -> all.add(slice(name, part.cluster(), owner, slice))));
        }
        return all;
    }

    private static ImportedSlice slice(
            ObjectName service, ClusterId cluster, ServiceImportObject owner, ExportedSlice slice) {
        String name = "imported-" + service.name() + "-" + cluster + "-" + hash(slice.name());
        return ImportedSlice.of(
                new ObjectName(service.namespace(), name),
                service.name(),
                cluster.name(),
                owner.identity().uid(),
                new ExportedSlice(name, slice.family(), slice.ports(), slice.endpoints()));
    }

    /** Short, and the same on every replica. */
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: none (expected: in every JDK)", impossible);
        }
    }

    private void status(ServiceExportObject export) {
        ApiWrite.ApplyExportStatus wanted = new ApiWrite.ApplyExportStatus(
                export.name(), ExportConditions.of(export, facts(export), situation.now()));
        if (!ExportConditions.areMet(wanted.conditions(), export.conditions())
                || isOver(wanted.conditions(), export.conditions())) {
            writes.add(wanted);
        }
    }

    /** Whether it still says something of ours that is no longer so. */
    private static boolean isOver(List<Condition> wanted, List<Condition> seen) {
        return seen.stream()
                .map(Condition::type)
                .filter(type -> type.startsWith(ExportConditions.OURS))
                .anyMatch(type -> wanted.stream().noneMatch(one -> one.type().equals(type)));
    }

    private ExportConditions.Facts facts(ServiceExportObject export) {
        ObjectName name = export.name();
        ServiceName service = ClustersetName.of(name.namespace(), name.name());
        return new ExportConditions.Facts(
                target(name),
                situation.exports().of(service).verdict(),
                reach(export, service),
                Optional.ofNullable(imports.get(name))
                        .filter(it -> it.clusters().contains(situation.own())),
                cautions(service));
    }

    private Set<ExportConditions.Caution> cautions(ServiceName service) {
        Set<ExportConditions.Caution> cautions = EnumSet.noneOf(ExportConditions.Caution.class);
        if (Optional.ofNullable(situation.view().services().get(service))
                .filter(FederatedService::isPolicySkewed)
                .isPresent()) {
            cautions.add(ExportConditions.Caution.POLICY_SKEW);
        }
        if (situation.local().waypoints().identities().containsKey(service)) {
            cautions.add(ExportConditions.Caution.WAYPOINT_LOCAL_ONLY);
        }
        return cautions;
    }

    private ExportConditions.Target target(ObjectName name) {
        if (situation.local().mcs().services().contains(name)) {
            return ExportConditions.Target.VALID;
        }
        return situation.local().mcs().unfit().contains(name)
                ? ExportConditions.Target.UNFIT
                : ExportConditions.Target.NO_SERVICE;
    }

    /** Once known it stays known: a link that is gone takes nothing back. */
    private ExportConditions.Reach reach(ServiceExportObject export, ServiceName service) {
        boolean wasReady = export.conditions().stream()
                .anyMatch(old -> old.type().equals("Ready") && old.status() == Condition.Status.TRUE);
        return wasReady || !situation.hasPeers() || situation.takenOver().contains(service)
                ? ExportConditions.Reach.EXPORTED
                : ExportConditions.Reach.PENDING;
    }
}
