package io.beringia.scenarios.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the application through the SOCKS5 door of a ztunnel, all connections at once. Arguments: destination address, port,
 * then three for each group: how many connections, what the application shall play, what we play. A line of input opens the
 * gate of that name.
 */
final class TalkCallMain {
    static final String CLIENT = "client";

    private TalkCallMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        InetAddress address = InetAddress.getByName(args[0]);
        Gates gates = new Gates();
        List<Thread> talks = new ArrayList<>();
        for (int group = 2; group < args.length; group += 3) {
            for (int call = 0; call < Integer.parseInt(args[group]); call++) {
                String theirs = args[group + 1];
                String ours = args[group + 2];
                talks.add(
                        Thread.ofVirtual().start(() -> talk(address, Integer.parseInt(args[1]), gates, theirs, ours)));
            }
        }
        Thread.ofPlatform().daemon().start(() -> open(gates));
        for (Thread talk : talks) {
            talk.join();
        }
    }

    private static void open(Gates gates) {
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                .lines()
                .forEach(gates::open);
    }

    private static void talk(InetAddress address, int port, Gates gates, String theirs, String ours) {
        try (Socket socket = SocksCallMain.connected(address, port)) {
            new Talk(CLIENT, socket, gates).lead(theirs, ours);
        } catch (IOException gone) {
            System.out.println(CLIENT + " lost " + gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
