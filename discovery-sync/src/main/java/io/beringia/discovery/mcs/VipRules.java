package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.McsExport.IpFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who gets which address. What a ServiceImport says stands, whatever the ledger says: clients have it. Pure.
 *
 * @param ranges of the families that our cluster gives addresses of
 */
record VipRules(Map<IpFamily, VipRange> ranges) {
    VipRules {
        ranges = Map.copyOf(ranges);
    }

    /**
     * Who is to have addresses.
     *
     * @param families in order, one address each
     * @param published those that its import has; empty if it has none
     */
    record Claim(List<IpFamily> families, List<IpAddress> published) {
        Claim {
            families = List.copyOf(families);
            published = List.copyOf(published);
        }
    }

    /**
     * What came of it.
     *
     * @param ips of each service, in the order of its families; not there where its part is full
     * @param duplicates addresses that more than one import has: somebody else wrote them
     */
    record Assignment(
            Map<Integer, VipLedger> ledgers,
            SortedMap<ObjectName, List<IpAddress>> ips,
            List<ObjectName> full,
            List<IpAddress> duplicates) {}

    /** @param ledgers all parts that any claim, or any entry, is of */
    Assignment assign(SortedMap<ObjectName, Claim> claims, Map<Integer, VipLedger> ledgers, Instant now) {
        Map<Integer, VipLedger> next = new HashMap<>();
        ledgers.forEach((part, ledger) -> next.put(part, ledger.withoutRested(now)));
        next.replaceAll((part, ledger) -> withoutGone(ledger, claims, now));
        claims.forEach((service, claim) -> next.computeIfPresent(
                VipLedger.partOf(service), (part, ledger) -> withPublished(ledger, service, claim)));
        SortedMap<ObjectName, List<IpAddress>> ips = new TreeMap<>();
        List<ObjectName> full = new ArrayList<>();
        claims.forEach((service, claim) -> {
            VipLedger ledger = next.get(VipLedger.partOf(service));
            if (ledger != null) {
                allocated(ledger, service, claim)
                        .ifPresentOrElse(
                                given -> {
                                    next.put(ledger.part(), ledger.with(service, given));
                                    ips.put(service, given);
                                },
                                () -> full.add(service));
            }
        });
        return new Assignment(next, ips, full, duplicates(claims));
    }

    private static VipLedger withoutGone(VipLedger ledger, Map<ObjectName, Claim> claims, Instant now) {
        VipLedger left = ledger;
        for (ObjectName service : ledger.entries().keySet()) {
            if (!claims.containsKey(service)) {
                left = left.released(service, now);
            }
        }
        return left;
    }

    private static VipLedger withPublished(VipLedger ledger, ObjectName service, Claim claim) {
        return claim.published().isEmpty() ? ledger : ledger.with(service, claim.published());
    }

    /** What it has stays, also what rests from when it was here last; a family that it lacks gets a new one. */
    private Optional<List<IpAddress>> allocated(VipLedger ledger, ObjectName service, Claim claim) {
        List<IpAddress> had = ledger.entry(service).map(VipLedger.Entry::ips).orElse(List.of());
        List<IpAddress> given = new ArrayList<>();
        for (IpFamily family : claim.families()) {
            Optional<IpAddress> kept = had.stream()
                    .filter(ip -> ip.isV6() == (family == IpFamily.IPV6))
                    .findFirst();
            Optional<IpAddress> one = kept.or(
                    () -> Optional.ofNullable(ranges.get(family)).flatMap(range -> ledger.free(service, range)));
            if (one.isEmpty()) {
                return Optional.empty();
            }
            given.add(one.get());
        }
        return Optional.of(given);
    }

    private static List<IpAddress> duplicates(Map<ObjectName, Claim> claims) {
        return claims.values().stream()
                .flatMap(claim -> claim.published().stream())
                .collect(Collectors.groupingBy(ip -> ip, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(count -> count.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }
}
