package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway that is published under some name, and proves the same or another. */
final class PublishedIdentityTest {
    private static final SpiffeId OTHER = SpiffeId.ofWorkload(World.MESH, "beringia-system", "gateway-west-2");

    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private void awaitWarnings(int count) {
        await().untilAsserted(() ->
                assertThat(world.west.count("gateway.identity.mismatches")).isEqualTo(count));
    }

    @Test
    void another_name_than_its_own_is_warned_of_once() throws Exception {
        SocketAddress hbone = world.west.addGateway(OTHER);
        world.publish();
        World.Running gateway = world.west.start(hbone);
        awaitWarnings(1);
        world.publish();
        gateway.gateway().open();
        awaitWarnings(1);
    }

    @Test
    void a_new_certificate_of_another_name_is_warned_of() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        World.Running gateway = world.west.start(hbone);
        gateway.gateway().open();
        awaitWarnings(0);
        gateway.credentials().set(world.west.svid(OTHER));
        awaitWarnings(1);
    }

    @Test
    void a_catalog_that_comes_late_is_compared_too() throws Exception {
        SocketAddress hbone = world.west.addGateway(OTHER);
        world.west.start(hbone);
        awaitWarnings(0);
        world.publish();
        awaitWarnings(1);
    }

    /** Siblings have names of their own. */
    @Test
    void what_is_published_at_another_address_is_nobodys_fault() throws Exception {
        world.west.addGateway(OTHER);
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        World.Running gateway = world.west.start(hbone);
        gateway.gateway().open();
        awaitWarnings(0);
    }
}
