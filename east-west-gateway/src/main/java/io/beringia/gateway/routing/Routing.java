package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.RelayTarget;
import java.util.List;

/** What to do with one CONNECT. Candidates stand in the order in which to try them, and there is at least one. */
public sealed interface Routing {
    /** To an endpoint of our network. */
    record Deliver(List<Candidate.Backend> candidates) implements Routing {
        public Deliver {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * To a gateway of another region; endpoints of our network only as a last resort.
     *
     * @param onFailure what becomes of the tunnel when its path is DOWN later
     */
    record Forward(List<Candidate> candidates, RelayTarget.OnFailure onFailure) implements Routing {
        public Forward {
            candidates = List.copyOf(candidates);
        }
    }

    /** Nowhere; {@code detail} is escaped and for people. */
    record Refuse(Refusal why, String detail) implements Routing {}
}
