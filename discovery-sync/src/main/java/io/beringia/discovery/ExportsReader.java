package io.beringia.discovery;

import io.beringia.discovery.kube.ClusterNews;
import io.beringia.discovery.kube.ClusterWatch;
import io.beringia.discovery.kube.ExportObjects;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.peering.ExportDecisions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Who may have what of our cluster, read once from our API and decided by the rules of the running role, for people. Any
 * thread.
 *
 * @param part what our API says
 */
public record ExportsReader(DiscoveryConfig config, LocalPart part) {
    /** For whoever is there to be told that it is not over. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(2);

    /** A first list of a large cluster; an API that takes longer is not asked for a preview. */
    private static final Duration READ_MAX = Duration.ofSeconds(30);

    /**
     * Throws {@link IllegalArgumentException} on a role without an API or with a kubeconfig that is refused, and
     * {@link IllegalStateException} where the API says nothing in time.
     *
     * @param waiting told once, after two seconds
     */
    public static ExportsReader read(DiscoveryConfig config, Runnable waiting) throws InterruptedException {
        Kubeconfig access = config.kube()
                .map(OwnCluster::kubeconfig)
                .orElseThrow(() -> new IllegalArgumentException("discovery.kube: none (expected: an API to read)"));
        CompletableFuture<LocalPart> first = new CompletableFuture<>();
        try (ClusterWatch watch = ClusterWatch.start(
                access, OwnCluster.local(config), ClusterWatch.Liveness.DEFAULT, InstantSource.system(), news -> {
                    if (news instanceof ClusterNews.PartChanged(LocalPart part)) {
                        var _ = first.complete(part);
                    }
                })) {
            return new ExportsReader(config, await(first, waiting));
        }
    }

    private static LocalPart await(CompletableFuture<LocalPart> first, Runnable waiting) throws InterruptedException {
        try {
            return first.get(SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            waiting.run();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        try {
            return first.get(READ_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new IllegalStateException(
                    "own API: not read within " + READ_MAX.toSeconds() + " s (expected: all of its objects)", silent);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As it is. */
    public ExportDecisions now() {
        return OwnCluster.rules(config).decide(part, config.peerClusters());
    }

    /** As it would be once these are applied. */
    public ExportDecisions with(ExportObjects applied) {
        return OwnCluster.rules(config).decide(part.sharedBy(part.sharing().with(applied)), config.peerClusters());
    }
}
