package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class PeerSharesTest {
    private static final SpiffeId WEB = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/web");
    private static final SpiffeId OTHER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/other");
    private static final IpAddress HERE = IpAddress.parse("10.0.0.1");
    private static final IpAddress THERE = IpAddress.parse("10.0.0.2");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Three connections and five tunnels of one peer, 100 new ones a second. */
    private static final PeerAllowance SMALL = new PeerAllowance(3, 5, 100);

    private static PeerShares shares(int connections, int tunnels) {
        return new PeerShares(new LimitsConfig(
                LimitsConfig.TUNNEL_BYTES_MIN,
                Duration.ofMinutes(1),
                connections,
                tunnels,
                HandshakeRates.DEFAULT,
                FrameRates.DEFAULT,
                SMALL,
                SMALL));
    }

    private static PeerShare welcome(PeerShares shares, SpiffeId id, IpAddress at) {
        PeerShares.Answer answer = shares.connect(id, at, SMALL, 0);
        assertThat(answer).isInstanceOf(PeerShares.Answer.Welcome.class);
        return ((PeerShares.Answer.Welcome) answer).share();
    }

    private static void refused(PeerShares shares, SpiffeId id, IpAddress at, Limit limit) {
        assertThat(shares.connect(id, at, SMALL, 0)).isEqualTo(new PeerShares.Answer.TooMany(limit));
    }

    private static void opens(PeerShare share, int tunnels) {
        for (int i = 0; i < tunnels; i++) {
            assertThat(share.open(0)).as("tunnel " + i).isEmpty();
        }
    }

    @Test
    void one_identity_at_one_address_has_so_many_connections_and_elsewhere_as_many_again() {
        PeerShares shares = shares(100, 100);
        PeerShare share = welcome(shares, WEB, HERE);
        welcome(shares, WEB, HERE);
        welcome(shares, WEB, HERE);
        refused(shares, WEB, HERE, Limit.CONNECTIONS);
        welcome(shares, WEB, THERE);
        welcome(shares, OTHER, HERE);
        share.disconnected(0);
        welcome(shares, WEB, HERE);
        refused(shares, WEB, HERE, Limit.CONNECTIONS);
    }

    @Test
    void its_tunnels_are_counted_over_all_of_its_connections() {
        PeerShares shares = shares(100, 100);
        PeerShare share = welcome(shares, WEB, HERE);
        opens(share, 3);
        opens(welcome(shares, WEB, HERE), 2);
        assertThat(share.open(0)).contains(Limit.TUNNELS);
        opens(welcome(shares, WEB, THERE), 5);
        share.close();
        assertThat(share.open(0)).isEmpty();
        assertThat(shares.tunnels()).isEqualTo(10);
    }

    @Test
    void one_identity_gets_half_of_all_wherever_it_is() {
        PeerShares shares = shares(4, 8);
        PeerShare here = welcome(shares, WEB, HERE);
        PeerShare there = welcome(shares, WEB, THERE);
        refused(shares, WEB, IpAddress.parse("10.0.0.3"), Limit.IDENTITY_CONNECTIONS);
        opens(here, 2);
        opens(there, 2);
        assertThat(here.open(0)).contains(Limit.IDENTITY_TUNNELS);
        opens(welcome(shares, OTHER, HERE), 4);
    }

    @Test
    void when_all_is_taken_nobody_gets_more_and_what_a_refusal_took_is_given_back() {
        PeerShares shares = shares(4, 4);
        PeerShare web = welcome(shares, WEB, HERE);
        opens(web, 2);
        PeerShare other = welcome(shares, OTHER, HERE);
        opens(other, 2);
        SpiffeId third = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/third");
        PeerShare late = welcome(shares, third, HERE);
        assertThat(late.open(0)).contains(Limit.ALL_TUNNELS);
        welcome(shares, third, HERE);
        refused(shares, OTHER, HERE, Limit.ALL_CONNECTIONS);
        web.close();
        assertThat(late.open(0)).isEmpty();
        late.disconnected(0);
        welcome(shares, OTHER, HERE);
    }

    @Test
    void new_tunnels_have_a_rate_and_so_have_their_refusals() {
        PeerShares shares = shares(100, 100_000);
        PeerShare share = welcome(shares, WEB, HERE);
        List<Optional<Limit>> answers = new ArrayList<>();
        for (int i = 0; i < 401; i++) {
            Optional<Limit> answer = share.open(0);
            answer.ifPresentOrElse(_ -> {}, share::close);
            answers.add(answer);
        }
        assertThat(answers.subList(0, 200)).containsOnly(Optional.empty());
        assertThat(answers.subList(200, 400)).containsOnly(Optional.of(Limit.NEW_TUNNELS));
        assertThat(answers.get(400)).contains(Limit.FLOOD);
        assertThat(share.open(SECOND / 100)).isEmpty();
        assertThat(share.open(SECOND / 100)).contains(Limit.NEW_TUNNELS);
    }

    @Test
    void who_comes_back_does_not_begin_anew_until_it_is_forgotten() {
        PeerShares shares = shares(100, 100_000);
        PeerShare share = welcome(shares, WEB, HERE);
        for (int i = 0; i < 200; i++) {
            share.open(0);
            share.close();
        }
        share.disconnected(0);
        shares.forget(PeerShares.REMEMBERED.toNanos() - 1);
        assertThat(shares.known()).isOne();
        assertThat(welcome(shares, WEB, HERE).open(0)).contains(Limit.NEW_TUNNELS);
    }

    @Test
    void who_is_away_is_forgotten_and_who_is_connected_is_not() {
        PeerShares shares = shares(100, 100);
        PeerShare left = welcome(shares, WEB, HERE);
        welcome(shares, WEB, THERE);
        left.disconnected(SECOND);
        shares.forget(SECOND + PeerShares.REMEMBERED.toNanos());
        assertThat(shares.known()).isOne();
        refused(shares, left);
    }

    /** A peer that was refused holds nothing. */
    private static void refused(PeerShares shares, PeerShare gone) {
        for (int i = 0; i < 3; i++) {
            welcome(shares, OTHER, HERE);
        }
        refused(shares, OTHER, HERE, Limit.CONNECTIONS);
        assertThat(gone.isAway(SECOND + PeerShares.REMEMBERED.toNanos(), PeerShares.REMEMBERED))
                .isTrue();
    }

    @Test
    void many_threads_take_no_more_than_there_is_and_give_all_of_it_back() {
        PeerShares shares = shares(100, 64);
        PeerAllowance large = new PeerAllowance(3, 1_000, 1_000_000);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/web-" + i);
            threads.add(CompletableFuture.runAsync(() -> {
                PeerShare share = ((PeerShares.Answer.Welcome) shares.connect(id, HERE, large, 0)).share();
                for (int round = 0; round < 10_000; round++) {
                    if (share.open(round * SECOND).isEmpty()) {
                        assertThat(shares.tunnels()).isLessThanOrEqualTo(64 + 4);
                        share.close();
                    }
                }
            }));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
        assertThat(shares.tunnels()).isZero();
    }
}
