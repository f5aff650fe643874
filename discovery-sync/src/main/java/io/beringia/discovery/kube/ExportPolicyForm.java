package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.kube.ExportPolicySpec.Consumers;
import io.beringia.discovery.kube.ExportPolicySpec.Services;
import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.trust.identity.SpiffeId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Our own kinds, from fabric8's models. Owned by one call. Every problem is named with what was expected; a policy with any
 * is about all that it might have meant, and lets nobody have it, so that no mistake ever widens what leaves.
 */
final class ExportPolicyForm {
    /** As the definition has it; each identity is told to every gateway. */
    private static final int ENTRIES_MAX = 256;

    private final List<String> problems = new ArrayList<>();

    private ExportPolicyForm() {}

    static ExportPolicyObject policy(GenericKubernetesResource object) {
        ExportPolicyForm form = new ExportPolicyForm();
        ExportPolicySpec spec = form.spec(RawFields.of(object.get("spec")));
        RawFields status = RawFields.of(object.get("status"));
        return new ExportPolicyObject(
                CompactForm.name(object),
                McsForm.identity(object),
                CompactForm.created(object),
                form.problems.isEmpty() ? spec : spec.forNobody(),
                form.problems,
                new ExportPolicyObject.Matched(status.number("matched").orElse(0), status.words("services")),
                McsForm.conditions(object));
    }

    /** It says its labels, and how long to believe it; who a peer is, and what it may say, is configuration alone. */
    static PeerClusterObject peer(GenericKubernetesResource object) {
        ExportPolicyForm form = new ExportPolicyForm();
        RawFields spec = RawFields.of(object.get("spec"));
        form.onlyKnown("spec", spec, Set.of("stalePolicy"));
        return new PeerClusterObject(
                CompactForm.name(object),
                McsForm.identity(object),
                CompactForm.labels(object),
                form.stale(spec),
                form.problems,
                ages(RawFields.of(object.get("status"))),
                McsForm.conditions(object));
    }

    private static Optional<PeerClusterObject.Ages> ages(RawFields status) {
        return McsForm.instant(status, "lastHeard")
                .map(heard -> new PeerClusterObject.Ages(
                        heard,
                        McsForm.instant(status, "lastListed"),
                        status.number("services").orElse(0)));
    }

    private Optional<StalePolicy> stale(RawFields spec) {
        Optional<StalePolicy> stale = StalePolicy.ofWord(spec.text("stalePolicy"));
        if (spec.has("stalePolicy") && stale.isEmpty()) {
            problem("spec.stalePolicy", "\"" + spec.text("stalePolicy") + "\"", "keep, depreference or drop");
        }
        return stale;
    }

    private ExportPolicySpec spec(RawFields spec) {
        onlyKnown("spec", spec, Set.of("services", "namespaceSelector", "consumers", "clients"));
        return new ExportPolicySpec(
                readable(() -> services(spec.object("services")), new Services.Labelled(LabelSelector.EVERYTHING)),
                readable(
                        () -> spec.has("namespaceSelector")
                                ? Optional.of(selector("spec", spec, "namespaceSelector"))
                                : Optional.empty(),
                        Optional.of(LabelSelector.EVERYTHING)),
                consumers(spec),
                clients(spec));
    }

    /** What it says, or all that it might have meant. */
    private <T> T readable(Supplier<T> read, T all) {
        int before = problems.size();
        T said = read.get();
        return problems.size() == before ? said : all;
    }

