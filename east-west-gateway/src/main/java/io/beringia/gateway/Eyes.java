package io.beringia.gateway;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.wire.EvidenceClient;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.gateway.observe.LoopOutcomes;
import io.beringia.gateway.observe.Observer;
import io.beringia.gateway.observe.OutcomeKey;
import io.beringia.gateway.observe.Own;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.ProbeLines;
import io.beringia.gateway.observe.ProbeTarget;
import io.beringia.gateway.outbound.Cost;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.outbound.Dialer;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.client.GrpcTls;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A gateway's observer with its neighbours: dials tell it how they ended, and what it sees goes to every event loop and to
 * the discovery of our site. Blind until opened. Any thread, but opened and closed from one.
 */
final class Eyes implements AutoCloseable {
    private final Self self;
    private final GatewayTelemetry telemetry;
    private volatile Optional<Observer> observer = Optional.empty();
    private Optional<ReportFeed> reports = Optional.empty();

    Eyes(Self self, GatewayTelemetry telemetry) {
        this.self = self;
        this.telemetry = telemetry;
    }

    /** @param onPaths called on the observer's thread; must not wait */
    void open(
            List<ReportFeed.Replica> evidence,
            GrpcTls tls,
            CatalogSource catalogs,
            ProbeLines lines,
            Own own,
            Consumer<PathTable> onPaths) {
        ReportFeed feed = ReportFeed.open(
                evidence,
                tls,
                new EvidenceClient.Sources(System::nanoTime, new SplittableRandom()),
                telemetry::reportsLost);
        reports = Optional.of(feed);
        observer = Optional.of(
                Observer.start(self, catalogs::latest, lines, own, telemetry, System::nanoTime, new Observer.Told() {
                    @Override
                    public void onPaths(PathTable newest) {
                        onPaths.accept(newest);
                    }

                    @Override
                    public void onReport(ObserverReport report) {
                        feed.report(report);
                    }
                }));
    }

    /** For the dials of one event loop. */
    Dialer.Watcher ofLoop(LoopOutcomes outcomes) {
        return new Dials(outcomes);
    }

    /** Lives on its loop. */
    private final class Dials implements Dialer.Watcher {
        private final LoopOutcomes outcomes;

        private Dials(LoopOutcomes outcomes) {
            this.outcomes = outcomes;
        }

        @Override
        public void onAttempt(Cost cost) {
            telemetry.attempted(cost);
        }

        @Override
        public void onConnected(Candidate candidate, Leg leg) {
            count(candidate, leg, Outcome.ANSWERED);
            if (candidate instanceof Candidate.Gateway gateway) {
                observer.ifPresent(it -> it.onDialed(gateway.gateway()));
            }
        }

        @Override
        public void onFailed(Candidate candidate, Leg leg, DialFailure why) {
            telemetry.dialFailed(candidate, why);
            why.outcome().ifPresent(outcome -> count(candidate, leg, outcome));
            if (candidate instanceof Candidate.Gateway gateway) {
                observer.ifPresent(it -> it.onDialFailed(gateway.gateway(), why));
            }
        }

        @Override
        public void onOutrun(Candidate candidate, Leg leg) {
            count(candidate, leg, Outcome.OUTRUN);
        }

        /** Looks are no clients. */
        private void count(Candidate candidate, Leg leg, Outcome how) {
            if (!ProbeTarget.isAsked(leg.authority())) {
                outcomes.attempted(OutcomeKey.of(self, leg.source(), leg.authority(), candidate), how);
            }
        }
    }

    @Override
    public void close() {
        observer.ifPresent(Observer::close);
        reports.ifPresent(ReportFeed::close);
    }
}
