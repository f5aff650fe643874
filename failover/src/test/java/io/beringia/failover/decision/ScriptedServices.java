package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.record.DecisionFile;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A mesh of three healthy regions on paper, for scripts: what the clients of each site meet at each service, second by
 * second, and what the real rules make of it. It is looked at every second.
 */
final class ScriptedServices {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    private static final RegionId WITNESS = new RegionId("witness");
    private static final List<RegionId> REGIONS =
            List.of(new RegionId("us-east"), new RegionId("us-north"), new RegionId("us-west"));
    private FailoverPolicy policy = FailoverPolicy.of(new Sites(REGIONS, List.of(WITNESS)), FailoverTiming.STANDARD);

    private final SortedMap<String, Flow> met = new TreeMap<>();
    private final TreeSet<String> unready = new TreeSet<>();
    private final TreeSet<String> suspect = new TreeSet<>();
    private final SortedMap<String, String> guards = new TreeMap<>();
    private final TreeSet<String> singles = new TreeSet<>();
    private final TreeSet<String> absent = new TreeSet<>();
    private final TreeSet<String> silent = new TreeSet<>();
    private final TreeSet<String> lagging = new TreeSet<>();
    private List<ServiceName> services = List.of(service("cart"));
    private Memory memory = Memory.fresh(START);
    private TrafficPlan plan = PlanRules.first("test", policy, LEADER, START);
    private int clients = 2;
    private long second;
    private String held = "";

    /** Outcomes each second, and all of them so far. */
    private static final class Flow {
        long failing;
        long each;
        long millis = 20;
        OutcomeCounts sofar = OutcomeCounts.NONE;

        void turn() {
            OutcomeCounts.Tally tally = new OutcomeCounts.Tally();
            for (long i = 0; i < each; i++) {
                tally.attempted(i < failing ? Outcome.UNAVAILABLE : Outcome.ANSWERED);
            }
            for (long i = failing; i < each; i++) {
                tally.closed(false, 1, 1, Optional.of(Duration.ofMillis(millis)));
            }
            sofar = sofar.plus(tally.counts());
        }
    }

    List<String> play(List<String> facts) {
        List<String> happened = new ArrayList<>();
        for (String fact : facts) {
            take(fact.split(" ", -1), happened);
        }
        return happened;
    }

    private void take(String[] words, List<String> happened) {
        switch (words[0]) {
            case "until" -> turn(seconds(words[1]), happened);
            case "services" ->
                services =
                        Stream.of(words).skip(1).map(ScriptedServices::service).toList();
            case "clients" -> clients = Integer.parseInt(words[1]);
            case "leader" -> memory = Memory.fresh(START.plusSeconds(second));
            case "operator" -> operator(words, happened);
            case "unready" -> unready.add(words[1]);
            case "policy-skew" ->
                policy = ScriptedMesh.skewed(policy, FailoverPolicy.Skew.valueOf(words[1].toUpperCase(Locale.ROOT)));
            case "guards" -> guards.put(words[3] + " in " + words[1], words[5]);
            case "single" -> singles.add(words[1]);
            case "many" -> singles.remove(words[1]);
            case "absent" -> absent.add(words[3] + " in " + words[1]);
            case "present" -> absent.remove(words[3] + " in " + words[1]);
            case "silent" -> silent.add(words[1]);
            case "heard" -> silent.remove(words[1]);
            case "lags" -> lagging.add(words[1]);
            case "follows" -> lagging.remove(words[1]);
            case "suspect" -> suspect.add(words[1] + ">" + words[2]);
            default -> meet(words);
        }
    }

    /** "operator drain us-east of cart for 600s overriding RULE". */
    private void operator(String[] words, List<String> happened) {
        Instant now = START.plusSeconds(second + 1);
        PlanOverride wish = new PlanOverride(
                words[1] + "/" + words[2] + "/" + words[4],
                PlanOverride.Verb.valueOf(words[1].toUpperCase(Locale.ROOT)),
                Optional.of(new RegionId(words[2])),
                Optional.of(service(words[4])),
                LEADER,
                "test",
                now.plusSeconds(seconds(words[6])),
                words.length > 8 ? List.of(words[8].split(",", -1)) : List.of());
        Inputs inputs = inputs(now);
        Question.Obey question = new Question.Obey(wish);
        plan = recorded(inputs, question, now);
        happened.add((second + 1) + "s "
                + switch (OperatorRules.answer(wish, inputs.situation())) {
                    case OperatorRules.Answer.Steered steered ->
                        "operator: " + steered.steer().text();
                    case OperatorRules.Answer.Settled settled ->
                        "operator: " + settled.settle().text();
                    case OperatorRules.Answer.Noted _ -> "noted";
                    case OperatorRules.Answer.Blocked by -> "blocked by " + by.rule() + ": " + by.detail();
                    case OperatorRules.Answer.Refused no -> "refused: " + no.why();
                    case OperatorRules.Answer.Obeyed obeyed ->
                        throw new IllegalStateException(obeyed.move().text());
                });
    }

