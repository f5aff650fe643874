package io.beringia.discovery.dns;

import io.beringia.discovery.dns.DnsListener.Dropped;
import io.beringia.discovery.dns.DnsListener.Transport;
import io.beringia.discovery.mcs.VipRange;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers for the clusterset by UDP and TCP on one port (RFC 1035, 7766). One thread reads datagrams and answers each at
 * once, one accepts connections, each of which has its own; none of them waits for anything but its socket.
 */
public final class DnsServer implements AutoCloseable {
    /** A resolver keeps a few; each costs a thread that waits. */
    private static final int CONNECTIONS_MAX = 256;

    /** Of one address, so that none can keep all others out. */
    static final int CONNECTIONS_PER_SOURCE_MAX = CONNECTIONS_MAX / 8;

    /** How long nothing is accepted after that has failed, as it does while there is no descriptor. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    /** RFC 7766 §6.2.3: some seconds. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(10);

    /** Then it may come again: no connection is for ever. */
    private static final int QUESTIONS_MAX = 10_000;

    private static final int BACKLOG_CONNECTIONS = 128;

    /** Larger ones are no questions. */
    private static final int QUESTION_BYTES_MAX = 4_096;

    /** A whole cluster behind one resolver, and much more than that resolver's cache lets through. */
    private static final int PER_SOURCE_AND_SECOND = 20_000;

    /** Ports that are free for both at once are found soon. */
    private static final int BIND_TRIES_MAX = 16;

    private final DatagramChannel datagrams;
    private final ServerSocket connections;
    private final Options options;
    private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
    private final Map<InetAddress, Integer> sources = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("dns-", 0).factory());

    /**
     * What it answers.
     *
     * @param zone empty while nobody knows what there is
     * @param ours from which services get addresses
     * @param nanoTime must not jump
     */
    public record Options(
            Supplier<Optional<Zone>> zone, List<VipRange> ours, DnsListener listener, LongSupplier nanoTime) {
        public Options {
            ours = List.copyOf(ours);
        }
    }

    private DnsServer(DatagramChannel datagrams, ServerSocket connections, Options options) {
        this.datagrams = datagrams;
        this.connections = connections;
        this.options = options;
    }

    /** Port 0 takes one that is free for both; {@link UncheckedIOException} where the address is taken. */
    public static DnsServer start(InetSocketAddress address, Options options) {
        IOException last = new IOException("no port");
        for (int i = 0; i < (address.getPort() == 0 ? BIND_TRIES_MAX : 1); i++) {
            try {
                DnsServer server = bound(address, options);
                server.threads.execute(server::readDatagrams);
                server.threads.execute(server::acceptConnections);
                return server;
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new UncheckedIOException(
                "dns: " + address + ": " + last.getMessage() + " (expected: a free address of this machine)", last);
    }

    private static DnsServer bound(InetSocketAddress address, Options options) throws IOException {
        ServerSocket connections = new ServerSocket();
        try {
            connections.setReuseAddress(true);
            connections.bind(address, BACKLOG_CONNECTIONS);
            DatagramChannel datagrams = DatagramChannel.open();
            try {
                return new DnsServer(
                        datagrams.bind(new InetSocketAddress(address.getAddress(), connections.getLocalPort())),
                        connections,
                        options);
            } catch (IOException taken) {
                datagrams.close();
                throw taken;
            }
        } catch (IOException taken) {
            connections.close();
            throw taken;
        }
    }

    public int port() {
        return connections.getLocalPort();
    }

    private void readDatagrams() {
        ByteBuffer packet = ByteBuffer.allocate(QUESTION_BYTES_MAX);
        SourceLimit limit = new SourceLimit(PER_SOURCE_AND_SECOND);
        while (datagrams.isOpen()) {
            try {
                packet.clear();
                SocketAddress source = datagrams.receive(packet);
                packet.flip();
                if (source instanceof InetSocketAddress asker) {
                    answer(packet, asker, limit);
                }
            } catch (ClosedChannelException closing) {
                return;
            } catch (IOException unreachable) {
                options.listener().onDropped(Transport.UDP, Dropped.BROKEN);
            } catch (RuntimeException bug) {
                options.listener().onBug(bug);
            }
        }
    }

    private void answer(ByteBuffer packet, InetSocketAddress asker, SourceLimit limit) throws IOException {
        InetAddress source = asker.getAddress();
        if (!limit.admits(source, options.nanoTime().getAsLong())) {
            options.listener().onDropped(Transport.UDP, Dropped.RATE);
            return;
        }
        Optional<Query> query = Query.parse(packet);
        if (query.isEmpty()) {
            options.listener().onDropped(Transport.UDP, Dropped.NO_QUESTION);
            return;
        }
        Answer answer = ClustersetZone.answer(query.get(), options.zone().get(), options.ours());
        options.listener().onAnswered(Transport.UDP, answer.code());
        var _ = datagrams.send(ByteBuffer.wrap(AnswerCodec.datagram(query.get(), answer)), asker);
    }

    private void acceptConnections() {
        while (!connections.isClosed()) {
            try {
                accepted(connections.accept());
            } catch (IOException aborted) {
                if (!connections.isClosed()) {
                    options.listener().onDropped(Transport.TCP, Dropped.BROKEN);
                    LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
                }
            }
        }
    }

    private void accepted(Socket socket) throws IOException {
        InetAddress source = socket.getInetAddress();
        if (sources.getOrDefault(source, 0) < CONNECTIONS_PER_SOURCE_MAX && permits.tryAcquire()) {
            sources.merge(source, 1, Integer::sum);
            threads.execute(() -> serve(socket, source));
        } else {
            options.listener().onDropped(Transport.TCP, Dropped.CONNECTIONS);
            socket.close();
        }
    }

    private void serve(Socket socket, InetAddress source) {
        try (socket) {
            socket.setSoTimeout((int) IDLE_MAX.toMillis());
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < QUESTIONS_MAX && isAnswered(in, out); i++) {}
        } catch (EOFException left) {
            // The asker has what it wanted.
        } catch (IOException broken) {
            options.listener().onDropped(Transport.TCP, Dropped.BROKEN);
        } catch (RuntimeException bug) {
            options.listener().onBug(bug);
        } finally {
            sources.computeIfPresent(source, (_, open) -> open == 1 ? null : open - 1);
            permits.release();
        }
    }

    /** Whether the connection goes on. */
    private boolean isAnswered(DataInputStream in, OutputStream out) throws IOException {
        int length = in.readUnsignedShort();
        Optional<Query> query =
                length > QUESTION_BYTES_MAX ? Optional.empty() : Query.parse(ByteBuffer.wrap(in.readNBytes(length)));
        if (query.isEmpty()) {
            options.listener().onDropped(Transport.TCP, Dropped.NO_QUESTION);
            return false;
        }
        Answer answer = ClustersetZone.answer(query.get(), options.zone().get(), options.ours());
        byte[] bytes = AnswerCodec.stream(query.get(), answer);
        ByteBuffer framed = ByteBuffer.allocate(2 + bytes.length)
                .putShort((short) bytes.length)
                .put(bytes);
        options.listener().onAnswered(Transport.TCP, answer.code());
        out.write(framed.array());
        return true;
    }

    @Override
    public void close() {
        try {
            datagrams.close();
            connections.close();
        } catch (IOException closed) {
            throw new UncheckedIOException("dns: " + closed.getMessage() + " (expected: sockets that close)", closed);
        } finally {
            threads.shutdownNow();
        }
    }
}
