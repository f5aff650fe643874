package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionEvidence.SiblingReport;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.wire.evidence.proto.Report;
import io.beringia.discovery.wire.evidence.proto.SiteEvidence;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Evidence to messages and back; its own inverse for every evidence without negative times. Reading throws
 * {@link IllegalArgumentException} where a message says nothing that evidence can. Any thread.
 */
final class EvidenceMessages {
    private EvidenceMessages() {}

    static Report report(ObserverReport it) {
        return Report.newBuilder()
                .setObserver(it.observer())
                .setAge(WireValues.duration(it.age()))
                .setLocalHealth(it.localHealth())
                .setControlProbeOk(it.isControlProbeOk())
                .addAllPaths(it.paths().stream().map(EvidenceMessages::path).toList())
                .addAllSiblings(
                        it.siblings().stream().map(EvidenceMessages::sibling).toList())
                .addAllTunnels(
                        it.tunnels().stream().map(EvidenceMessages::tunnels).toList())
                .setCredentialsLeft(WireValues.duration(it.credentialsLeft()))
                .addAllOutcomes(
                        it.outcomes().stream().map(OutcomeMessages::outcomes).toList())
                .build();
    }

    static ObserverReport report(Report it) {
        return new ObserverReport(
                it.getObserver(),
                WireValues.duration("age of a report", it.getAge()),
                it.getLocalHealth(),
                it.getControlProbeOk(),
                it.getPathsList().stream().map(EvidenceMessages::path).toList(),
                it.getSiblingsList().stream().map(EvidenceMessages::sibling).toList(),
                it.getTunnelsList().stream().map(EvidenceMessages::tunnels).toList(),
                WireValues.duration("time left of certificates", it.getCredentialsLeft()),
                it.getOutcomesList().stream().map(OutcomeMessages::outcomes).toList());
    }

    static SiteEvidence evidence(RegionEvidence it) {
        return SiteEvidence.newBuilder()
                .setSite(it.site().name())
                .addAllObservers(
                        it.observers().stream().map(EvidenceMessages::report).toList())
                .addAllHeartbeats(it.heartbeats().stream()
                        .map(EvidenceMessages::heartbeat)
                        .toList())
                .addAllReadiness(
                        it.readiness().stream().map(EvidenceMessages::readiness).toList())
                .setProxies(proxies(it.proxies()))
                .build();
    }

    static RegionEvidence evidence(SiteEvidence it) {
        return new RegionEvidence(
                new RegionId(it.getSite()),
                it.getObserversList().stream().map(EvidenceMessages::report).toList(),
                it.getHeartbeatsList().stream().map(EvidenceMessages::heartbeat).toList(),
                it.getReadinessList().stream().map(EvidenceMessages::readiness).toList(),
                proxies(it.getProxies()));
    }

    private static Report.Path path(PathReport it) {
        return Report.Path.newBuilder()
                .setRegion(it.target().name())
                .setState(WireValues.named("path state", Report.Path.State.class, it.state()))
                .setSilence(WireValues.duration(it.silence()))
                .setRoundTrip(WireValues.duration(it.roundTrip()))
                .setRefusedEverywhere(it.isRefusedEverywhere())
                .addAllTroubles(
                        it.troubles().stream().map(EvidenceMessages::trouble).toList())
                .build();
    }

    private static Report.Path.GatewayTrouble trouble(GatewayTrouble it) {
        return Report.Path.GatewayTrouble.newBuilder()
                .setGateway(it.gateway())
                .setTrouble(WireValues.named("trouble", Report.Path.Trouble.class, it.trouble()))
                .build();
    }

    private static Stream<GatewayTrouble> trouble(Report.Path.GatewayTrouble it) {
        return Arrays.stream(PathTrouble.values())
                .filter(known -> known.name().equals(it.getTrouble().name()))
                .map(known -> new GatewayTrouble(it.getGateway(), known));
    }

