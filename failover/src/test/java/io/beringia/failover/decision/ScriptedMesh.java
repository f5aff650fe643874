package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Decision.Move;
import io.beringia.failover.decision.Situation.Signs;
import io.beringia.failover.health.RegionRules;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A mesh on paper, for scripts: who hears whom, what time it is, and what the real rules make of it. It is looked at
 * where a script says "at", and nowhere between.
 */
final class ScriptedMesh {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    private static final Duration SUSPECT_AFTER = Duration.ofMillis(600);
    private static final Duration DOWN_AFTER = Duration.ofMillis(1_500);

    /** More steps at one moment than there are regions times states would be a loop. */
    private static final int STEPS_MAX = 16;

    private List<RegionId> regions = List.of(new RegionId("us-east"), new RegionId("us-west"));
    private List<RegionId> witnesses = List.of(new RegionId("witness"));
    private FailoverPolicy policy = FailoverPolicy.of(new Sites(regions, witnesses), FailoverTiming.STANDARD);
    private Instant now = START;
    private Instant looked = START;
    private Memory memory = Memory.fresh(START);
    private TrafficPlan plan = PlanRules.first("test", policy, LEADER, START);
    private PlanVersion version = new PlanVersion(7, 0);
    private Fence fence = new Fence(Duration.ofSeconds(2), Duration.ofSeconds(1));

    /** By "site>target": when it was last answered, or refused, or absent while it answers. */
    private final Map<String, Instant> silentSince = new TreeMap<>();

    private final TreeSet<String> refusals = new TreeSet<>();
    private final TreeSet<RegionId> lost = new TreeSet<>();
    private final TreeSet<RegionId> unwell = new TreeSet<>();
    private final TreeSet<RegionId> mute = new TreeSet<>();
    private final TreeSet<RegionId> stale = new TreeSet<>();
    private final TreeSet<RegionId> unready = new TreeSet<>();
    private final TreeSet<RegionId> distrusted = new TreeSet<>();
    private final SortedMap<RegionId, SortedMap<ServiceName, String>> guards = new TreeMap<>();

    /** What happens about these facts, line by line. */
    List<String> play(List<String> facts) {
        List<String> happened = new ArrayList<>();
        facts.forEach(fact -> take(fact, happened));
        if (facts.stream().noneMatch(fact -> fact.startsWith("mesh "))) {
            settle(happened);
        }
        return happened;
    }

    private void take(String fact, List<String> happened) {
        String[] words = fact.split(" ", 4);
        switch (words[0]) {
            case "mesh" -> remake(fact.substring("mesh ".length()));
            case "at" -> {
                now = START.plus(time(words[1]));
                if (words.length > 2) {
                    event(words[2] + " " + words[3]);
                }
            }
            case "leader" -> memory = Memory.fresh(now);
            case "policy-skew" ->
                policy = skewed(policy, FailoverPolicy.Skew.valueOf(words[1].toUpperCase(Locale.ROOT)));
            case "operator" -> operator(fact.split(" ", -1), happened);
            default -> event(fact);
        }
    }

    static FailoverPolicy skewed(FailoverPolicy policy, FailoverPolicy.Skew skew) {
        return new FailoverPolicy(
                policy.sites(),
                policy.timing(),
                policy.failback(),
                policy.tiers(),
                policy.switchedOff(),
                policy.evacuationsMax(),
                policy.slo(),
                skew);
    }

    /** "us-east us-west us-north with witness-1 witness-2". */
    private void remake(String text) {
        String[] halves = (text + " ").split("with", 2);
        regions = names(halves[0]);
        witnesses = halves.length > 1 ? names(halves[1]) : List.of();
        policy = FailoverPolicy.of(new Sites(regions, witnesses), FailoverTiming.STANDARD);
        plan = PlanRules.first("test", policy, LEADER, START);
    }

