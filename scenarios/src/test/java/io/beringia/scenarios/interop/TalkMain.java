package io.beringia.scenarios.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** An application that does on each connection what its caller asks for ({@link Talk}). Arguments: address, port. */
final class TalkMain {
    static final String LISTENING = "talk listens";
    static final String SERVER = "server";
    private static final int BACKLOG = 256;

    private TalkMain() {}

    public static void main(String[] args) throws IOException {
        Gates gates = new Gates();
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(args[1]), BACKLOG, InetAddress.getByName(args[0]))) {
            System.out.println(LISTENING);
            Thread.ofPlatform().daemon().start(() -> serve(listener, gates));
            while (System.in.read() >= 0) {
                // Only the end of the input means anything.
            }
        }
    }

    private static void serve(ServerSocket listener, Gates gates) {
        while (true) {
            try {
                Socket caller = listener.accept();
                Thread.ofVirtual().start(() -> answer(caller, gates));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private static void answer(Socket caller, Gates gates) {
        try (caller) {
            new Talk(SERVER, caller, gates).obey();
        } catch (IOException gone) {
            System.out.println(SERVER + " lost " + gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
