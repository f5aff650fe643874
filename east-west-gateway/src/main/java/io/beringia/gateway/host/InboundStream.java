package io.beringia.gateway.host;

import io.beringia.discovery.catalog.AuthorizationRules;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.limits.Limit;
import io.beringia.gateway.outbound.Attempt;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Baggage;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.gateway.routing.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One CONNECT to the local application: judged, dialled, answered, carried, and judged again with every new catalog.
 * Lives on the event loop of its connection.
 */
final class InboundStream implements HboneStream.Head, Attempt.Outcome, LiveConnection {
    private final HostWorld world;
    private final HostLoop host;
    private final InboundRules rules;
    private final InboundRules.Caller caller;
    private final boolean late;
    private final long startedNanos;
    private Optional<HboneStream> stream = Optional.empty();
    private Optional<Attempt> dial = Optional.empty();
    private Optional<Relay> relay = Optional.empty();
    private Optional<ProxyHeader> header = Optional.empty();
    private SourceFacts source = new SourceFacts(Baggage.NONE, "");
    private int target;
    private boolean over;

    /** @param late whether its connection came when this process was about to end */
    InboundStream(HostWorld world, HostLoop host, InboundRules rules, InboundRules.Caller caller, boolean late) {
        this.world = world;
        this.host = host;
        this.rules = rules;
        this.caller = caller;
        this.late = late;
        this.startedNanos = host.clock().getAsLong();
    }

    void begin(HboneConnection.OpenedStream request, Http2Headers headers, boolean ended) {
        HboneStream opened = request.with(this);
        stream = Optional.of(opened);
        Catalog catalog = world.catalog();
        Optional<Workload> self = world.self(catalog);
        List<Map.Entry<String, String>> fields = fields(headers);
        source = SourceFacts.of(catalog, self, caller.source().ip(), fields);
        if (request.reached().isPresent() || !world.open().enter()) {
            over = true;
            String limit = request.reached().map(Limit::word).orElse("all-connections");
            refuse(opened, Refusal.OVERLOADED, "caller: " + limit + " (expected: fewer)");
            return;
        }
        host.live().add(this);
        if (late) {
            refuse(Refusal.DRAINING, "host: closing (expected: to be chosen no more)");
            return;
        }
        InboundRules.Answer answer = ended
                ? new InboundRules.Answer.Refuse(Refusal.BAD_REQUEST, "CONNECT: ended (expected: an open stream)")
                : answer(catalog, self, fields);
        switch (answer) {
            case InboundRules.Answer.Refuse refused -> refuse(refused.why(), refused.detail());
            case InboundRules.Answer.Probe probe -> {
                target = probe.target();
                self.ifPresent(
                        workload -> open(new ProbeEnd(opened.connection().channel(), workload.cluster()), opened));
            }
            case InboundRules.Answer.Dial dialled -> {
                self.ifPresent(workload -> reportDryRuns(catalog, workload, dialled.target()));
                target = dialled.target();
                header = dialled.header();
                dial = Optional.of(world.sockets().dial(host.loop(), host.clock(), dialled.application(), this));
            }
        }
    }

