package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.FakeCredentials;
import io.beringia.gateway.World;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WarmLineTest {
    private static final SpiffeId GATEWAY = SpiffeId.ofWorkload(World.MESH, "beringia-system", "gateway");
    private static final Look LOOK = new Look(
            new GatewayAddress(
                    new ClusterId("west-1"),
                    new RegionId("us-west"),
                    new Network("net-west"),
                    "gateway-0",
                    SocketAddress.parse("10.0.0.1:15008"),
                    GATEWAY,
                    Health.HEALTHY,
                    1),
            false,
            Optional.empty());

    private final List<Line> opened = new ArrayList<>();
    private final TlsContexts first = contexts();
    private final TlsContexts second = contexts();
    private final WarmLine warm = new WarmLine();

    private static TlsContexts contexts() {
        FakeCredentials credentials = new World().east.credentials();
        return TlsContexts.of(
                credentials.svid(),
                new HandshakeVerdict(new SpiffeVerifier(), credentials::bundles, InstantSource.system()));
    }

    private void ask(TlsContexts contexts) {
        warm.ask(contexts, LOOK, () -> {
            Line line = new Line(contexts);
            opened.add(line);
            return line;
        });
    }

    @Test
    void one_connection_is_asked_again_and_again() {
        ask(first);
        ask(first);
        ask(first);
        assertThat(opened).hasSize(1);
        assertThat(opened.getFirst().asked).isEqualTo(3);
    }

    @Test
    void one_that_ended_is_replaced_at_once() {
        ask(first);
        opened.getFirst().over = true;
        ask(first);
        assertThat(opened).hasSize(2);
        assertThat(opened.getLast().asked).isEqualTo(1);
    }

    @Test
    void a_new_key_costs_no_silence() {
        ask(first);
        ask(second);
        ask(second);
        assertThat(opened).hasSize(2);
        assertThat(opened.getFirst().asked)
                .as("asked until its successor stands")
                .isEqualTo(3);
        assertThat(opened.getFirst().closed).isFalse();
        opened.getLast().proven = true;
        ask(second);
        assertThat(opened.getFirst().closed).isTrue();
        assertThat(opened.getLast().asked).isEqualTo(1);
        assertThat(opened).hasSize(2);
    }

    @Test
    void a_successor_takes_over_when_the_old_one_ends_before() {
        ask(first);
        ask(second);
        opened.getFirst().over = true;
        ask(second);
        assertThat(opened).hasSize(2);
        assertThat(opened.getLast().asked).isEqualTo(1);
    }

    @Test
    void a_successor_that_fails_is_tried_again() {
        ask(first);
        ask(second);
        opened.getLast().over = true;
        ask(second);
        assertThat(opened).hasSize(3);
        assertThat(opened.getFirst().asked).isEqualTo(3);
        warm.close();
        assertThat(opened).allMatch(line -> line.closed || line.over);
    }

    /** A connection of which the test says how it is. */
    private static final class Line implements ProbeLine {
        private final TlsContexts contexts;
        private int asked;
        private boolean over;
        private boolean proven;
        private boolean closed;

        private Line(TlsContexts contexts) {
            this.contexts = contexts;
        }

        @Override
        public boolean isCurrent(TlsContexts now, Look wanted) {
            return now.equals(contexts);
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public boolean isProven() {
            return proven;
        }

        @Override
        public void ask() {
            asked++;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
