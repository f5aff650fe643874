package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Writers;
import io.beringia.failover.decision.OperatorRules.Answer;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.operator.OperatorCommand.Order;
import io.beringia.failover.operator.Reply;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a scenario can do to a world, in the words of its text. */
final class Verbs {
    private static final SpiffeId OPERATOR = SpiffeId.parse("spiffe://cluster.local/ns/ops/sa/alice");

    private final World world;
    private final List<Asked> asked = new ArrayList<>();

    Verbs(World world) {
        this.world = world;
    }

    private record Asked(String verb, CompletableFuture<Reply> reply) {}

    void obey(String text) {
        String[] words = text.split(" ", -1);
        world.stir();
        switch (words[0]) {
            case "cut" -> cut(words, true);
            case "mend" -> cut(words, false);
            case "loss" -> between(words, 2).forEach(way -> world.wires().lose(way.from, way.to, percent(words[1])));
            case "jitter" -> between(words, 2).forEach(way -> world.wires().jitter(way.from, way.to, millis(words[1])));
            case "delay" -> between(words, 2).forEach(way -> world.wires().delay(way.from, way.to, millis(words[1])));
            case "burst" ->
                between(words, 5)
                        .forEach(way -> world.wires()
                                .burst(way.from, way.to, millis(words[1]), percent(words[2]), millis(words[4])));
            case "gateway" -> gateways(words[1]).forEach(one -> become(one, words[2]));
            case "discovery" -> world.site(region(words[1])).discovery().become(process(words[2]));
            case "candidate" -> candidate(world.site(region(words[1])), process(words[2]));
            case "keeper" -> keeper(region(words[1]), words[2]);
            case "pods" -> world.site(region(words[1])).ready(number(words[2]), number(words[4]));
            case "single" ->
                world.setup()
                        .sites()
                        .forEach(site -> world.site(site).discovery().write(Writers.SINGLE));
            case "api" -> api(world.site(region(words[1])), words[2]);
            case "proxies" -> clients(region(words[1])).stick(number(words[2]));
            case "tunnels" ->
                world.setup().regions().forEach(region -> clients(region).last(millis(words[1])));
            case "errors" -> world.site(region(words[1])).fail(percent(words[2]));
            case "cuts" -> world.site(region(words[1])).cut(percent(words[2]));
            case "flaps" -> world.site(region(words[1])).flap(percent(words[2]), millis(words[3]));
            case "slow" -> world.site(region(words[1])).slow(number(words[2]));
            case "plans" -> world.site(region(words[1])).withhold(words[2].equals("withheld"));
            case "certificates" -> gateways(words[1]).forEach(one -> one.certify(Duration.ofMillis(millis(words[2]))));
            case "clients" ->
                world.setup().regions().forEach(region -> clients(region).rate(number(words[1])));
            case "wall" -> wall(world.site(region(words[1])), millis(words[2]));
            case "stale-write" -> staleWrite(world.site(region(words[1])));
            case "operator" -> operator(words);
            default -> throw new IllegalArgumentException("script: \"" + text + "\" (expected: a known verb)");
        }
    }

    /** Answers that have come by now. */
    void listen() {
        for (Asked one : asked) {
            if (one.reply().isDone()) {
                world.timeline()
                        .tell("operator " + one.verb() + " " + text(one.reply().join()));
            }
        }
        asked.removeIf(one -> one.reply().isDone());
    }

    private record Way(RegionId from, RegionId to) {}

    private void cut(String[] words, boolean isCut) {
        List<Wires.Traffic> traffic = switch (words[words.length - 1]) {
            case "data" -> List.of(Wires.Traffic.DATA);
            case "control" -> List.of(Wires.Traffic.CONTROL);
            case "large" -> List.of(Wires.Traffic.LARGE);
            default -> List.of(Wires.Traffic.DATA, Wires.Traffic.CONTROL);
        };
        between(words, 1).forEach(way -> traffic.forEach(one -> world.wires().cut(way.from, way.to, one, isCut)));
    }

    /** "A > B", "A - B", "A" for all its ways, or nothing for all ways of all. */
    private List<Way> between(String[] words, int at) {
        List<RegionId> sites = world.setup().sites();
        if (words.length <= at) {
            return pairs(sites, sites);
        }
        if (words.length > at + 2 && words[at + 1].equals(">")) {
            return List.of(new Way(region(words[at]), region(words[at + 2])));
        }
        if (words.length > at + 2 && words[at + 1].equals("-")) {
            return pairs(List.of(region(words[at])), List.of(region(words[at + 2])));
        }
        return pairs(List.of(region(words[at])), sites);
    }

    private static List<Way> pairs(List<RegionId> some, List<RegionId> others) {
        List<Way> ways = new ArrayList<>();
        for (RegionId one : some) {
            for (RegionId other : others) {
                if (!one.equals(other)) {
                    ways.add(new Way(one, other));
                    ways.add(new Way(other, one));
                }
            }
        }
        return ways.stream().distinct().toList();
    }

    private List<Gateway> gateways(String name) {
        String[] parts = name.split("/", -1);
        return parts.length == 1
                ? world.site(region(name)).gateways()
                : List.of(world.gateway(region(parts[0]), parts[1]));
    }

