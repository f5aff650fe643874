package io.beringia.discovery.mcs;

import io.beringia.discovery.merge.McsExport.IpFamily;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How our cluster takes part in the Multi-Cluster Services API. Inert.
 *
 * @param namespace of leases and ledgers
 * @param replica who we are among the replicas of our discovery
 * @param ipv4 from which imports get addresses; without it they get none of that family
 * @param ipv6 the same
 * @param settle after which type and ports of an import follow the next oldest export, when the oldest is gone
 */
public record McsConfig(
        String namespace,
        String replica,
        Optional<VipRange> ipv4,
        Optional<VipRange> ipv6,
        Duration settle,
        Slices slices,
        EndpointTtlRule ttl) {
    public static final String DEFAULT_NAMESPACE = "beringia-system";
    public static final VipRange DEFAULT_IPV4 = VipRange.parse("241.0.0.0/12");
    public static final VipRange DEFAULT_IPV6 = VipRange.parse("fd00:6265:7269::/64");

    /** Longer than a service takes from one cluster to another by hand. */
    public static final Duration DEFAULT_SETTLE = Duration.ofSeconds(30);

    private static final Duration SETTLE_MAX = Duration.ofHours(1);

    public McsConfig {
        if (replica.isEmpty() || namespace.isEmpty()) {
            throw new IllegalArgumentException(
                    "mcs: namespace \"" + namespace + "\", replica \"" + replica + "\" (expected: neither empty)");
        }
        if (settle.isNegative() || settle.compareTo(SETTLE_MAX) > 0) {
            throw new IllegalArgumentException(
                    "mcs.conflict-settle: " + settle + " (expected: 0s to " + SETTLE_MAX + ")");
        }
        family("mcs.vips.ipv4", ipv4, IpFamily.IPV4);
        family("mcs.vips.ipv6", ipv6, IpFamily.IPV6);
    }

    private static void family(String key, Optional<VipRange> range, IpFamily family) {
        range.filter(it -> it.family() != family).ifPresent(other -> {
            throw new IllegalArgumentException(key + ": " + other + " (expected: a range of " + family.word() + ")");
        });
    }

    /** Those of the families that have one. */
    public Map<IpFamily, VipRange> ranges() {
        return Stream.of(ipv4, ipv6)
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(VipRange::family, Function.identity()));
    }

    /** Which endpoints of other clusters become EndpointSlices. */
    public enum Slices {
        /** Those whose addresses are reached from here. */
        SAME_NETWORK,
        OFF
    }

    /** What becomes of the EndpointSlices of a cluster that shows no sign of life. */
    public enum EndpointTtlRule {
        DROP,
        KEEP
    }
}
