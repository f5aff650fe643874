package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.proto.Beat;
import io.beringia.discovery.peering.proto.Bye;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop of one peer, cluster c1, which dials us; its replicas are played by hand, on a clock that stands still. */
final class PeerLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(Sites.T0);
    private final List<ClusterExports> posted = new CopyOnWriteArrayList<>();
    private final List<ClusterId> forgotten = new CopyOnWriteArrayList<>();
    private final Offer theirs = Offer.NONE.next(
            Sites.part(1, Sites.export(1, Sites.ECHO, 3)),
            Map.of(Sites.ECHO, Set.of(Sites.id(2))),
            Sites.local(1, List.of(Sites.ECHO), Set.of("demo")),
            Set.of());
    private final PeerLoop loop = new PeerLoop(
            Sites.authority(1),
            new PeerLoop.Surroundings(
                    hello(2, Hello.Role.EXPORTS, Hello.Role.IMPORTS),
                    this::outlook,
                    new Semaphore(1),
                    new PeerDialler(new GrpcTls(new NobodyDials(), new SpiffeVerifier(), InstantSource.system())),
                    new Sink(posted, forgotten),
                    new Silent(),
                    now::get),
            new Random(1));
    private final Thread thread = Thread.ofVirtual().unstarted(loop);

    private record Sink(List<ClusterExports> posted, List<ClusterId> forgotten) implements PeerLoop.PartSink {
        @Override
        public void post(ClusterExports part) {
            posted.add(part);
        }

        @Override
        public void forget(ClusterId peer) {
            forgotten.add(peer);
        }
    }

    @BeforeEach
    void start() {
        thread.start();
    }

    @AfterEach
    void stop() {
        thread.interrupt();
    }

    @Test
    void a_link_that_fell_silent_is_left_for_one_that_speaks() {
        Replica first = new Replica();
        first.greets();
        first.isAskedAndAnswers();
        await().atMost(PATIENCE).until(() -> posted.size() == 1);
        Replica second = new Replica();
        second.greets();
        second.says(beat());
        await().atMost(PATIENCE).until(() -> second.taken() == 2);
        assertThat(second.kinds()).as("on standby").doesNotContain(Frame.KindCase.SUBSCRIBE);

        now.set(Sites.T0.plus(PeerStatus.SUSPECT_AFTER));
        second.says(beat());

        await().atMost(PATIENCE).until(() -> first.ends().equals(List.of("silent")));
        second.isAskedAndAnswers();
        assertThat(posted)
                .as("nothing was lost")
                .allSatisfy(part ->
                        assertThat(part.exports()).isEqualTo(posted.getFirst().exports()));
    }

    @Test
    void without_another_a_silent_link_is_kept_and_what_it_told_is_stale() {
        Replica only = new Replica();
        only.greets();
        only.isAskedAndAnswers();
        await().atMost(PATIENCE).until(() -> posted.size() == 1);

        now.set(Sites.T0.plus(PeerStatus.SUSPECT_AFTER));

        await().atMost(PATIENCE).until(() -> posted.size() == 2);
        assertThat(posted.getLast().cluster().freshness()).isEqualTo(new Freshness.Stale(PeerStatus.SUSPECT_AFTER));
        assertThat(posted.getLast().exports()).isEqualTo(posted.getFirst().exports());
        await().atMost(PATIENCE).until(() -> loop.status().link() == PeerStatus.Link.SUSPECT);
        assertThat(only.ends()).isEmpty();
        only.says(beat());
        await().atMost(PATIENCE).until(() -> posted.size() == 3);
        assertThat(posted.getLast().cluster().freshness()).isEqualTo(new Freshness.Live());
    }

    @Test
    void a_peer_whose_own_api_is_silent_is_believed_that_it_is_stale() {
        Replica only = new Replica();
        only.greets();
        only.isAskedAndAnswers();
        await().atMost(PATIENCE).until(() -> posted.size() == 1);

        only.says(Frame.newBuilder()
                .setBeat(Beat.newBuilder().setApiState(Beat.ApiState.STALE).setApiAgeMs(7_000))
                .build());

        await().atMost(PATIENCE).until(() -> posted.size() == 2);
        assertThat(posted.getLast().cluster().freshness()).isEqualTo(new Freshness.Stale(Duration.ofSeconds(7)));
    }

    @Test
    void whoever_speaks_out_of_turn_is_left() {
        Replica rude = new Replica();
        rude.greets();
        rude.says(rude.theirHello());

        await().atMost(PATIENCE).until(() -> rude.ends().equals(List.of("out-of-turn")));
        assertThat(posted).isEmpty();
    }

    /** kumahq/kuma#16003: a zone that was deleted while its stream delivered took the whole stream down in a loop. */
    @Test
    void who_is_forgotten_or_lost_in_the_middle_of_a_change_leaves_nothing_of_it() {
        Replica first = new Replica();
        first.greets();
        first.isAskedAndAnswers();
        await().atMost(PATIENCE).until(() -> posted.size() == 1);
        int before = first.taken();
        first.says(halfAChange());
        await().atMost(PATIENCE).until(() -> first.taken() > before);

        now.set(Sites.T0.plus(PeerStatus.SUSPECT_AFTER));
        await().atMost(PATIENCE).until(() -> posted.size() == 2);
        assertThat(posted.getLast().exports())
                .as("silent, and stale, but as it was")
                .isEqualTo(posted.getFirst().exports());

        loop.inbox().forget();
        await().atMost(PATIENCE).until(() -> forgotten.equals(List.of(Sites.id(1))));
        assertThat(first.ends()).containsExactly("forgotten");
        first.says(halfAChange());

        Replica second = new Replica();
        second.greets();
        second.isAskedAndAnswers();
        await().atMost(PATIENCE).until(() -> posted.size() == 3);
        assertThat(posted.getLast()).as("all of it, from a list").isEqualTo(posted.getFirst());
    }

    private static Frame halfAChange() {
        return Frame.newBuilder()
                .setDelta(Delta.newBuilder()
                        .setFromPosition(1)
                        .setToPosition(2)
                        .addUpserts(PeerCodec.encode(new PeerResource.OfService(
                                Sites.id(1),
                                Sites.export(1, Sites.service("demo", "more"), 1),
                                Set.of(Sites.state(1).network())))))
                .build();
    }

    @Test
    void a_peer_that_leaves_frees_its_place_among_the_streams() {
        List<Replica> all = IntStream.range(0, PeerInbox.ACCEPTED_MAX)
                .mapToObj(i -> new Replica())
                .toList();
        all.forEach(Replica::greets);
        assertThat(loop.inbox().tryAccept()).as("one too many").isFalse();

        all.getFirst()
                .says(Frame.newBuilder()
                        .setBye(Bye.newBuilder().setReason("restarts"))
                        .build());

        await().atMost(PATIENCE).until(() -> loop.inbox().tryAccept());
    }

    private PeerSession.Outlook outlook() {
        Offer ours = Offer.NONE.next(Sites.part(2), Map.of(), Sites.local(2, List.of(), Set.of("demo")), Set.of());
        return new PeerSession.Outlook(ours, new Vitals(new Freshness.Live(), 1, PlanVersion.NONE));
    }

    private static Frame beat() {
        return Frame.newBuilder()
                .setBeat(Beat.newBuilder().setApiState(Beat.ApiState.LIVE))
                .build();
    }

    private static Hello hello(int number, Hello.Role... roles) {
        return Hello.newBuilder()
                .setClusterId("c" + number)
                .setClusterset("mesh")
                .setProtocolMin(1)
                .setProtocolMax(1)
                .setLogId(ByteString.copyFromUtf8("log-" + number))
                .addAllRoles(List.of(roles))
                .build();
    }

    /** A stream of the peer's, and the replica at its other end. */
    private final class Replica implements PeerStream {
        private final List<Frame> heard = new CopyOnWriteArrayList<>();
        private final List<String> ends = new CopyOnWriteArrayList<>();
        private final List<Boolean> taken = new CopyOnWriteArrayList<>();

        void greets() {
            assertThat(loop.inbox().tryAccept()).isTrue();
            loop.inbox().post(new Event.Accepted(this, theirHello()));
        }

        Frame theirHello() {
            return Frame.newBuilder().setHello(hello(1, Hello.Role.EXPORTS)).build();
        }

        void says(Frame frame) {
            loop.inbox().post(new Event.Received(this, frame));
        }

        void isAskedAndAnswers() {
            await().atMost(PATIENCE).until(() -> kinds().contains(Frame.KindCase.SUBSCRIBE));
            Map<String, Resource> all = theirs.to(new Offer.Consumer(Sites.id(2), Set.of("demo"), ProbeName.DEFAULT));
            PeerFrames.manifest(all, 1).forEach(this::says);
            await().atMost(PATIENCE).until(() -> kinds().contains(Frame.KindCase.WANT));
            PeerFrames.delta(List.copyOf(all.values()), List.of(), 0, 1).forEach(this::says);
            await().atMost(PATIENCE).until(() -> kinds().contains(Frame.KindCase.ACK));
        }

        List<Frame.KindCase> kinds() {
            return heard.stream().map(Frame::getKindCase).toList();
        }

        List<String> ends() {
            return ends;
        }

        int taken() {
            return taken.size();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Optional<PeerRefusal.OfLink> refusal() {
            return Optional.empty();
        }

        @Override
        public void send(Frame frame) {
            heard.add(frame);
        }

        @Override
        public void takeNext() {
            taken.add(true);
        }

        @Override
        public void end(String why, Duration retryAfter) {
            ends.add(why);
        }
    }

    private static final class NobodyDials implements Credentials {
        @Override
        public X509Svid svid() {
            throw new IllegalStateException("svid: asked for (expected: never, nobody is dialled)");
        }

        @Override
        public TrustBundles bundles() {
            return TrustBundles.EMPTY;
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }

    private static final class Silent implements PeerListener {
        @Override
        public void onLinked(ClusterId peer) {}

        @Override
        public void onUnlinked(ClusterId peer, String why) {}

        @Override
        public void onLinkRefused(String claimed, PeerRefusal.OfLink why) {}

        @Override
        public void onResourceRefused(ClusterId peer, String resource, PeerRefusal.OfResource why) {}

        @Override
        public void onRefusedByPeer(ClusterId peer, String resource, String reason) {}

        @Override
        public void onRemovalsHeld(ClusterId peer, int services) {}
    }
}
