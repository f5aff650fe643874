package io.beringia.scenarios.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An application that answers lines with themselves, and prints each call and each line that
 * reached it. Arguments: address, port. */
final class EchoMain {
    static final String LISTENING = "echo listens";
    static final String CALLED = "called";
    static final String RECEIVED = "received ";
    static final String ECHO = "echo ";
    private static final int BACKLOG = 128;

    private EchoMain() {}

    public static void main(String[] args) throws IOException {
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(args[1]), BACKLOG, InetAddress.getByName(args[0]))) {
            System.out.println(LISTENING);
            Thread.ofPlatform().daemon().start(() -> serve(listener));
            while (System.in.read() >= 0) {
                // Only the end of the input means anything.
            }
        }
    }

    private static void serve(ServerSocket listener) {
        while (true) {
            try {
                Socket caller = listener.accept();
                System.out.println(CALLED);
                Thread.ofVirtual().start(() -> answer(caller));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private static void answer(Socket caller) {
        try (caller) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(RECEIVED + line);
                caller.getOutputStream().write((ECHO + line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("caller: gone (expected: a half-close)", gone);
        }
    }
}
