package io.beringia.scenarios.attack;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One thing that a hostile peer does. */
sealed interface Attack {
    /** Of the list of attacks: A1, A2, ... */
    String id();

    String name();

    /**
     * Attackers at once, for a while, beside neighbours.
     *
     * @param closes whether the gateway must end it
     * @param buffered bytes outside the heap that one attacker may make the gateway hold
     * @param messageBytes of one message on the wire, if it does no more than to say many; else 0
     */
    record Siege(
            String id,
            String name,
            int attackers,
            Duration window,
            int rounds,
            boolean closes,
            long buffered,
            int messageBytes,
            Assault assault)
            implements Attack {
        private static final int ATTACKERS = 8;
        private static final Duration WINDOW = Duration.ofSeconds(2);
        private static final Duration PAST_A_DEADLINE = Duration.ofSeconds(8);
        private static final int ROUNDS = 3;
        private static final long MIB = 1L << 20;

        /** Goes too far at once. */
        static Siege flood(String id, String name, Assault assault) {
            return new Siege(id, name, ATTACKERS, WINDOW, ROUNDS, true, 0, 0, assault);
        }

        /** Stays within every limit. */
        static Siege paced(String id, String name, Assault assault) {
            return new Siege(id, name, ATTACKERS, WINDOW, ROUNDS, false, 0, 0, assault);
        }

        /** Takes its time, and misses a deadline. */
        static Siege slow(String id, String name, Assault assault) {
            return new Siege(id, name, ATTACKERS, PAST_A_DEADLINE, 2, true, 0, 0, assault);
        }

        /** Whether it has gone too far from its first moment on. */
        boolean isQuick() {
            return window.equals(WINDOW);
        }

        @Override
        public String toString() {
            return id + " " + name;
        }

        Siege by(int count) {
            return new Siege(id, name, count, window, rounds, closes, buffered, messageBytes, assault);
        }

        Siege lasting(Duration length) {
            return new Siege(id, name, attackers, length, rounds, closes, buffered, messageBytes, assault);
        }

        /** Says messages of that size as fast as they are taken, each of which is to be served. */
        Siege saying(int bytes) {
            return new Siege(id, name, attackers, window, rounds, closes, buffered, bytes, assault);
        }

        /** May fill buffers too. */
        Siege buffering() {
            return new Siege(id, name, attackers, window, rounds, closes, MIB, messageBytes, assault);
        }
    }

    /** Questions that have one right answer each. */
    record Inquiry(String id, String name, Asking asking) implements Attack {}

    /** What one attacker does, on its own thread, as long as it {@link Attacker#goesOn}. */
    @FunctionalInterface
    interface Assault {
        void play(Attacker who) throws IOException, InterruptedException;
    }

    /** Asks, and judges the answers. */
    @FunctionalInterface
    interface Asking {
        List<Ruling> ask(Stand stand) throws IOException, InterruptedException;
    }
}
