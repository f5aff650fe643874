package io.beringia.gateway.host;

import io.beringia.discovery.catalog.AuthorizationRules;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.routing.Authority;
import io.beringia.gateway.routing.Refusal;
import io.beringia.trust.identity.SpiffeId;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the workload's own door does with one CONNECT, as ztunnel does ({@code istio/ztunnel src/proxy/inbound.rs}).
 * Pure. Stricter in one point: a target port that nobody declared is refused.
 */
final class InboundRules {
    private final HostConfig.Inbound inbound;
    private final Set<Integer> ownPorts;

    InboundRules(HostConfig.Inbound inbound, Set<Integer> ownPorts) {
        this.inbound = inbound;
        this.ownPorts = Set.copyOf(ownPorts);
    }

    /**
     * Who asks, and how it reached us.
     *
     * @param source TCP peer: across networks that is the gateway
     * @param destination the address that the TCP connection was made to
     */
    record Caller(SpiffeId peer, SocketAddress source, SocketAddress destination) {}

    sealed interface Answer {
        /**
         * Connect to the application, then say 200.
         *
         * @param target what policies judge
         * @param header sent first, if the application wants to know its callers
         */
        record Dial(SocketAddress application, int target, Optional<ProxyHeader> header) implements Answer {}

        /** Answered by this process itself. */
        record Probe(int target) implements Answer {}

        /** {@code detail} is for logs. */
        record Refuse(Refusal why, String detail) implements Answer {}
    }

    Answer answer(Catalog catalog, Workload self, Caller caller, String authority) {
        return switch (Authority.parse(authority)) {
            case Authority.Parsed.Malformed malformed -> new Answer.Refuse(Refusal.BAD_AUTHORITY, malformed.detail());
            case Authority.Parsed.Ip ip -> toAddress(catalog, self, caller, ip.address());
            case Authority.Parsed.Hostname name -> toService(catalog, self, caller, name.authority());
        };
    }

    /** Whether a tunnel that was opened to this target would still be. */
    boolean isStillAllowed(Catalog catalog, Workload self, Caller caller, int target) {
        return verdict(catalog, self, caller, target) instanceof AuthorizationRules.Verdict.Allow;
    }

    /** Only the port counts: the address must be the one that was dialled, unless an application tunnel takes all. */
    private Answer toAddress(Catalog catalog, Workload self, Caller caller, SocketAddress asked) {
        if (!asked.ip().equals(caller.destination().ip())
                && self.proxyProtocolPort().isEmpty()
                && !isWaypointOf(catalog, self, asked.ip())) {
            return new Answer.Refuse(
                    Refusal.BAD_AUTHORITY,
                    "authority: " + asked + " (expected: "
                            + caller.destination().ip() + ")");
        }
        return toPort(catalog, self, caller, asked.port(), asked);
    }

    private Answer toService(Catalog catalog, Workload self, Caller caller, Authority asked) {
        Optional<Service> service = catalog.servicesNamed(asked.host()).stream()
                .min(Comparator.comparing(
                                (Service one) -> !one.name().namespace().equals(self.namespace()))
                        .thenComparing(Service::name));
        if (service.isEmpty()) {
            return new Answer.Refuse(Refusal.NO_ENDPOINT, "service: " + asked + " (expected: one of the catalog)");
        }
        OptionalInt target = targetPort(self, service.get(), asked.port());
        if (target.isEmpty()) {
            return new Answer.Refuse(Refusal.NO_ENDPOINT, "service: " + asked + " (expected: a port with a target)");
        }
        return toPort(catalog, self, caller, target.getAsInt(), addressOf(service.get(), self, asked.port(), caller));
    }

    private static OptionalInt targetPort(Workload self, Service service, int port) {
        OptionalInt own = self.targetPort(service.name(), port);
        int target = own.isPresent() && own.getAsInt() > 0
                ? own.getAsInt()
                : service.port(port).map(ServicePort::target).orElse(0);
        return target > 0 ? OptionalInt.of(target) : OptionalInt.empty();
    }

    private Answer toPort(Catalog catalog, Workload self, Caller caller, int target, SocketAddress asked) {
        if (ownPorts.contains(target)) {
            return new Answer.Refuse(Refusal.NO_ENDPOINT, "port: " + target + " (expected: none of this proxy's own)");
        }
        if (!isDeclared(self, target)) {
            return new Answer.Refuse(Refusal.RBAC_DENIED, "port: " + target + " (expected: a declared one)");
        }
        return switch (verdict(catalog, self, caller, target)) {
            case AuthorizationRules.Verdict.Deny deny ->
                new Answer.Refuse(Refusal.RBAC_DENIED, deny.cause() + " by " + deny.policy());
            case AuthorizationRules.Verdict.Allow _ ->
                isProbe(target) ? new Answer.Probe(target) : dial(self, caller, target, asked);
        };
    }

    private Answer dial(Workload self, Caller caller, int target, SocketAddress asked) {
        int port = self.proxyProtocolPort().orElse(target);
        Optional<ProxyHeader> header = self.proxyProtocolPort().isPresent()
                ? Optional.of(new ProxyHeader(caller.source(), asked, caller.peer()))
                : Optional.empty();
        return new Answer.Dial(new SocketAddress(inbound.application(), port == 0 ? target : port), target, header);
    }

    private boolean isProbe(int target) {
        return inbound.probe() && target == ProbeEnd.PORT;
    }

    private boolean isDeclared(Workload self, int target) {
        return isProbe(target)
                || inbound.ports().contains(target)
                || self.services().values().stream()
                        .flatMap(ports -> ports.stream())
                        .anyMatch(port -> port.target() == target);
    }

    private static AuthorizationRules.Verdict verdict(Catalog catalog, Workload self, Caller caller, int target) {
        return AuthorizationRules.judge(
                catalog,
                self,
                new AuthorizationRules.Attempt(
                        Optional.of(caller.peer()),
                        caller.source().ip(),
                        caller.destination().ip(),
                        target));
    }

    /** A service's virtual address: own network first, IPv4 preferred; else where the connection came in. */
    private static SocketAddress addressOf(Service service, Workload self, int port, Caller caller) {
        return service.addresses().stream()
                .min(Comparator.comparing((NetworkAddress one) -> !one.network().equals(self.network()))
                        .thenComparing(one -> one.ip().isV6()))
                .map(one -> new SocketAddress(one.ip(), port))
                .orElse(caller.destination());
    }

    private static boolean isWaypointOf(Catalog catalog, Workload self, IpAddress ip) {
        NetworkAddress address = new NetworkAddress(self.network(), ip);
        return catalog.servicesAt(address).stream()
                        .flatMap(service -> service.waypoint().stream())
                        .anyMatch(ref -> leadsTo(ref, self))
                || catalog.workloadAt(address)
                        .flatMap(Workload::waypoint)
                        .filter(ref -> leadsTo(ref, self))
                        .isPresent();
    }

    private static boolean leadsTo(GatewayRef ref, Workload self) {
        return switch (ref) {
            case GatewayRef.ByHostname named -> self.serves(named.service());
            case GatewayRef.ByAddress at ->
                self.network().equals(at.address().network())
                        && self.addresses().contains(at.address().ip());
        };
    }
}
