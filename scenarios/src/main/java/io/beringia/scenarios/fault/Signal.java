package io.beringia.scenarios.fault;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The signals a drill sends, by kill(2): no other program is needed for it. Linux numbers. */
public enum Signal {
    /** Asks it to end. */
    TERM(15),
    /** Ends it at once; it cannot object. */
    KILL(9),
    /** Freezes it: its sockets stay open and say nothing. */
    STOP(19),
    /** Lets a frozen process go on. */
    CONTINUE(18);

    @SuppressWarnings(
            "restricted") // a signal is sent by the C library or by another program, and we need no other program
    private static final MethodHandle KILL_CALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Any thread. False if there is no such process, or it is not ours. */
    boolean sendTo(ProcessHandle process) {
        return process.isAlive() && call(Math.toIntExact(process.pid())) == 0;
    }

    private int call(int pid) {
        try {
            return (int) KILL_CALL.invokeExact(pid, number);
        } catch (Throwable impossible) {
            throw new IllegalStateException("kill(" + pid + ", " + number + ")", impossible);
        }
    }
}