    private void event(String text) {
        String[] words = text.split(" ", 3);
        RegionId who = new RegionId(words[0]);
        switch (words[1]) {
            case "answers" ->
                listeners(who, words).forEach(site -> {
                    silentSince.remove(site + ">" + who);
                    refusals.remove(site + ">" + who);
                    mute.remove(who);
                });
            case "silent" -> {
                listeners(who, words).forEach(site -> silentSince.putIfAbsent(site + ">" + who, lastLook()));
                mute.add(who);
            }
            case "refuses" ->
                listeners(who, words).forEach(site -> {
                    silentSince.putIfAbsent(site + ">" + who, lastLook());
                    refusals.add(site + ">" + who);
                    mute.add(who);
                });
            case "beats" -> mute.remove(who);
            case "lost" -> lost.add(who);
            case "found" -> lost.remove(who);
            case "unwell" -> unwell.add(who);
            case "outdated" -> stale.add(who);
            case "unready" -> unready.add(who);
            case "distrusted" -> distrusted.add(who);
            case "trusted" -> distrusted.remove(who);
            case "guards" -> guards(who, words[2]);
            case "updated" -> stale.remove(who);
            case "fenced" -> fence = new Fence(Duration.ofSeconds(2), Duration.ofSeconds(1));
            case "unfenced" -> fence = new Fence(Duration.ofMillis(999), Duration.ofSeconds(1));
            default -> throw new IllegalArgumentException("script: \"" + text + "\" (expected: a known verb)");
        }
    }

    /** "shop/cart.shop with abc": what the digest of its policies is there. */
    private void guards(RegionId region, String text) {
        String[] words = text.split(" with ", 2);
        guards.computeIfAbsent(region, any -> new TreeMap<>()).put(ServiceName.parse(words[0]), words[1]);
    }

    private Instant lastLook() {
        return looked;
    }

    /** "to a, b" or nothing for everybody. */
    private List<RegionId> listeners(RegionId who, String[] words) {
        return words.length < 3
                ? policy.sites().outside(who)
                : names(words[2].replaceFirst("^to ", "").replace(",", " "));
    }

    /** "operator evacuate us-east [overriding RULE]". */
    private void operator(String[] words, List<String> happened) {
        List<String> rules = words.length > 4 ? List.of(words[4]) : List.of();
        PlanOverride wish = new PlanOverride(
                "o-" + words[1],
                PlanOverride.Verb.valueOf(words[1].toUpperCase(Locale.ROOT)),
                Optional.of(new RegionId(words[2])),
                Optional.empty(),
                LEADER,
                "test",
                now.plus(Duration.ofHours(1)),
                rules);
        memory = memory.seen(verdicts(), now);
        switch (OperatorRules.answer(wish, situation())) {
            case OperatorRules.Answer.Obeyed obeyed -> {
                apply(obeyed.move(), happened);
                obeyed.warnings().forEach(one -> happened.add("warned by " + one.rule() + ": " + one.detail()));
                plan = PlanRules.noting(wish, situation());
            }
            case OperatorRules.Answer.Steered steered ->
                throw new IllegalStateException(steered.steer().text());
            case OperatorRules.Answer.Settled settled ->
                throw new IllegalStateException(settled.settle().text());
            case OperatorRules.Answer.Noted _ -> {
                plan = PlanRules.noting(wish, situation());
                happened.add("noted");
            }
            case OperatorRules.Answer.Blocked by -> happened.add("blocked by " + by.rule() + ": " + by.detail());
            case OperatorRules.Answer.Refused no -> happened.add("refused: " + no.why());
        }
    }

    private void settle(List<String> happened) {
        looked = now;
        for (int step = 0; step < STEPS_MAX; step++) {
            memory = memory.seen(verdicts(), now);
            switch (FailoverRules.decide(situation())) {
                case Move move -> apply(move, happened);
                case Decision.Steer steer -> throw new IllegalStateException(steer.text());
                case Decision.Settle settle -> throw new IllegalStateException(settle.text());
                case Decision.Hold hold -> {
                    if (!hold.blocked().isEmpty()) {
                        happened.add("hold: " + hold.reason());
                    }
                    return;
                }
            }
        }
        throw new IllegalStateException("steps: " + STEPS_MAX + " at one moment (expected: fewer)");
    }

