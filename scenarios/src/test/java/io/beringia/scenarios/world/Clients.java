package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.EndpointChoice;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Way;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.observe.OutcomeKey;
import io.beringia.gateway.outbound.DialRace;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Authority;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Carried;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.routing.Routing;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.routing.TunnelRouter;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The clients of one region: proxies that obey the newest catalog that has reached them, new connections at a fixed rate,
 * and tunnels that live for a while. Nobody retries what a stock ztunnel would not.
 */
final class Clients {
    private static final int PROXIES = 20;
    /** Each stands for so many. */
    private static final int PROXY_COUNTS = 50;

    private static final long PUSH_MIN_MILLIS = 50;
    private static final long PUSH_SPREAD_MILLIS = 250;

    private static final Authority CART = new Authority(Places.CART.hostname(), Places.PORT);
    private static final Relay.Tally CUT_OFF =
            new Relay.Tally(1, 0, Optional.empty(), new Relay.Ending.ResetByUpstream(Reset.CONNECT_ERROR));

    private final WorldClock clock;
    private final Random random;
    private final Places own;
    private final Workload client;
    private final Discovery discovery;
    private final Neighbours world;
    private final List<Proxy> proxies = new ArrayList<>();
    private final List<Dial> dials = new ArrayList<>();
    private final List<Tunnel> tunnels = new ArrayList<>();
    private long perSecond = 5;
    private long calmPerSecond = 1;
    private long opensMillis;
    private long tunnelMillis = 10_000;
    private long number;
    private long pushed;
    private Tally tally = new Tally();

    Clients(WorldClock clock, Random random, Places own, Discovery discovery, Neighbours world) {
        this.clock = clock;
        this.random = random;
        this.own = own;
        this.client = own.client();
        this.discovery = discovery;
        this.world = world;
        for (int i = 0; i < PROXIES; i++) {
            proxies.add(new Proxy());
        }
    }

    /** What is there, whatever a catalog says. */
    interface Neighbours {
        Gateway gateway(RegionId region, String name);

        /** Whether somebody there says yes to one connection: no pod, or a broken one, does not. */
        boolean answers(RegionId region);

        /** Whether somebody who said yes there cuts this tunnel off before a word is said. */
        boolean cuts(RegionId region);

        /** Between a word of a client here and the first word of a pod there. */
        Duration firstByte(RegionId from, RegionId to);

        /** One connection of that gateway to another, of a pool that stands. */
        Supplier<Talk.News> asked(Gateway from, Gateway to);
    }

    private static final class Proxy {
        private Catalog catalog = Catalog.EMPTY;
        private Optional<Catalog> next = Optional.empty();
        private long nextMillis;
        private boolean isStuck;
        private boolean isEmpty = true;

        private void push(Catalog newest, long atMillis) {
            next = Optional.of(newest);
            nextMillis = atMillis;
        }

        private void take(long now) {
            if (!isStuck && next.isPresent() && now >= nextMillis) {
                catalog = next.get();
                next = Optional.empty();
                isEmpty = false;
            }
        }
    }

    private record Tunnel(Gateway gateway, Gateway target, OutcomeKey key, long endsMillis) {}

    /** So many of them take nothing new any more; 0 lets all go on. */
    void stick(int count) {
        for (int i = 0; i < proxies.size(); i++) {
            proxies.get(i).isStuck = i * PROXY_COUNTS < count;
        }
    }

    /** New connections per second. */
    void rate(int perSecond) {
        this.perSecond = perSecond;
        this.calmPerSecond = perSecond;
    }

    /** How long a new tunnel lives. */
    void last(long millis) {
        tunnelMillis = millis;
    }

    /** What they saw since the last time. */
    Tally taken() {
        Tally seen = tally;
        tally = new Tally();
        return seen;
    }

    /** @param isCalm nobody needs many of them to see that nothing happens, unless a rate was asked for */
    void step(boolean isCalm) {
        push();
        long pause = 1_000 / (isCalm ? calmPerSecond : perSecond);
        for (opensMillis = Math.min(opensMillis, clock.millis() + pause);
                clock.millis() >= opensMillis;
                opensMillis += pause) {
            open();
        }
        for (Iterator<Dial> all = dials.iterator(); all.hasNext(); ) {
            Dial one = all.next();
            Optional<Dial.End> end = one.step();
            if (end.isPresent()) {
                all.remove();
                ended(one, end.get());
            }
        }
        tunnels.removeIf(this::isOver);
    }

    private void push() {
        Catalog newest = discovery.forProxies();
        if (discovery.revision() != pushed) {
            pushed = discovery.revision();
            proxies.forEach(proxy ->
                    proxy.push(newest, clock.millis() + PUSH_MIN_MILLIS + random.nextInt((int) PUSH_SPREAD_MILLIS)));
        }
        proxies.forEach(proxy -> proxy.take(clock.millis()));
        PlanVersion accepted = discovery.accepted();
        long behind = proxies.stream()
                .filter(proxy -> proxy.catalog.plan().compareTo(accepted) < 0)
                .count();
        discovery.acknowledge(new Proxies(accepted, PROXIES * PROXY_COUNTS, (int) (PROXIES - behind) * PROXY_COUNTS));
    }

    private void open() {
        Proxy proxy = proxies.get((int) (number++ % PROXIES));
        if (proxy.isEmpty) {
            return;
        }
        Way way = EndpointChoice.choose(
                proxy.catalog, client, new Destination.ByName(Places.CART.hostname(), Places.PORT), random);
        switch (way) {
            case Way.Direct direct -> direct();
            case Way.ViaGateway via ->
                relayed(world.gateway(own.region(), via.dialled().name()));
            case Way.None _, Way.Plain _, Way.ViaWaypoint _ -> tally.failed();
        }
    }

