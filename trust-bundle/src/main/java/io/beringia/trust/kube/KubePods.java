package io.beringia.trust.kube;

import io.beringia.trust.issuance.PodDirectory;
import io.beringia.trust.issuance.PodView;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The pods of all namespaces, followed by list and watch. Any thread. A view is made when it is asked for and something
 * changed since; its moment is the last one at which the watch stood. A watch stands from its first event or bookmark on. A
 * server that hangs is not noticed here: the review of the same caller's token, which comes first, fails then.
 */
final class KubePods implements PodDirectory, AutoCloseable {
    private static final long NEVER_AGAIN = 0;

    private final SharedIndexInformer<Pod> informer;
    private final InstantSource clock;
    private final AtomicBoolean changed = new AtomicBoolean(true);
    private final AtomicReference<PodView> latest = new AtomicReference<>(PodView.NEVER);

    private KubePods(SharedIndexInformer<Pod> informer, InstantSource clock) {
        this.informer = informer;
        this.clock = clock;
    }

    /** Begins to follow, and goes on whatever the API server says. */
    static KubePods follow(KubernetesClient client, InstantSource clock) {
        SharedIndexInformer<Pod> informer = client.pods().inAnyNamespace().runnableInformer(NEVER_AGAIN);
        KubePods pods = new KubePods(informer, clock);
        informer.addEventHandler(new Changes(pods.changed)).exceptionHandler((started, failure) -> true);
        informer.start();
        return pods;
    }

    @Override
    public PodView view() {
        PodView before = latest.get();
        if (!informer.hasSynced() || !informer.isWatching()) {
            return before == null ? PodView.NEVER : before;
        }
        Instant now = clock.instant();
        PodView view = before != null && !changed.getAndSet(false)
                ? new PodView(Optional.of(now), before.byUid())
                : PodView.of(
                        now,
                        informer.getStore().list().stream()
                                .flatMap(pod -> read(pod).stream())
                                .toList());
        latest.set(view);
        return view;
    }

    @Override
    public void close() {
        informer.stop();
    }

    private static Optional<PodView.Pod> read(Pod pod) {
        if (pod.getMetadata() == null || pod.getMetadata().getUid() == null || pod.getSpec() == null) {
            return Optional.empty();
        }
        return Optional.of(new PodView.Pod(
                orEmpty(pod.getMetadata().getNamespace()),
                orEmpty(pod.getMetadata().getName()),
                pod.getMetadata().getUid(),
                orEmpty(pod.getSpec().getServiceAccountName()),
                Optional.ofNullable(pod.getSpec().getNodeName()).filter(node -> !node.isEmpty()),
                phase(pod)));
    }

    private static PodView.Phase phase(Pod pod) {
        return switch (pod.getStatus() == null ? "" : orEmpty(pod.getStatus().getPhase())) {
            case "Pending" -> PodView.Phase.PENDING;
            case "Running" -> PodView.Phase.RUNNING;
            default -> PodView.Phase.OVER;
        };
    }

    private static String orEmpty(String value) {
        return Optional.ofNullable(value).orElse("");
    }

    /** Says that something changed. */
    private record Changes(AtomicBoolean changed) implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            changed.set(true);
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            changed.set(true);
        }

        @Override
        public void onDelete(Pod pod, boolean stateUnknown) {
            changed.set(true);
        }
    }
}
