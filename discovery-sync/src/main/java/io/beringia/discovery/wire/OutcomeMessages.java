package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.wire.evidence.proto.Report;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Outcomes to messages and back. What a newer gateway tells apart, and we do not, is left out. Any thread. */
final class OutcomeMessages {
    private OutcomeMessages() {}

    static Report.Outcomes outcomes(OutcomeReport it) {
        OutcomeCounts counts = it.counts();
        return Report.Outcomes.newBuilder()
                .setService(it.service())
                .setRegion(it.to().name())
                .setEndpoint(it.endpoint())
                .setClients(it.clients())
                .addAllAttempts(counts.attempts().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(one -> attempts(one.getKey(), one.getValue()))
                        .toList())
                .setClosed(counts.closed())
                .setAborted(counts.aborted())
                .setBytesUp(counts.bytesUp())
                .setBytesDown(counts.bytesDown())
                .addAllFirstBytes(counts.firstBytes())
                .build();
    }

    static OutcomeReport outcomes(Report.Outcomes it) {
        return new OutcomeReport(
                it.getService(),
                new RegionId(it.getRegion()),
                it.getEndpoint(),
                it.getClients(),
                new OutcomeCounts(
                        attempts(it.getAttemptsList()),
                        it.getClosed(),
                        it.getAborted(),
                        it.getBytesUp(),
                        it.getBytesDown(),
                        it.getFirstBytesList()));
    }

    private static Report.Attempts attempts(Outcome how, long count) {
        return Report.Attempts.newBuilder()
                .setOutcome(WireValues.named("outcome", Report.Outcome.class, how))
                .setCount(count)
                .build();
    }

    private static Map<Outcome, Long> attempts(List<Report.Attempts> all) {
        Map<Outcome, Long> attempts = new EnumMap<>(Outcome.class);
        for (Report.Attempts one : all) {
            switch (one.getOutcome()) {
                case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> {}
                case ANSWERED, REFUSED, TIMED_OUT, OUTRUN, RESET, TLS_FAILED, IDENTITY_MISMATCH, DENIED, UNAVAILABLE ->
                    attempts.merge(
                            WireValues.named("outcome", Outcome.class, one.getOutcome()), one.getCount(), Long::sum);
            }
        }
        return attempts;
    }
}
