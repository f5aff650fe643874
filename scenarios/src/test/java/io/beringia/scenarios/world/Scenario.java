package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.health.Sites;
import io.beringia.scenarios.world.Timeline.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scenario as text: what it is about, how the world begins, and blocks of what happens, a line of dashes, and what is
 * expected of it.
 *
 * @param title its first comment
 */
record Scenario(String name, String title, List<String> setup, List<Block> blocks) {
    private static final List<String> SETUP = List.of("mesh", "mode", "nanos", "seed", "tiers", "timing");
    private static final Pattern ROW = Pattern.compile("Row (\\d+): (.*)\\.");
    private static final Pattern BLANK = Pattern.compile("\\n[ \\t]*\\n");

    /** What happens, and what is expected. */
    record Block(List<String> facts, List<String> expected) {}

    /** What came of it. */
    record Played(Scenario scenario, List<Finding> findings, List<Event> events) {
        boolean isMet() {
            return findings.stream().allMatch(Finding::isMet);
        }
    }

    static Scenario read(String name) throws IOException {
        String text;
        try (InputStream in = Objects.requireNonNull(Scenario.class.getResourceAsStream(name + ".txt"), name)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String title = text.lines().findFirst().orElse("").replaceFirst("^#\\s*", "");
        List<List<String>> blocks = BLANK.splitAsStream(text.strip())
                .map(Scenario::meaning)
                .filter(one -> !one.isEmpty())
                .toList();
        List<String> setup = blocks.getFirst();
        return new Scenario(
                name, title, setup, blocks.stream().skip(1).map(Scenario::block).toList());
    }

    /** Which fault of the table it plays, by its title: "Row 7: …". */
    Optional<Fault> fault() {
        Matcher row = ROW.matcher(title);
        return row.matches()
                ? Optional.of(new Fault(Integer.parseInt(row.group(1)), row.group(2), name))
                : Optional.empty();
    }

    private static List<String> meaning(String block) {
        return block.lines()
                .map(line -> line.replaceFirst("#.*", "").strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static Block block(List<String> lines) {
        int dashes = lines.indexOf("----");
        return dashes < 0
                ? new Block(lines, List.of())
                : new Block(lines.subList(0, dashes), lines.subList(dashes + 1, lines.size()));
    }

    Played play() throws InterruptedException {
        World world = new World(begin());
        Verbs verbs = new Verbs(world);
        List<Finding> findings = new ArrayList<>();
        for (Block block : blocks) {
            findings.addAll(play(block, world, verbs));
        }
        findings.add(replayed(world));
        return new Played(
                this,
                findings,
                world.timeline().events().stream()
                        .filter(one -> one.millis() >= firstFault())
                        .toList());
    }

    private static Finding replayed(World world) {
        long lost = world.timeline().events().stream()
                .filter(event -> event.text().contains("cannot be replayed"))
                .count();
        return new Finding(
                "every decision is replayed to the same bytes",
                world.decisions() - lost + " of " + world.decisions(),
                lost == 0);
    }

    /** What comes before is a world that begins. */
    private long firstFault() {
        return blocks.stream()
                .flatMap(block -> block.facts().stream())
                .filter(fact -> fact.startsWith("at "))
                .mapToLong(fact -> Verbs.millis(fact.split(" ", -1)[1]))
                .findFirst()
                .orElse(0);
    }

    private List<Finding> play(Block block, World world, Verbs verbs) throws InterruptedException {
        int before = world.timeline().events().size();
        long fault = -1;
        for (String fact : block.facts()) {
            String[] words = fact.split(" ", 3);
            if (words[0].equals("until") || words[0].equals("at")) {
                turn(world, verbs, Verbs.millis(words[1]));
            }
            if (words[0].equals("at")) {
                if (fault < 0) {
                    fault = world.clock().millis();
                    taken(world);
                    before = world.timeline().events().size();
                }
                verbs.obey(words[2]);
            }
        }
        List<Event> events = world.timeline().events();
        Expectations judge = new Expectations(
                fault,
                events.subList(before, events.size()),
                taken(world),
                world.keeper().refusedWrites());
        return block.expected().stream().map(judge::judge).toList();
    }

    private static void turn(World world, Verbs verbs, long untilMillis) throws InterruptedException {
        while (world.clock().millis() < untilMillis) {
            world.step();
            verbs.listen();
        }
    }

    private static Map<RegionId, Tally> taken(World world) {
        Map<RegionId, Tally> tallies = new TreeMap<>();
        world.setup()
                .regions()
                .forEach(region ->
                        world.site(region).clients().ifPresent(clients -> tallies.put(region, clients.taken())));
        return tallies;
    }

    private World.Setup begin() {
        Map<String, String> said = new TreeMap<>();
        for (String line : setup) {
            String[] words = line.split(" ", 2);
            if (!SETUP.contains(words[0])) {
                throw new IllegalArgumentException("setup: \"" + line + "\" (expected: one of " + SETUP + ")");
            }
            said.put(words[0], words[1]);
        }
        List<RegionId> regions = regions(said.getOrDefault("mesh", "us-east us-west"));
        RegionId witness = new RegionId("witness");
        return new World.Setup(
                Long.parseLong(said.getOrDefault("seed", "1")),
                regions,
                witness,
                Mode.parse(said.getOrDefault("mode", "auto")),
                policy(
                        new Sites(regions, List.of(witness)),
                        new FailoverTiming(Integer.parseInt(said.getOrDefault("timing", "1"))),
                        Optional.ofNullable(said.get("tiers"))),
                Long.parseLong(said.getOrDefault("nanos", "0")));
    }

    /** @param order of regions, the same for all of them */
    private static FailoverPolicy policy(Sites sites, FailoverTiming timing, Optional<String> order) {
        FailoverPolicy policy = FailoverPolicy.of(sites, timing);
        SortedMap<RegionId, List<List<RegionId>>> tiers = new TreeMap<>();
        order.map(Scenario::regions)
                .ifPresent(all -> sites.regions()
                        .forEach(source ->
                                tiers.put(source, all.stream().map(List::of).toList())));
        return new FailoverPolicy(
                policy.sites(),
                policy.timing(),
                policy.failback(),
                tiers,
                policy.switchedOff(),
                policy.evacuationsMax(),
                policy.slo(),
                policy.skew());
    }

    private static List<RegionId> regions(String names) {
        return Arrays.stream(names.split(" ", -1)).map(RegionId::new).toList();
    }
}
