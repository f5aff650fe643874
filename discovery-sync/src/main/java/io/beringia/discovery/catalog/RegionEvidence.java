package io.beringia.discovery.catalog;

import java.time.Duration;
import java.util.List;

/**
 * What one site has seen by now, as a candidate for leadership follows it. Only ages travel, never clock readings, so
 * nobody's clock matters to anybody else. A site is a region with traffic or a witness.
 *
 * @param site who has seen it
 * @param observers the newest report of each of the site's observers
 * @param heartbeats of control planes of other sites that reached this one
 * @param readiness as the site's own kube API says it, kept and marked stale while that is silent
 * @param proxies how far the site's data plane has followed the plan
 */
public record RegionEvidence(
        RegionId site,
        List<ObserverReport> observers,
        List<Heartbeat> heartbeats,
        List<Readiness> readiness,
        Proxies proxies) {
    public RegionEvidence {
        observers = List.copyOf(observers);
        heartbeats = List.copyOf(heartbeats);
        readiness = List.copyOf(readiness);
    }

    /** Tunnels that the site's gateways carry to that region, by all that they last said. */
    public long open(RegionId region) {
        return observers.stream().mapToLong(one -> one.open(region)).sum();
    }

    /**
     * What one observer reports of itself and of every region that it probes.
     *
     * @param age of its newest result when this was sent
     * @param localHealth 0 (well) to 8: how little it believes itself (Lifeguard, arXiv:1707.00788)
     * @param isControlProbeOk it reached its third target, so it is not itself cut off
     * @param siblings other gateways of its own cluster
     * @param tunnels what it carries, by the region in which it ends
     * @param credentialsLeft how long its own certificates and the roots of its trust domain last; zero if it does not say
     * @param outcomes what its clients meet at each endpoint, those asked for most
     */
    public record ObserverReport(
            String observer,
            Duration age,
            int localHealth,
            boolean isControlProbeOk,
            List<PathReport> paths,
            List<SiblingReport> siblings,
            List<TunnelReport> tunnels,
            Duration credentialsLeft,
            List<OutcomeReport> outcomes) {
        /** The worst a health score can be. */
        public static final int LOCAL_HEALTH_MAX = 8;

        public ObserverReport {
            if (localHealth < 0 || localHealth > LOCAL_HEALTH_MAX) {
                throw new IllegalArgumentException("observer " + observer + ": local health " + localHealth
                        + " (expected: 0 to " + LOCAL_HEALTH_MAX + ")");
            }
            paths = List.copyOf(paths);
            siblings = List.copyOf(siblings);
            tunnels = List.copyOf(tunnels);
            outcomes = List.copyOf(outcomes);
        }

        /** One of which nobody wants anything. */
        public ObserverReport(
                String observer,
                Duration age,
                int localHealth,
                boolean isControlProbeOk,
                List<PathReport> paths,
                List<SiblingReport> siblings,
                List<TunnelReport> tunnels,
                Duration credentialsLeft) {
            this(observer, age, localHealth, isControlProbeOk, paths, siblings, tunnels, credentialsLeft, List.of());
        }

        /** One that carries nothing, and says nothing of its certificates. */
        public ObserverReport(
                String observer,
                Duration age,
                int localHealth,
                boolean isControlProbeOk,
                List<PathReport> paths,
                List<SiblingReport> siblings) {
            this(observer, age, localHealth, isControlProbeOk, paths, siblings, List.of(), Duration.ZERO);
        }

        /** The same, and it looks at no siblings. */
        public ObserverReport(
                String observer, Duration age, int localHealth, boolean isControlProbeOk, List<PathReport> paths) {
            this(observer, age, localHealth, isControlProbeOk, paths, List.of());
        }

        /** The same after it lay somewhere for so long. What it says of paths stays: silence that nobody saw is none. */
        public ObserverReport olderBy(Duration more) {
            return new ObserverReport(
                    observer,
                    age.plus(more),
                    localHealth,
                    isControlProbeOk,
                    paths,
                    siblings,
                    tunnels,
                    less(credentialsLeft, more),
                    outcomes);
        }

        private static Duration less(Duration left, Duration passed) {
            return left.compareTo(passed) > 0 ? left.minus(passed) : Duration.ZERO;
        }

        /** Tunnels open now that end there. */
        public long open(RegionId region) {
            return tunnels.stream()
                    .filter(one -> one.to().equals(region))
                    .mapToLong(TunnelReport::open)
                    .sum();
        }
    }

    /**
     * The way from one observer to one region.
     *
     * @param silence since the last success on any connection to any gateway there
     * @param roundTrip smoothed
     * @param isRefusedEverywhere every gateway address of the region refuses connections
     * @param troubles of the ways to its gateways, a few at most; the path may be well by another one
     */
    public record PathReport(
            RegionId target,
            PathState state,
            Duration silence,
            Duration roundTrip,
            boolean isRefusedEverywhere,
            List<GatewayTrouble> troubles) {
        public PathReport {
            troubles = List.copyOf(troubles);
        }

        /** One without any trouble. */
        public PathReport(
                RegionId target, PathState state, Duration silence, Duration roundTrip, boolean isRefusedEverywhere) {
            this(target, state, silence, roundTrip, isRefusedEverywhere, List.of());
        }
    }

    /** @param gateway as cluster/name */
    public record GatewayTrouble(String gateway, PathTrouble trouble) {}

    /** How a gateway is seen by one beside it: the hop that nobody hedges for a client of theirs. */
    public record SiblingReport(String gateway, PathState state) {}

    /**
     * Tunnels of clients through one gateway; probes are none.
     *
     * @param to the region in which they end
     * @param open now
     * @param opened since the gateway began, those that have ended included
     */
    public record TunnelReport(RegionId to, long open, long opened) {
        public TunnelReport {
            if (open < 0 || opened < open) {
                throw new IllegalArgumentException(
                        "tunnels to " + to + ": " + open + " of " + opened + " (expected: 0 <= open <= opened)");
            }
        }
    }

    /**
     * A control plane that spoke.
     *
     * @param from the site in which it runs
     * @param age since it was heard, when this was sent
     */
    public record Heartbeat(RegionId from, Duration age) {}

    /**
     * Pods of one service in the site's region: ready and all of them.
     *
     * @param guard digest of what is enforced before them: equal where the same is, empty where nobody knows
     * @param writers as the site has it
     */
    public record Readiness(
            ServiceName service, int ready, int total, Freshness freshness, String guard, Writers writers) {
        /** One that any region may serve. */
        public Readiness(ServiceName service, int ready, int total, Freshness freshness, String guard) {
            this(service, ready, total, freshness, guard, Writers.MANY);
        }

        /** Of whose guard nothing is known. */
        public Readiness(ServiceName service, int ready, int total, Freshness freshness) {
            this(service, ready, total, freshness, "");
        }

        public Readiness {
            if (ready < 0 || total < ready) {
                throw new IllegalArgumentException(
                        "readiness of " + service + ": " + ready + " of " + total + " (expected: 0 <= ready <= total)");
            }
        }

        /** The same, as fresh as that. */
        public Readiness as(Freshness now) {
            return new Readiness(service, ready, total, now, guard, writers);
        }
    }

    /**
     * Clients of the site's discovery.
     *
     * @param accepted the greatest plan that the site obeys
     * @param connected clients with a live stream
     * @param acknowledged those of them that have acknowledged the accepted plan
     */
    public record Proxies(PlanVersion accepted, int connected, int acknowledged) {
        public static final Proxies NONE = new Proxies(PlanVersion.NONE, 0, 0);
    }
}
