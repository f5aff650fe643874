package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.mcs.VipRange;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.McsExport.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is answered for names of the clusterset (Multi-Cluster Services API, DNS specification), and for addresses that we
 * give. Nothing else is known here, nothing is asked of others. Pure.
 */
final class ClustersetZone {
    static final DnsName ZONE = DnsName.parse(ClustersetName.ZONE);

    /** A change of endpoints is a change of answers: not longer than this. */
    private static final int TTL = 5;

    private static final int VERSION_TTL = 28_800;
    private static final String VERSION = "1.0.0";
    private static final int SRV_WEIGHT = 100;

    /** As many as fit into a datagram with their addresses. */
    private static final int HOSTS_MAX = 32;

    private static final DnsName SERVER = DnsName.parse("ns.dns." + ClustersetName.ZONE);
    private static final DnsName MAILBOX = DnsName.parse("hostmaster." + ClustersetName.ZONE);
    private static final long SERIAL_MODULUS = 1L << 32;
    private static final List<Long> REFRESH_RETRY_EXPIRE_NEGATIVE = List.of(7_200L, 1_800L, 86_400L, (long) TTL);

    private final DnsName asked;
    private final int type;
    private final Zone zone;

    private ClustersetZone(DnsName asked, int type, Zone zone) {
        this.asked = asked;
        this.type = type;
        this.zone = zone;
    }

    /**
     * @param zone empty while nobody knows what there is: then nothing is said not to be
     * @param ours from which services get addresses
     */
    static Answer answer(Query query, Optional<Zone> zone, List<VipRange> ours) {
        if (query.problem().isPresent()) {
            return Answer.only(query.problem().get());
        }
        Optional<IpAddress> reversed = query.name().flatMap(ReverseName::address);
        boolean isOurs = query.name().filter(name -> name.isWithin(ZONE)).isPresent()
                || reversed.filter(ip -> ours.stream().anyMatch(range -> range.contains(ip)))
                        .isPresent();
        if (query.name().isEmpty() || !isOurs) {
            return Answer.only(Rcode.REFUSED);
        }
        if (zone.isEmpty()) {
            return Answer.only(Rcode.SERVER_FAILURE);
        }
        ClustersetZone asked = new ClustersetZone(query.name().get(), query.type(), zone.get());
        return reversed.map(asked::pointer).orElseGet(asked::answer);
    }

    private Answer answer() {
        List<String> labels = asked.before(ZONE);
        int count = labels.size();
        if (count == 0) {
            return apex();
        }
        if (labels.equals(List.of("dns-version"))) {
            return isAsked(RecordType.TXT)
                    ? found(List.of(new DnsRecord.Text(asked, VERSION_TTL, VERSION)), List.of())
                    : nothing();
        }
        if (!labels.getLast().equals("svc")) {
            return noName();
        }
        return switch (count) {
            case 1 -> nothing();
            case 2 -> zone.hasNamespace(labels.getFirst()) ? nothing() : noName();
            default -> below(labels);
        };
    }

    private Answer apex() {
        if (isAsked(RecordType.SOA)) {
            return found(List.of(authority(ZONE)), List.of());
        }
        return isAsked(RecordType.NS)
                ? found(List.of(new DnsRecord.NameServer(asked, TTL, SERVER)), List.of())
                : nothing();
    }

    /** @param labels before the zone: at least a service, its namespace and {@code svc} */
    private Answer below(List<String> labels) {
        int count = labels.size();
        Zone.Name name = new Zone.Name(labels.get(count - 2), labels.get(count - 3));
        Zone.Entry entry = zone.services().get(name);
        if (entry == null) {
            return noName();
        }
        return switch (count) {
            case 3 -> ofService(entry);
            case 4 -> ofProtocol(entry, labels.getFirst());
            default ->
                labels.getFirst().startsWith("_") && count == 5
                        ? ofPort(entry, labels.get(0), labels.get(1))
                        : ofHost(entry, labels.getFirst(), String.join(".", labels.subList(1, count - 3)));
        };
    }

    private Answer ofService(Zone.Entry entry) {
        if (isAsked(RecordType.SRV)) {
            return services(entry, entry.ports(), host -> host.ports());
        }
        return switch (entry) {
            case Zone.Entry.Addressed(List<IpAddress> ips, List<Port> _) -> addresses(ips);
            case Zone.Entry.Headless(List<Zone.Host> hosts, List<Port> _) ->
                hosts.isEmpty()
                        ? noName()
                        : addresses(subset(hosts).stream()
                                .flatMap(host -> host.addresses().stream())
                                .distinct()
                                .toList());
        };
    }

    /** {@code _tcp} and the like have names below them; a cluster's name alone must not exist. */
    private Answer ofProtocol(Zone.Entry entry, String label) {
        return entry.ports().stream()
                        .anyMatch(
                                port -> !port.name().isEmpty() && protocol(port).equals(label))
                ? nothing()
                : noName();
    }

    /** Unnamed ports have none. */
    private Answer ofPort(Zone.Entry entry, String port, String protocol) {
        Function<List<Port>, List<Port>> matching = ports -> ports.stream()
                .filter(one -> !one.name().isEmpty()
                        && port.equals("_" + one.name().toLowerCase(Locale.ROOT))
                        && protocol(one).equals(protocol))
                .toList();
        List<Port> ports = matching.apply(entry.ports());
        if (ports.isEmpty()) {
            return noName();
        }
        return isAsked(RecordType.SRV) ? services(entry, ports, host -> matching.apply(host.ports())) : nothing();
    }

