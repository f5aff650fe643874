package io.beringia.scenarios.load;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * The application of drills and demo: behind a PROXY header it reads {@link Request} lines and gives each an
 * {@link Answer}, after it has written the request to its journal. One virtual thread a connection, at most
 * {@value #CONNECTIONS_MAX} at once; more wait in the listen queue.
 */
public final class EchoApplication implements AutoCloseable {
    /** A few times the long streams and new connections that a drill keeps open. */
    private static final int CONNECTIONS_MAX = 4_096;

    private final String region;
    private final ServerSocket listener;
    private final Journal journal;
    private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
    private final ExecutorService connections = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("echo/", 0).factory());

    private EchoApplication(String region, ServerSocket listener, Journal journal) {
        this.region = region;
        this.listener = listener;
        this.journal = journal;
    }

    /** Listens and serves at once; port 0 takes any free one, see {@link #address()}. */
    public static EchoApplication start(String region, InetSocketAddress address, Path journal) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address, CONNECTIONS_MAX);
        EchoApplication application = new EchoApplication(region, listener, Journal.open(journal));
        Thread.ofPlatform().daemon().name("echo-accept").start(application::accept);
        return application;
    }

    /** What applications have served, by the journal that they shared one after the other. */
    public static List<Request> served(Path journal) throws IOException {
        return Journal.read(journal);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        connections.shutdownNow();
        journal.close();
    }

    private void accept() {
        try {
            while (true) {
                places.acquire();
                Socket socket = listener.accept();
                connections.execute(() -> serve(socket));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException | RejectedExecutionException closed) {
            // The listener was closed: nothing is accepted any more.
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = accepted) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            Optional<String> caller = ProxyHeader.readCaller(in);
            answerAll(caller.orElse("-"), in, socket.getOutputStream());
        } catch (IOException broken) {
            // The caller went away, or sent no header: its connection ends, nobody else's.
        } finally {
            places.release();
        }
    }

    private void answerAll(String caller, DataInputStream in, OutputStream out) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Optional<Request> request = Request.parse(line);
            if (request.isEmpty()) {
                return;
            }
            journal.append(request.get());
            out.write((new Answer(region, caller, request.get()) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
