package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that says nearly as much as a gateway reads: what that gateway must add has to fit the next one all the same. */
final class LongHeadersTest {
    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    /** A client of the relay, over a pooled connection whose far end has said how much it reads. */
    private HboneClient warm() throws Exception {
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        HboneClient client = world.client(world.east.start(hbone).relay(), world.east.svid(world.east.clientId()));
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("200");
        return client;
    }

    @ParameterizedTest
    @CsvSource({"baggage, 15900", "baggage, 16150", "forwarded, 16150", "traceparent, 16150"})
    void a_client_that_says_all_that_it_may_gets_its_tunnel(String name, int bytes) throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        world.west.start(world.west.addGateway());
        HboneClient client = warm();
        Tunnel tunnel = client.open(World.AUTHORITY, Map.of(name, "k8s.cluster.name=east-1,k=" + "v".repeat(bytes)));
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(world.east.count("gateway.dials.failed")).isZero();
    }

    @Test
    void a_gateway_that_reads_less_than_must_be_said_costs_one_client_its_tunnel_and_nobody_else() throws Exception {
        world.west.addPod();
        world.keep(new FarGateway(world.west.addGateway(), world.west.svid(world.west.gatewayId()), stream -> {
            FarGateway.limit(stream, 200);
            FarGateway.accept(stream);
        }));
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        HboneClient client = world.client(world.east.start(hbone).relay(), world.east.svid(world.east.clientId()));
        assertThat(client.open(World.AUTHORITY).status())
                .as("before it has said so")
                .isEqualTo("200");
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("503");
        assertThat(world.east.count("gateway.dials.failed", "reason", "too-long"))
                .isEqualTo(1);
    }
}