    private Inputs inputs(Instant now) {
        return new Inputs(
                plan,
                PlanVersion.NONE,
                evidence(),
                memory,
                new Fence(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                policy,
                now);
    }

    /** "us-west meets 15 of 50 in us-east" each second, or "us-west waits 500ms in us-east" for each of them. */
    private void meet(String[] words) {
        for (ServiceName one : services) {
            Flow flow = met.computeIfAbsent(
                    words[0] + ">" + words[words.length - 1] + ">" + one.hostname(), _ -> new Flow());
            if (words[1].equals("waits")) {
                flow.millis = Long.parseLong(words[2].replace("ms", ""));
            } else {
                flow.failing = Long.parseLong(words[2]);
                flow.each = Long.parseLong(words[4]);
            }
        }
    }

    private void turn(long until, List<String> happened) {
        for (; second < until; second++) {
            met.values().forEach(Flow::turn);
            look(happened);
        }
    }

    private void look(List<String> happened) {
        Instant now = START.plusSeconds(second + 1);
        for (int step = 0; step < 8; step++) {
            Inputs inputs = inputs(now);
            Situation situation = inputs.situation();
            memory = situation.memory();
            switch (FailoverRules.decide(situation)) {
                case Decision.Steer steer -> {
                    plan = recorded(inputs, new Question.Decide(), now);
                    happened.add((second + 1) + "s " + steer.text() + ": " + steer.reason());
                }
                case Decision.Settle settle -> {
                    plan = recorded(inputs, new Question.Decide(), now);
                    happened.add((second + 1) + "s " + settle.text() + ": " + settle.reason());
                }
                case Decision.Hold hold -> {
                    hold(hold, happened);
                    plan = PlanRules.refreshed(situation);
                    return;
                }
                case Decision.Move move -> throw new IllegalStateException(move.text());
            }
        }
    }

    /** Every decision comes out again from what is kept of it. */
    private static TrafficPlan recorded(Inputs inputs, Question question, Instant now) {
        TrafficPlan next = question.answer(inputs.situation());
        TrafficPlan written = PlanRules.stamped(next, new PlanVersion(7, 1), LEADER, now);
        DecisionFile file = new DecisionFile(new DecisionBasis(inputs, question), written);
        DecisionFile kept = DecisionFile.read(file.bytes());
        assertThat(kept).isEqualTo(file);
        assertThat(kept.isReproduced()).isTrue();
        return next;
    }

    private void hold(Decision.Hold hold, List<String> happened) {
        if (!hold.blocked().isEmpty() && !hold.reason().equals(held)) {
            happened.add((second + 1) + "s hold: " + hold.reason());
        }
        held = hold.blocked().isEmpty() ? "" : hold.reason();
    }

    private List<SiteEvidence> evidence() {
        return Stream.concat(REGIONS.stream(), Stream.of(WITNESS))
                .map(site -> new SiteEvidence(
                        new RegionEvidence(site, List.of(observer(site)), List.of(), readiness(site), proxies(site)),
                        Duration.ofMillis(silent.contains(site.name()) ? 3_000 : 50)))
                .toList();
    }

    private ObserverReport observer(RegionId site) {
        return new ObserverReport(
                site + "/gw-0",
                Duration.ofMillis(100),
                0,
                true,
                REGIONS.stream()
                        .filter(region -> !region.equals(site))
                        .map(region -> new PathReport(
                                region,
                                suspect.contains(site + ">" + region) ? PathState.SUSPECT : PathState.UP,
                                Duration.ofMillis(100),
                                Duration.ofMillis(70),
                                false))
                        .toList(),
                List.of(),
                List.of(),
                Duration.ofHours(12),
                outcomes(site));
    }

    private List<OutcomeReport> outcomes(RegionId site) {
        List<OutcomeReport> outcomes = new ArrayList<>();
        met.forEach((key, flow) -> {
            String[] parts = key.split(">", -1);
            if (parts[0].equals(site.name())) {
                outcomes.add(
                        new OutcomeReport(parts[2], new RegionId(parts[1]), parts[1] + "/gw-0", clients, flow.sofar));
            }
        });
        return outcomes;
    }

    private List<Readiness> readiness(RegionId site) {
        return site.equals(WITNESS)
                ? List.of()
                : services.stream().map(one -> readiness(one, site)).toList();
    }

    private Readiness readiness(ServiceName service, RegionId site) {
        int pods = absent.contains(service.hostname() + " in " + site) ? 0 : 10;
        return new Readiness(
                service,
                unready.contains(site.name()) ? 0 : pods,
                pods,
                new Freshness.Live(),
                guards.getOrDefault(service.hostname() + " in " + site, ""),
                singles.contains(service.hostname()) ? Writers.SINGLE : Writers.MANY);
    }

    /** One client of a hundred has not acknowledged what the others have. */
    private Proxies proxies(RegionId site) {
        return lagging.contains(site.name()) ? new Proxies(PlanVersion.NONE, 100, 99) : Proxies.NONE;
    }

    private static ServiceName service(String name) {
        return new ServiceName("shop", name);
    }

    private static long seconds(String text) {
        long value = Long.parseLong(text.substring(0, text.length() - 1));
        return text.endsWith("m") ? value * 60 : value;
    }
}
