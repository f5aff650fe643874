package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What our own cluster has, by name, and how each of its services stands at home. Immutable. */
record LocalEndpoints(
        OwnObjects objects,
        PersistentMap<String, Workload> workloads,
        PersistentMap<ServiceName, Service> services,
        PersistentMap<ServiceName, Tally> tallies) {
    static final LocalEndpoints NONE =
            new LocalEndpoints(OwnObjects.NONE, PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

    /**
     * Endpoints of one service.
     *
     * @param ready those of all that can serve
     * @param capacity of these
     */
    record Tally(int all, int ready, long capacity) {
        static final Tally NONE = new Tally(0, 0, 0);

        private Tally with(Workload endpoint, int times) {
            boolean isReady = endpoint.health() == Health.HEALTHY;
            return new Tally(
                    all + times,
                    isReady ? ready + times : ready,
                    isReady ? capacity + times * endpoint.capacity() : capacity);
        }
    }

    /** The same of these objects; what stays equal stays the very same. */
    LocalEndpoints next(OwnObjects now) {
        if (now.equals(objects)) {
            return this;
        }
        PersistentMap<String, Workload> next = workloads.holding(now.workloads(), Workload::uid);
        PersistentMap<ServiceName, Tally> counted = tallies;
        for (String uid : PersistentMap.differences(workloads, next)) {
            counted = counted(counted, workloads.get(uid), -1);
            counted = counted(counted, next.get(uid), 1);
        }
        return new LocalEndpoints(now, next, services.holding(now.services(), Service::name), counted);
    }

    private static PersistentMap<ServiceName, Tally> counted(
            PersistentMap<ServiceName, Tally> tallies, @Nullable Workload endpoint, int times) {
        PersistentMap<ServiceName, Tally> counted = tallies;
        if (endpoint != null) {
            for (ServiceName service : endpoint.services().keySet()) {
                Tally tally = counted.getOrDefault(service, Tally.NONE).with(endpoint, times);
                counted = tally.all() == 0 ? counted.without(service) : counted.with(service, tally);
            }
        }
        return counted;
    }

    /** Services of which something else is told than before, as far as it rests on us. */
    Set<ServiceName> differences(LocalEndpoints before) {
        if (objects.equals(before.objects)) {
            return Set.of();
        }
        Set<ServiceName> differing = new HashSet<>(PersistentMap.differences(before.services, services));
        differing.addAll(PersistentMap.differences(before.tallies, tallies));
        differing.addAll(PersistentMap.differences(before.objects.vips(), objects.vips()));
        return differing;
    }

    Tally tally(ServiceName service) {
        return tallies.getOrDefault(service, Tally.NONE);
    }
}