    private static String protocol(Port port) {
        return "_" + port.protocol().name().toLowerCase(Locale.ROOT);
    }

    /** One record for each port and target, however many protocols share the port. */
    private Answer services(Zone.Entry entry, List<Port> ports, Function<Zone.Host, List<Port>> ofHost) {
        return switch (entry) {
            case Zone.Entry.Addressed(List<IpAddress> ips, List<Port> _) -> {
                DnsName target = serviceName();
                yield answered(
                        ports.stream().map(port -> service(port, target)),
                        ips.stream().map(ip -> new DnsRecord.Address(target, TTL, ip)));
            }
            case Zone.Entry.Headless(List<Zone.Host> hosts, List<Port> _) ->
                hosts.isEmpty()
                        ? noName()
                        : answered(
                                subset(hosts).stream()
                                        .flatMap(host -> hostName(host).stream()
                                                .flatMap(target -> ofHost.apply(host).stream()
                                                        .map(port -> service(port, target)))),
                                subset(hosts).stream()
                                        .flatMap(host -> hostName(host).stream()
                                                .flatMap(target -> host.addresses().stream()
                                                        .map(ip -> new DnsRecord.Address(target, TTL, ip)))));
        };
    }

    private Answer answered(Stream<DnsRecord> answers, Stream<? extends DnsRecord> additional) {
        Set<DnsRecord> once = new LinkedHashSet<>(answers.toList());
        return once.isEmpty() ? nothing() : found(List.copyOf(once), List.copyOf(additional.toList()));
    }

    private DnsRecord service(Port port, DnsName target) {
        return new DnsRecord.Service(asked, TTL, 0, SRV_WEIGHT, port.port(), target);
    }

    /** As it was written in the question. */
    private DnsName serviceName() {
        List<String> labels = asked.labels();
        return DnsName.of(labels.subList(labels.size() - ZONE.labels().size() - 3, labels.size()));
    }

    /** Empty where all its parts together are too long for a name. */
    private Optional<DnsName> hostName(Zone.Host host) {
        List<String> labels = new ArrayList<>(List.of(host.label()));
        labels.addAll(List.of(host.cluster().split("\\.", -1)));
        labels.addAll(serviceName().labels());
        return DnsName.isName(labels) ? Optional.of(DnsName.of(labels)) : Optional.empty();
    }

    private Answer ofHost(Zone.Entry entry, String label, String cluster) {
        return switch (entry) {
            case Zone.Entry.Addressed addressed -> noName();
            case Zone.Entry.Headless(List<Zone.Host> hosts, List<Port> _) ->
                hosts.stream()
                        .filter(host -> host.label().toLowerCase(Locale.ROOT).equals(label)
                                && host.cluster().equals(cluster))
                        .findFirst()
                        .map(host -> addresses(host.addresses()))
                        .orElseGet(this::noName);
        };
    }

    /** The same for both families. */
    private static List<Zone.Host> subset(List<Zone.Host> hosts) {
        return hosts.stream()
                .sorted(Comparator.comparing(Zone.Host::cluster).thenComparing(Zone.Host::label))
                .limit(HOSTS_MAX)
                .toList();
    }

    private Answer addresses(List<IpAddress> ips) {
        List<DnsRecord> records = ips.stream()
                .filter(ip -> isAsked(ip.isV6() ? RecordType.AAAA : RecordType.A))
                .<DnsRecord>map(ip -> new DnsRecord.Address(asked, TTL, ip))
                .toList();
        return records.isEmpty() ? nothing() : found(records, List.of());
    }

    private Answer pointer(IpAddress ip) {
        List<DnsRecord> records = zone.named(ip).stream()
                .map(name -> name.service() + "." + name.namespace() + ".svc." + ClustersetName.ZONE)
                .sorted()
                .<DnsRecord>map(name -> new DnsRecord.Pointer(asked, TTL, DnsName.parse(name)))
                .toList();
        if (records.isEmpty()) {
            return new Answer(
                    Rcode.NAME_ERROR, true, List.of(), List.of(authority(ReverseName.zone(asked))), List.of());
        }
        return isAsked(RecordType.PTR)
                ? found(records, List.of())
                : new Answer(Rcode.NO_ERROR, true, List.of(), List.of(authority(ReverseName.zone(asked))), List.of());
    }

    private boolean isAsked(RecordType one) {
        return type == one.number();
    }

    private Answer found(List<DnsRecord> answers, List<DnsRecord> additional) {
        return new Answer(Rcode.NO_ERROR, true, answers, List.of(), additional);
    }

    /** The name exists and has no such records. */
    private Answer nothing() {
        return new Answer(Rcode.NO_ERROR, true, List.of(), List.of(authority(ZONE)), List.of());
    }

    private Answer noName() {
        return new Answer(Rcode.NAME_ERROR, true, List.of(), List.of(authority(ZONE)), List.of());
    }

    /** Who says "no", and for how long that may be remembered (RFC 2308). */
    private DnsRecord authority(DnsName of) {
        List<Long> times = Stream.concat(
                        Stream.of(zone.serial() % SERIAL_MODULUS), REFRESH_RETRY_EXPIRE_NEGATIVE.stream())
                .toList();
        return new DnsRecord.Authority(of, TTL, SERVER, MAILBOX, times);
    }
}
