package io.beringia.scenarios.interop;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls the echo through the SOCKS5 door of a ztunnel, new connections at a fixed rate, however the earlier ones fare, until
 * a line says {@link #END}. Prints one line for each as it ends, which {@link LoadLog} reads. Arguments: destination
 * address, port, connections a second, word, seconds within which that rate is reached.
 *
 * <p>Nothing is tried twice: what fails here, a ztunnel has failed.
 */
final class SocksLoadMain {
    static final String END = "end";
    static final String LISTED = "connection";
    /** Whoever waits longer for an answer calls it hung. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private SocksLoadMain() {}

    public static void main(String[] args) throws IOException {
        InetAddress address = InetAddress.getByName(args[0]);
        int port = Integer.parseInt(args[1]);
        int perSecond = Integer.parseInt(args[2]);
        Duration ramp = Duration.ofSeconds(Integer.parseInt(args[4]));
        Thread ended = Thread.ofPlatform().daemon().start(SocksLoadMain::awaitEnd);
        PrintStream out = System.out;
        long origin = System.nanoTime();
        try (ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long call = 0; ended.isAlive(); call++) {
                long due = origin + dueNanos(call, perSecond, ramp);
                String line = args[3] + "-" + call;
                waitUntil(due);
                connections.execute(() -> {
                    String word = call(address, port, line);
                    out.println(LISTED + " " + due + " " + System.nanoTime() + " " + word);
                });
            }
        }
    }

    /** When a connection is due after the first, if the rate grows from nothing to what is wanted within a ramp. Pure. */
    static long dueNanos(long call, int perSecond, Duration ramp) {
        double seconds = ramp.toNanos() / (double) SECOND_NANOS;
        double within = seconds * perSecond / 2;
        double due =
                call < within ? Math.sqrt(2 * seconds * call / perSecond) : seconds / 2 + (double) call / perSecond;
        return Math.round(due * SECOND_NANOS);
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() > '\n') {
                // Only the end of a line, or of all, means anything.
            }
        } catch (IOException gone) {
            // So is whoever started us.
        }
    }

    private static void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** {@code ok}, or how it failed. */
    private static String call(InetAddress address, int port, String line) {
        try (Socket socket = SocksCallMain.connected(address, port)) {
            socket.setSoTimeout(Math.toIntExact(DEADLINE.toMillis()));
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.equals(EchoMain.ECHO + line + "\n") ? LoadLog.OK : answer.isEmpty() ? "closed" : "cut-short";
        } catch (SocketTimeoutException hung) {
            return LoadLog.HUNG;
        } catch (IOException failed) {
            return "reset";
        }
    }
}
