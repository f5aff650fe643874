package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.FederationView;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words of people, to what they mean in one picture. Pure. */
final class Asked {
    private static final int SUGGESTIONS_MAX = 5;

    private Asked() {}

    /** Its name says it, else its address or uid, else the first ready one whose name begins so. */
    static Workload client(FederationView view, String words) {
        return exact(view, words)
                .or(() -> beginning(view, words))
                .orElseThrow(() -> new IllegalArgumentException("client: \"" + words + "\" (expected: a workload of "
                        + view.own() + ", such as " + suggestions(view) + ")"));
    }

    private static Optional<Workload> exact(FederationView view, String words) {
        return view.objects().workloads().stream()
                .filter(it -> it.uid().equals(words)
                        || FlowRules.name(it).equals(words)
                        || it.addresses().stream().anyMatch(ip -> ip.toString().equals(words)))
                .findFirst();
    }

    private static Optional<Workload> beginning(FederationView view, String words) {
        return view.objects().workloads().stream()
                .filter(it -> FlowRules.name(it).startsWith(words + "-"))
                .min(Comparator.comparing((Workload it) -> it.health() != Health.HEALTHY)
                        .thenComparing(Workload::uid));
    }

    private static String suggestions(FederationView view) {
        return view.objects().workloads().stream()
                .map(FlowRules::name)
                .sorted()
                .limit(SUGGESTIONS_MAX)
                .collect(Collectors.joining(", "));
    }

    /** The name in the cluster before that in the clusterset; an address of our network, too. */
    static Optional<Service> service(Catalog told, String words) {
        Stream<Service> all = told.services().values().stream().filter(it -> isMeant(it, words));
        return all.min(Comparator.comparing((Service it) -> it.name().hostname().endsWith(".clusterset.local"))
                .thenComparing(Service::name));
    }

    private static boolean isMeant(Service it, String words) {
        String namespace = it.name().namespace();
        return it.name().toString().equals(words)
                || it.name().hostname().equals(words)
                || (it.name().hostname() + "/").startsWith(reversed(words) + ".svc.")
                || it.addresses().stream()
                        .anyMatch(address -> address.ip().toString().equals(words))
                || words.equals(namespace + "/" + it.name().hostname());
    }

    /** {@code shop/cart} begins the hostname {@code cart.shop.svc}. */
    private static String reversed(String words) {
        int slash = words.indexOf('/');
        return slash < 0 ? "/" : words.substring(slash + 1) + "." + words.substring(0, slash);
    }

    static int firstPort(Service service) {
        return service.ports().isEmpty() ? 0 : service.ports().getFirst().port();
    }
}
