package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.kube.Reviewed;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Admits the clients of one cluster: a ztunnel by its token, a gateway and a host by their certificate. Any thread; asking
 * for a token waits for the API server.
 */
public final class ClientAdmission implements Admission {
    private final AdmissionRules rules;
    private final Feeds feeds;
    private final CatalogSource own;
    private final Tokens tokens;

    /**
     * The views that there are.
     *
     * @param proxy for ztunnels and hosts, who are told the same
     */
    public record Feeds(ResourceFeed proxy, ResourceFeed gateway) {}

    /** Asks whose a token is. */
    public interface Tokens {
        Reviewed review(String token) throws InterruptedException;
    }

    /**
     * @param gateways identities of the gateways of our cluster
     * @param own where the workloads are found that hosts name
     */
    public ClientAdmission(
            ClusterId cluster, Network network, Set<SpiffeId> gateways, Feeds feeds, CatalogSource own, Tokens tokens) {
        this.rules = new AdmissionRules(cluster, network, gateways);
        this.feeds = feeds;
        this.own = own;
        this.tokens = tokens;
    }

    @Override
    public Verdict admit(NodeClaim node) throws InterruptedException {
        CallerHeaders.Shown shown = CallerHeaders.current();
        Optional<Verdict.Refused> strayed = rules.strayed(node, shown.clusters());
        if (strayed.isPresent()) {
            return strayed.get();
        }
        return switch (node.kind()) {
            case ZTUNNEL -> ztunnel(node, shown);
            case GATEWAY -> certified(rules::ofGateway, feeds.gateway(), peer -> Optional.empty());
            case HOST ->
                certified(
                        peer -> rules.ofHost(node, peer, own.latest()),
                        feeds.proxy(),
                        peer -> AdmissionRules.hostClaim(node, peer));
        };
    }

    /** A token is believed for as long as the stream lasts: it may expire an hour later. */
    private Verdict ztunnel(NodeClaim node, CallerHeaders.Shown shown) throws InterruptedException {
        if (shown.token().isEmpty()) {
            return AdmissionRules.refused(Refusal.NO_PROOF, "no bearer token (expected: one)");
        }
        return verdict(rules.ofZtunnel(node, tokens.review(shown.token().get())), new Verdict.Admitted(feeds.proxy()));
    }

    private static Verdict certified(
            Function<PeerVerdict.Verified, Optional<Verdict.Refused>> rule,
            ResourceFeed feed,
            Function<PeerVerdict.Verified, Optional<HostClaim>> host) {
        Certified client = new Certified(VerifiedPeer.followed(), rule);
        return verdict(
                client.byTrust(),
                new Verdict.Admitted(feed, client, client.peer().flatMap(host)));
    }

    private static Verdict verdict(Optional<Verdict.Refused> refusal, Verdict.Admitted otherwise) {
        return refusal.isPresent() ? refusal.get() : otherwise;
    }
}
