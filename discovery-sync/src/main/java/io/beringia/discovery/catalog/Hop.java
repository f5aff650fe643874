package io.beringia.discovery.catalog;

/** Where the next TCP connection of a way goes. */
public sealed interface Hop {
    int port();

    record At(SocketAddress address) implements Hop {
        @Override
        public int port() {
            return address.port();
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** A workload that is known by its hostname only: whoever dials asks DNS first. */
    record Named(String hostname, int port) implements Hop {
        @Override
        public String toString() {
            return hostname + ":" + port;
        }
    }
}
