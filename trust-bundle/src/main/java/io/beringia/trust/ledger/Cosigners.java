package io.beringia.trust.ledger;

import java.util.List;

/** Those whom a ledger asks to cosign its checkpoints. Any thread; never waits. */
interface Cosigners extends AutoCloseable {
    /** Asks all of them, once; an older question is dropped. */
    void ask(SignedNote note);

    /** Whether each of them answered to that note, one way or the other. */
    boolean haveAnswered(SignedNote note);

    /** Verified cosignatures of that note, as far as there are any. */
    List<SignedNote.Line> lines(SignedNote note);

    @Override
    void close();

    /** Nobody is asked. */
    Cosigners NONE = new Cosigners() {
        @Override
        public void ask(SignedNote note) {}

        @Override
        public boolean haveAnswered(SignedNote note) {
            return true;
        }

        @Override
        public List<SignedNote.Line> lines(SignedNote note) {
            return List.of();
        }

        @Override
        public void close() {}
    };
}