    private void onlyKnown(String where, RawFields fields, Set<String> known) {
        fields.names().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> problem(where + "." + name, "unknown", known.isEmpty() ? "no fields" : names(known)));
    }

    private static String names(Set<String> known) {
        return String.join(", ", known.stream().sorted().toList());
    }

    private void problem(String where, String value, String expected) {
        problems.add(where + ": " + value + " (expected: " + expected + ")");
    }

    private Services services(RawFields services) {
        onlyKnown("spec.services", services, Set.of("names", "selector"));
        if (services.has("names") == services.has("selector")) {
            problem("spec.services", services.has("names") ? "names and selector" : "nothing", "names or selector");
        }
        return services.has("names")
                ? new Services.Named(Set.copyOf(texts("spec.services.names", services, "names")))
                : new Services.Labelled(selector("spec.services", services, "selector"));
    }

    private List<String> texts(String where, RawFields fields, String name) {
        List<String> texts = fields.words(name);
        long elements = fields.elements(name).count();
        if (!fields.isList(name) || texts.size() < elements || elements > ENTRIES_MAX) {
            problem(where, elements + " entries", "a list of at most " + ENTRIES_MAX + " texts");
        }
        return texts;
    }

    private List<Consumers> consumers(RawFields spec) {
        long elements = spec.elements("consumers").count();
        List<RawFields> all = spec.objects("consumers").toList();
        if (!spec.isList("consumers") || all.size() < elements || elements > ENTRIES_MAX) {
            problem("spec.consumers", elements + " entries", "a list of at most " + ENTRIES_MAX + " consumers");
            return List.of();
        }
        List<Consumers> consumers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            consumer("spec.consumers[" + i + "]", all.get(i)).ifPresent(consumers::add);
        }
        return consumers;
    }

    private Optional<Consumers> consumer(String where, RawFields consumer) {
        Set<String> said = consumer.names();
        if (said.equals(Set.of("cluster"))) {
            return cluster(where, consumer.text("cluster"));
        }
        if (said.equals(Set.of("clusterSelector"))) {
            return Optional.of(new Consumers.Labelled(selector(where, consumer, "clusterSelector")));
        }
        if (said.equals(Set.of("clusterset"))
                && Boolean.TRUE.equals(consumer.all().get("clusterset"))) {
            return Optional.of(new Consumers.Clusterset());
        }
        problem(
                where,
                said.isEmpty() ? "nothing" : names(said),
                "one of cluster, clusterSelector and clusterset: true");
        return Optional.empty();
    }

    private Optional<Consumers> cluster(String where, String name) {
        try {
            return Optional.of(new Consumers.Cluster(new ClusterId(name)));
        } catch (IllegalArgumentException unfit) {
            problem(where + ".cluster", "\"" + name + "\"", "the name of a cluster");
            return Optional.empty();
        }
    }

    private Set<SpiffeId> clients(RawFields spec) {
        Set<SpiffeId> clients = new HashSet<>();
        if (spec.has("clients")) {
            List<String> texts = texts("spec.clients", spec, "clients");
            if (texts.isEmpty()) {
                problem("spec.clients", "nobody", "at least 1, or no such field");
            }
            texts.forEach(text -> SpiffeId.tryParse(text)
                    .ifPresentOrElse(
                            clients::add, () -> problem("spec.clients", "\"" + text + "\"", "an exact SPIFFE ID")));
        }
        return clients;
    }

    private LabelSelector selector(String of, RawFields parent, String name) {
        String where = of + "." + name;
        RawFields selector = parent.object(name);
        if (!parent.isObject(name)) {
            problem(where, "no selector", "matchLabels, matchExpressions");
        }
        onlyKnown(where, selector, Set.of("matchLabels", "matchExpressions"));
        Map<String, String> labels = selector.texts("matchLabels");
        if (selector.has("matchLabels")
                && (!selector.isObject("matchLabels")
                        || labels.size() < selector.object("matchLabels").all().size())) {
            problem(where + ".matchLabels", "not all texts", "labels and their values");
        }
        List<RawFields> expressions = selector.objects("matchExpressions").toList();
        if (selector.has("matchExpressions")
                && (!selector.isList("matchExpressions")
                        || expressions.size()
                                < selector.elements("matchExpressions").count())) {
            problem(where + ".matchExpressions", "not all expressions", "a list of key, operator and values");
        }
        return new LabelSelector(
                labels,
                expressions.stream()
                        .flatMap(one -> requirement(where + ".matchExpressions", one).stream())
                        .toList());
    }

    private Optional<LabelSelector.Requirement> requirement(String where, RawFields said) {
        Optional<LabelSelector.Operator> operator = Stream.of(LabelSelector.Operator.values())
                .filter(one -> one.word().equals(said.text("operator")))
                .findFirst();
        List<String> values = said.words("values");
        if (said.text("key").isEmpty()
                || operator.filter(one -> one.hasValues() != values.isEmpty()).isEmpty()) {
            problem(
                    where,
                    "\"" + said.text("key") + " " + said.text("operator") + "\" with " + values.size() + " values",
                    "a key with In or NotIn and values, or with Exists or DoesNotExist and none");
            return Optional.empty();
        }
        return operator.map(one -> new LabelSelector.Requirement(said.text("key"), one, Set.copyOf(values)));
    }
}
