package io.beringia.scenarios.attack;

import io.beringia.scenarios.connect.ClientIdentity;
import java.net.InetSocketAddress;

/**
 * What a client must know to reach one gateway.
 *
 * @param authority of the service behind it, which sends back what it hears
 */
public record Site(InetSocketAddress gateway, ClientIdentity identity, String authority) {
    Site as(ClientIdentity other) {
        return new Site(gateway, other, authority);
    }
}
