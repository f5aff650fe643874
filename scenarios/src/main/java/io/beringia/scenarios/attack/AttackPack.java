package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Inquiry;
import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.bench.Lab;
import io.beringia.scenarios.bench.LabConfigs;
import io.beringia.scenarios.bench.Machine;
import io.beringia.scenarios.connect.ClientIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All attacks, one after the other, on one gateway in a process of its own. Owned by the pack's thread. */
public final class AttackPack implements AutoCloseable {
    static final String GATEWAY = "gateway";
    private static final String CHAIN = "workload-cert-chain.pem";
    private static final String KEY = "key.pem";
    /** An operator's gateway is not larger, and what is held shows. */
    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:MaxDirectMemorySize=512m");

    private static final int NEIGHBOURS = 4;
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration ASK_EVERY = Duration.ofMillis(50);
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    private final Stand stand;
    private final Consumer<String> progress;

    private AttackPack(Stand stand, Consumer<String> progress) {
        this.stand = stand;
        this.progress = progress;
    }

    /** Starts the gateway in that directory, which is empty, and waits until neighbours use it. */
    public static AttackPack in(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        Lab lab = Lab.in(directory);
        try {
            Echo echo = Echo.listen(LabConfigs.BACKEND);
            lab.beringia(GATEWAY, OPTIONS, LabConfigs.guarded(LabConfigs.WEST, LabConfigs.GATEWAY));
            Site site = new Site(
                    LabConfigs.GATEWAY.hbone(),
                    identity(lab.workload(LabConfigs.EAST, "attacker")),
                    LabConfigs.AUTHORITY);
            Site good = site.as(identity(lab.workload(LabConfigs.EAST, "neighbour")));
            awaitReady(good, lab, GATEWAY);
            GatewayFigures figures = new GatewayFigures(
                    lab.children().pid(GATEWAY),
                    "[::1]:" + LabConfigs.GATEWAY.adminPort(),
                    lab.children().log(GATEWAY));
            return new AttackPack(new Stand(site, figures, Neighbours.start(good, NEIGHBOURS), echo, lab), progress);
        } catch (IOException | RuntimeException failed) {
            lab.close();
            throw failed;
        }
    }

    static ClientIdentity identity(Path directory) {
        return ClientIdentity.load(directory.resolve(CHAIN), directory.resolve(KEY));
    }

    /** Until that gateway carries a tunnel for that client. */
    static void awaitReady(Site site, Lab lab, String gateway) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        String why = "nothing tried";
        while (System.nanoTime() < deadline && lab.children().isRunning(gateway)) {
            try (Line line = Line.greeted(site, new byte[0])) {
                line.send(line.connect(1));
                why = line.status(1, READY_WITHIN);
                if (why.equals("200")) {
                    return;
                }
            } catch (IOException notYet) {
                why = String.valueOf(notYet.getMessage());
            }
            TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
        }
        throw new IOException(gateway + ": not ready, " + why + " (expected: 200 within " + READY_WITHIN.toSeconds()
                + " s), see " + lab.children().log(gateway));
    }

    /** Every attack there is. */
    static List<Attack> all() {
        return Stream.of(
                        FrameAttacks.all(),
                        FieldAttacks.all(),
                        WindowAttacks.all(),
                        SlowAttacks.all(),
                        HandshakeAttacks.all(),
                        RequestInquiries.all(),
                        IdentityInquiries.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Their ids, in order. */
    public static List<String> ids() {
        return all().stream().map(Attack::id).distinct().toList();
    }

    /** @param only ids of attacks; all of them if empty */
    public AttackReport run(Set<String> only) throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
        List<AttackReport.Row> rows = new ArrayList<>();
        Siege idle = idle();
        Measured rest = siege(idle);
        rows.add(AttackReport.Row.of(idle, rest, Judge.judge(idle, rest, rest.heapBytes())));
        for (Attack attack : all()) {
            if (only.isEmpty() || only.contains(attack.id())) {
                rows.add(row(attack, rest.heapBytes()));
            }
        }
        return new AttackReport(Machine.here(), rows);
    }

    /** A connection that does nothing: what others are compared with. */
    private static Siege idle() {
        return Siege.paced("-", "an idle connection", Attacker::greet);
    }

    private AttackReport.Row row(Attack attack, OptionalDouble idleBytes) throws IOException, InterruptedException {
        return switch (attack) {
            case Siege siege -> {
                Measured measured = siege(siege);
                yield AttackReport.Row.of(siege, measured, Judge.judge(siege, measured, idleBytes));
            }
            case Inquiry inquiry -> {
                progress.accept(inquiry.id() + " " + inquiry.name());
                yield AttackReport.Row.of(inquiry, inquiry.asking().ask(stand));
            }
        };
    }

    private Measured siege(Siege siege) throws IOException, InterruptedException {
        progress.accept(siege.id() + " " + siege.name());
        return new SiegeRun(siege, stand).take();
    }

    @Override
    public void close() throws IOException {
        stand.neighbours().close();
        stand.lab().close();
        stand.echo().close();
    }
}
