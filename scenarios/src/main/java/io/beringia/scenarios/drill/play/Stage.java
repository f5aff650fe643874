package io.beringia.scenarios.drill.play;

import io.beringia.failover.cli.RegionCommand;
import io.beringia.scenarios.demo.DemoFiles;
import io.beringia.scenarios.demo.DemoProcesses;
import io.beringia.scenarios.demo.MeshWatch;
import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Story;
import io.beringia.scenarios.fault.LinkFaults;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Performs the steps of a drill. Owned by the thread that plays. */
final class Stage {
    /** How often a drill that waits looks whether it must be broken off. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** Of what is left to chance: the same in each run, and said in the log of who plays it. */
    private static final long SEED = 1;

    /** The demo's gateways give tunnels 3 s; the rest is for a busy machine. */
    private static final Duration DRAINS_WITHIN = Duration.ofSeconds(30);

    private final DemoProcesses processes;
    private final LinkFaults links;
    private final MeshWatch mesh;
    private final DemoFiles files;
    private final Story story;
    private final List<Expectation> expectations = new ArrayList<>();

    Stage(DemoProcesses processes, LinkFaults links, MeshWatch mesh, DemoFiles files, Story story) {
        this.processes = processes;
        this.links = links;
        this.mesh = mesh;
        this.files = files;
        this.story = story;
    }

    /** What steps themselves had to come to. */
    List<Expectation> expectations() {
        return List.copyOf(expectations);
    }

    /** @param check throws when the drill is to be broken off; asked again and again while a step waits */
    void perform(Step step, Runnable check) throws IOException, InterruptedException {
        switch (step) {
            case Step.Wait wait -> pause(wait.length(), check);
            case Step.Link link -> {
                LinkFaults.Prepared fault = links.prepare(link.words(), link.fault(), link.atMost(), SEED);
                story.fault(link.words(), fault::begin);
            }
            case Step.Lift lift -> story.mark("lift", links::lift);
            case Step.Freeze freeze ->
                story.fault(
                        "freeze " + freeze.processes(), () -> processes.freeze(freeze.processes(), freeze.atMost()));
            case Step.Thaw thaw -> story.mark("thaw " + thaw.processes(), () -> processes.thaw(thaw.processes()));
            case Step.Kill kill -> story.fault("kill " + kill.processes(), () -> processes.kill(kill.processes()));
            case Step.End end ->
                story.fault("end " + end.processes(), () -> processes.end(end.processes(), DRAINS_WITHIN));
            case Step.Start start -> start(start.processes());
            case Step.Tell tell ->
                story.fault(tell.process() + " " + tell.line(), () -> processes.tell(tell.process(), tell.line()));
            case Step.Await await -> await(await, check);
            case Step.Operator operator -> operate(operator);
            case Step.StaleWrite stale -> story.staleWrites(mesh.offerUnderAnOlderEpoch());
        }
    }

    private void start(String names) throws IOException, InterruptedException {
        story.mark("start " + names, () -> processes.start(names));
        processes.awaitReady(line -> {});
    }

    private void await(Step.Await await, Runnable check) throws InterruptedException {
        String expected = await.phase().name();
        long start = System.nanoTime();
        while (!mesh.says(await.region().region(), await.phase())
                && System.nanoTime() - start < await.within().toNanos()) {
            pause(MeshWatch.LOOK_EVERY, check);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        boolean came = mesh.says(await.region().region(), await.phase());
        expectations.add(new Expectation(
                await.region().region() + " " + expected,
                "<= " + await.within().toMillis() + " ms",
                came ? millis + " ms" : "not in " + millis + " ms",
                came));
    }

    private void operate(Step.Operator operator) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of(operator.verb(), operator.region().region().name(), "--reason", "drill", "--expires", "1h"));
        words.addAll(files.operatorOptions());
        words.addAll(operator.options());
        StringWriter said = new StringWriter();
        int[] exit = new int[1];
        String name = "operator " + operator.verb() + " " + operator.region().region();
        story.fault(
                name,
                () -> exit[0] = new CommandLine(new RegionCommand())
                        .setOut(new PrintWriter(said))
                        .setErr(new PrintWriter(said))
                        .execute(words.toArray(String[]::new)));
        expectations.add(new Expectation(
                name,
                "exit " + operator.exit(),
                exit[0] + ": " + said.toString().lines().findFirst().orElse("it said nothing"),
                exit[0] == operator.exit()));
    }

    private static void pause(Duration length, Runnable check) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_EVERY.toNanos()));
            check.run();
        }
    }
}
