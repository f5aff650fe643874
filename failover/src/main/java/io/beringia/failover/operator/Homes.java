package io.beringia.failover.operator;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceHome.Standing;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.failover.operator.Outlook.Level;
import io.beringia.failover.operator.Outlook.Line;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Services with a single writer, and where each is at home. Pure. */
public final class Homes {
    private Homes() {}

    /**
     * One of them.
     *
     * @param region as the plan has its home
     */
    public record Home(ServiceName service, Optional<ServiceHome> home, Optional<RegionPlan> region) {
        /** Whether new connections go anywhere. */
        public boolean isServed() {
            return home.filter(it -> it.standing() == Standing.OPEN).isPresent()
                    && region.map(RegionPlan::phase)
                            .map(RegionPhase::status)
                            .filter(status -> status.isAllowed())
                            .isPresent();
        }

        private Line line() {
            return home.map(it -> Line.of(Level.TROUBLE, service.toString(), says(it), it.reason()))
                    .orElseGet(
                            () -> Line.of(
                                    Level.TROUBLE,
                                    service.toString(),
                                    "has no home, so nobody is served",
                                    "it has a single writer, and not exactly one region is known to have pods of it; restore it in one"));
        }

        private String says(ServiceHome it) {
            return switch (it.standing()) {
                case AWAITED, HURRIED ->
                    "moves to " + it.region() + ", and nobody is served until all have left where it was";
                case OPEN ->
                    "is at home in " + it.region() + ", which is "
                            + region.map(one -> one.phase().name()).orElse("unknown") + ", so nobody is served";
            };
        }

        private ObjectNode json() {
            ObjectNode json = OperatorJson.object();
            json.put("service", service.toString());
            json.put("served", isServed());
            home.ifPresent(it -> json.put("region", it.region().name())
                    .put("standing", it.standing().name())
                    .put("since", it.since().toString())
                    .put("reason", it.reason()));
            return json;
        }
    }

    /** Any thread. In order of name: those that the plan knows, and those of which some site says so. */
    public static List<Home> of(LeaderView view) {
        TreeSet<ServiceName> names = new TreeSet<>();
        view.services().forEach((service, sight) -> {
            if (sight.writers() == Writers.SINGLE) {
                names.add(service);
            }
        });
        view.plan().services().stream()
                .filter(one -> one.home().isPresent())
                .map(ServicePlan::service)
                .forEach(names::add);
        return names.stream().map(service -> of(service, view)).toList();
    }

    private static Home of(ServiceName service, LeaderView view) {
        Optional<ServiceHome> home = view.plan().service(service).flatMap(ServicePlan::home);
        return new Home(service, home, home.flatMap(it -> view.plan().region(it.region())));
    }

    static Stream<Line> lines(LeaderView view) {
        return of(view).stream().filter(home -> !home.isServed()).map(Home::line);
    }

    static ArrayNode json(LeaderView view) {
        ArrayNode homes = JsonMapper.shared().createArrayNode();
        of(view).forEach(home -> homes.add(home.json()));
        return homes;
    }
}
