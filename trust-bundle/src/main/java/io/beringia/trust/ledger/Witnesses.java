package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.List;

/** The witnesses of one ledger, a virtual thread for each. Any thread. */
final class Witnesses implements Cosigners {
    private final List<WitnessClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Witnesses() {}

    static Witnesses start(Cosigning cosigning, NoteKey log, LogSource source, LedgerEvents events) {
        Witnesses all = new Witnesses();
        for (WitnessPeer peer : cosigning.peers()) {
            WitnessClient client = new WitnessClient(peer, log, source, cosigning, events);
            all.clients.add(client);
            all.threads.add(Thread.ofVirtual().name("witness/" + peer.name()).start(client));
        }
        return all;
    }

    @Override
    public void ask(SignedNote note) {
        clients.forEach(client -> client.ask(note));
    }

    @Override
    public boolean haveAnswered(SignedNote note) {
        return clients.stream().allMatch(client -> client.hasAnswered(note));
    }

    @Override
    public List<SignedNote.Line> lines(SignedNote note) {
        return clients.stream().flatMap(client -> client.line(note).stream()).toList();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
