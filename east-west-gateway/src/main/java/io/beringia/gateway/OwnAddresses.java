package io.beringia.gateway;

import io.beringia.discovery.catalog.IpAddress;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** Under which addresses this host is reached, as its kernel says: those of a pod stay until its end. */
final class OwnAddresses {
    private OwnAddresses() {}

    /** Throws {@link UncheckedIOException} if the kernel does not say: nobody starts without knowing what it must not dial. */
    static Set<IpAddress> now() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> IpAddress.of(address.getAddress()))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException silent) {
            throw new UncheckedIOException("network interfaces: not readable (expected: their addresses)", silent);
        }
    }
}
