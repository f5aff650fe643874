package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import java.util.List;
import java.util.Optional;

/** Names by which addresses are asked for (RFC 1035 §3.5, RFC 3596 §2.5). */
final class ReverseName {
    private static final DnsName V4 = DnsName.parse("in-addr.arpa");
    private static final DnsName V6 = DnsName.parse("ip6.arpa");
    private static final int V4_LABELS = 4;
    private static final int V6_LABELS = 32;

    private ReverseName() {}

    /** Empty for what is no whole address. */
    static Optional<IpAddress> address(DnsName name) {
        if (name.isWithin(V4)) {
            return v4(name.before(V4));
        }
        return name.isWithin(V6) ? v6(name.before(V6)) : Optional.empty();
    }

    /** In whose name "no" is said: all of one first byte, in which no other name of ours is. */
    static DnsName zone(DnsName of) {
        int kept = of.isWithin(V4) ? 1 : 2;
        List<String> labels = of.labels();
        return DnsName.of(labels.subList(labels.size() - 2 - kept, labels.size()));
    }

    private static Optional<IpAddress> v4(List<String> labels) {
        return labels.size() == V4_LABELS ? parsed(String.join(".", labels.reversed())) : Optional.empty();
    }

    private static Optional<IpAddress> v6(List<String> labels) {
        if (labels.size() != V6_LABELS || labels.stream().anyMatch(label -> label.length() != 1)) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        for (String nibble : labels.reversed()) {
            text.append(text.length() % 5 == 4 ? ":" : "").append(nibble);
        }
        return parsed(text.toString());
    }

    private static Optional<IpAddress> parsed(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
