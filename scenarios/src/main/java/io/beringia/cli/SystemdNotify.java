package io.beringia.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how a service of type {@code notify} stands, by the datagrams of sd_notify(3); without
 * {@code NOTIFY_SOCKET} nothing is told. A word that cannot be delivered is no reason to fail. Any thread.
 *
 * @param socket a path, or an abstract name that begins with {@code @}
 */
record SystemdNotify(Optional<String> socket) {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    /** Of sockaddr_un, whose name stands behind two bytes of family. */
    private static final int PATH_BYTES_MAX = 108;

    private static final int STATUS_CHARS_MAX = 512;

    static SystemdNotify of(Map<String, String> environment) {
        return new SystemdNotify(
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(name -> !name.isEmpty()));
    }

    void ready() {
        tell("READY=1\nSTATUS=ready");
    }

    /** What is awaited, for {@code systemctl status}. */
    void status(String line) {
        String shown = line.lines().findFirst().orElse("");
        tell("STATUS=" + shown.substring(0, Math.min(shown.length(), STATUS_CHARS_MAX)));
    }

    /** The end has begun and may take this long, whatever {@code TimeoutStopSec} says. */
    void stopping(Duration within) {
        tell("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=" + within.toNanos() / 1_000);
    }

    private void tell(String text) {
        socket.map(name -> name.getBytes(StandardCharsets.UTF_8))
                .filter(name -> name.length < PATH_BYTES_MAX)
                .ifPresent(name -> C.send(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Made when something is told: elsewhere there need be no such calls. Java's own channels know no such datagrams. */
    @SuppressWarnings("restricted") // datagrams of the unix domain are only to be had from the C library
    private static final class C {
        private static final MethodHandle SOCKET = call(
                "socket",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final MethodHandle SENDTO = call(
                "sendto",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
        private static final MethodHandle CLOSE =
                call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final int NEVER_WAIT = 0x40;

        private static MethodHandle call(String name, FunctionDescriptor as) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), as);
        }

        static void send(byte[] name, byte[] text) {
            try (Arena arena = Arena.ofConfined()) {
                int socket = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
                if (socket >= 0) {
                    MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
                    MemorySegment address = address(arena, name);
                    long _ = (long) SENDTO.invokeExact(
                            socket, bytes, (long) text.length, NEVER_WAIT, address, (int) address.byteSize());
                    int _ = (int) CLOSE.invokeExact(socket);
                }
            } catch (Throwable impossible) {
                throw new IllegalStateException("sendto: not called (expected: a C library)", impossible);
            }
        }

        private static MemorySegment address(Arena arena, byte[] name) {
            MemorySegment address = arena.allocate(Short.BYTES + name.length);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
            if (name[0] == '@') {
                address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
            }
            return address;
        }
    }
}
