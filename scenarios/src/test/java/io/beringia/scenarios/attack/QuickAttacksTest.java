package io.beringia.scenarios.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.connect.Frame;
import io.beringia.scenarios.connect.GatewayUnderTest;
import io.beringia.scenarios.connect.SuiteTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each attack that goes too far at once, by one attacker: the gateway ends it, and a neighbour's tunnel stays. */
final class QuickAttacksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final GatewayUnderTest GATEWAY = gateway();

    private static Site site;
    private static Echo echo;
    private static Line neighbour;

    private static GatewayUnderTest gateway() {
        try {
            return new GatewayUnderTest();
        } catch (IOException noAddress) {
            throw new IllegalStateException(noAddress);
        }
    }

    @BeforeAll
    static void starts() throws Exception {
        GATEWAY.start();
        SuiteTarget target = GATEWAY.target();
        site = new Site(target.address(), target.identity().orElseThrow(), target.service());
        echo = Echo.listen(target.backend());
        SuiteTarget other = GATEWAY.target("neighbour");
        neighbour = Line.greeted(site.as(other.identity().orElseThrow()), new byte[0]);
        neighbour.send(neighbour.connect(1));
        assertThat(neighbour.status(1, PATIENCE)).isEqualTo("200");
    }

    @AfterAll
    static void ends() throws Exception {
        neighbour.close();
        echo.close();
        GATEWAY.close();
    }

    static Stream<Siege> attacks() {
        return AttackPack.all().stream()
                .filter(Siege.class::isInstance)
                .map(Siege.class::cast)
                .filter(siege -> siege.closes() && siege.isQuick());
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void an_attacker_is_closed_and_its_neighbour_is_not(Siege attack) throws Exception {
        try (Attacker attacker = new Attacker(site, new CountDownLatch(0))) {
            Thread attacking = Thread.ofPlatform().daemon().start(() -> attack(attack, attacker));
            await().pollInterval(SOON)
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(attacker.toleratedSeconds())
                            .as(attack.id() + " " + attack.name())
                            .isPresent());
            attacker.end();
            attacking.join();
        }
        neighbour.send(new Frame(Frame.DATA, 0, 1, new byte[] {1}));
        assertThat(nextData()).as("what came back to the neighbour").containsExactly(1);
    }

    private static void attack(Siege attack, Attacker attacker) {
        try {
            attack.assault().play(attacker);
        } catch (IOException closed) {
            // As it should be.
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] nextData() throws IOException {
        Frame frame = neighbour.read(PATIENCE).orElseThrow();
        while (frame.type() != Frame.DATA) {
            frame = neighbour.read(PATIENCE).orElseThrow();
        }
        return frame.content();
    }
}
