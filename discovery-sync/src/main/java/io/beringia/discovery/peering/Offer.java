package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What our cluster tells its peers, at one position: each resource encoded once for all of them. Immutable.
 *
 * @param position grows with every change; 0 means that our own cluster was never heard, so nothing may be told
 * @param common to every peer, by name: where we are, and our gateways
 * @param offered services that may leave, by name
 * @param services names of all services that we have, exported or not
 * @param withheld names of services that a peer would refuse for their size, so that they do not leave
 * @param namespaces those that exist here
 */
public record Offer(
        long position,
        Map<String, Resource> common,
        Map<String, Offered> offered,
        Set<String> services,
        Set<String> withheld,
        Set<String> namespaces) {
    /** Nothing is known yet. */
    public static final Offer NONE = new Offer(0, Map.of(), Map.of(), Set.of(), Set.of(), Set.of());

    public Offer {
        common = PersistentMap.copyOf(common);
        offered = PersistentMap.copyOf(offered);
        services = Set.copyOf(services);
        withheld = Set.copyOf(withheld);
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * One service, or some of its endpoints, and who may have it.
     *
     * @param since the position at which it was offered first
     */
    public record Offered(Export export, Resource resource, Set<ClusterId> consumers, long since) {
        public Offered {
            consumers = Set.copyOf(consumers);
        }

        boolean isFor(Consumer consumer) {
            return consumers.contains(consumer.cluster()) && consumer.wants(export.service());
        }
    }

    /** The same of a cluster that has these namespaces. */
    Offer in(Set<String> others) {
        return new Offer(position, common, offered, services, withheld, others);
    }

    /**
     * The next position.
     *
     * @param own our part of the federation
     * @param permitted who may have each service, as {@link ExportRules} say
     * @param local all that our cluster has
     * @param neighbours peers in our own network, who reach endpoints themselves
     */
    public Offer next(
            ClusterExports own,
            Map<ServiceName, Set<ClusterId>> permitted,
            LocalPart local,
            Set<ClusterId> neighbours) {
        List<Offered> next = new ArrayList<>();
        Set<String> tooLarge = new HashSet<>();
        permitted.forEach((service, consumers) -> {
            Export export = own.exports().get(service);
            if (export != null) {
                List<Offered> all = new ArrayList<>();
                all.add(offered(export, encoded(own.cluster(), export), consumers));
                Set<ClusterId> reaching = new HashSet<>(consumers);
                reaching.retainAll(neighbours);
                if (!reaching.isEmpty()) {
                    export.slices().forEach(slice -> all.add(offered(export, encoded(own, service, slice), reaching)));
                }
                for (Offered offer : all) {
                    if (offer.resource().getSerializedSize() > PeerLimits.DEFAULT.resourceBytes()) {
                        tooLarge.add(offer.resource().getName());
                    } else {
                        next.add(offer);
                    }
                }
            }
        });
        return new Offer(
                position + 1,
                PersistentMap.copyOf(common).holding(common(own.cluster()), Resource::getName),
                PersistentMap.copyOf(offered)
                        .holding(next, offer -> offer.resource().getName()),
                local.services().stream()
                        .map(Service::name)
                        .map(PeerResource.OfService::nameOf)
                        .collect(Collectors.toSet()),
                tooLarge,
                local.namespaces());
    }

    private Offered offered(Export export, Resource resource, Set<ClusterId> consumers) {
        Offered before = offered.get(resource.getName());
        return new Offered(export, resource, consumers, before == null ? position + 1 : before.since());
    }

    private static Resource encoded(ClusterExports own, ServiceName service, ExportedSlice slice) {
        return PeerCodec.encode(new PeerResource.OfEndpoints(
                own.cluster().cluster(), service, own.cluster().network(), slice));
    }

    /** What did not change is not encoded again. */
    private Resource encoded(ClusterState own, Export export) {
        Offered before = offered.get(PeerResource.OfService.nameOf(export.service()));
        return before != null && before.export().with(List.of()).equals(export.with(List.of()))
                ? before.resource()
                : PeerCodec.encode(new PeerResource.OfService(own.cluster(), export, Set.of(own.network())));
    }

    private static List<Resource> common(ClusterState own) {
        List<Resource> common = new ArrayList<>();
        common.add(PeerCodec.encode(
                new PeerResource.OfCluster(own.cluster(), own.region(), own.network(), own.trustDomains())));
        own.gateways().forEach(gateway -> common.add(PeerCodec.encode(new PeerResource.OfGateway(gateway))));
        return common;
    }

    /** All that one consumer may have, by name. */
    Map<String, Resource> to(Consumer consumer) {
        Map<String, Resource> all = new TreeMap<>(common);
        offered.forEach((name, offer) -> {
            if (offer.isFor(consumer)) {
                all.put(name, offer.resource());
            }
        });
        return all;
    }

    /** What one consumer may have of that name. */
    Optional<Resource> to(Consumer consumer, String name) {
        return Optional.ofNullable(offered.get(name))
                .filter(offer -> offer.isFor(consumer))
                .map(Offered::resource)
                .or(() -> Optional.ofNullable(common.get(name)));
    }

    /** Names of which a consumer may be told something else than at that position; in order. */
    SortedSet<String> differences(Offer before) {
        SortedSet<String> differing = new TreeSet<>(PersistentMap.differences(before.common, common));
        differing.addAll(PersistentMap.differences(before.offered, offered));
        return differing;
    }

    /** Why this consumer no longer has a service; it must have had it. */
    Delta.Cause cause(String name, Consumer consumer) {
        Offered offer = offered.get(name);
        if (offer != null) {
            return offer.consumers().contains(consumer.cluster()) ? Delta.Cause.NAMESPACE_GONE : Delta.Cause.POLICY;
        }
        return services.contains(name) ? Delta.Cause.UNEXPORTED : Delta.Cause.DELETED;
    }

    /**
     * Who listens.
     *
     * @param namespaces those that exist there
     */
    record Consumer(ClusterId cluster, Set<String> namespaces, ProbeName probe) {
        Consumer {
            namespaces = Set.copyOf(namespaces);
        }

        boolean wants(ServiceName service) {
            return namespaces.contains(service.namespace()) || probe.is(service);
        }
    }
}
