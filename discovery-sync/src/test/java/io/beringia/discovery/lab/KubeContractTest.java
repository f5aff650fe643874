package io.beringia.discovery.lab;

import io.beringia.discovery.apiserver.KubeApi;
import io.beringia.discovery.apiserver.KubeClusters;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A real API server keeps the contract, so that it is one of Kubernetes and not of the lab. */
@Tag("kube")
final class KubeContractTest implements FollowedContract, ObjectContract, ServedContract, WatchContract {
    @TempDir
    private static Path directory;

    @AutoClose
    private static KubeClusters clusters;

    private static final AtomicInteger SHOPS = new AtomicInteger();

    private Shop shop;

    @BeforeAll
    static void start() {
        clusters = KubeClusters.start(directory, "contract");
        // It remembers what happens while it runs: there is something to forget only after a restart.
        clusters.server("contract").kill();
        clusters.server("contract").restart();
    }

    @BeforeEach
    void open() {
        int number = SHOPS.incrementAndGet();
        shop = new Shop(new KubeApi(clusters.server("contract")), "shop-" + number, "10.96.7." + number);
        shop.api().hold(shop.manifests());
    }

    @AfterEach
    void empty() {
        shop.client().pods().delete();
    }

    @Override
    public Shop shop() {
        return shop;
    }
}
