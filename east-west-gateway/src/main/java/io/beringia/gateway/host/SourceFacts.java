package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.routing.Baggage;
import io.beringia.gateway.routing.ConnectHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who calls, and by which service, as logs show it and nothing is decided by: a workload of our own network by its address;
 * whoever comes from another one by its baggage, since that address is a gateway's
 * ({@code istio/ztunnel src/proxy/inbound.rs}). Foreign text. Pure.
 */
record SourceFacts(Baggage caller, String service) {
    private static final int FORWARDED_PARTS_MAX = 8;
    private static final String HOST = "host=";

    /** @param self our own workload, if the catalog has it */
    static SourceFacts of(
            Catalog catalog, Optional<Workload> self, IpAddress source, List<Map.Entry<String, String>> fields) {
        Baggage told = Baggage.parse(
                String.join(",", values(fields, ConnectHeaders.BAGGAGE).toList()));
        Baggage caller = self.filter(us -> isFromOurNetwork(us, fields))
                .flatMap(us -> catalog.workloadAt(new NetworkAddress(us.network(), source)))
                .map(known -> new Baggage(known.cluster().name(), known.namespace(), known.name()))
                .orElse(told);
        return new SourceFacts(
                caller,
                values(fields, ConnectHeaders.FORWARDED)
                        .findFirst()
                        .map(SourceFacts::host)
                        .orElse(""));
    }

    private static boolean isFromOurNetwork(Workload us, List<Map.Entry<String, String>> fields) {
        return values(fields, HostHeaders.FORWARDED_NETWORK)
                .allMatch(network -> network.equalsIgnoreCase(us.network().name()));
    }

    /** RFC 7239, section 4; with quotes or without, as a ztunnel takes it. */
    private static String host(String forwarded) {
        return Stream.of(forwarded.split(";", FORWARDED_PARTS_MAX))
                .map(String::strip)
                .filter(part -> part.regionMatches(true, 0, HOST, 0, HOST.length()))
                .map(part -> part.substring(HOST.length()).replace("\"", ""))
                .findFirst()
                .orElse("");
    }

    private static Stream<String> values(List<Map.Entry<String, String>> fields, String name) {
        return fields.stream().filter(field -> field.getKey().equals(name)).map(Map.Entry::getValue);
    }
}
