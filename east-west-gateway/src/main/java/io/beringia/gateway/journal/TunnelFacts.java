package io.beringia.gateway.journal;

import io.beringia.gateway.observe.ProbeTarget;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.Vouched;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEvent;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What an entry says of one CONNECT, as far as it is known when it is written.
 *
 * @param peer whose certificate opened the outer tunnel
 * @param request empty where there was none that could be read
 * @param connectionId 32 hex digits, the same in the records of both gateways
 * @param catalog revision of the catalog that decided
 * @param far who answered; empty before anybody has
 */
public record TunnelFacts(
        PeerVerdict.Verified peer,
        Optional<ConnectRequest> request,
        String connectionId,
        long catalog,
        Optional<FarEnd> far) {
    /** Half of a SHA-256 tells certificates apart. */
    private static final int FINGERPRINT_DIGITS = 32;

    /**
     * Who is at the other end.
     *
     * @param identity that it proved, of a gateway, or that the catalog has for it, of a pod
     * @param gateway {@code cluster/name}, of a gateway
     */
    public record FarEnd(Optional<SpiffeId> identity, Optional<String> gateway) {}

    LedgerEvent allowed() {
        LedgerEvent event = event(Decision.ALLOW);
        Optional<String> gateway = far.flatMap(FarEnd::gateway).or(this::askingGateway);
        return gateway.isPresent() ? event.with(Field.PEER, gateway.get()) : event;
    }

    LedgerEvent denied(String reason) {
        return event(Decision.DENY).with(Field.REASON, reason);
    }

    LedgerEvent closed(long bytesUp, long bytesDown, String ending) {
        return event(Decision.CLOSE).with(Field.REASON, ending).with(Field.BYTES, List.of(bytesUp, bytesDown));
    }

    /** A gateway that asks has an entry of its own, except where it only wants to know whether we live. */
    private Optional<String> askingGateway() {
        return request.filter(it -> !ProbeTarget.isAsked(it.authority()))
                .flatMap(ConnectRequest::vouched)
                .map(it -> it.originCluster().name());
    }

    private LedgerEvent event(Decision decision) {
        LedgerEvent event = LedgerEvent.of(EntryKind.CONNECTION)
                .with(decision)
                .with(Field.CONNECTION, HexFormat.of().parseHex(connectionId))
                .with(Field.SOURCE_LEAF, fingerprint(peer.leafSha256()))
                .with(Field.SOURCE_ROOT, fingerprint(peer.rootSha256()))
                .with(Field.GENERATION, peer.generation())
                .with(Field.POLICY_VERSION, "catalog " + catalog);
        return withFar(withClient(event));
    }

    /** The client; and the gateway that vouches for it, where one does. */
    private LedgerEvent withClient(LedgerEvent event) {
        Optional<SpiffeId> vouched = request.flatMap(ConnectRequest::vouched).map(Vouched::source);
        LedgerEvent named =
                event.with(Field.SOURCE_ID, vouched.orElse(peer.id()).toString());
        LedgerEvent asked = request.isPresent()
                ? named.with(Field.AUTHORITY, request.get().authority().toString())
                : named;
        return vouched.isPresent() ? asked.with(Field.ACTOR, peer.id().toString()) : asked;
    }

    private LedgerEvent withFar(LedgerEvent event) {
        Optional<SpiffeId> identity = far.flatMap(FarEnd::identity);
        return identity.isPresent()
                ? event.with(Field.DESTINATION_ID, identity.get().toString())
                : event;
    }

    private static byte[] fingerprint(String sha256) {
        return HexFormat.of().parseHex(sha256, 0, FINGERPRINT_DIGITS);
    }
}
