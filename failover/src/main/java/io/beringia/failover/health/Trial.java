package io.beringia.failover.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is made, outcome by outcome, of how one site fares with one service in one region. One second alone never condemns
 * it: whatever cuts many tunnels at once is one event, however many fail with it.
 *
 * @param finding of the last test that came to an end; empty before the first
 * @param evidence of the present test, in millionths of a nat
 * @param present outcomes of the present test
 * @param second in which the present evidence came, or the last that did
 * @param grayAt when it was last found gray
 * @param baseline what was found to be well, weighed less with every minute
 * @param pace how long it takes
 */
public record Trial(
        Optional<Finding> finding,
        long evidence,
        Attempts present,
        Second second,
        Optional<Instant> grayAt,
        Baseline baseline,
        Pace pace) {
    /** Fewer outcomes say nothing of a service. */
    private static final long OUTCOMES_MIN = 5;

    /** The trouble of one client may be its own. */
    private static final int CLIENTS_MIN = 2;

    /** A test that nothing came to for so long begins anew. */
    private static final Duration SILENCE_MAX = Duration.ofMinutes(1);

    /** What speaks for a fault within one second: two of them are needed at least. */
    private static final long EVIDENCE_PER_SECOND = (Sprt.FAULT_FROM + 1) / 2;

    /**
     * How a test ended.
     *
     * @param isGray or well
     * @param outcomes what it rests on
     */
    public record Finding(boolean isGray, Instant at, Attempts outcomes) {}

    /** Evidence for a fault that one second has brought. */
    public record Second(Instant since, long evidence) {
        private static final Duration LENGTH = Duration.ofSeconds(1);

        private Second at(Instant now) {
            return since.plus(LENGTH).isAfter(now) ? this : new Second(now, 0);
        }

        private Second plus(long more) {
            return new Second(since, evidence + more);
        }
    }

    /** Half of what one second may say for a fault, or ten slow seconds: nobody is sent there while it is not clear. */
    boolean isDoubted() {
        return evidence >= EVIDENCE_PER_SECOND / 2 || pace.slow() > 0;
    }

    /** Before anything is known of it. */
    static Trial begun(Instant now) {
        return new Trial(
                Optional.empty(),
                0,
                Attempts.NONE,
                new Second(now, 0),
                Optional.empty(),
                Baseline.begun(now),
                Pace.begun(now));
    }

    /**
     * After more outcomes.
     *
     * @param clients that asked for it lately
     */
    Trial with(Counts more, int clients, Duration slo, Instant now) {
        if (more.isNothing()) {
            return this;
        }
        if (!second.since().plus(SILENCE_MAX).isAfter(now)) {
            return new Trial(finding, 0, Attempts.NONE, new Second(now, 0), grayAt, baseline, pace)
                    .with(more, clients, slo, now);
        }
        Trial paced =
                new Trial(finding, evidence, present, second, grayAt, baseline, pace.with(more.firstBytes(), now, slo));
        return more.attempts().tried() == 0
                ? paced
                : paced.weighed(more.attempts(), now).tested(clients, now);
    }

    private Trial weighed(Attempts more, Instant now) {
        Second current = second.at(now);
        long whole = Sprt.against(baseline.at(now)).evidence(more);
        long counted = Math.min(whole, EVIDENCE_PER_SECOND - current.evidence());
        return new Trial(
                finding, evidence + counted, present.plus(more), current.plus(counted), grayAt, baseline.at(now), pace);
    }

    private Trial tested(int clients, Instant now) {
        if (evidence <= Sprt.WELL_TO) {
            return new Trial(ended(false, now), 0, Attempts.NONE, second, grayAt, baseline.plus(present), pace);
        }
        if (evidence < Sprt.FAULT_FROM) {
            return this;
        }
        return present.tried() >= OUTCOMES_MIN && clients >= CLIENTS_MIN
                ? new Trial(ended(true, now), 0, Attempts.NONE, second, Optional.of(now), baseline, pace)
                : new Trial(finding, Sprt.FAULT_FROM, present, second, grayAt, baseline, pace);
    }

    private Optional<Finding> ended(boolean isGray, Instant now) {
        return Optional.of(new Finding(isGray, now, present));
    }
}
