package io.beringia.gateway.routing;

/** What a gateway does for those who come in by one listener. The listener alone decides it, never a header. */
public enum ListenerRole {
    /** 15008: ends outer tunnels and delivers inside the own network; never forwards. */
    HBONE,
    /** 15018, in the cluster only: ends the outer tunnels of own workloads and forwards to a gateway elsewhere. */
    RELAY
}
