package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.merge.McsExport.IpFamily;
import java.math.BigInteger;
import java.util.List;

/**
 * Addresses that clusterset services get, of one family: a CIDR, of which each of {@value #PARTS} ledgers owns an equal
 * part. Only ztunnels know these addresses; nothing else routes them.
 */
public record VipRange(IpAddress network, int prefix) {
    /** As many ConfigMaps keep the ledger. */
    static final int PARTS = 16;

    private static final int PART_BITS = 4;

    /** Larger parts would gain nothing: a hash of 31 bits chooses in them. */
    private static final int INDEX_BITS_MAX = 31;

    /** A part of fewer than 16 is full at once. */
    private static final int HOST_BITS_MIN = 8;

    private static final List<String> AUTO_ALLOCATED = List.of("240.240.0.0/16", "2001:2::/48");

    public VipRange {
        int bits = network.bytes().length * 8;
        if (prefix < 1 || prefix > bits - HOST_BITS_MIN) {
            throw new IllegalArgumentException("VIP range: " + network + "/" + prefix + " (expected: a prefix of 1 to "
                    + (bits - HOST_BITS_MIN) + ")");
        }
        if (!masked(network, prefix).equals(network)) {
            throw new IllegalArgumentException("VIP range: " + network + "/" + prefix + " (expected: "
                    + masked(network, prefix) + "/" + prefix + ")");
        }
    }

    /** One for a configuration: it must not be what Istio itself allocates from. */
    public static VipRange parse(String text) {
        VipRange range = of(text);
        AUTO_ALLOCATED.stream()
                .map(VipRange::of)
                .filter(range::overlaps)
                .findFirst()
                .ifPresent(theirs -> {
                    throw new IllegalArgumentException("VIP range: " + text + " (expected: outside of " + theirs
                            + ", from which Istio allocates)");
                });
        return range;
    }

    private static VipRange of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("VIP range: \"" + text + "\" (expected: such as 241.0.0.0/12)");
        }
        return new VipRange(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    public IpFamily family() {
        return network.isV6() ? IpFamily.IPV6 : IpFamily.IPV4;
    }

    public boolean contains(IpAddress ip) {
        return ip.isV6() == network.isV6() && masked(ip, prefix).equals(network);
    }

    public boolean overlaps(VipRange other) {
        return contains(other.network) || other.contains(network);
    }

    /** How many addresses a part can give. */
    int partSize() {
        int bits = network.bytes().length * 8 - prefix - PART_BITS;
        return bits >= INDEX_BITS_MAX ? Integer.MAX_VALUE : 1 << bits;
    }

    /** @param index below the size of a part */
    IpAddress at(int part, int index) {
        int partBits = network.bytes().length * 8 - prefix - PART_BITS;
        BigInteger host = BigInteger.valueOf(part).shiftLeft(partBits).add(BigInteger.valueOf(index));
        return ofNumber(new BigInteger(1, network.bytes()).add(host), network.bytes().length);
    }

    /** Whether nobody should have it: all zeros or all ones behind the prefix mean something else to some stacks. */
    boolean isReserved(IpAddress ip) {
        BigInteger host = new BigInteger(1, ip.bytes()).subtract(new BigInteger(1, network.bytes()));
        BigInteger last =
                BigInteger.ONE.shiftLeft(network.bytes().length * 8 - prefix).subtract(BigInteger.ONE);
        return host.signum() == 0 || host.equals(last);
    }

    private static IpAddress masked(IpAddress ip, int prefix) {
        int hostBits = ip.bytes().length * 8 - prefix;
        BigInteger kept = new BigInteger(1, ip.bytes()).shiftRight(hostBits).shiftLeft(hostBits);
        return ofNumber(kept, ip.bytes().length);
    }

    private static IpAddress ofNumber(BigInteger number, int length) {
        byte[] magnitude = number.toByteArray();
        byte[] bytes = new byte[length];
        int taken = Math.min(length, magnitude.length);
        System.arraycopy(magnitude, magnitude.length - taken, bytes, length - taken, taken);
        return IpAddress.of(bytes);
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
