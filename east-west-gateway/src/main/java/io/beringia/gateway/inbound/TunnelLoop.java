package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.drain.Drained;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.journal.TunnelJournal;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.observe.LoopOutcomes;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.TunnelCounts;
import io.beringia.gateway.outbound.Dialer;
import io.beringia.gateway.overload.OverloadLevel;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Self;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What all tunnels of one event loop share. Its dialer, live tunnels and randomness live on that loop; the rest is
 * read from any thread.
 *
 * @param awakeNanos the loop's own awake clock, for deadlines
 * @param nanoTime monotonic, for durations
 * @param maxAge of a connection that came in
 */
public record TunnelLoop(
        EventLoop loop,
        Self self,
        Supplier<Catalog> catalog,
        Supplier<PathTable> paths,
        Dialer dialer,
        LiveTunnels live,
        TunnelCounts counts,
        LoopOutcomes outcomes,
        LoopLimits limits,
        ByteBudget budget,
        RandomGenerator random,
        LongSupplier awakeNanos,
        LongSupplier nanoTime,
        MaxAge maxAge,
        Supplier<OverloadLevel> overload,
        TunnelJournal journal,
        GatewayTelemetry telemetry)
        implements Drained {
    @Override
    public int tunnels() {
        return live.size();
    }

    @Override
    public int goodbyesDue() {
        return live.goodbyesDue();
    }

    @Override
    public void leave(Duration spread) {
        live.leave(spread, this);
    }

    @Override
    public Residue residue() {
        return live.residue(nanoTime.getAsLong());
    }

    @Override
    public void cut(int tunnels) {
        live.reset(tunnels, Reset.CANCEL);
    }
}
