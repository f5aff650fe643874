package io.beringia.scenarios.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A link of its own kind between sites, for kernels without netem: packets that the hub of a {@link Testbed} routes to an
 * interface of ours are held, doubled or lost there, and come out of it again. Without this process its route is gone, and
 * packets go as ever. It carries probes, calls and control; a delay is kept to a millisecond or two. One thread.
 *
 * <p>It says when each burst began and ended, in milliseconds since {@code ready}, and what was lost in it: whether a detector
 * was right can only be judged by that. What no model asked for stands in the last line: packets that found the
 * queue full, that the kernel did not take back, or that were still held at the end.
 *
 * <pre>
 * ready 2026-01-01T00:00:00Z seed 7 delay 35ms jitter 20ms loss 0% duplicate 0% good 20s bad 1s bad-loss 90%
 * 1>2 burst 18230..19411 ms lost 41 of 46
 * 1>2 end lost 63 of 4711
 * end beyond the model: 0 overflowed, 0 refused, 0 left
 * </pre>
 */
public final class LinkEmulator {
    /** The word after which packets may be sent to it. */
    static final String READY = "ready";

    /** At 100 ms a few thousand packets a second; beyond that it is a full queue, as links have them. */
    static final int WAITING_MAX = 20_000;

    /** Packets that are read before those that are due leave. */
    private static final int BATCH = 64;

    /** In which the end of its input is seen. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final byte[] NOTHING = new byte[0];
    private static final String QUEUE_PACKETS = "10000";
    private static final int SOURCE_SITE = 13;
    private static final int TARGET_SITE = 17;

    private final DueQueue<byte[]> waiting = new DueQueue<>(WAITING_MAX);
    private final Map<String, EmulatedLink> links;
    private final PrintStream log;
    private final long startNanos;
    private long overflowed;
    private long refused;

    LinkEmulator(Plan plan, PrintStream log, long startNanos) {
        this.log = log;
        this.startNanos = startNanos;
        this.links = links(plan, startNanos);
    }

    /** Each way's randomness is split off one source: generators whose seeds differ in a few bits hang together. */
    static Map<String, EmulatedLink> links(Plan plan, long startNanos) {
        Map<String, EmulatedLink> links = new LinkedHashMap<>();
        LinkModel model = LinkModel.parse(plan.model());
        SplittableRandom random = new SplittableRandom(plan.seed());
        plan.ways().forEach(way -> {
            if (!way.matches("\\d{1,3}>\\d{1,3}")) {
                throw new IllegalArgumentException("way: \"" + way + "\" (expected: 1>2, numbers of sites)");
            }
            links.put(way, new EmulatedLink(model, random.split(), startNanos));
        });
        return links;
    }

    /**
     * What to do.
     *
     * @param device name of the interface
     * @param table of routes, in which it becomes the way to everywhere
     * @param model as {@link LinkModel} reads it
     * @param ways numbers of sites, {@code 1>2}; each direction has its own randomness
     */
    public record Plan(String device, int table, String model, long seed, List<String> ways) {
        public Plan {
            ways = List.copyOf(ways);
        }
    }

    /** Until the input has ended and what was held has left. Throws {@link IOException} where the interface cannot be had. */
    public static void run(Plan plan, InputStream input, PrintStream log) throws IOException {
        LinkEmulator emulator = new LinkEmulator(plan, log, System.nanoTime());
        Thread listening = Thread.ofPlatform().daemon().name("emulator/input").start(() -> listen(input));
        try (Tun tun = Tun.open(plan.device())) {
            Program.run("ip", "link", "set", plan.device(), "txqueuelen", QUEUE_PACKETS, "up");
            Program.run("ip", "route", "add", "default", "dev", plan.device(), "table", Integer.toString(plan.table()));
            log.println(READY + " " + Instant.now() + " seed " + plan.seed() + " " + LinkModel.parse(plan.model()));
            while (listening.isAlive()) {
                emulator.turn(tun);
            }
            emulator.drain(tun, LinkModel.parse(plan.model()).longest());
        }
        emulator.end();
    }

    private static void listen(InputStream input) {
        try {
            input.readAllBytes();
        } catch (IOException broken) {
            // As good as its end.
        }
    }

    /** Packets that still come are held too, as long as the time lasts. */
    private void drain(Tun tun, Duration longest) {
        turn(tun);
        long end = System.nanoTime() + longest.toNanos();
        while (waiting.size() > 0 && System.nanoTime() - end <= 0) {
            turn(tun);
        }
        release(tun::write);
    }

    /** Says what became of all packets. */
    void end() {
        links.forEach((way, link) -> log.println(way + " end lost " + link.lost() + " of " + link.offered()));
        log.println("end beyond the model: " + overflowed + " overflowed, " + refused + " refused, " + waiting.size()
                + " left");
    }

    private void turn(Tun tun) {
        tun.await(waiting.untilNext(System.nanoTime(), LOOK_EVERY_NANOS));
        for (byte[] packet : read(tun)) {
            hold(packet, System.nanoTime());
        }
        release(tun::write);
        links.forEach((way, link) -> link.bursts(System.nanoTime()).forEach(burst -> say(way, burst)));
    }

    /** Whose time has come. */
    void release(Predicate<byte[]> write) {
        for (Optional<byte[]> due = due(); due.isPresent(); due = due()) {
            refused += write.test(due.get()) ? 0 : 1;
        }
    }

    private static List<byte[]> read(Tun tun) {
        List<byte[]> packets = new ArrayList<>();
        for (byte[] packet = tun.read(); packet.length > 0; packet = packets.size() < BATCH ? tun.read() : NOTHING) {
            packets.add(packet);
        }
        return packets;
    }

    /** What goes no way of ours goes on at once. */
    void hold(byte[] packet, long nowNanos) {
        Optional<EmulatedLink> link = Optional.ofNullable(links.get(way(packet)));
        for (long due : link.map(one -> one.passed(nowNanos)).orElse(List.of(nowNanos))) {
            overflowed += waiting.add(packet, due) ? 0 : 1;
        }
    }

    /** By the second octet of its addresses: those of a site are in 127.NUMBER.0.0/16. */
    private static String way(byte[] packet) {
        return packet.length > TARGET_SITE
                ? Byte.toUnsignedInt(packet[SOURCE_SITE]) + ">" + Byte.toUnsignedInt(packet[TARGET_SITE])
                : "";
    }

    private Optional<byte[]> due() {
        return waiting.take(System.nanoTime());
    }

    private void say(String way, EmulatedLink.Burst burst) {
        log.println("%s burst %d..%d ms lost %d of %d"
                .formatted(way, millis(burst.startNanos()), millis(burst.endNanos()), burst.lost(), burst.offered()));
    }

    private long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
    }
}