    private void direct() {
        if (world.answers(own.region()) && !world.cuts(own.region())) {
            tally.served(own.region(), 1);
        } else {
            tally.failed();
        }
    }

    private void relayed(Gateway gateway) {
        if (!gateway.isRunning()
                || gateway.isIsolated()
                || gateway.credentialsLeft().isZero()) {
            tally.failed();
            return;
        }
        SpiffeId source = Places.CLIENTS.get((int) (number % Places.CLIENTS.size()));
        Routing routing = TunnelRouter.route(
                self(gateway),
                ListenerRole.RELAY,
                discovery.forGateways(),
                gateway.table(),
                new PeerIdentity(source, Optional.empty()),
                new ConnectRequest(CART, Optional.empty(), Carried.NOTHING),
                random);
        switch (routing) {
            case Routing.Forward forward -> dial(gateway, source, forward.candidates());
            case Routing.Deliver _, Routing.Refuse _ -> tally.failed();
        }
    }

    private void dial(Gateway gateway, SpiffeId source, List<Candidate> candidates) {
        tally.dialled();
        dials.add(new Dial(clock, gateway, source, candidates, candidate -> {
            OutcomeKey key = key(gateway, source, candidate);
            Supplier<DialRace.Ending> attempt = attempt(gateway, candidate);
            return () -> counted(gateway, key, attempt.get());
        }));
    }

    private OutcomeKey key(Gateway gateway, SpiffeId source, Candidate candidate) {
        return OutcomeKey.of(self(gateway), source, CART, candidate);
    }

    private static DialRace.Ending counted(Gateway gateway, OutcomeKey key, DialRace.Ending ending) {
        switch (ending) {
            case RUNNING, EXHAUSTED -> {}
            case TIMED_OUT -> gateway.outcomes().attempted(key, Outcome.TIMED_OUT);
            case CONNECTED -> gateway.outcomes().attempted(key, Outcome.ANSWERED);
            case REFUSED -> gateway.outcomes().attempted(key, Outcome.REFUSED);
            case FAILED -> gateway.outcomes().attempted(key, Outcome.UNAVAILABLE);
        }
        return ending;
    }

    private Self self(Gateway gateway) {
        return new Self(
                own.cluster(),
                own.region(),
                own.network(),
                gateway.name(),
                Set.of(),
                IpAddress.parse("10.0.0.1"),
                false);
    }

    /** Whoever answers there has asked a pod before it says yes. */
    private Supplier<DialRace.Ending> attempt(Gateway from, Candidate candidate) {
        return switch (candidate) {
            case Candidate.Backend _ -> () -> DialRace.Ending.CONNECTED;
            case Candidate.Gateway there -> {
                Supplier<Talk.News> talk = world.asked(from, gateway(there));
                yield () -> switch (talk.get()) {
                    case Talk.News.Nothing _ -> DialRace.Ending.RUNNING;
                    case Talk.News.Refused _ -> DialRace.Ending.REFUSED;
                    case Talk.News.Answered _ ->
                        world.answers(region(there)) ? DialRace.Ending.CONNECTED : DialRace.Ending.FAILED;
                };
            }
        };
    }

    private RegionId region(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Backend _ -> own.region();
            case Candidate.Gateway there -> there.gateway().region();
        };
    }

    private Gateway gateway(Candidate.Gateway there) {
        return world.gateway(region(there), there.gateway().name());
    }

    private void ended(Dial dial, Dial.End end) {
        switch (end) {
            case Dial.End.Won won -> {
                tally.tried(won.attempts());
                if (won.candidate() instanceof Candidate.Gateway there) {
                    carry(dial, there, won.tookMillis());
                } else {
                    tally.served(own.region(), won.tookMillis());
                }
            }
            case Dial.End.Lost lost -> {
                tally.tried(lost.attempts());
                tally.failed();
            }
        }
    }

    private void carry(Dial dial, Candidate.Gateway there, long tookMillis) {
        OutcomeKey key = key(dial.gateway(), dial.source(), there);
        if (world.cuts(region(there))) {
            tally.failed();
            dial.gateway().outcomes().closed(key, CUT_OFF);
            return;
        }
        Gateway target = gateway(there);
        tally.served(region(there), tookMillis);
        dial.gateway().opened(target.region());
        target.opened(target.region());
        tunnels.add(new Tunnel(dial.gateway(), target, key, clock.millis() + tunnelMillis));
    }

    private Relay.Tally ended(Tunnel tunnel) {
        return new Relay.Tally(
                1,
                1,
                Optional.of(world.firstByte(own.region(), tunnel.target().region())),
                new Relay.Ending.Finished());
    }

    /** At its natural end, or reset because the way to its other end is DOWN. */
    private boolean isOver(Tunnel tunnel) {
        boolean isReset = tunnel.gateway().hasNews()
                && tunnel.gateway().eyes().stream()
                        .filter(eye -> eye.look()
                                .gateway()
                                .region()
                                .equals(tunnel.target().region()))
                        .filter(eye -> eye.look()
                                .gateway()
                                .name()
                                .equals(tunnel.target().name()))
                        .anyMatch(eye -> eye.state() == PathState.DOWN);
        if (!isReset && clock.millis() < tunnel.endsMillis()) {
            return false;
        }
        if (isReset) {
            tally.reset(clock.millis());
        } else {
            tunnel.gateway().outcomes().closed(tunnel.key(), ended(tunnel));
        }
        tunnel.gateway().closed(tunnel.target().region());
        tunnel.target().closed(tunnel.target().region());
        return true;
    }
}
