package io.beringia.gateway.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ResidueTest {
    private static final String ECHO = "echo.demo:80";

    private static Residue.One one(String account, String service, int seconds) {
        return new Residue.One(
                SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/" + account), service, Duration.ofSeconds(seconds));
    }

    @Test
    void says_how_many_of_whom_to_what_and_how_old() {
        Residue left = Residue.of(List.of(one("a", ECHO, 5), one("b", ECHO, 7)))
                .plus(Residue.of(List.of(one("b", "web.demo:443", 3))));
        assertThat(left)
                .hasToString("3 tunnels, the oldest 7 s old, of spiffe://cluster.local/ns/demo/sa/b x2, "
                        + "spiffe://cluster.local/ns/demo/sa/a x1, to echo.demo:80 x2, web.demo:443 x1");
    }

    @Test
    void names_five_and_counts_the_rest() {
        Residue left = Residue.of(
                IntStream.range(0, 8).mapToObj(i -> one("c" + i, ECHO, i)).toList());
        assertThat(left.shownClients()).endsWith("/sa/c4 x1, and 3 more");
    }

    @Test
    void nothing_is_nothing() {
        assertThat(Residue.NOTHING.isNothing()).isTrue();
        assertThat(Residue.of(List.of())).isEqualTo(Residue.NOTHING);
    }
}
