package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import java.util.List;

/** One record of an answer. */
public sealed interface DnsRecord {
    DnsName owner();

    /** Seconds. */
    int ttl();

    /** A or AAAA, as the address is. */
    record Address(DnsName owner, int ttl, IpAddress ip) implements DnsRecord {}

    record Service(DnsName owner, int ttl, int priority, int weight, int port, DnsName target) implements DnsRecord {}

    record Text(DnsName owner, int ttl, String text) implements DnsRecord {}

    record NameServer(DnsName owner, int ttl, DnsName server) implements DnsRecord {}

    record Pointer(DnsName owner, int ttl, DnsName target) implements DnsRecord {}

    /** @param times serial, refresh, retry, expire and the time for which "no" may be remembered */
    record Authority(DnsName owner, int ttl, DnsName server, DnsName mailbox, List<Long> times) implements DnsRecord {
        public Authority {
            times = List.copyOf(times);
        }
    }
}
