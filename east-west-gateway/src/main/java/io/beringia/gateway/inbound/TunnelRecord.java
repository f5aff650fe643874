package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One tunnel that is over, for its access log line.
 *
 * @param source TCP peer of the outer connection
 * @param pod what the catalog says of a destination in our own network; empty if it has gone from there
 * @param local our own address toward the destination
 */
public record TunnelRecord(
        ListenerRole role,
        InetSocketAddress source,
        PeerIdentity peer,
        ConnectRequest request,
        Candidate destination,
        Optional<Workload> pod,
        InetSocketAddress local,
        Optional<String> connectionId,
        Relay.Tally tally,
        Duration duration) {}