    private InboundRules.Answer answer(
            Catalog catalog, Optional<Workload> self, List<Map.Entry<String, String>> fields) {
        Optional<ConnectHeaders.Parsed.Refused> refused = ConnectHeaders.refusalOf(fields);
        if (refused.isPresent()) {
            return new InboundRules.Answer.Refuse(
                    refused.get().why(), refused.get().detail());
        }
        String authority = fields.stream()
                .filter(field -> field.getKey().equals(":authority"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        return self.map(workload -> rules.answer(catalog, workload, caller, authority))
                .orElseGet(
                        () -> new InboundRules.Answer.Refuse(Refusal.NO_ENDPOINT, "our workload: not in the catalog"));
    }

    private static List<Map.Entry<String, String>> fields(Http2Headers headers) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        headers.forEach(field ->
                fields.add(Map.entry(field.getKey().toString(), field.getValue().toString())));
        return fields;
    }

    private void reportDryRuns(Catalog catalog, Workload self, int port) {
        AuthorizationRules.dryRunMatches(
                        catalog,
                        self,
                        new AuthorizationRules.Attempt(
                                Optional.of(caller.peer()),
                                caller.source().ip(),
                                caller.destination().ip(),
                                port))
                .forEach(policy -> world.telemetry().wouldMatch(policy, caller.peer()));
    }

    @Override
    public void onConnected(RelayEnd application, InetSocketAddress local) {
        if (over || stream.isEmpty()) {
            application.reset(Reset.CONNECT_ERROR);
            return;
        }
        if (isDenied(world.catalog())) {
            application.reset(Reset.CONNECT_ERROR);
            refuse(Refusal.RBAC_DENIED, "policies: changed meanwhile");
            return;
        }
        header.ifPresent(it -> application.write(Unpooled.wrappedBuffer(it.bytes())));
        open(new ApplicationEnd(application), stream.get());
        application.flush();
    }

    private void open(RelayEnd application, HboneStream opened) {
        opened.accept(new DefaultHttp2Headers().status("200").add(ConnectHeaders.BAGGAGE, baggage()));
        world.telemetry().inboundOpened(caller.peer(), source, target);
        Relay joined = Relay.of(host.loop(), host.clock(), host.budget(), opened, application, this::onEnded);
        relay = Optional.of(joined);
        joined.start();
    }

    private String baggage() {
        return world.self(world.catalog()).map(HostHeaders::baggage).orElse("");
    }

    private void onEnded(Relay.Tally tally) {
        world.telemetry().inboundEnded(caller.peer(), source, tally);
        end();
    }

    @Override
    public void onFailed(DialFailure why) {
        refuse(why instanceof DialFailure.TimedOut ? Refusal.CONNECT_TIMEOUT : Refusal.NO_ENDPOINT, why.toString());
    }

    /** The peer gave up before our answer. */
    @Override
    public void onLost(Reset why) {
        dial.ifPresent(Attempt::cancel);
        end();
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean ended) {
        throw new IllegalStateException("answer: on a stream that the peer opened (expected: on one of ours)");
    }

    /** What was allowed and no longer is, ends. A workload that left the catalog keeps what it has. */
    @Override
    public void onCatalog(Catalog catalog) {
        if (relay.isPresent() && isDenied(catalog)) {
            world.telemetry().noLongerAllowed(caller.peer());
            relay.get().reset(Reset.CANCEL);
        }
    }

    @Override
    public void cut() {
        relay.ifPresentOrElse(it -> it.reset(Reset.CANCEL), () -> {
            dial.ifPresent(Attempt::cancel);
            refuse(Refusal.DRAINING, "host: closing (expected: to be chosen no more)");
        });
    }

    @Override
    public Residue.One shown(long nowNanos) {
        return new Residue.One(caller.peer(), "port " + target, Duration.ofNanos(nowNanos - startedNanos));
    }

    private boolean isDenied(Catalog catalog) {
        return world.self(catalog)
                .filter(self -> !rules.isStillAllowed(catalog, self, caller, target))
                .isPresent();
    }

    private void refuse(Refusal why, String detail) {
        stream.ifPresent(it -> refuse(it, why, detail));
        end();
    }

    private void refuse(HboneStream refused, Refusal why, String detail) {
        world.telemetry().inboundRefused(caller.peer(), source, why.reason(), detail);
        Http2Headers answer = new DefaultHttp2Headers().status(Integer.toString(why.status()));
        if (!world.catalog().gatewaysOf(caller.peer()).isEmpty()) {
            answer.set(ConnectHeaders.REASON, why.reason());
        }
        refused.refuse(answer);
    }

    private void end() {
        if (!over) {
            over = true;
            host.live().remove(this);
            world.open().leave();
        }
    }
}
