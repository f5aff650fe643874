package io.beringia.gateway;

import io.beringia.gateway.inbound.TunnelListener;
import io.beringia.gateway.inbound.TunnelLoop;
import io.beringia.gateway.overload.OverloadLevel;
import io.beringia.gateway.overload.OverloadWatch;
import io.beringia.gateway.overload.Shortage;
import java.util.Collection;
import java.util.List;

/** What a gateway gives up when it runs short of something. Any thread. */
record OverloadActs(Collection<TunnelLoop> loops, List<TunnelListener> listeners, GatewayTelemetry telemetry)
        implements OverloadWatch.Acts {
    @Override
    public void onLevel(OverloadLevel from, OverloadLevel to, Shortage why) {
        telemetry.overloadChanged(from, to, why);
    }

    @Override
    public void shed() {
        loops.forEach(here ->
                here.loop().execute(() -> telemetry.connectionsShed(here.live().goAwayYoungest())));
    }

    @Override
    public void pauseAccepting() {
        listeners.forEach(TunnelListener::pause);
    }

    @Override
    public void resumeAccepting() {
        listeners.forEach(TunnelListener::resume);
    }
}
