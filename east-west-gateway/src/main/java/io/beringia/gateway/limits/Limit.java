package io.beringia.gateway.limits;

import java.util.Locale;

/** Each limit that a peer can reach. */
public enum Limit {
    /** Connections of one identity at one address. */
    CONNECTIONS,
    /** Connections of one identity, wherever it is. */
    IDENTITY_CONNECTIONS,
    ALL_CONNECTIONS,
    /** Tunnels of one connection, to which we said how many there may be. */
    CONNECTION_TUNNELS,
    /** Tunnels of one identity at one address. */
    TUNNELS,
    /** Tunnels of one identity, wherever it is. */
    IDENTITY_TUNNELS,
    ALL_TUNNELS,
    /** New tunnels a second, of one identity at one address. */
    NEW_TUNNELS,
    /** New tunnels a second, as many more than that: to refuse them would cost too much too. */
    FLOOD,
    /** Peers of which we remember something. */
    PEERS;

    /** As it stands in logs and metric tags. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
