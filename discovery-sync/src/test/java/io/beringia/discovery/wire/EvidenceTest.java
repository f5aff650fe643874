package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.wire.evidence.proto.EvidenceServiceGrpc;
import io.beringia.discovery.wire.evidence.proto.Receipt;
import io.beringia.discovery.wire.evidence.proto.Report;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EvidenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final SpiffeId GATEWAY = SpiffeId.parse("spiffe://mesh.example/ns/beringia-system/sa/gateway");
    private static final SpiffeId FAILOVER = SpiffeId.parse("spiffe://mesh.example/ns/beringia-system/sa/failover");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    private final AtomicLong nanos = new AtomicLong(1_000_000);
    private final EvidenceClient.Sources sources = new EvidenceClient.Sources(nanos::get, new Random(1));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : open.reversed()) {
            it.close();
        }
    }

    @Test
    void evidence_and_reports_travel_as_they_are() {
        for (long seed = 0; seed < 500; seed++) {
            RegionEvidence evidence = new PlanValues(seed).evidence();
            assertThat(EvidenceMessages.evidence(EvidenceMessages.evidence(evidence)))
                    .as("seed %s", seed)
                    .isEqualTo(evidence);
        }
        for (PathState state : PathState.values()) {
            assertThat(EvidenceMessages.report(EvidenceMessages.report(report("gw-0", state))))
                    .isEqualTo(report("gw-0", state));
        }
    }

    @Test
    void a_trouble_that_this_version_does_not_know_is_left_out() {
        Report.Path path = EvidenceMessages.report(report("gw-0", PathState.UP)).getPaths(0);
        Report newer = EvidenceMessages.report(report("gw-0", PathState.UP)).toBuilder()
                .setPaths(
                        0,
                        path.toBuilder()
                                .addTroubles(
                                        Report.Path.GatewayTrouble.newBuilder().setTroubleValue(99))
                                .addTroubles(Report.Path.GatewayTrouble.newBuilder()
                                        .setGateway("west-1/gw-1")
                                        .setTrouble(Report.Path.Trouble.MTU)))
                .build();
        assertThat(EvidenceMessages.report(newer).paths().getFirst().troubles())
                .containsExactly(new RegionEvidence.GatewayTrouble("west-1/gw-1", PathTrouble.MTU));
    }

    @Test
    void every_replica_hears_every_observer() throws Exception {
        Site one = new Site("one", EAST);
        Site two = new Site("two", EAST);
        EvidenceClient.Reporting reporting = reporting(one, two);

        reporting.report(report("gw-0", PathState.DOWN));

        assertThat(one.next()).isEqualTo(report("gw-0", PathState.DOWN));
        assertThat(two.next()).isEqualTo(report("gw-0", PathState.DOWN));
    }

    @Test
    void a_replica_that_was_away_gets_the_newest_report_with_its_age_grown() throws Exception {
        Site site = new Site("replica", EAST);
        site.stop();
        EvidenceClient.Reporting reporting = reporting(site);

        reporting.report(report("gw-0", PathState.UP));
        assertThat(lost.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("UNAVAILABLE");
        reporting.report(report("gw-0", PathState.DOWN));
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        site.start();

        assertThat(site.next())
                .as("the older one is gone")
                .isEqualTo(report("gw-0", PathState.DOWN).olderBy(Duration.ofSeconds(3)));
        assertThat(site.reports).isEmpty();
    }

    @Test
    void a_follower_is_told_at_once_again_and_again_and_after_a_restart() throws Exception {
        Site site = new Site("replica", EAST);
        BlockingQueue<RegionEvidence> heard = new LinkedBlockingQueue<>();
        EvidenceClient.Following following = following(EAST, site, heard);

        RegionEvidence first = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(first).isEqualTo(site.evidence);
        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("unchanged, again")
                .isEqualTo(site.evidence);

        site.stop();
        assertThat(lost.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        heard.clear();
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(following.latest().orElseThrow())
                .as("kept, and known to be old")
                .isEqualTo(new EvidenceClient.Held(site.evidence, Duration.ofSeconds(5)));

        site.evidence = evidence(EAST, report("gw-1", PathState.UP));
        site.start();
        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(site.evidence);
        assertThat(following.latest().orElseThrow().held()).isZero();
    }

    @Test
    void evidence_of_another_site_is_refused() throws Exception {
        Site site = new Site("replica", WEST);
        BlockingQueue<RegionEvidence> heard = new LinkedBlockingQueue<>();
        EvidenceClient.Following following = following(EAST, site, heard);

        assertThat(lost.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("us-west (expected: us-east)");
        assertThat(following.latest()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void who_may_not_is_refused_and_counted() throws Exception {
        Site site = new Site("replica", EAST);
        site.caller = Optional.of(verified(FAILOVER));
        reporting(site).report(report("gw-0", PathState.UP));
        assertThat(lost.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("PERMISSION_DENIED");
        assertThat(site.refused.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FAILOVER + ": may not report");

        site.caller = Optional.empty();
        following(EAST, site, new LinkedBlockingQueue<>());
        await().atMost(PATIENCE).until(() -> site.refused.contains("nobody: may not follow"));
        assertThat(site.reports).isEmpty();
    }

    @Test
    void a_report_that_says_nothing_ends_its_stream_and_no_other() throws Exception {
        Site site = new Site("replica", EAST);
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        StreamObserver<Report> raw = EvidenceServiceGrpc.newStub(site.channel).observe(new StreamObserver<Receipt>() {
            @Override
            public void onNext(Receipt receipt) {
                answers.add("receipt");
            }

            @Override
            public void onError(Throwable broken) {
                answers.add(Status.fromThrowable(broken).getCode().name());
            }

            @Override
            public void onCompleted() {
                answers.add("end");
            }
        });

        raw.onNext(EvidenceMessages.report(report("gw-0", PathState.UP)));
        raw.onNext(Report.newBuilder().setObserver("gw-0").setLocalHealth(9).build());
        raw.onNext(Report.newBuilder().setObserver("gw-0").setLocalHealth(9).build());

        assertThat(answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("receipt");
        assertThat(answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("INVALID_ARGUMENT");
        reporting(site).report(report("gw-1", PathState.UP));
        assertThat(site.next().observer()).isEqualTo("gw-0");
        assertThat(site.next().observer()).isEqualTo("gw-1");
    }

    @Test
    void a_change_is_told_without_waiting_for_the_period() throws Exception {
        Site site = new Site("replica", EAST);
        BlockingQueue<RegionEvidence> heard = new LinkedBlockingQueue<>();
        following(EAST, site, heard);
        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();

        for (int i = 0; i < 5; i++) {
            site.evidence = evidence(EAST, report("gw-" + i, PathState.UP));
            site.server.changed();
            RegionEvidence changed = site.evidence;
            await().atMost(PATIENCE).until(() -> changed.equals(heard.poll(1, TimeUnit.SECONDS)));
        }
    }

    @Test
    void a_stream_is_renewed_after_a_while_and_its_caller_proven_anew() throws Exception {
        Site site = new Site("replica", EAST, 2);
        BlockingQueue<RegionEvidence> heard = new LinkedBlockingQueue<>();
        following(EAST, site, heard);
        EvidenceClient.Reporting reporting = reporting(site);
        for (int i = 0; i < 7; i++) {
            assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(site.evidence);
            reporting.report(report("gw-" + i, PathState.UP));
            String awaited = "gw-" + i;
            await().atMost(PATIENCE)
                    .until(() ->
                            site.reports.stream().anyMatch(it -> it.observer().equals(awaited)));
        }
        assertThat(lost).as("an end that is no loss").isEmpty();

        site.caller = Optional.of(verified(FAILOVER));
        await().atMost(PATIENCE).until(() -> {
            reporting.report(report("gw-9", PathState.UP));
            return site.refused.contains(FAILOVER + ": may not follow")
                    && site.refused.contains(FAILOVER + ": may not report");
        });
    }

    @Test
    void who_is_trusted_no_more_neither_reports_nor_follows_on_a_stream_that_stands() throws Exception {
        Site site = new Site("replica", EAST);
        BlockingQueue<RegionEvidence> heard = new LinkedBlockingQueue<>();
        following(EAST, site, heard);
        EvidenceClient.Reporting reporting = reporting(site);
        reporting.report(report("gw-0", PathState.UP));
        assertThat(site.next()).isEqualTo(report("gw-0", PathState.UP));
        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();

        site.caller = Optional.of(new PeerVerdict.Rejected(RejectReason.DENIED, "by the operator"));
        reporting.report(report("gw-1", PathState.UP));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(site.refused)
                        .contains("nobody: may not follow: denied", "nobody: may not report: denied"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lost)
                        .contains("Status{code=PERMISSION_DENIED, description=may not follow: denied, cause=null}"));
        assertThat(site.reports).as("what it said afterwards").isEmpty();
    }

    private EvidenceClient.Reporting reporting(Site... sites) {
        EvidenceClient.Reporting reporting = EvidenceClient.reporting(
                List.of(sites).stream().map(site -> site.channel).toList(), sources, (replica, why) -> lost.add(why));
        open.add(reporting);
        return reporting;
    }

    private EvidenceClient.Following following(RegionId site, Site from, BlockingQueue<RegionEvidence> heard) {
        EvidenceClient.Following following =
                EvidenceClient.following(site, from.channel, heard::add, sources, (replica, why) -> lost.add(why));
        open.add(following);
        return following;
    }

    private static ObserverReport report(String observer, PathState state) {
        return new ObserverReport(
                observer,
                Duration.ofMillis(40),
                0,
                true,
                List.of(new PathReport(WEST, state, Duration.ofMillis(1_700), Duration.ofMillis(70), false)));
    }

    private static RegionEvidence evidence(RegionId site, ObserverReport... reports) {
        return new RegionEvidence(site, List.of(reports), List.of(), List.of(), RegionEvidence.Proxies.NONE);
    }

    private static PeerVerdict.Verified verified(SpiffeId id) {
        return new PeerVerdict.Verified(id, Optional.of("us-east"), "", "", 1, Instant.MAX);
    }

    /** A replica of discovery that stands still, and may be stopped and started. */
    private final class Site {
        private final BlockingQueue<ObserverReport> reports = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
        private final String name = InProcessServerBuilder.generateName();
        private final ManagedChannel channel =
                InProcessChannelBuilder.forName(name).build();
        private final EvidenceServer server;
        private volatile Optional<PeerVerdict> caller = Optional.of(verified(GATEWAY));
        private volatile RegionEvidence evidence;
        private Optional<Server> running = Optional.empty();

        Site(String what, RegionId site) throws Exception {
            this(what, site, EvidenceServer.STREAM_MESSAGES_MAX);
        }

        Site(String what, RegionId site, int messagesMax) throws Exception {
            evidence = EvidenceTest.evidence(site, report(what, PathState.UP));
            server = new EvidenceServer(
                    (by, report) -> reports.add(report),
                    () -> evidence,
                    new EvidenceServer.Admission(
                            peer -> peer.id().equals(GATEWAY), peer -> peer.id().equals(GATEWAY)),
                    (by, why) -> refused.add(by.map(SpiffeId::toString).orElse("nobody") + ": " + why),
                    () -> () -> caller,
                    messagesMax);
            open.add(this::stop);
            open.add(channel::shutdownNow);
            start();
        }

        void start() throws Exception {
            running = Optional.of(InProcessServerBuilder.forName(name)
                    .addService(server)
                    .build()
                    .start());
        }

        void stop() throws Exception {
            if (running.isPresent()) {
                assertThat(running.get().shutdownNow().awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                running = Optional.empty();
            }
        }

        ObserverReport next() throws InterruptedException {
            ObserverReport report = reports.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            return report;
        }
    }
}