    private static PathReport path(Report.Path it) {
        return new PathReport(
                new RegionId(it.getRegion()),
                WireValues.named("path state", PathState.class, it.getState()),
                WireValues.duration("silence", it.getSilence()),
                WireValues.duration("round trip", it.getRoundTrip()),
                it.getRefusedEverywhere(),
                it.getTroublesList().stream().flatMap(EvidenceMessages::trouble).toList());
    }

    private static Report.Sibling sibling(SiblingReport it) {
        return Report.Sibling.newBuilder()
                .setGateway(it.gateway())
                .setState(WireValues.named("sibling state", Report.Path.State.class, it.state()))
                .build();
    }

    private static SiblingReport sibling(Report.Sibling it) {
        return new SiblingReport(it.getGateway(), WireValues.named("sibling state", PathState.class, it.getState()));
    }

    private static Report.Tunnels tunnels(TunnelReport it) {
        return Report.Tunnels.newBuilder()
                .setRegion(it.to().name())
                .setOpen(it.open())
                .setOpened(it.opened())
                .build();
    }

    private static TunnelReport tunnels(Report.Tunnels it) {
        return new TunnelReport(new RegionId(it.getRegion()), it.getOpen(), it.getOpened());
    }

    private static SiteEvidence.Heartbeat heartbeat(Heartbeat it) {
        return SiteEvidence.Heartbeat.newBuilder()
                .setFrom(it.from().name())
                .setAge(WireValues.duration(it.age()))
                .build();
    }

    private static Heartbeat heartbeat(SiteEvidence.Heartbeat it) {
        return new Heartbeat(new RegionId(it.getFrom()), WireValues.duration("age of a heartbeat", it.getAge()));
    }

    private static SiteEvidence.Readiness readiness(Readiness it) {
        SiteEvidence.Readiness.Builder message = SiteEvidence.Readiness.newBuilder()
                .setNamespace(it.service().namespace())
                .setHostname(it.service().hostname())
                .setReady(it.ready())
                .setTotal(it.total())
                .setGuard(it.guard())
                .setSingleWriter(it.writers() == Writers.SINGLE);
        switch (it.freshness()) {
            case Freshness.Live _ -> message.setFreshness(SiteEvidence.Freshness.LIVE);
            case Freshness.Stale stale ->
                message.setFreshness(SiteEvidence.Freshness.STALE).setStaleFor(WireValues.duration(stale.age()));
            case Freshness.Unknown _ -> message.setFreshness(SiteEvidence.Freshness.UNKNOWN);
        }
        return message.build();
    }

    private static Readiness readiness(SiteEvidence.Readiness it) {
        return new Readiness(
                new ServiceName(it.getNamespace(), it.getHostname()),
                it.getReady(),
                it.getTotal(),
                switch (it.getFreshness()) {
                    case LIVE -> new Freshness.Live();
                    case STALE -> new Freshness.Stale(WireValues.duration("age of readiness", it.getStaleFor()));
                    case UNKNOWN -> new Freshness.Unknown();
                    case FRESHNESS_UNSPECIFIED, UNRECOGNIZED ->
                        throw new IllegalArgumentException(
                                "freshness: " + it.getFreshnessValue() + " (expected: a number of this version)");
                },
                it.getGuard(),
                it.getSingleWriter() ? Writers.SINGLE : Writers.MANY);
    }

    private static SiteEvidence.Proxies proxies(Proxies it) {
        return SiteEvidence.Proxies.newBuilder()
                .setEpoch(it.accepted().epoch())
                .setSeq(it.accepted().seq())
                .setConnected(it.connected())
                .setAcknowledged(it.acknowledged())
                .build();
    }

    private static Proxies proxies(SiteEvidence.Proxies it) {
        return new Proxies(new PlanVersion(it.getEpoch(), it.getSeq()), it.getConnected(), it.getAcknowledged());
    }
}
