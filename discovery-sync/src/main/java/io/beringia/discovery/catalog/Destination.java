package io.beringia.discovery.catalog;

/** Where an application wants to go, in the words it used. */
public sealed interface Destination {
    /** The port the application asked for. */
    int port();

    /** An address: of a service, of a workload, or of neither. */
    record ByAddress(SocketAddress address) implements Destination {
        @Override
        public int port() {
            return address.port();
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** A service by its hostname. The name is looked up in the catalog and nowhere else. */
    record ByName(String hostname, int port) implements Destination {
        @Override
        public String toString() {
            return hostname + ":" + port;
        }
    }
}
