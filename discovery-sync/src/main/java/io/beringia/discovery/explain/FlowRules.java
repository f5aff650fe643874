package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.explain.FlowExplanation.Outcome;
import io.beringia.discovery.explain.FlowExplanation.Reason;
import io.beringia.discovery.explain.FlowExplanation.Step;
import io.beringia.discovery.explain.FlowExplanation.Verdict;
import io.beringia.discovery.merge.Audience;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.Projection;
import io.beringia.discovery.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why one client's connections to one service go where they go, by the same rules by which they do. Pure: the same picture
 * and question give the same answer. Any thread.
 */
public final class FlowRules {
    private FlowRules() {}

    /** Throws {@link IllegalArgumentException} where our cluster has no such client. */
    public static FlowExplanation explain(Snapshot picture, Question question) {
        FederationView view = picture.view();
        Workload client = Asked.client(view, question.client());
        Catalog told = Projection.of(
                view,
                new Audience(
                        Audience.Kind.ZTUNNEL,
                        picture.relay().isPresent() ? Audience.Mode.RELAY : Audience.Mode.DIRECT),
                picture.relay().map(relay -> relay));
        Optional<Service> service = Asked.service(told, question.service());
        if (service.isEmpty()) {
            return unknown(picture, client, question);
        }
        int port = question.port().orElseGet(() -> Asked.firstPort(service.get()));
        Catalog gateways =
                Projection.of(view, new Audience(Audience.Kind.GATEWAY, Audience.Mode.DIRECT), Optional.empty());
        return explained(new Flow(picture, client, service.get(), port, told, gateways));
    }

    private static FlowExplanation explained(Flow flow) {
        FlowSteps steps = new FlowSteps(flow);
        List<Reason> reasons = new ArrayList<>();
        for (Step step : Step.values()) {
            reasons.add(steps.reason(step));
        }
        Optional<Reason> end = reasons.stream()
                .filter(reason -> reason.verdict() == Verdict.REFUSES)
                .findFirst();
        String flowText = name(flow.client()) + " to " + flow.service().name() + ":" + flow.port();
        return end.map(why -> new FlowExplanation(
                        Outcome.REFUSED, flowText + " is refused by " + word(why.step()) + ": " + why.value(), reasons))
                .orElseGet(() -> new FlowExplanation(Outcome.GOES, flowText + " goes to " + where(flow), reasons));
    }

    private static String where(Flow flow) {
        return flow.service().waypoint().isPresent()
                ? "its waypoint, which decides on"
                : flow.split().entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .map(part -> part.getKey() + " " + percent(part.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** Nobody told our clients of such a service, for a reason that can be named. */
    private static FlowExplanation unknown(Snapshot picture, Workload client, Question question) {
        String why = whyUnknown(picture, question.service());
        return new FlowExplanation(
                Outcome.REFUSED,
                name(client) + " to " + question.service() + " is refused by export: " + why,
                List.of(
                        new Reason(Step.EXPORT, Verdict.REFUSES, why),
                        new Reason(Step.PLAN, Verdict.OPEN, FlowSteps.plan(picture.view()))));
    }

    private static String whyUnknown(Snapshot picture, String service) {
        int slash = service.indexOf('/');
        String namespace = slash < 0 ? "" : service.substring(0, slash);
        if (!namespace.isEmpty() && !picture.namespaces().contains(namespace)) {
            return "namespace " + namespace + " does not exist in " + picture.cluster()
                    + ", so nothing is imported into it";
        }
        String unheard =
                picture.unheard().stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
        return "no such service in " + picture.cluster() + ", and no cluster exports one to it"
                + (unheard.isEmpty() ? "" : " (not heard since the start: " + unheard + ")");
    }

    static String name(Workload workload) {
        return workload.namespace() + "/" + workload.name();
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", part * 100);
    }

    private static String word(Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }
}
