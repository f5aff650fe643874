package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.peering.PeerLinks;
import io.beringia.discovery.peering.PeerListener;
import io.beringia.discovery.peering.PeerRefusal;
import io.beringia.discovery.peering.PeerStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence about peers of the role {@code discovery}. Any thread. */
final class PeerTelemetry implements PeerListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.discovery");

    private final MeterRegistry meters;

    PeerTelemetry(MeterRegistry meters) {
        this.meters = meters;
    }

    /** From now on gauges show where each link stands. */
    void watch(PeerLinks links) {
        for (PeerStatus peer : links.peers()) {
            String name = peer.cluster().name();
            for (PeerStatus.Link state : PeerStatus.Link.values()) {
                Gauge.builder(
                                "discovery.peer.state",
                                () -> links.status(peer.cluster())
                                        .filter(status -> status.link() == state)
                                        .map(status -> 1)
                                        .orElse(0))
                        .tag("peer", name)
                        .tag("state", state.name().toLowerCase(Locale.ROOT))
                        .register(meters);
            }
            Gauge.builder(
                            "discovery.peer.services",
                            () -> links.status(peer.cluster())
                                    .map(PeerStatus::services)
                                    .orElse(0))
                    .tag("peer", name)
                    .register(meters);
        }
        Gauge.builder("discovery.peer.withheld", () -> links.withheld().size()).register(meters);
    }

    @Override
    public void onLinked(ClusterId peer) {
        LOG.atInfo().addKeyValue("peer", peer).log("peer linked");
    }

    @Override
    public void onUnlinked(ClusterId peer, String why) {
        LOG.atWarn()
                .addKeyValue("peer", peer)
                .addKeyValue("why", LogWords.shown(why))
                .log("link to peer is gone, what it exported stays");
    }

    @Override
    public void onLinkRefused(String claimed, PeerRefusal.OfLink why) {
        if (LogWords.isTold(meters.counter("discovery.peer.refused", "reason", why.reason()))) {
            LOG.atWarn()
                    .addKeyValue("claims", LogWords.shown(claimed))
                    .addKeyValue("why", LogWords.shown(why.detail()))
                    .log("link refused: it is not the peer's");
        }
    }

    @Override
    public void onResourceRefused(ClusterId peer, String resource, PeerRefusal.OfResource why) {
        if (LogWords.isTold(meters.counter("discovery.peer.rejected", "peer", peer.name(), "reason", why.reason()))) {
            LOG.atWarn()
                    .addKeyValue("peer", peer)
                    .addKeyValue("resource", LogWords.shown(resource))
                    .addKeyValue("why", LogWords.shown(why.detail()))
                    .log("a peer said what it may not say, the rest applies");
        }
    }

    @Override
    public void onRefusedByPeer(ClusterId peer, String resource, String reason) {
        if (LogWords.isTold(meters.counter("discovery.peer.rejected.there", "peer", peer.name()))) {
            LOG.atWarn()
                    .addKeyValue("peer", peer)
                    .addKeyValue("resource", LogWords.shown(resource))
                    .addKeyValue("why", LogWords.shown(reason))
                    .log("a peer does not take a resource of ours");
        }
    }

    @Override
    public void onRemovalsHeld(ClusterId peer, int services) {
        LOG.atWarn()
                .addKeyValue("peer", peer)
                .addKeyValue("services", services)
                .log(
                        "a peer takes back much of what is held: it stays until a second list, or half a minute, confirms it");
    }
}