    private static void become(Gateway gateway, String word) {
        switch (word) {
            case "isolated" -> gateway.isolate(true);
            case "joined" -> gateway.isolate(false);
            default -> gateway.become(process(word));
        }
    }

    private static void api(Site site, String word) {
        site.listsNothing(word.equals("empty"));
        site.discovery()
                .fresh(word.equals("stale") ? new Freshness.Stale(Duration.ofSeconds(90)) : new Freshness.Live());
    }

    private static void candidate(Site site, Condition process) {
        if (site.candidate().process() == Condition.KILLED && process == Condition.RUNS) {
            site.begin();
        }
        site.candidate().become(process);
    }

    private void keeper(RegionId site, String word) {
        RegionId server = word.equals("leader") ? world.keeper().leader().orElseThrow() : site;
        if (word.equals("runs")) {
            world.keeper().start(server);
        } else {
            world.keeper().stop(server);
        }
    }

    private static void wall(Site site, long byMillis) {
        site.wall(byMillis);
        site.begin();
    }

    /** As a leader would send it that slept between its last look at its lease and its write. */
    private void staleWrite(Site site) {
        Term old = site.candidate().lastTerm().orElseThrow();
        PlanStore store = world.keeper().storeOf(site.candidate().site());
        try {
            PlanStore.Stored stored = store.read().orElseThrow();
            PlanStore.Outcome outcome = store.write(old, new byte[4], stored.version());
            world.timeline()
                    .tell("keeper answers a stale write: " + outcome.getClass().getSimpleName());
        } catch (IOException | InterruptedException unreachable) {
            world.timeline().tell("keeper answers a stale write: nothing");
        }
        world.setup()
                .sites()
                .forEach(one -> world.site(one).discovery().offer(world.seal().opened(first())));
    }

    private static ByteBuffer first() {
        return ByteBuffer.allocate(Integer.BYTES);
    }

    /** "operator drain us-east of cart for 2h overriding RULE". */
    private void operator(String[] words) {
        Duration expires = Duration.ofHours(1);
        List<String> rules = new ArrayList<>();
        Optional<ServiceName> service = Optional.empty();
        for (int i = 3; i + 1 < words.length; i += 2) {
            if (words[i].equals("for")) {
                expires = Duration.ofMillis(millis(words[i + 1]));
            } else if (words[i].equals("of")) {
                service = Optional.of(Places.CART);
            } else {
                rules.add(words[i + 1]);
            }
        }
        Order order = new Order(OPERATOR, "scenario", world.clock().instant().plus(expires), rules);
        OperatorCommand command = command(words[1], region(words[2]), service, order);
        String verb = words[1] + " " + words[2];
        world.leader()
                .ifPresentOrElse(
                        leader -> asked.add(new Asked(verb, leader.controller().ask(command))),
                        () -> world.timeline().tell("operator " + verb + " no leader"));
    }

    private static OperatorCommand command(String verb, RegionId region, Optional<ServiceName> service, Order order) {
        return switch (verb) {
            case "drain" -> new OperatorCommand.Drain(region, service, order);
            case "evacuate" -> new OperatorCommand.Evacuate(region, service, order);
            case "restore" -> new OperatorCommand.Restore(region, service, order);
            case "freeze" -> new OperatorCommand.Freeze(Optional.of(region), order);
            case "practice" -> new OperatorCommand.Practice(region, order);
            default -> throw new IllegalArgumentException("operator: " + verb + " (expected: a known verb)");
        };
    }

    private static String text(Reply reply) {
        return switch (reply) {
            case Reply.NoLeader _ -> "no leader";
            case Reply.Failed failed -> "failed: " + failed.why();
            case Reply.Answered answered ->
                switch (answered.answer()) {
                    case Answer.Obeyed obeyed -> "obeyed: " + obeyed.move().text();
                    case Answer.Steered steered -> "obeyed: " + steered.steer().text();
                    case Answer.Settled settled -> "obeyed: " + settled.settle().text();
                    case Answer.Noted _ -> "noted";
                    case Answer.Blocked by -> "blocked by " + by.rule();
                    case Answer.Refused no -> "refused: " + no.why();
                };
        };
    }

    private Clients clients(RegionId region) {
        return world.site(region).clients().orElseThrow();
    }

    static RegionId region(String name) {
        return new RegionId(name);
    }

    private static Condition process(String word) {
        return Condition.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private static double percent(String text) {
        return Double.parseDouble(text.replace("%", "")) / 100;
    }

    /** "1.5s", "200ms", "10m", "1h", with a sign or without. */
    static long millis(String text) {
        if (text.endsWith("ms")) {
            return Math.round(Double.parseDouble(text.substring(0, text.length() - 2)));
        }
        double value = Double.parseDouble(text.substring(0, text.length() - 1));
        return Math.round(value
                * switch (text.charAt(text.length() - 1)) {
                    case 's' -> 1_000;
                    case 'm' -> 60_000;
                    case 'h' -> 3_600_000;
                    default ->
                        throw new IllegalArgumentException("time: \"" + text + "\" (expected: 2s, 200ms, 10m or 1h)");
                });
    }
}
