package io.beringia.gateway.relay;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Epoll whose descriptors stay in its set. Netty 4.2.18 takes one out that nobody is interested in, as after a peer's
 * FIN, and cannot put it back: the first write that has to wait then fails, and the connection is lost. Here such a
 * descriptor stays with edge-triggered errors only, which are told once.
 *
 * <p>And epoll whose events reach whom they are about. They are told one after the other, by descriptor; if the first
 * closes a socket and opens another, that one has the same descriptor, and Netty gives it what was seen of the closed one:
 * a FIN, say, after which it never reads. Here whoever comes in a turn hears nothing of that turn.
 *
 * <p>And epoll that is told once a turn what a socket waits for. A socket that is opened and connects, or has connected and
 * reads, or is closed after its peer's FIN, changes that two or three times before anybody looks again, and Netty tells the
 * kernel of each. One per event loop, which owns it.
 */
final class LastingEpoll implements IoHandler {
    private final IoHandler epoll;
    /** Who may wait for something else since the turn before: a socket is in it once. */
    private final List<Lasting> changed = new ArrayList<>();

    private long turn;

    LastingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory factory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return executor -> new LastingEpoll(epoll.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        IoHandle listening = handle instanceof EpollIoHandle socket ? new Newcomer(socket, turn) : handle;
        return new Lasting(epoll.register(listening), handle);
    }

    /** A socket that came in that turn. */
    private final class Newcomer implements EpollIoHandle {
        private final EpollIoHandle socket;
        private final long since;

        private Newcomer(EpollIoHandle socket, long since) {
            this.socket = socket;
            this.since = since;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (turn != since) {
                socket.handle(registration, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return socket.fd();
        }

        @Override
        public void registered() {
            socket.registered();
        }

        @Override
        public void unregistered() {
            socket.unregistered();
        }

        @Override
        public void close() throws Exception {
            socket.close();
        }
    }

    /** Lives on its event loop. */
    private final class Lasting implements IoRegistration {
        private final IoRegistration registration;
        private final IoHandle handle;
        private IoOps wanted = EpollIoOps.NONE;
        /** To the kernel; nothing as long as it was told nothing. */
        private IoOps told = EpollIoOps.NONE;

        private boolean isChanged;

        private Lasting(IoRegistration registration, IoHandle handle) {
            this.registration = registration;
            this.handle = handle;
        }

        @Override
        public long submit(IoOps ops) {
            wanted = ops;
            if (!isChanged) {
                isChanged = true;
                changed.add(this);
            }
            return 0;
        }

        private void tell() {
            isChanged = false;
            IoOps next = wanted.equals(EpollIoOps.NONE) && !told.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : wanted;
            if (isValid() && !next.equals(told)) {
                told = next;
                try {
                    registration.submit(next);
                } catch (UncheckedIOException refused) {
                    close();
                }
            }
        }

        /** It would wait for ever. */
        private void close() {
            try {
                handle.close();
            } catch (Exception impossible) {
                throw new IllegalStateException("socket: not closed (expected: always)", impossible);
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        turn++;
        tellChanges();
        return epoll.run(context);
    }

    private void tellChanges() {
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).tell();
        }
        changed.clear();
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
