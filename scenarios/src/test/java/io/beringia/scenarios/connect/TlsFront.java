package io.beringia.scenarios.connect;

import java.io.IOException;
import java.net.Socket;

/** The bytes of a connection, under TLS: so the listener is met as it is in production, and needs no second way in. */
final class TlsFront {
    private TlsFront() {}

    static Front before(SuiteTarget target) throws IOException {
        return new Front("tls-front", target, TlsFront::carry);
    }

    private static void carry(Socket near, Socket far, Socket wire) throws IOException, InterruptedException {
        far.setSoTimeout(0);
        Thread up = Thread.ofVirtual().start(() -> pump(near, far, wire));
        pump(far, near, near);
        wire.close();
        up.join();
    }

    /** The end of one direction is the end of both: a peer that closes has nothing more to say in HTTP/2. */
    private static void pump(Socket from, Socket to, Socket end) {
        try (end) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // What one side cut is cut for the other.
        }
    }
}
