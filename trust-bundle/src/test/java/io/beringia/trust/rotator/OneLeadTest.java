package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotator.LeadRules.Role;
import io.beringia.trust.rotator.LeadRules.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Three clusters that all want to lead, with calls and answers late, lost and doubled, and processes that restart: one
 * order is ever followed by one other, whoever gives it, and no cluster goes back.
 */
final class OneLeadTest {
    private static final int SCHEDULES = 200;
    private static final int STEPS = 1_000;
    private static final RootId OLD = new RootId("a".repeat(64));
    private static final RootId NEW = new RootId("b".repeat(64));
    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
    private static final Optional<Candidate> FIT =
            Optional.of(new Candidate(NEW, START.plus(Duration.ofDays(3650)), Duration.ofDays(90), List.of()));
    private static final RotationOrder.Author ANN = new RotationOrder.Author("ann", "a test");
    private static final List<String> NAMES = List.of("east", "west", "south");

    private record Sent(String from, String to, PeerCall call) {}

    private record Answered(String from, String to, RotationState state, Lead asked) {}

    private static final class Cluster {
        private RotationState state = RotationState.first(OLD);
        private Lead confirmed = Lead.NONE;
        private final Map<String, RotationState> heard = new HashMap<>();
    }

    private final Map<String, Cluster> clusters = new HashMap<>();
    private final Map<RotationPhase, RotationPhase> followers = new HashMap<>();
    private final List<Sent> calls = new ArrayList<>();
    private final List<Answered> answers = new ArrayList<>();
    private Random random = new Random(0);
    private long moves;

    @Test
    void one_order_is_followed_by_one_other_whoever_leads() {
        long all = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            random = new Random(seed);
            clusters.clear();
            followers.clear();
            calls.clear();
            answers.clear();
            moves = 0;
            NAMES.forEach(name -> clusters.put(name, new Cluster()));
            for (int step = 0; step < STEPS; step++) {
                step(seed);
            }
            all += moves;
        }
        assertThat(all).as("orders in all").isGreaterThan(SCHEDULES * 3L);
    }

    private Cluster at(String name) {
        return Objects.requireNonNull(clusters.get(name));
    }

    private void step(int seed) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        Cluster one = at(name);
        int what = random.nextInt(100);
        if (what == 0) {
            store(one, LeadRules.claim(one.state, seat(name), ANN), seed);
        } else if (what == 1) {
            restart(one);
        } else if (what < 30) {
            act(name, one, seed);
        } else if (what < 50) {
            tell(name, one);
        } else if (what < 75) {
            deliver(seed);
        } else {
            hear();
        }
    }

    private static void restart(Cluster one) {
        one.confirmed = Lead.NONE;
        one.heard.clear();
    }

    private Seat seat(String name) {
        Cluster one = at(name);
        long max = one.heard.values().stream()
                .mapToLong(state -> state.lead().epoch())
                .max()
                .orElse(0);
        return new Seat(name, LeadRules.role(one.state, name, true, one.confirmed), max);
    }

    private List<String> others(String name) {
        return NAMES.stream().filter(other -> !other.equals(name)).toList();
    }

    private void tell(String name, Cluster one) {
        Role role = seat(name).role();
        if (role != Role.FOLLOWS) {
            PeerCall call = role == Role.LEADS ? new PeerCall.Order(one.state) : new PeerCall.Claim(one.state.lead());
            List<String> others = others(name);
            calls.add(new Sent(name, others.get(random.nextInt(others.size())), call));
        }
    }

    /** Any call that is on its way, some for the second time, some never. */
    private void deliver(int seed) {
        if (calls.isEmpty()) {
            return;
        }
        int which = random.nextInt(calls.size());
        Sent sent = random.nextInt(5) == 0 ? calls.get(which) : calls.remove(which);
        Cluster to = at(sent.to());
        switch (FenceRules.judge(to.state, FIT, sent.call(), sent.from())) {
            case FenceRules.Agreed _ -> {}
            case FenceRules.Follow(RotationState next) -> store(to, next, seed);
            case FenceRules.Refused _ -> {
                return;
            }
        }
        answers.add(new Answered(sent.to(), sent.from(), to.state, sent.call().lead()));
    }

    private void hear() {
        if (!answers.isEmpty()) {
            Answered one = answers.remove(random.nextInt(answers.size()));
            if (random.nextInt(5) > 0) {
                at(one.to()).heard.put(one.from(), one.state());
            }
        }
    }

    /** Takes over, or goes on once all have obeyed: as far as gates know, which look at what was heard. */
    private void act(String name, Cluster one, int seed) {
        Map<String, RotationState> promised = new HashMap<>();
        one.heard.forEach((other, state) -> {
            if (state.lead().equals(one.state.lead())) {
                promised.put(other, state);
            }
        });
        switch (seat(name).role()) {
            case CLAIMS -> {
                if (LeadRules.isConfirmed(others(name), promised)) {
                    PeerCall order = new PeerCall.Order(LeadRules.newest(one.state, promised.values()));
                    switch (FenceRules.judge(one.state, FIT, order, name)) {
                        case FenceRules.Agreed _ -> one.confirmed = one.state.lead();
                        case FenceRules.Follow(RotationState next) -> store(one, next, seed);
                        case FenceRules.Refused refused ->
                            assertThat(refused).as("schedule %s", seed).isNull();
                    }
                }
            }
            case LEADS -> {
                boolean haveAllObeyed = promised.keySet().containsAll(others(name))
                        && promised.values().stream()
                                .allMatch(state -> state.phase().generation()
                                        >= one.state.phase().generation());
                if (haveAllObeyed) {
                    goOn(one, seed);
                }
            }
            case ALONE, FOLLOWS -> {}
        }
    }

    private void goOn(Cluster one, int seed) {
        moves++;
        RotationPhase from = one.state.phase();
        RotationPhase to = after(from, START.plusSeconds(moves));
        RotationPhase known = followers.putIfAbsent(from, to);
        assertThat(known)
                .as("schedule %s: %s was followed by %s already, now %s", seed, from, known, to)
                .isNull();
        store(one, one.state.on(to), seed);
    }

    /** Out, and back again. */
    private static RotationPhase after(RotationPhase phase, Instant now) {
        Change change = new Change(OLD, NEW, new Pace.Careful());
        return switch (phase) {
            case RotationPhase.Stable at -> new RotationPhase.Prepared(change, at.generation() + 1, now);
            case RotationPhase.Prepared at -> new RotationPhase.Publishing(change, at.generation() + 1, now);
            case RotationPhase.Publishing at -> new RotationPhase.Published(change, at.generation(), now);
            case RotationPhase.Published at -> new RotationPhase.Withdrawing(change, at.generation() + 1, now);
            case RotationPhase.Withdrawing at -> new RotationPhase.Stable(OLD, at.generation());
            case RotationPhase.Changing at -> throw new IllegalStateException("never at " + at);
        };
    }

    private static void store(Cluster one, RotationState next, int seed) {
        assertThat(FenceRules.NEWEST_LAST.compare(next.phase(), one.state.phase()))
                .as("schedule %s: from %s to %s", seed, one.state.phase(), next.phase())
                .isNotNegative();
        assertThat(next.lead().epoch())
                .as("schedule %s: epoch", seed)
                .isGreaterThanOrEqualTo(one.state.lead().epoch());
        one.state = next;
    }
}
