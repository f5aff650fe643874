package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.EndpointChoice;
import io.beringia.discovery.catalog.Hop;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Way;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.outbound.Attempt;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.relay.SocketEnd;
import io.beringia.gateway.routing.Text;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One connection of an application, from what it asked for to its last byte. Before the first byte another endpoint
 * or gateway may be tried; after it nothing is ever sent twice. Lives on the application's event loop.
 */
final class OutboundConnection implements LiveConnection {
    /** Different endpoints or gateways for one connection: the third is enough to leave a rank or a network. */
    private static final int ATTEMPTS_MAX = 3;

    private final HostWorld world;
    private final HostLoop host;
    private final SocketEnd application;
    private final SocketAddress local;
    private final Destination destination;
    private final Answer answer;
    private final Set<String> tried = new HashSet<>();
    private final long startedNanos;
    private Optional<Relay> relay = Optional.empty();
    private int attempts;
    private boolean over;

    /** Who waits for the connection; exactly one of these is called, once. */
    interface Answer {
        /** The tunnel stands; bytes flow from now on. */
        void onOpen();

        void onFailed(OutboundFailure why);
    }

    /**
     * @param application its channel reads nothing yet
     * @param local the application's own address
     */
    OutboundConnection(
            HostWorld world,
            HostLoop host,
            SocketEnd application,
            SocketAddress local,
            Destination destination,
            Answer answer) {
        this.world = world;
        this.host = host;
        this.application = application;
        this.local = local;
        this.destination = destination;
        this.answer = answer;
        this.startedNanos = host.clock().getAsLong();
    }

    void begin() {
        assert host.loop().inEventLoop();
        host.live().add(this);
        if (host.live().isLeaving()) {
            fail(new OutboundFailure.Draining());
        } else {
            attempt();
        }
    }

    private void attempt() {
        Catalog catalog = world.catalog();
        Optional<Workload> self = world.self(catalog);
        if (self.isEmpty()) {
            fail(new OutboundFailure.NotReady());
            return;
        }
        attempts++;
        switch (EndpointChoice.choose(catalog, self.get(), destination, tried, host.random())) {
            case Way.None none -> fail(new OutboundFailure.NoWay(none.reason(), none.detail()));
            case Way.Plain plain -> plain(plain);
            case Way.Tunnelled way -> {
                tried.add(way.dialled().uid());
                boolean isAnotherLeft = attempts < ATTEMPTS_MAX && isAnotherLeft(catalog, self.get());
                Duration patience = world.config().patience().outer(isAnotherLeft);
                resolve(
                        way.hop(),
                        world.config().patience().name(isAnotherLeft),
                        address -> new TunnelDial(world, host, self.get(), local, outcome())
                                .begin(way, address, patience));
            }
        }
    }

    private void plain(Way.Plain way) {
        if (!world.config().plainAllowed()) {
            fail(new OutboundFailure.PlainForbidden());
            return;
        }
        way.workload().ifPresent(workload -> tried.add(workload.uid()));
        resolve(
                way.hop(),
                world.config().patience().name(false),
                address -> world.sockets().dial(host.loop(), host.clock(), address, new PlainOutcome()));
    }

    private void resolve(Hop hop, Duration patience, Consumer<SocketAddress> then) {
        switch (hop) {
            case Hop.At at -> then.accept(at.address());
            case Hop.Named named -> {
                HopNames.Caller caller = new HopNames.Caller(
                        host.loop(), host.clock(), host.random(), local.ip().isV6(), patience);
                world.names().resolve(named, caller, new HopNames.Answer() {
                    @Override
                    public void onFound(SocketAddress address) {
                        then.accept(address);
                    }

                    @Override
                    public void onFailed(DialFailure why) {
                        retry(new OutboundFailure.Dial(why));
                    }
                });
            }
        }
    }

    private TunnelDial.Outcome outcome() {
        return new TunnelDial.Outcome() {
            @Override
            public void onOpen(RelayEnd tunnel, Runnable release) {
                join(tunnel, release);
            }

            @Override
            public void onFailed(OutboundFailure.Dial why) {
                retry(why);
            }
        };
    }

    private final class PlainOutcome implements Attempt.Outcome {
        @Override
        public void onConnected(RelayEnd end, InetSocketAddress from) {
            join(end, () -> {});
        }

        @Override
        public void onFailed(DialFailure why) {
            retry(new OutboundFailure.Dial(why));
        }
    }

    private void retry(OutboundFailure why) {
        if (over) {
            return;
        }
        world.telemetry().attemptFailed(destination.toString(), why);
        if (why.isWorthAnother()
                && attempts < ATTEMPTS_MAX
                && application.channel().isActive()) {
            again(why);
        } else {
            fail(why);
        }
    }

    /** The first failure says more than "nobody is left". */
    private void again(OutboundFailure why) {
        Catalog catalog = world.catalog();
        if (world.self(catalog).filter(self -> isAnotherLeft(catalog, self)).isPresent()) {
            attempt();
        } else {
            fail(why);
        }
    }

    private boolean isAnotherLeft(Catalog catalog, Workload self) {
        return !(EndpointChoice.choose(catalog, self, destination, tried, host.random()) instanceof Way.None);
    }

    private void fail(OutboundFailure why) {
        if (!over) {
            world.telemetry().outboundFailed(destination.toString(), why);
            end();
            answer.onFailed(why);
        }
    }

    private void end() {
        over = true;
        host.live().remove(this);
        world.open().leave();
    }

    private void join(RelayEnd tunnel, Runnable release) {
        if (over) {
            tunnel.reset(Reset.CANCEL);
            release.run();
            return;
        }
        world.telemetry().outboundOpened(destination.toString(), attempts);
        answer.onOpen();
        Relay joined =
                Relay.of(host.loop(), host.clock(), host.budget(), new ApplicationEnd(application), tunnel, tally -> {
                    release.run();
                    end();
                    world.telemetry().outboundEnded(tally);
                });
        relay = Optional.of(joined);
        joined.start();
    }

    /** Whom we may call is for the other side to judge. */
    @Override
    public void onCatalog(Catalog catalog) {}

    @Override
    public void cut() {
        relay.ifPresentOrElse(it -> it.reset(Reset.CANCEL), () -> fail(new OutboundFailure.Draining()));
    }

    @Override
    public Residue.One shown(long nowNanos) {
        return new Residue.One(
                world.contexts().id(), Text.bare(destination.toString()), Duration.ofNanos(nowNanos - startedNanos));
    }
}
