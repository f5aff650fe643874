package io.beringia.gateway.observe;

import io.beringia.gateway.http2.HboneConnection;

/** A way to ask on an outer connection that stands. Lives on its event loop. */
sealed interface Question permits Question.Ping, EchoQuestion {
    /** Unanswered ones; who owes more is given up. */
    int OWED_MAX = 8;

    /** Asks once more; false, with nothing sent, if too many answers are owed. */
    boolean ask();

    /** Where it stands, for whoever gives it up. */
    ProbeHop hop();

    /** Asks no more. */
    void close();

    /** Told of what comes back. */
    interface Answers {
        /**
         * @param roundTripNanos above 0
         * @param measured whether it is that of the path alone
         */
        void onAnswer(long roundTripNanos, boolean measured);

        /** Something on the way failed that says nothing about the path, or nothing good. The connection goes on. */
        void onFault(ProbeHop hop, String word);
    }

    /** The gateway itself: its way, its identity, a live event loop. It need not deliver anything. */
    record Ping(HboneConnection connection, Answers answers) implements Question {
        @Override
        public boolean ask() {
            return connection.ping(nanos -> answers.onAnswer(Math.max(1, nanos), true));
        }

        @Override
        public ProbeHop hop() {
            return ProbeHop.BORDER;
        }

        @Override
        public void close() {}
    }
}