    private void apply(Move move, List<String> happened) {
        TrafficPlan before = plan;
        plan = PlanRules.after(move, situation());
        if (move instanceof Decision.Evacuate) {
            memory = memory.evacuated(now, policy.timing().rateWindow());
        }
        version = new PlanVersion(version.epoch(), version.seq() + 1);
        happened.add(move.text());
        if (!plan.defaults().equals(before.defaults())) {
            plan.defaults().stream()
                    .filter(row -> !before.defaults().contains(row))
                    .forEach(row -> happened.add("plan " + version + " " + row));
        }
    }

    private Situation situation() {
        SortedMap<RegionId, Signs> signs = new TreeMap<>();
        regions.forEach(region -> signs.put(
                region,
                new Signs(
                        !stale.contains(region),
                        !unready.contains(region),
                        false,
                        !distrusted.contains(region),
                        500,
                        guards.getOrDefault(region, new TreeMap<>()))));
        return new Situation(plan, verdicts(), observing(), signs, new TreeMap<>(), memory, fence, policy, now);
    }

    private SortedMap<RegionId, RegionVerdict> verdicts() {
        List<SiteEvidence> evidence = evidence();
        SortedMap<RegionId, RegionVerdict> verdicts = new TreeMap<>();
        regions.forEach(region -> verdicts.put(region, RegionRules.judge(region, policy.sites(), evidence)));
        return verdicts;
    }

    private SortedMap<RegionId, Integer> observing() {
        List<SiteEvidence> evidence = evidence();
        SortedMap<RegionId, Integer> observing = new TreeMap<>();
        regions.forEach(region -> observing.put(region, RegionRules.observing(region, policy.sites(), evidence)));
        return observing;
    }

    private List<SiteEvidence> evidence() {
        return Stream.concat(regions.stream(), witnesses.stream())
                .map(this::evidence)
                .toList();
    }

    private SiteEvidence evidence(RegionId site) {
        List<PathReport> paths = regions.stream()
                .filter(region -> !region.equals(site))
                .map(region -> path(site, region))
                .toList();
        List<Heartbeat> beats = regions.stream()
                .filter(region -> !region.equals(site) && !mute.contains(region))
                .map(region -> new Heartbeat(region, Duration.ofMillis(300)))
                .toList();
        ObserverReport report = new ObserverReport(
                site + "-gateway-0", Duration.ofMillis(200), unwell.contains(site) ? 3 : 0, true, paths);
        Duration held = lost.contains(site) || mute.contains(site) ? Duration.ofSeconds(2) : Duration.ofMillis(50);
        return new SiteEvidence(new RegionEvidence(site, List.of(report), beats, List.of(), Proxies.NONE), held);
    }

    private PathReport path(RegionId site, RegionId region) {
        String key = site + ">" + region;
        Duration silence =
                silentSince.containsKey(key) ? Duration.between(silentSince.get(key), now) : Duration.ofMillis(100);
        return new PathReport(region, state(silence), silence, Duration.ofMillis(70), refusals.contains(key));
    }

    private static PathState state(Duration silence) {
        if (silence.compareTo(DOWN_AFTER) > 0) {
            return PathState.DOWN;
        }
        return silence.compareTo(SUSPECT_AFTER) > 0 ? PathState.SUSPECT : PathState.UP;
    }

    private static List<RegionId> names(String text) {
        return List.of(text.strip().split("\\s+", -1)).stream()
                .filter(word -> !word.isEmpty())
                .map(RegionId::new)
                .toList();
    }

    private static Duration time(String text) {
        double value = Double.parseDouble(text.substring(0, text.length() - 1));
        double seconds = text.endsWith("m") ? value * 60 : value;
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
