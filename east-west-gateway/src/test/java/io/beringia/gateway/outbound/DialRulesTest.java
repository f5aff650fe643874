package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.outbound.DialRace.Ending;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Refusal;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DialRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "answers.txt",
                "hedge.txt",
                "refused.txt",
                "path_turns.txt",
                "no_budget.txt",
                "backends.txt",
                "deadline.txt"
            })
    void plays_the_script(String name) {
        for (Script.Block block : Script.read(DialRulesTest.class, name).blocks()) {
            assertThat(play(block.commands()))
                    .as(String.join("; ", block.commands()))
                    .isEqualTo(block.expected());
        }
    }

    @Test
    void whatever_happens_a_dial_ends_within_its_deadline_and_tries_nobody_twice() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Dial dial = new Dial(List.of("west-1", "west-2", "north-1", "pod:cart-1"));
            int steps = 0;
            while (!dial.isOver()) {
                assertThat(++steps).as("seed %d", seed).isLessThan(200);
                dial.disturb(random);
            }
            assertThat(dial.nowMillis).as("seed %d", seed).isLessThanOrEqualTo(5_000);
            assertThat(dial.started).as("seed %d", seed).doesNotHaveDuplicates();
        }
    }

    @Test
    void the_origin_of_the_clock_does_not_matter() {
        long nearTheEnd = Long.MAX_VALUE - Duration.ofMillis(100).toNanos();
        DialRace race = DialRace.of(
                        List.of(candidate("west-1", PathState.UP), candidate("west-2", PathState.UP)), nearTheEnd)
                .started(nearTheEnd);
        long hedge = nearTheEnd + Duration.ofMillis(250).toNanos();
        assertThat(DialRules.next(race, PathTable.EMPTY, nearTheEnd)).isEqualTo(new DialRules.Step.Wait(hedge));
        assertThat(DialRules.next(race, PathTable.EMPTY, hedge)).isEqualTo(new DialRules.Step.Start(1, Cost.HEDGE));
    }

    @Test
    void without_candidates_there_is_nobody_to_wait_for() {
        assertThat(DialRules.next(DialRace.of(List.of(), 0), PathTable.EMPTY, 0))
                .isEqualTo(new DialRules.Step.GiveUp(Refusal.NO_ENDPOINT));
    }

    /** A block is one whole dial: commands in order, and all that the rules said. */
    private static List<String> play(List<String> commands) {
        Dial dial = new Dial(List.of(commands.getFirst().split(" ")));
        for (String command : commands.subList(1, commands.size())) {
            dial.obey(command.split(" "));
        }
        return dial.said;
    }

    /** The dull half: does what the rules say, and writes it down. */
    private static final class Dial {
        final List<String> said = new ArrayList<>();
        final List<String> started = new ArrayList<>();
        private final List<String> names;
        private final Map<SocketAddress, PathTable.PathView> paths = new HashMap<>();
        private final Set<Cost> denied = EnumSet.noneOf(Cost.class);
        private DialRace race;
        private boolean isOver;
        long nowMillis;

        Dial(List<String> words) {
            names = words.stream().map(word -> word.replaceFirst("=.*", "")).toList();
            words.forEach(word -> {
                if (word.contains("=")) {
                    path(word.replaceFirst("=.*", ""), word.replaceFirst(".*=", ""), 0);
                }
            });
            race = DialRace.of(
                    names.stream()
                            .map(name -> candidate(
                                    name, new PathTable(paths).view(at(name)).state()))
                            .toList(),
                    0);
            ask();
        }

        boolean isOver() {
            return isOver;
        }

        void obey(String... words) {
            switch (words[0]) {
                case "at" -> nowMillis = Long.parseLong(words[1]);
                case "path" -> path(words[1], words[2], words.length > 3 ? Long.parseLong(words[3]) : 0);
                case "deny" -> denied.add(Cost.valueOf(words[1]));
                default -> race = race.ended(names.indexOf(words[0]), Ending.valueOf(words[1]));
            }
            ask();
        }

        void disturb(Random random) {
            switch (random.nextInt(4)) {
                case 0 -> obey("at", Long.toString(Math.min(5_000, nowMillis + random.nextInt(1_000))));
                case 1 ->
                    obey(
                            "path",
                            names.get(random.nextInt(3)),
                            List.of("UP", "SUSPECT", "DOWN", "PROBATION").get(random.nextInt(4)));
                case 2 -> end(random);
                default -> obey("deny", random.nextBoolean() ? "HEDGE" : "RETRY");
            }
        }

        private void end(Random random) {
            if (!race.tries().isEmpty()) {
                String name = names.get(random.nextInt(race.tries().size()));
                obey(
                        name,
                        List.of(Ending.FAILED, Ending.REFUSED, Ending.TIMED_OUT)
                                .get(random.nextInt(3))
                                .name());
            }
        }

        private void path(String name, String state, long srttMillis) {
            paths.put(at(name), new PathTable.PathView(PathState.valueOf(state), Duration.ofMillis(srttMillis)));
        }

        private void ask() {
            boolean more = !isOver;
            while (more) {
                more = follow(DialRules.next(
                        race, new PathTable(paths), Duration.ofMillis(nowMillis).toNanos()));
            }
        }

        private boolean follow(DialRules.Step step) {
            return switch (step) {
                case DialRules.Step.Start start -> start(start);
                case DialRules.Step.Wait wait ->
                    say("wait " + Duration.ofNanos(wait.untilNanos()).toMillis());
                case DialRules.Step.Won won -> over("won " + names.get(won.candidate()));
                case DialRules.Step.GiveUp giveUp -> over("give up " + giveUp.why());
            };
        }

        private boolean start(DialRules.Step.Start start) {
            if (denied.contains(start.cost())) {
                race = race.denied(start.cost());
                say("denied " + start.cost());
                return true;
            }
            race = race.started(Duration.ofMillis(nowMillis).toNanos());
            started.add(names.get(start.candidate()));
            say("start " + names.get(start.candidate()) + " " + start.cost());
            return true;
        }

        private boolean over(String line) {
            isOver = true;
            return say(line);
        }

        private boolean say(String what) {
            said.add(nowMillis + " " + what);
            return false;
        }
    }

    private static Candidate candidate(String name, PathState path) {
        SocketAddress address = at(name);
        return name.startsWith("pod:")
                ? new Candidate.Backend(name, address)
                : new Candidate.Gateway(
                        new GatewayAddress(
                                new ClusterId("west"),
                                new RegionId("r-west"),
                                new Network("n-west"),
                                name,
                                address,
                                SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/gateway-west"),
                                Health.HEALTHY,
                                1),
                        path);
    }

    private static SocketAddress at(String name) {
        return new SocketAddress(IpAddress.parse("10.0.0.1"), 1 + Math.floorMod(name.hashCode(), 60_000));
    }

    @Test
    void a_process_without_descriptors_blames_and_tries_nobody_else() {
        List<Candidate.Backend> backends = List.of(
                new Candidate.Backend("a", SocketAddress.parse("10.0.0.1:80")),
                new Candidate.Backend("b", SocketAddress.parse("10.0.0.2:80")));
        DialRace race = DialRace.of(backends, 0).started(0).ended(0, DialRace.Ending.EXHAUSTED);
        assertThat(DialRules.next(race, PathTable.EMPTY, 1)).isEqualTo(new DialRules.Step.GiveUp(Refusal.OVERLOADED));
    }
}
