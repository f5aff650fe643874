package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two gateways of one region are replaced in turn while others call through them, by the relay and directly. */
final class RollingRestartTest {
    /** Far more than it takes here until nobody comes any more. */
    private static final DrainConfig DRAIN =
            new DrainConfig(Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofMinutes(2));

    private static final int CALLERS = 4;
    /** Of each caller, before and after each step. */
    private static final int CALLS = 10;

    private final World world = new World();
    private final SocketAddress pod = world.west.addPod();
    private final List<SocketAddress> west = new ArrayList<>();
    /** Which of them direct clients turn to next. */
    private volatile int ready;

    private final List<Caller> callers = new ArrayList<>();

    @AfterEach
    void ends() throws Exception {
        callers.forEach(Caller::stop);
        for (Caller caller : callers) {
            caller.thread.join(Duration.ofSeconds(20));
        }
        world.close();
    }

    /** How a call gets its connection. */
    @FunctionalInterface
    private interface Way {
        SocketAddress next();
    }

    /** Calls one after the other, on one connection until it hears goodbye. Its thread owns it, but for what it counts. */
    private final class Caller {
        private final Way way;
        private final AtomicInteger calls = new AtomicInteger();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final Thread thread;
        private Optional<HboneClient> connection = Optional.empty();
        private volatile boolean stopping;

        private Caller(Way way) {
            this.way = way;
            this.thread = Thread.ofVirtual().start(this::run);
        }

        private void run() {
            while (!stopping && failures.isEmpty()) {
                try {
                    call(open());
                } catch (Exception | AssertionError failed) {
                    failures.add("call " + calls + ": " + failed);
                }
            }
        }

        private void call(Tunnel tunnel) throws Exception {
            assertThat(tunnel.status()).isEqualTo("200");
            for (int i = 0; i < 3; i++) {
                assertThat(tunnel.write("ping").read(4)).isEqualTo("ping");
            }
            assertThat(tunnel.write("bye").finish().drain()).isEqualTo(3);
            calls.incrementAndGet();
        }

        private Tunnel open() throws Exception {
            Optional<Tunnel> sent = Optional.empty();
            if (connection.isPresent()) {
                sent = connection.get().openUnlessGoodbye(World.AUTHORITY);
            }
            if (sent.isEmpty()) {
                HboneClient fresh = HboneClient.connect(way.next(), world.east.svid(world.east.clientId()));
                connection = Optional.of(fresh);
                sent = fresh.openUnlessGoodbye(World.AUTHORITY);
            }
            return sent.orElseThrow(() -> new AssertionError("goodbye on a new connection (expected: a tunnel)"));
        }

        private void stop() {
            stopping = true;
        }

        private void goOn() {
            int until = calls.get() + CALLS;
            await().untilAsserted(() ->
                    assertThat(calls.get() >= until || !failures.isEmpty()).isTrue());
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void no_new_connection_is_lost_and_no_stream_shorter_than_the_deadline_breaks() throws Exception {
        west.add(world.west.addGateway());
        west.add(world.west.addGateway());
        SocketAddress relay = world.east.addGateway();
        world.publish();
        world.keep(Backend.echo(pod));
        List<World.Running> running = new ArrayList<>();
        for (SocketAddress address : west) {
            running.add(world.west.start(address));
        }
        World.Running east = world.east.start(relay);
        for (int i = 0; i < CALLERS; i++) {
            callers.add(new Caller(east::relay));
            callers.add(new Caller(() -> west.get(ready)));
        }
        callers.forEach(Caller::goOn);
        for (int i = 0; i < west.size(); i++) {
            replace(running.get(i), i);
        }
        callers.forEach(Caller::stop);
        for (Caller caller : callers) {
            caller.thread.join(Duration.ofSeconds(20));
            assertThat(caller.failures).isEmpty();
        }
    }

    /** As a rolling restart does it: others learn late that it is not ready, and the next one comes when it has ended. */
    private void replace(World.Running leaving, int index) throws Exception {
        Tunnel lasting = world.client(leaving.hbone(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(lasting.status()).isEqualTo("200");
        CompletableFuture<Residue> left = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> left.complete(leaving.gateway().drain(DRAIN)));
        await().untilAsserted(() -> assertThat(leaving.gateway().awaited()).isNotEmpty());
        world.west.health(leaving.hbone(), Health.UNHEALTHY);
        ready = 1 - index;
        world.publish();
        await().untilAsserted(() -> assertThat(leaving.gateway().open()).isEqualTo(1));
        callers.forEach(Caller::goOn);
        assertThat(lasting.write("still here").finish().drain()).isEqualTo(10);
        assertThat(left.get()).isEqualTo(Residue.NOTHING);
        leaving.gateway().close();
        callers.forEach(Caller::goOn);
        world.west.start(leaving.hbone());
        world.west.health(leaving.hbone(), Health.HEALTHY);
        ready = index;
        world.publish();
        callers.forEach(Caller::goOn);
    }
}
