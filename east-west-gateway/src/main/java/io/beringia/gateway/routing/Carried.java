package io.beringia.gateway.routing;

import java.util.Optional;

/**
 * Headers that pass from one outer tunnel to the next as they came. Foreign text: to be escaped in logs, never a
 * metric label, and never decided upon, except {@link #istioSource} by {@link TunnelRouter}.
 */
public record Carried(
        Optional<String> baggage,
        Optional<String> forwarded,
        Optional<String> traceparent,
        Optional<String> istioSource) {
    public static final Carried NOTHING =
            new Carried(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    Carried withoutIstioSource() {
        return new Carried(baggage, forwarded, traceparent, Optional.empty());
    }
}
