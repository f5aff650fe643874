package io.beringia.scenarios.drill.play;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.scenarios.demo.DemoRegion;
import io.beringia.scenarios.fault.LinkFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line of a drill's script. */
sealed interface Step {
    /** What {@link #parse} takes, as it is said to whoever wrote something else. */
    Map<String, Function<MatchResult, Step>> SENTENCES = Sentences.all();

    /** {@code wait 8s}: nothing happens. */
    record Wait(Duration length) implements Step {}

    /** {@code link drop us-east <> * for 60s}: packets suffer, no longer than that. */
    record Link(String words, LinkFault fault, Duration atMost) implements Step {}

    /** {@code lift}: all faults of links end. */
    record Lift() implements Step {}

    /** {@code freeze us-east/gateway-0 for 30s}, or {@code us-east/*}. */
    record Freeze(String processes, Duration atMost) implements Step {}

    /** {@code thaw us-east/*}. */
    record Thaw(String processes) implements Step {}

    /** {@code kill us-east/*}. */
    record Kill(String processes) implements Step {}

    /** {@code end us-east/gateway-0}: it is asked to, and drains. */
    record End(String processes) implements Step {}

    /** {@code start us-east/*}: what was killed or ended of them. Waits until they serve. */
    record Start(String processes) implements Step {}

    /** {@code tell us-east/application unready}: a line on its input. */
    record Tell(String process, String line) implements Step {}

    /** {@code await us-east EVACUATED within 15s}: by the leader's word. */
    record Await(DemoRegion region, RegionPhase phase, Duration within) implements Step {}

    /** {@code operator drain us-east expecting 3}: a command, and what it ends with. */
    record Operator(String verb, DemoRegion region, List<String> options, int exit) implements Step {}

    /** {@code stale-write}: the standing plan is offered under the epoch before. */
    record StaleWrite() implements Step {}

    /** The inverse of how it is written. Throws {@link IllegalArgumentException} for every other line. */
    static Step parse(String line) {
        return SENTENCES.entrySet().stream()
                .flatMap(sentence -> {
                    Matcher found = Pattern.compile(sentence.getKey()).matcher(line);
                    return found.matches() ? Stream.of(sentence.getValue().apply(found)) : Stream.empty();
                })
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("\"" + line + "\" (expected: one of " + Sentences.words() + ")"));
    }

    /** How steps are written. */
    final class Sentences {
        private static final String EMULATED =
                "emulate(?: (?:delay|jitter|loss|duplicate|good|bad|bad-loss) [0-9.]+(?:ms|s|%))+";
        private static final String EFFECT =
                "(drop|refuse \\d{1,5}|lose \\d{1,3}%|drop-above \\d{1,5}|" + EMULATED + ")";
        private static final String PROCESS = "([a-z-]+/(?:[a-z0-9-]+|\\*))";

        private Sentences() {}

        private static Map<String, Function<MatchResult, Step>> all() {
            return Map.ofEntries(
                    Map.entry("wait (\\S+)", it -> new Wait(YamlFields.duration(it.group(1)))),
                    Map.entry("link (" + EFFECT + " (\\S+) (>|<>) (\\S+)) for (\\S+)", Sentences::link),
                    Map.entry("lift", it -> new Lift()),
                    Map.entry(
                            "freeze " + PROCESS + " for (\\S+)",
                            it -> new Freeze(it.group(1), YamlFields.duration(it.group(2)))),
                    Map.entry("thaw " + PROCESS, it -> new Thaw(it.group(1))),
                    Map.entry("kill " + PROCESS, it -> new Kill(it.group(1))),
                    Map.entry("end " + PROCESS, it -> new End(it.group(1))),
                    Map.entry("start " + PROCESS, it -> new Start(it.group(1))),
                    Map.entry("tell " + PROCESS + " (\\S+)", it -> new Tell(it.group(1), it.group(2))),
                    Map.entry(
                            "await (\\S+) ([A-Z]+) within (\\S+)",
                            it -> new Await(
                                    DemoRegion.named(it.group(1)),
                                    RegionPhase.valueOf(it.group(2)),
                                    YamlFields.duration(it.group(3)))),
                    Map.entry(
                            "operator (drain|evacuate|restore|freeze) (\\S+)((?: --\\S+)*) expecting (\\d)",
                            Sentences::operator),
                    Map.entry("stale-write", it -> new StaleWrite()));
        }

        private static String words() {
            return SENTENCES.keySet().stream()
                    .map(sentence -> sentence.replaceAll("[ (].*", ""))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }

        private static Step link(MatchResult it) {
            List<LinkFault.Way> out = ways(it.group(3), it.group(5));
            List<LinkFault.Way> back = it.group(4).equals("<>") ? ways(it.group(5), it.group(3)) : List.of();
            return new Link(
                    it.group(1),
                    new LinkFault(
                            effect(it.group(2)),
                            Stream.concat(out.stream(), back.stream()).toList()),
                    YamlFields.duration(it.group(6)));
        }

        private static LinkFault.Effect effect(String words) {
            String[] word = words.split(" ", 2);
            return switch (word[0]) {
                case "refuse" -> new LinkFault.Effect.Refuse(Integer.parseInt(word[1]));
                case "lose" -> new LinkFault.Effect.Lose(Integer.parseInt(word[1].replace("%", "")));
                case "emulate" -> new LinkFault.Effect.Emulate(word[1]);
                case "drop-above" -> new LinkFault.Effect.DropAbove(Integer.parseInt(word[1]));
                default -> new LinkFault.Effect.Drop();
            };
        }

        private static List<LinkFault.Way> ways(String from, String to) {
            return regions(from).stream()
                    .flatMap(one -> regions(to).stream()
                            .filter(other -> !other.equals(one))
                            .map(other -> new LinkFault.Way(one.site(), other.site())))
                    .toList();
        }

        private static List<DemoRegion> regions(String name) {
            return name.equals("*") ? DemoRegion.SITES : List.of(DemoRegion.named(name));
        }

        private static Step operator(MatchResult it) {
            List<String> options = it.group(3).isEmpty()
                    ? List.of()
                    : List.of(it.group(3).strip().split(" "));
            return new Operator(it.group(1), DemoRegion.named(it.group(2)), options, Integer.parseInt(it.group(4)));
        }
    }
}
