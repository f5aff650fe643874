package io.beringia.scenarios.fault;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A network interface whose packets are ours to read and to write (Linux, tun.h): what the kernel routes there is read, what
 * is written comes out of it. It is gone when it is closed, or its process ends. Confined to the thread that opened it.
 */
final class Tun implements AutoCloseable {
    /** An IP packet on an interface with the usual MTU of 1,500, and room for a larger one. */
    private static final int PACKET_MAX = 9_216;

    private static final int READ_WRITE_NONBLOCK = 0x802;
    private static final long TUNSETIFF = 0x400454caL;

    /** IFF_TUN | IFF_NO_PI: IP packets and nothing before them. */
    private static final short IP_ALONE = 0x1001;

    private static final int NAME_OFFSET = 0;
    private static final int FLAGS_OFFSET = 16;
    private static final int IFREQ_BYTES = 40;
    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS_OFFSET = 4;
    private static final short POLLIN = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final MethodHandle OPEN = call(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = call(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle POLL = call(
            "poll",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle READ = call("read", TRANSFER);
    private static final MethodHandle WRITE = call("write", TRANSFER);
    private static final MethodHandle CLOSE =
            call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet = arena.allocate(PACKET_MAX);
    private final MemorySegment polled = arena.allocate(POLLFD_BYTES, Integer.BYTES);
    private final int descriptor;

    private Tun(String name) throws IOException {
        descriptor = result(OPEN, arena.allocateFrom("/dev/net/tun"), READ_WRITE_NONBLOCK);
        MemorySegment request = arena.allocate(IFREQ_BYTES);
        request.setString(NAME_OFFSET, name);
        request.set(ValueLayout.JAVA_SHORT, FLAGS_OFFSET, IP_ALONE);
        if (descriptor < 0 || result(IOCTL, descriptor, TUNSETIFF, request) < 0) {
            close();
            throw new IOException("interface " + name + ": cannot be made (expected: root, and /dev/net/tun)");
        }
        polled.set(ValueLayout.JAVA_INT, 0, descriptor);
        polled.set(ValueLayout.JAVA_SHORT, EVENTS_OFFSET, POLLIN);
    }

    /** In the network namespace of the calling thread; it is down at first. */
    static Tun open(String name) throws IOException {
        if (!Residue.NAME.matcher(name).matches() || name.length() >= FLAGS_OFFSET) {
            throw new IllegalArgumentException("interface: \"" + name + "\" (expected: a short name)");
        }
        return new Tun(name);
    }

    /** Returns when there is a packet, and after so many nanoseconds at the latest, to the millisecond above. */
    void await(long nanos) {
        int millis = Math.toIntExact((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        try {
            int ready = (int) POLL.invokeExact(polled, 1L, millis);
            assert ready <= 1;
        } catch (Throwable impossible) {
            throw failed(POLL, impossible);
        }
    }

    /** The next packet; empty if there is none now. */
    byte[] read() {
        long length = transferred(READ, PACKET_MAX);
        return length <= 0 ? new byte[0] : packet.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** False if the kernel did not take it. */
    boolean write(byte[] bytes) {
        MemorySegment.copy(bytes, 0, packet, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return transferred(WRITE, bytes.length) == bytes.length;
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            result(CLOSE, descriptor);
        }
        arena.close();
    }

    @SuppressWarnings("restricted") // Java has no interface of this kind, and no other program has one for us
    private static MethodHandle call(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    private long transferred(MethodHandle call, long length) {
        try {
            return (long) call.invokeExact(descriptor, packet, length);
        } catch (Throwable impossible) {
            throw failed(call, impossible);
        }
    }

    private static int result(MethodHandle call, Object... arguments) {
        try {
            return (int) call.invokeWithArguments(arguments);
        } catch (Throwable impossible) {
            throw failed(call, impossible);
        }
    }

    private static IllegalStateException failed(MethodHandle call, Throwable why) {
        return new IllegalStateException("call of the C library: " + call.type(), why);
    }
}
