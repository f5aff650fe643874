package io.beringia.failover.console;

import io.beringia.failover.operator.LeaderView;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what a leader does while it does it. The controller's thread tells it; any thread reads {@link #entries()}. */
public final class Chronicle implements Consumer<Optional<LeaderView>> {
    private final InstantSource clock;
    private volatile Timeline timeline = Timeline.EMPTY;

    public Chronicle(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void accept(Optional<LeaderView> view) {
        timeline = timeline.after(view, clock.instant());
    }

    public List<Timeline.Entry> entries() {
        return timeline.entries();
    }
}
