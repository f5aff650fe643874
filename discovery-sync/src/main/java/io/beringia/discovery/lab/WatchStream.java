package io.beringia.discovery.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * One watch: writes what happened since the version it has seen, then waits for the bell. Lives on the thread of its
 * request and holds no queue: a slow client reads the history later, or finds it forgotten and lists again.
 */
final class WatchStream {
    /** So often a quiet watch says that it lives, and finds out whether its client does. */
    private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(5);

    private final Options options;
    private final Supplier<LabState> states;
    private final OutputStream out;
    private final WatchDisorder disorder = new WatchDisorder();
    private long seen;

    /**
     * @param from the version after which events are wanted; empty begins with everything that is there
     * @param initialEvents begins with everything and marks the end of it ({@code sendInitialEvents})
     */
    record Options(
            LabSelection selection, Optional<Long> from, boolean initialEvents, boolean bookmarks, Duration lifetime) {}

    WatchStream(Options options, Supplier<LabState> states, OutputStream out) {
        this.options = options;
        this.states = states;
        this.out = out;
    }

    /** Returns when the lifetime is over, the history was forgotten or the kind is not served any more. */
    void run(LabStore.Bell bell, Supplier<LabFault> faults) throws IOException, InterruptedException {
        boolean beganHalfOpen = faults.get() instanceof LabFault.HalfOpen;
        begin(faults.get() instanceof LabFault.FutureWatches future ? future : new LabFault.None());
        long end = System.nanoTime() + options.lifetime().toNanos();
        boolean open = true;
        for (long left = end - System.nanoTime(); open && left > 0; left = end - System.nanoTime()) {
            boolean rung = bell.await(Duration.ofNanos(Math.min(left, BOOKMARK_EVERY.toNanos())));
            LabFault fault = faults.get();
            open = switch (fault) {
                case LabFault.Freeze() -> true;
                case LabFault.HalfOpen() when !beganHalfOpen -> silence(bell);
                case LabFault.BrokenWatches() -> end(Refusal.INTERNAL, "etcdserver: request timed out");
                case LabFault.TruncatedAnswers() -> endInMidLine();
                case LabFault.None _,
                        LabFault.HalfOpen _,
                        LabFault.SlowLists _,
                        LabFault.SlowListsOf _,
                        LabFault.FutureWatches _,
                        LabFault.Busy _,
                        LabFault.EmptyLists _,
                        LabFault.VersionsBackwards _,
                        LabFault.LostEvents _,
                        LabFault.DuplicatedEvents _,
                        LabFault.ReorderedEvents _,
                        LabFault.ClockSkew _ -> rung ? goOn(fault) : bookmark(fault);
            };
        }
    }

    /** For ever: whoever waits for the other end of a half-open connection waits in vain. */
    private static boolean silence(LabStore.Bell bell) throws InterruptedException {
        while (true) {
            var _ = bell.await(BOOKMARK_EVERY);
        }
    }

    /** False: this was the last. */
    private boolean end(Refusal why, String message) throws IOException {
        ObjectNode status =
                (ObjectNode) ApiRequests.Response.refused(why, message).json();
        send(List.of(new WatchEvent(WatchEvent.Type.ERROR, status)));
        return false;
    }

    private boolean endInMidLine() throws IOException {
        out.write("{\"type\":\"MODIFIED\",\"object\":{\"kind\":".getBytes(StandardCharsets.UTF_8));
        out.flush();
        return false;
    }

    private void begin(LabFault fault) throws IOException {
        LabState state = states.get();
        if (options.from().isPresent() && !options.initialEvents()) {
            seen = options.from().get();
            goOn(fault);
            return;
        }
        seen = state.version();
        List<WatchEvent> all = new ArrayList<>();
        for (LabObject object : state.select(options.selection())) {
            all.add(new WatchEvent(WatchEvent.Type.ADDED, object.json()));
        }
        if (options.initialEvents()) {
            all.add(bookmarkEvent(true));
        }
        send(all);
    }

    /** False if this was the last: nobody knows the version that it has seen, or the kind. */
    private boolean goOn(LabFault fault) throws IOException {
        LabState state = states.get();
        if (isAhead(state, fault)) {
            return true;
        }
        Optional<List<LabChange>> changes = state.changesAfter(seen);
        if (changes.isEmpty()) {
            return end(Refusal.EXPIRED, "too old resource version: " + seen + " (" + state.compacted() + ")");
        }
        seen = Math.max(seen, state.version());
        send(disorder.of(
                changes.get().stream()
                        .flatMap(change -> change.seenBy(options.selection()).stream())
                        .toList(),
                fault));
        return state.serves(options.selection().kind());
    }

    /** It waits for a version that the restored etcd has not reached again. */
    private boolean isAhead(LabState state, LabFault fault) {
        return fault instanceof LabFault.FutureWatches && seen > state.version();
    }

    private boolean bookmark(LabFault fault) throws IOException {
        boolean open = goOn(fault);
        if (open && options.bookmarks() && !isAhead(states.get(), fault)) {
            send(List.of(bookmarkEvent(false)));
        }
        return open;
    }

    private WatchEvent bookmarkEvent(boolean endsInitial) {
        ObjectNode object = JsonText.object()
                .put("apiVersion", options.selection().kind().apiVersion())
                .put("kind", options.selection().kind().kind());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(seen));
        if (endsInitial) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return new WatchEvent(WatchEvent.Type.BOOKMARK, object);
    }

    private void send(List<WatchEvent> events) throws IOException {
        for (WatchEvent event : events) {
            ObjectNode line = JsonText.object().put("type", event.type().name());
            line.set("object", event.object());
            out.write(JsonText.write(line));
            out.write('\n');
        }
        out.flush();
    }
}
