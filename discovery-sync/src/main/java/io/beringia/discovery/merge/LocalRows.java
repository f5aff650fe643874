package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Writers;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** By which row the clients of our own region are sent to each service: the plan's, with local overrides. Pure. */
public final class LocalRows {
    /**
     * A region keeps all of its traffic until less than 1/1.4 of its endpoints are ready.
     *
     * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">
     *     Envoy, priority levels</a>
     */
    private static final int OVERPROVISIONING = 14_000;

    private final FederationView view;
    private final ClusterState own;
    private final LocalEndpoints local;

    LocalRows(FederationView view, ClusterState own) {
        this(view, own, LocalEndpoints.NONE.next(view.objects()));
    }

    /** @param local of the view's own objects */
    LocalRows(FederationView view, ClusterState own, LocalEndpoints local) {
        this.view = view;
        this.own = own;
        this.local = local;
    }

    /** Services of which everything that could be lost is lost, so that nothing is done about it; in order. */
    public static List<ServiceName> panics(FederationView view) {
        return view.ownState().map(own -> new LocalRows(view, own).panics()).orElse(List.of());
    }

    /**
     * How one service's clients are sent.
     *
     * @param row empty without a plan, or where it has none for us
     * @param split what follows from it
     * @param isPanic nothing would be left, so the plan stands as if there were no overrides
     */
    record Ruling(Optional<Shares> row, ShareRules.Split split, boolean isPanic) {}

    Ruling of(FederatedService service) {
        Optional<ServiceHome> home =
                view.plan().flatMap(plan -> plan.service(service.name())).flatMap(ServicePlan::home);
        return home.isPresent() || service.writers() == Writers.SINGLE ? atHome(home) : anywhere(service);
    }

    /**
     * Only the plan knows where: what we see ourselves of ways and pods opens no second region, and while no plan says a
     * home there is none.
     */
    private static Ruling atHome(Optional<ServiceHome> home) {
        Optional<RegionId> open =
                home.filter(it -> it.standing() == ServiceHome.Standing.OPEN).map(ServiceHome::region);
        return new Ruling(open.map(Shares::all), new ShareRules.Split.Only(open), false);
    }

    private Ruling anywhere(FederatedService service) {
        Optional<Shares> planned = view.plan().flatMap(plan -> plan.row(service.name(), own.region()));
        LocalOverrides overrides = graded(service.name());
        boolean isGraded = !overrides.equals(view.overrides());
        int ready = readiness(local.tally(service.name()), isGraded ? 0 : Shares.WHOLE);
        if (overrides.equals(LocalOverrides.NONE) && ready == Shares.WHOLE) {
            return ruling(planned, LocalOverrides.NONE, false);
        }
        Set<RegionId> takers = takers(service, planned);
        int home = Math.min(ready, overrides.grade(own.region()));
        boolean isShared = isShared(home, takers, overrides, isGraded);
        Shares row = planned.orElseGet(() -> Shares.all(own.region()));
        return isShared || row.of(own.region()) < Shares.WHOLE
                ? split(row, takers, isShared ? overrides.lowered(own.region(), home) : overrides, overrides)
                : reserved(planned, takers, overrides);
    }

    /** Ways as our observers see them, and how the service stands at their ends as the leader sees it. */
    private LocalOverrides graded(ServiceName service) {
        LocalOverrides graded = view.overrides();
        for (ServicePlan.State state : view.plan()
                .flatMap(plan -> plan.service(service))
                .map(ServicePlan::states)
                .orElse(List.of())) {
            graded = graded.lowered(state.region(), state.phase().grade());
        }
        return graded;
    }

    /**
     * With nobody else to help, ranks alone decide; and with nothing ready at home, unless the others are not alike.
     *
     * @param isGraded the service does not stand everywhere as it should
     */
    private boolean isShared(int home, Set<RegionId> takers, LocalOverrides overrides, boolean isGraded) {
        return (home > 0 || isGraded)
                && home < Shares.WHOLE
                && takers.stream().anyMatch(region -> !region.equals(own.region()) && overrides.grade(region) > 0);
    }

    private Ruling ruling(Optional<Shares> row, LocalOverrides reserve, boolean isPanic) {
        return new Ruling(row, ShareRules.split(row, own.region(), reserve), isPanic);
    }

    private Ruling panic(Optional<Shares> row) {
        return ruling(row, LocalOverrides.NONE, true);
    }

    private Ruling split(Shares planned, Set<RegionId> takers, LocalOverrides overrides, LocalOverrides reserve) {
        OverrideRules.Composed composed = OverrideRules.compose(planned, overrides, takers, own.region());
        return composed.isPanic()
                ? panic(Optional.of(composed.row()))
                : ruling(Optional.of(composed.row()), reserve, false);
    }

    /** Everything stays at home; the ways matter for what stands in reserve, if home has anything at all. */
    private Ruling reserved(Optional<Shares> planned, Set<RegionId> takers, LocalOverrides overrides) {
        boolean isPanic = !takers.isEmpty() && takers.stream().allMatch(region -> overrides.grade(region) == 0);
        return isPanic ? panic(planned) : ruling(planned, overrides, false);
    }

    /** How much of its share our own endpoints keep, by Envoy's factor of 1.4. */
    private static int readiness(LocalEndpoints.Tally tally, int ofNone) {
        return tally.all() == 0 ? ofNone : Math.min(Shares.WHOLE, OVERPROVISIONING * tally.ready() / tally.all());
    }

    private List<ServiceName> panics() {
        return view.services().values().stream()
                .filter(service -> of(service).isPanic())
                .map(FederatedService::name)
                .sorted()
                .toList();
    }

    /** Regions that have something ready, and that the plan lets us raise. */
    private Set<RegionId> takers(FederatedService service, Optional<Shares> planned) {
        Set<RegionId> takers = new HashSet<>();
        for (FederatedService.Part part : service.parts()) {
            ClusterState cluster = view.clusters().get(part.cluster());
            if (cluster != null
                    && view.capacity(part) > 0
                    && view.status(cluster).isAllowed()
                    && !isPinnedOut(cluster.region(), planned)) {
                takers.add(cluster.region());
            }
        }
        return takers;
    }

    private boolean isPinnedOut(RegionId region, Optional<Shares> planned) {
        boolean isPinned = view.plan()
                .flatMap(plan -> plan.region(region))
                .filter(it -> it.overlays().contains(Overlay.PINNED))
                .isPresent();
        return isPinned && planned.filter(row -> row.of(region) > 0).isEmpty();
    }
}
