package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.ObjectName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which service has which addresses, for the namespaces of one part. Kept in a ConfigMap that is written only in the version
 * that was read, so that two writers never give one address twice. An address that is given back rests before somebody else
 * gets it: clients may still have it. Immutable.
 */
record VipLedger(int part, SortedMap<ObjectName, Entry> entries) {
    /** Longer than any client keeps a name of ours. */
    static final Duration REST = Duration.ofMinutes(10);

    VipLedger {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    /** @param releasedAt empty while it is in use */
    record Entry(List<IpAddress> ips, Optional<Instant> releasedAt) {
        Entry {
            ips = List.copyOf(ips);
        }

        @Override
        public String toString() {
            String all = ips.stream().map(IpAddress::toString).collect(Collectors.joining(" "));
            return releasedAt
                    .map(at -> all + " released " + at.getEpochSecond())
                    .orElse(all);
        }
    }

    /** Of which part a service is: all of a namespace are of one. */
    static int partOf(ObjectName service) {
        return Math.floorMod(hash(service.namespace()), VipRange.PARTS);
    }

    /** The same on every machine. */
    private static int hash(String text) {
        int hash = 0x811c9dc5;
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (one & 0xff)) * 0x01000193;
        }
        return hash;
    }

    Optional<Entry> entry(ObjectName service) {
        return Optional.ofNullable(entries.get(service));
    }

    /** Empty where the part is full. */
    Optional<IpAddress> free(ObjectName service, VipRange range) {
        Set<IpAddress> taken =
                entries.values().stream().flatMap(entry -> entry.ips().stream()).collect(Collectors.toSet());
        int size = range.partSize();
        int start = Math.floorMod(hash(service.toString()), size);
        for (int step = 0; step < Math.min(size, taken.size() + 3); step++) {
            IpAddress candidate = range.at(part, (int) (((long) start + step) % size));
            if (!taken.contains(candidate) && !range.isReserved(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    VipLedger with(ObjectName service, List<IpAddress> ips) {
        return put(service, new Entry(ips, Optional.empty()));
    }

    /** Its addresses rest from now on; one that rests already goes on resting. */
    VipLedger released(ObjectName service, Instant now) {
        return entry(service)
                .filter(entry -> entry.releasedAt().isEmpty())
                .map(entry ->
                        put(service, new Entry(entry.ips(), Optional.of(Instant.ofEpochSecond(now.getEpochSecond())))))
                .orElse(this);
    }

    private VipLedger put(ObjectName service, Entry entry) {
        SortedMap<ObjectName, Entry> next = new TreeMap<>(entries);
        next.put(service, entry);
        return new VipLedger(part, next);
    }

    VipLedger withoutRested(Instant now) {
        SortedMap<ObjectName, Entry> next = new TreeMap<>(entries);
        next.values()
                .removeIf(entry -> entry.releasedAt()
                        .filter(at -> !now.isBefore(at.plus(REST)))
                        .isPresent());
        return new VipLedger(part, next);
    }

    /** As the data of a ConfigMap: {@code namespace.name}, neither of which has a dot. */
    Map<String, String> data() {
        return entries.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().namespace() + "."
                                + entry.getKey().name(),
                        entry -> entry.getValue().toString(),
                        (one, other) -> other,
                        TreeMap::new));
    }

    /** Throws {@link IllegalArgumentException} on what is no ledger: whoever gave it which address is then unknown. */
    static VipLedger parse(int part, Map<String, String> data) {
        SortedMap<ObjectName, Entry> entries = new TreeMap<>();
        data.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot < 1) {
                throw new IllegalArgumentException(
                        "VIP ledger " + part + ": key " + key + " (expected: namespace.name)");
            }
            entries.put(new ObjectName(key.substring(0, dot), key.substring(dot + 1)), entry(part, value));
        });
        return new VipLedger(part, entries);
    }

    private static Entry entry(int part, String text) {
        List<IpAddress> ips = new ArrayList<>();
        List<String> words = List.of(text.split(" ", -1));
        int released = words.indexOf("released");
        List<String> addresses = released < 0 ? words : words.subList(0, released);
        addresses.forEach(word -> ips.add(IpAddress.parse(word)));
        if (released < 0) {
            return new Entry(ips, Optional.empty());
        }
        if (released != words.size() - 2) {
            throw new IllegalArgumentException(
                    "VIP ledger " + part + ": \"" + text + "\" (expected: addresses, released and seconds since 1970)");
        }
        return new Entry(ips, Optional.of(Instant.ofEpochSecond(Long.parseLong(words.getLast()))));
    }
}
